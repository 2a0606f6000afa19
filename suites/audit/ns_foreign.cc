// File systems that show another namespace than the container's: procfs of other processes, sysfs of another network.
#include <algorithm>
#include <set>

#include "harness/audit/rule.h"
#include "harness/audit/view.h"
#include "harness/support/text.h"
#include "harness/sys/process.h"
#include "suites/audit/ns_judge.h"

namespace nsproof::audit {
namespace {

bool is_number(const std::string& name) {
  return !name.empty() && name.find_first_not_of("0123456789") == std::string::npos;
}

// Mounts of a type that can be reached by their mount points.
std::vector<const sys::MountInfo*> visible(View& view, std::string_view type) {
  std::vector<const sys::MountInfo*> found;
  for (const sys::MountInfo& mount : view.mounts())
    if (mount.type == type && view.mount_at(mount.target) == &mount) found.push_back(&mount);
  return found;
}

// /proc/17 of some procfs, mounted by itself.
bool one_process(const sys::MountInfo& mount) { return mount.root.size() > 1 && is_number(mount.root.substr(1)); }

Sight judge_procfs(View& view, const std::string& at) {
  constexpr std::uint64_t kProcMagic = 0x9fa0;
  const sys::Got<sys::FileSystem>& kind = view.file_system(at);
  if (!kind.ok()) return unknown(say(quoted(at), ": ", errno_name(kind.error())));
  if (kind.value.type != kProcMagic) return hardened(say("something hides ", quoted(at)));
  if (view.from_host()) {
    // Who looks has no number in the container; its process 1 is in the PID namespace that a procfs shows.
    const sys::Got<std::string>& shown = view.process_link(say("root", at, "/1/ns/pid"));
    if (!shown.ok()) return unknown(say(quoted(at + "/1/ns/pid"), ": ", errno_name(shown.error())));
    return weak_if(shown.value != view.process_link("ns/pid").value,
                   say(quoted(at), " shows ", shown.value, ", the process is in ", view.process_link("ns/pid").value));
  }
  const Reply& own = view.call("getpid", [](Actor& actor) { return sys::getpid(actor); });
  const sys::Got<std::string>& self = view.link(at + "/self");
  if (self.error() == EACCES) return unknown(say(quoted(at + "/self"), ": EACCES"));
  if (!self.ok()) return weak(say(quoted(at + "/self"), ": ", errno_name(self.error()), ", who looks is not in it"));
  return weak_if(self.value != std::to_string(own.value),
                 say(quoted(at + "/self"), " is ", quoted(self.value), ", getpid() is ", own.value));
}

Sight foreign_procfs(View& view) {
  std::set<std::string> own_devices;
  std::vector<std::string> good;
  for (const sys::MountInfo* mount : visible(view, "proc")) {
    if (mount->root != "/") continue;
    Sight sight = judge_procfs(view, mount->target);
    if (sight.answer != Answer::hardened) return sight;
    good.push_back(quoted(mount->target));
    own_devices.insert(mount->device);
  }
  for (const sys::MountInfo* mount : visible(view, "proc"))
    if (one_process(*mount) && !own_devices.contains(mount->device))
      return weak(say(quoted(mount->target), " is ", quoted(mount->root), " of a procfs that is not the container's"));
  if (good.empty()) return not_applicable("no procfs is mounted");
  return hardened(say(join(good, ", "), " show the container's own processes"));
}

Sight foreign_sysfs(View& view) {
  const sys::Got<std::string>& table = view.process_file("net/dev");
  if (!table.ok()) return unknown(say("/proc/PID/net/dev: ", errno_name(table.error())));
  const std::vector<std::string> own = interfaces_of(table.value);
  std::vector<std::string> good;
  for (const sys::MountInfo* mount : visible(view, "sysfs")) {
    if (mount->root != "/") continue;
    const std::string directory = say(mount->target, "/class/net");
    const sys::Got<std::vector<std::string>>& names = view.names(directory);
    if (names.error() == ENOENT) continue;
    if (!names.ok()) return unknown(say(quoted(directory), ": ", errno_name(names.error())));
    std::vector<std::string> shown = names.value;
    std::erase(shown, "bonding_masters");  // a file of the driver, and no interface
    std::sort(shown.begin(), shown.end());
    if (shown != own)
      return weak(
          say(quoted(directory), " has ", quoted(join(shown, " ")), ", /proc/PID/net/dev ", quoted(join(own, " "))));
    good.push_back(quoted(directory));
  }
  if (good.empty()) return not_applicable("no sysfs shows interfaces");
  return hardened(say(join(good, ", "), " show the interfaces of /proc/PID/net/dev: ", quoted(join(own, " "))));
}

const Rules rows = {
    {
        .id = "ns.pid.foreign-proc",
        .title = "A procfs of another PID namespace is mounted in the container.",
        .severity = Severity::high,
        .why = "It shows the processes of the host: arguments, environment, and by /proc/1/root every file.",
        .how = "In every mount of type proc the link \"self\" is missing, or another number than getpid(2) gives; from "
               "the host, ns/pid of its process 1 is another namespace than the container's.",
        .references = {"proc(5)", "pid_namespaces(7)", "CIS Docker 5.6", "kubesec ProcMount"},
        .fix = {.oci = R"({"-mounts":[{"source":"/proc","type":"bind"}]})",
                .docker = "without -v /proc:...",
                .kubernetes = "volumes: without hostPath: {path: /proc}",
                .bwrap = "--proc /proc instead of --bind /proc"},
        .look = foreign_procfs,
        .spoil = {.config = R"({"+mounts":[{"destination":"/mnt","type":"bind","source":"/proc",)"
                            R"("options":["rbind","nosuid","noexec","nodev"]}]})",
                  .also = {"mnt.proc.hidepid-off", "mnt.proc.unmasked-twin"}},
    },
    {
        .id = "ns.net.sysfs-foreign",
        .title = "A sysfs of another network namespace is mounted in the container.",
        .severity = Severity::medium,
        .why = "It shows the host's interfaces and their counters, and if it is writable changes their settings.",
        .how = "The names in class/net of every mount of type sysfs compared with those in /proc/PID/net/dev.",
        .references = {"sysfs(5)", "network_namespaces(7)"},
        .fix = {.oci = R"({"-mounts":[{"source":"/sys","type":"bind"}]})",
                .docker = "without -v /sys:...",
                .kubernetes = "volumes: without hostPath: {path: /sys}",
                .bwrap = "without --ro-bind /sys /sys"},
        .look = foreign_sysfs,
        .spoil = {.config = R"({"+mounts":[{"destination":"/mnt","type":"bind","source":"/sys",)"
                            R"("options":["rbind","ro","nosuid","noexec","nodev"]}]})",
                  .prepare = {"ip link add nsproof0 type dummy || ip link add nsproof0 type bridge"},
                  .also = {"mnt.sysfs.unmasked-twin"}},
    },
};

}  // namespace
}  // namespace nsproof::audit
