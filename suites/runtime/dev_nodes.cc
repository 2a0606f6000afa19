// Device nodes: which of them are in a sandbox, and which it can make for itself. A node is a way around every
// namespace to what it stands for.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <algorithm>

#include "harness/catalogue/property.h"
#include "harness/runtime/contract.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/world/world.h"
#include "suites/runtime/dev_support.h"

namespace nsproof {
namespace {

// The number of /dev/zero: who sees a node of it may open it.
const std::uint64_t kZero = makedev(1, 5);
// /dev/loop0 without a file behind it.
const std::uint64_t kLoop = makedev(7, 0);

constexpr const char* kHostNode = "/dev/nsproof-node";

// config-linux.md, Default Devices, and what goes with a terminal.
constexpr std::string_view kDefaults[] = {"null", "zero", "full", "random", "urandom", "tty", "ptmx", "console"};

// A node of the host, made before the sandbox: it is there for whoever sees the host's /dev.
void plant_node(World& w) {
  must(sys::mknod(w.outside(), kHostNode, S_IFCHR | 0666, kZero));
  must(sys::chmod(w.outside(), kHostNode, 0666));  // the umask does not count
}

Observation host_node_hidden(World& w) {
  plant_node(w);
  const Reply opened = open_and_close(w.inside(), kHostNode);
  if (opened.ok()) return leaked(say("a node in the host's /dev opens: ", kHostNode));
  return isolated(say(kHostNode, " does not open: ", errno_name(opened.error())));
}

bool is_expected(const Contract& contract, const std::string& path) {
  const std::string_view name = std::string_view(path).substr(std::string_view("/dev/").size());
  if (std::find(std::begin(kDefaults), std::end(kDefaults), name) != std::end(kDefaults)) return true;
  if (name.starts_with("pts/")) return true;
  const auto same = [&](const ContractDevice& device) { return device.path == path; };
  return contract.devices && std::any_of(contract.devices->begin(), contract.devices->end(), same);
}

// The nodes in a directory and below that nobody expects and that open.
void add_open_nodes(World& w, const std::string& directory, std::vector<std::string>& found) {
  const sys::Got<std::vector<std::string>> names = sys::list_directory(w.inside(), directory);
  for (const std::string& name : names.value) {
    const std::string path = say(directory, "/", name);
    if (sys::readlink(w.inside(), path).ok()) continue;
    const sys::Got<struct stat> there = sys::stat(w.inside(), path);
    if (!there.ok()) continue;
    if (S_ISDIR(there.value.st_mode)) add_open_nodes(w, path, found);
    if (!S_ISCHR(there.value.st_mode) && !S_ISBLK(there.value.st_mode)) continue;
    if (is_expected(w.contract(), path)) continue;
    // A null device that was put over another node.
    if (there.value.st_rdev == makedev(1, 3)) continue;
    if (open_and_close(w.inside(), path).ok()) found.push_back(path);
  }
}

Observation no_other_node(World& w) {
  plant_node(w);
  std::vector<std::string> found;
  add_open_nodes(w, "/dev", found);
  std::sort(found.begin(), found.end());
  if (found.empty()) return isolated("no node beyond the usual ones and those asked for opens");
  return leaked(say("what else opens: ", join(found, " ")));
}

// Tries wherever a sandbox may be able to write.
Observation own_node_useless(World& w, unsigned kind, std::uint64_t device) {
  std::vector<std::string> refusals;
  for (const char* directory : {"/dev", "/dev/shm", "/tmp", "/run", "/mnt", ""}) {
    const std::string path = say(directory, "/nsproof-made");
    const Reply made = sys::mknod(w.inside(), path, kind | 0600, device);
    if (!made.ok()) {
      refusals.push_back(say(directory, "/ ", errno_name(made.error())));
      continue;
    }
    const Reply opened = open_and_close(w.inside(), path);
    // A loop device that was never set up says that it has no file, and is reached all the same.
    const bool reached = opened.ok() || opened.error() == ENXIO;
    sys::unlink(w.inside(), path);
    if (reached) return leaked(say(path, " can be made and opened"));
    refusals.push_back(say(directory, "/ made, open ", errno_name(opened.error())));
  }
  return isolated(say("mknod: ", join(refusals, ", ")));
}

Observation own_character_nodes_useless(World& w) {
  Observation last = unknown("there is no device to try with");
  for (const HarmlessDevice& device : harmless_devices(w.outside())) {
    last = own_node_useless(w, S_IFCHR, makedev(device.major, device.minor));
    last.reason = say(device.name, ": ", last.reason);
    if (last.outcome != Outcome::isolated) return last;
  }
  return last;
}

// The host's /dev holds no loop device in a layer, so the kernel is asked whether it knows the number: opening one that
// it does not know could load a module.
Observation own_block_node_useless(World& w) {
  const std::string known = must(sys::read_file(w.outside(), "/proc/devices"));
  const std::size_t blocks = known.find("Block devices:");
  if (blocks == std::string::npos || known.find("  7 loop\n", blocks) == std::string::npos)
    return unknown("this kernel has no loop devices");
  return own_node_useless(w, S_IFBLK, kLoop);
}

const RuntimeRows rows = {
    {
        .id = "dev.host.node-hidden",
        .claim = "A device node in the host's /dev cannot be opened in the sandbox.",
        .how = "Outside makes a node like /dev/zero by another name before the sandbox is started; inside opens it.",
        .source = "OCI runtime-spec config-linux.md, Devices; mknod(2)",
        .since = {2, 6, 24},
        .reach = Reach::any_alone,
        .check = host_node_hidden,
    },
    {
        .id = "dev.others.none-open",
        .claim = "No device node opens in the sandbox but the usual ones and those that were asked for.",
        .how =
            "Inside opens every node in /dev that is neither a default device nor configured; the host has one more.",
        .source = "OCI runtime-spec config-linux.md, Devices and Default Devices",
        .since = {2, 6, 24},
        .reach = Reach::any_alone,
        .check = no_other_node,
    },
    {
        .id = "dev.made.character-useless",
        .claim = "A sandbox cannot make a device node of its own and open it.",
        .how = "Inside makes nodes of harmless devices that no sandbox needs, wherever it may, and opens them for "
               "reading.",
        .source = "mknod(2), capabilities(7) CAP_MKNOD, Documentation/admin-guide/cgroup-v2.rst, Device controller",
        .since = {2, 6, 24},
        .reach = Reach::any_alone,
        .check = own_character_nodes_useless,
    },
    {
        .id = "dev.made.block-useless",
        .claim = "A sandbox cannot make a node of a block device and open it.",
        .how = "The same with the first loop device, if the kernel has such devices; nothing is read from it.",
        .source = "mknod(2), capabilities(7) CAP_MKNOD, Documentation/admin-guide/cgroup-v2.rst, Device controller",
        .since = {2, 6, 24},
        .reach = Reach::any_alone,
        .check = own_block_node_useless,
    },
};

}  // namespace
}  // namespace nsproof
