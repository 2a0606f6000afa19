// Device cgroup rules by their effect: outside puts a process of its own into the sandbox's cgroups, where nothing but
// the rules is between it and a node, and opens nodes of harmless devices.
#include <sys/stat.h>
#include <sys/sysmacros.h>


#include "harness/catalogue/property.h"
#include "harness/runtime/container.h"
#include "harness/runtime/contract.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/ids.h"
#include "harness/world/world.h"
#include "suites/runtime/dev_support.h"

namespace nsproof {
namespace {

// What the rules say in their order, the last that fits counting; nothing if none fits.
std::optional<bool> allowed_by(const std::vector<DeviceRule>& rules, const HarmlessDevice& device) {
  std::optional<bool> allowed;
  for (const DeviceRule& rule : rules) {
    if (rule.type == 'b' || rule.access.find('r') == std::string::npos) continue;
    if (rule.major && *rule.major != device.major) continue;
    if (rule.minor && *rule.minor != device.minor) continue;
    allowed = rule.allow;
  }
  return allowed;
}

// A process of outside with all its privileges, in each of the cgroups of the sandbox's first process.
Actor& visitor_in_cgroups(World& w) {
  const int pid = w.inside().pid();
  if (pid == 0) throw Broken("the payload is out of sight");
  Actor& visitor = w.fork(w.outside(), "visitor");
  const std::string groups = must(sys::read_file(w.outside(), say("/proc/", pid, "/cgroup")));
  std::size_t entered = 0;
  for (const std::string& line : lines_of(groups)) {
    // "4:devices:/path" of version 1, "0::/path" of version 2 (cgroups(7)).
    const std::vector<std::string> parts = split(line, ':');
    if (parts.size() != 3) continue;
    const std::string controllers = parts[1].starts_with("name=") ? parts[1].substr(5) : parts[1];
    const std::string tree = parts[0] == "0" ? "/sys/fs/cgroup" : say("/sys/fs/cgroup/", controllers);
    if (parts[0] != "0" && controllers != "devices") continue;
    if (sys::write_file(visitor, say(tree, parts[2], "/cgroup.procs"), "0").ok()) ++entered;
  }
  if (entered == 0) throw Broken("the sandbox's cgroup is out of reach");
  return visitor;
}

enum class Wanted { denied, allowed };

// The devices about which the rules say this. Runtimes let every sandbox have the default devices whatever the rules
// say (config-linux.md, Allowed Device list); those are not among them.
std::vector<HarmlessDevice> devices_that_are(World& w, Wanted wanted) {
  std::vector<HarmlessDevice> found;
  for (const HarmlessDevice& device : harmless_devices(w.outside())) {
    // Many versions of runc and crun let every container have tun, too, as if it were a default device.
    if (wanted == Wanted::denied && std::string_view(device.name) == "tun") continue;
    const std::optional<bool> allowed = allowed_by(*w.contract().device_rules, device);
    if (allowed && *allowed == (wanted == Wanted::allowed)) found.push_back(device);
  }
  return found;
}

template <bool allow>
std::optional<std::string> asked_for(const Contract& contract) {
  if (!contract.device_rules) return std::nullopt;
  std::vector<std::string> names;
  for (const HarmlessDevice& device : known_harmless_devices())
    if (allowed_by(*contract.device_rules, device) == allow) names.emplace_back(device.name);
  if (names.empty()) return std::nullopt;
  return say("rules that ", allow ? "allow " : "deny ", join(names, " "));
}

// Makes a node and opens it; the node is gone again.
Reply open_device(World& w, Actor& visitor, const HarmlessDevice& device) {
  const std::string path = say("/dev/nsproof-", device.name);
  must(sys::mknod(w.outside(), path, S_IFCHR | 0600, makedev(device.major, device.minor)));
  const Reply opened = open_and_close(visitor, path);
  must(sys::unlink(w.outside(), path));
  return opened;
}

Observation denied_refused(World& w) {
  Actor& visitor = visitor_in_cgroups(w);
  std::vector<std::string> refused_ones;
  for (const HarmlessDevice& device : devices_that_are(w, Wanted::denied)) {
    // A number without a driver says ENXIO or ENODEV to everybody.
    const Reply outside = open_device(w, w.outside(), device);
    if (outside.error() == ENXIO || outside.error() == ENODEV) continue;
    const Reply opened = open_device(w, visitor, device);
    if (opened.error() != EPERM) return leaked(say(device.name, " is denied and opens"));
    refused_ones.emplace_back(device.name);
  }
  if (refused_ones.empty()) return unknown("the rules deny none of the devices to try with");
  return isolated(say("EPERM for ", join(refused_ones, " ")));
}

Observation allowed_opened(World& w) {
  Actor& visitor = visitor_in_cgroups(w);
  std::vector<std::string> opened_ones;
  for (const HarmlessDevice& device : devices_that_are(w, Wanted::allowed)) {
    if (open_device(w, visitor, device).error() == EPERM) return leaked(say(device.name, " is allowed and refused"));
    opened_ones.emplace_back(device.name);
  }
  if (opened_ones.empty()) return unknown("the rules allow none of the devices to try with");
  return isolated(say("not refused: ", join(opened_ones, " ")));
}

// The same act by whom something else refuses: an ordinary user, whom the mode of the node keeps out.
Observation refused_by_mode(World& w) {
  Actor& user = w.fork(w.outside(), "user");
  must(sys::setresuid(user, kLayerUser, kLayerUser, kLayerUser));
  for (const HarmlessDevice& device : devices_that_are(w, Wanted::allowed)) {
    const Reply opened = open_device(w, user, device);
    if (!opened.ok()) return leaked(say(device.name, " does not open: ", errno_name(opened.error())));
  }
  return isolated("each opens");
}

const RuntimeRows rows = {
    {
        .id = "dev.rules.denied-refused",
        .claim = "A device that the rules deny cannot be opened in the sandbox's cgroup, even by root of the host.",
        .how = "A process of outside enters the sandbox's cgroup and opens nodes of devices that the rules deny.",
        .source = "OCI runtime-spec config-linux.md, Allowed Device list; cgroups(7), devices",
        .since = {2, 6, 26},
        .reach = Reach::any_alone,
        .check = denied_refused,
        .asked = asked_for<false>,
    },
    {
        .id = "dev.rules.allowed-opened",
        .claim = "A device that a later rule allows is not refused by an earlier one that denies.",
        .how = "A process of outside enters the sandbox's cgroup and opens nodes of devices that the rules allow.",
        .source = "OCI runtime-spec config-linux.md, Allowed Device list; cgroups(7), devices",
        .since = {2, 6, 26},
        .reach = Reach::any_alone,
        .check = allowed_opened,
        .control = refused_by_mode,
        .control_differs = "a process that may not open the nodes for want of privilege",
        .asked = asked_for<true>,
    },
};

}  // namespace
}  // namespace nsproof
