// Taking inventory of a layer: every kind is read from what the kernel shows to a process of the layer.
#include "suites/runtime/left_inventory.h"

#include <sys/ipc.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <thread>

#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/mounts.h"
#include "harness/sys/netlink.h"
#include "harness/sys/process.h"
#include "harness/sys/sysvipc.h"
#include "harness/world/machine_view.h"
#include "suites/runtime/life_support.h"

namespace nsproof {
namespace {

constexpr const char* kCgroupRoot = "/sys/fs/cgroup";

Inventory processes(Actor& actor) {
  Inventory all;
  for (const LayerProcess& process : layer_processes(actor))
    if (process.state != 'Z') all.push_back(say(process.name, " (", process.pid, ")"));
  return all;
}

Inventory mounts(Actor& actor) {
  Inventory all;
  for (const sys::MountInfo& mount : must(sys::mountinfo(actor)))
    all.push_back(say(mount.type, " on ", mount.target, mount.tags.empty() ? "" : say(" ", join(mount.tags, " "))));
  return all;
}

// A directory of kernfs has two links, and one more for each directory in it.
void add_groups(Actor& actor, const std::string& directory, Inventory& all) {
  const sys::Got<struct stat> there = sys::stat(actor, directory);
  if (!there.ok() || there.value.st_nlink <= 2) return;
  for (const std::string& name : must(sys::list_directory(actor, directory))) {
    const std::string path = say(directory, "/", name);
    if (sys::readlink(actor, path).ok()) continue;  // "cpu" -> "cpu,cpuacct"
    const sys::Got<struct stat> entry = sys::stat(actor, path);
    if (!entry.ok() || !S_ISDIR(entry.value.st_mode)) continue;
    all.push_back(path);
    add_groups(actor, path, all);
  }
}

Inventory cgroups(Actor& actor) {
  Inventory all;
  add_groups(actor, kCgroupRoot, all);
  return all;
}

Inventory links(Actor& actor) {
  Inventory all;
  for (const netlink::Link& link : must(sys::links(actor))) all.push_back(link.name);
  return all;
}

Inventory named_networks(Actor& actor) {
  const sys::Got<std::vector<std::string>> names = sys::list_directory(actor, "/run/netns");
  return names.ok() ? names.value : Inventory{};
}

Inventory ipc_objects(Actor& actor) {
  Inventory all;
  for (const sys::SysvKind kind : {sys::SysvKind::shm, sys::SysvKind::sem, sys::SysvKind::msg}) {
    const sys::Got<std::vector<int>> ids = sys::sysv_list(actor, kind);
    if (!ids.ok()) continue;  // a kernel without them
    for (const int id : ids.value) all.push_back(say(sys::noun_of(kind), " ", id));
  }
  return all;
}

Inventory settings(Actor& actor) {
  static constexpr const char* kNames[] = {"kernel/hostname",
                                           "kernel/domainname",
                                           "kernel/shmmax",
                                           "kernel/shmall",
                                           "kernel/msgmax",
                                           "kernel/sem",
                                           "kernel/core_pattern",
                                           "kernel/sysrq",
                                           "fs/mqueue/msg_max",
                                           "user/max_user_namespaces",
                                           "user/max_net_namespaces",
                                           "net/ipv4/ip_forward",
                                           "net/ipv4/ping_group_range",
                                           "net/ipv4/ip_unprivileged_port_start",
                                           "net/ipv4/conf/all/route_localnet",
                                           "net/ipv4/conf/all/rp_filter",
                                           "net/ipv6/conf/all/forwarding",
                                           "net/ipv6/conf/all/disable_ipv6"};
  Inventory all;
  for (const char* name : kNames) {
    const sys::Got<std::string> value = sys::read_file(actor, say("/proc/sys/", name));
    if (value.ok()) all.push_back(say(name, " = ", join(words_of(value.value), " ")));
  }
  return all;
}

// Empty directories that a tool makes once for all its sandboxes are no harm.
void add_files(Actor& actor, const std::string& directory, Inventory& all) {
  const sys::Got<std::vector<std::string>> names = sys::list_directory(actor, directory);
  if (names.error() == ENOTDIR) all.push_back(directory);
  for (const std::string& name : names.value) {
    const std::string path = say(directory, "/", name);
    if (path == kLayerHome) continue;
    if (sys::readlink(actor, path).ok())
      all.push_back(path);
    else
      add_files(actor, path, all);
  }
}

Inventory files(Actor& actor) {
  Inventory all;
  for (const char* directory : {"/run", "/tmp", "/var/tmp", "/dev", "/root", "/home"}) add_files(actor, directory, all);
  return all;
}

void leave_process(World& w) {
  Actor& left = w.fork(w.inside(), "left");
  sleep_on(left);
}

void leave_cgroup(World& w) {
  // One directory for each hierarchy of version 1, or the hierarchy of version 2 itself.
  if (sys::mkdir(w.inside(), say(kCgroupRoot, "/left")).ok() && !cgroups(w.inside()).empty()) return;
  for (const std::string& name : must(sys::list_directory(w.inside(), kCgroupRoot)))
    if (sys::mkdir(w.inside(), say(kCgroupRoot, "/", name, "/left")).ok()) return;
  throw Broken("there is no place to make a cgroup");
}

Inventory sorted(Inventory all) {
  std::sort(all.begin(), all.end());
  return all;
}

// How what is there differs from what was, in words; empty if it does not.
std::vector<std::string> difference(const Inventory& before, const Inventory& after) {
  std::vector<std::string> all;
  Inventory gone;
  std::set_difference(after.begin(), after.end(), before.begin(), before.end(), std::back_inserter(all));
  std::set_difference(before.begin(), before.end(), after.begin(), after.end(), std::back_inserter(gone));
  for (const std::string& one : gone) all.push_back(say("no longer ", one));
  return all;
}

}  // namespace

const Kind kProcesses{"process", processes, leave_process};
const Kind kMounts{"mount", mounts, [](World& w) { must(sys::mount(w.inside(), "left", "/tmp", "tmpfs")); }};
const Kind kCgroups{"cgroup", cgroups, leave_cgroup};
const Kind kLinks{"network link", links, [](World& w) { must(sys::add_veth(w.inside(), "left0", "left1")); }};
const Kind kNamedNetworks{"named network namespace", named_networks, [](World& w) {
                            must(sys::mkdir(w.inside(), "/run/netns"));
                            must(sys::make_file(w.inside(), "/run/netns/left", ""));
                          }};
const Kind kIpcObjects{"System V IPC object", ipc_objects, [](World& w) {
                         must(sys::sysv_get(w.inside(), sys::SysvKind::shm, IPC_PRIVATE, IPC_CREAT | 0600));
                       }};
const Kind kSettings{"changed setting", settings,
                     [](World& w) { must(sys::write_file(w.inside(), "/proc/sys/net/ipv4/ip_forward", "1")); }};
const Kind kFiles{"file", files, [](World& w) { must(sys::make_file(w.inside(), "/run/left", "")); }};

Observation compare(World& w, const Kind& kind, const Inventory& before, Wait wait) {
  const Inventory earlier = sorted(before);
  const Milliseconds longest{wait == Wait::no ? 0 : 400};
  for (Milliseconds pause{0};; pause = 2 * pause + Milliseconds{20}) {
    std::this_thread::sleep_for(pause);
    const std::vector<std::string> found = difference(earlier, sorted(kind.take(w.outside())));
    if (found.empty()) return isolated(say("no ", kind.noun, " is left that was not there before"));
    if (pause >= longest) return leaked(say(kind.noun, ": ", join(found, ", ")));
  }
}

}  // namespace nsproof
