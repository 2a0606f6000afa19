// Whether what is configured is mounted: every mount in its place, of its type, in its order.
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

#include <algorithm>

#include "harness/catalogue/property.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/filesystems.h"
#include "harness/world/world.h"
#include "suites/runtime/mount_support.h"
#include "suites/runtime/root_support.h"

namespace nsproof {
namespace {

constexpr std::uint64_t kMqueueMagic = 0x19800202;  // ipc/mqueue.c; <linux/magic.h> does not have it

// What statfs(2) says of a type; empty if it can be anything.
std::vector<std::uint64_t> magics_of(const ContractMount& mount) {
  if (mount.type == "proc") return {PROC_SUPER_MAGIC};
  if (mount.type == "sysfs") return {SYSFS_MAGIC};
  if (mount.type == "tmpfs") return {TMPFS_MAGIC};
  if (mount.type == "devpts") return {DEVPTS_SUPER_MAGIC};
  if (mount.type == "mqueue") return {kMqueueMagic};
  // With the hierarchies of version 1 it is a directory that holds one mount for each.
  if (mount.type == "cgroup") return {CGROUP_SUPER_MAGIC, CGROUP2_SUPER_MAGIC, TMPFS_MAGIC};
  if (mount.type == "cgroup2") return {CGROUP2_SUPER_MAGIC};
  return {};
}

// Null if the mount is there, else what is there instead.
std::optional<std::string> missing(Actor& inside, const ContractMount& mount, const std::string& place) {
  const sys::Got<bool> root = sys::is_mount_root(inside, place);
  if (!root.ok()) return say(place, ": ", errno_name(root.error()));
  if (!root.value) return say(place, " is not the root of a mount");
  const std::vector<std::uint64_t> magics = magics_of(mount);
  if (magics.empty()) return std::nullopt;
  const std::uint64_t type = must(sys::statfs(inside, place)).type;
  if (std::find(magics.begin(), magics.end(), type) != magics.end()) return std::nullopt;
  return say(place, " is no ", mount.type, " (f_type ", hex(type).text, ")");
}

Observation every_mount_is_there(World& w) {
  const std::vector<ContractMount> mounts = visible_mounts(w.contract().mounts);
  for (const ContractMount& mount : mounts)
    if (const auto what = missing(w.inside(), mount, mount.destination)) return leaked(*what);
  return isolated(say(mounts.size(), " mounts are there, each of its type"));
}

Observation nothing_is_mounted_in_etc(World& w) {
  for (const ContractMount& mount : w.contract().mounts)
    if (const auto what = missing(w.inside(), mount, "/etc")) return leaked(*what);
  return isolated("/etc is a mount of every type");
}

// What a later mount covers is not in sight, and what lies below an earlier one is.
Observation order_is(World& w, const std::vector<ContractMount>& mounts) {
  for (const ContractMount& mount : visible_mounts(mounts))
    if (const auto what = missing(w.inside(), mount, mount.destination)) return leaked(*what);
  const std::vector<ContractMount> visible = visible_mounts(mounts);
  for (const ContractMount& mount : hidden_mounts(mounts)) {
    const auto same_place = [&](const ContractMount& other) { return other.destination == mount.destination; };
    if (std::any_of(visible.begin(), visible.end(), same_place)) continue;
    if (!missing(w.inside(), mount, mount.destination))
      return leaked(say(mount.destination, " is in sight, although a later mount covers it"));
  }
  return isolated("every mount that a later one does not cover is in sight, and no other");
}

Observation order_is_the_contracts(World& w) { return order_is(w, w.contract().mounts); }

Observation order_is_reversed(World& w) {
  std::vector<ContractMount> mounts = w.contract().mounts;
  std::reverse(mounts.begin(), mounts.end());
  return order_is(w, mounts);
}

std::optional<std::string> asked_for_mounts(const Contract& contract) {
  if (contract.mounts.empty()) return std::nullopt;
  return say(contract.mounts.size(), " mounts");
}

// Only where the opposite order would show something else.
std::optional<std::string> asked_for_order(const Contract& contract) {
  std::vector<ContractMount> reversed = contract.mounts;
  std::reverse(reversed.begin(), reversed.end());
  if (hidden_mounts(contract.mounts).empty() && hidden_mounts(reversed).empty()) return std::nullopt;
  return say(contract.mounts.size(), " mounts in their order");
}

// A terminal that outside opens has a number in the instance that outside sees (pts(4)).
Observation terminals_are_its_own(World& w) {
  const auto names = [&] { return sys::list_directory(w.inside(), "/dev/pts"); };
  const sys::Got<std::vector<std::string>> before = names();
  if (!before.ok()) return isolated(say("/dev/pts: ", errno_name(before.error())));
  const auto terminal = must(sys::open(w.outside(), "/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC));
  const std::vector<std::string> after = must(names());
  must(sys::close(w.outside(), static_cast<int>(terminal)));
  return after.size() > before.value.size() ? leaked("a terminal that outside opens is in inside's /dev/pts")
                                            : isolated("a terminal that outside opens is not in inside's /dev/pts");
}

std::optional<std::string> asked_for_terminals(const Contract& contract) {
  const auto is_devpts = [](const ContractMount& mount) { return mount.type == "devpts"; };
  if (std::any_of(contract.mounts.begin(), contract.mounts.end(), is_devpts)) return "a new instance of devpts";
  return asked_for_own_root(contract);
}

const RuntimeRows rows = {
    {
        .id = "mount.configured.there",
        .claim = "Every configured mount is in its place and of its type.",
        .how = "Inside asks statx(2) whether each place is the root of a mount, and statfs(2) of which type.",
        .source = "OCI runtime-spec config.md, Mounts; statfs(2), statx(2)",
        .since = {5, 8},
        .reach = Reach::any_sandbox,
        .check = every_mount_is_there,
        .control = nothing_is_mounted_in_etc,
        .control_differs = "in a process that nothing isolates, of a directory where nothing is mounted",
        .asked = asked_for_mounts,
    },
    {
        .id = "mount.configured.in-order",
        .claim = "Mounts are made in the order in which they are listed.",
        .how = "Inside looks which mounts are in sight: a later one hides earlier ones at and below its place.",
        .source = "OCI runtime-spec config.md, Mounts: \"The runtime MUST mount entries in the listed order\"",
        .since = {5, 8},
        .reach = Reach::any_sandbox,
        .check = order_is_the_contracts,
        .control = order_is_reversed,
        .control_differs = "in a process that nothing isolates, with the opposite order expected",
        .asked = asked_for_order,
    },
    {
        .id = "mount.devpts.new-instance",
        .claim = "Terminals of the host are not in the sandbox's /dev/pts.",
        .how = "Outside opens /dev/ptmx; inside lists /dev/pts before and after.",
        .source = "Linux Documentation/filesystems/devpts.rst; OCI runtime-spec config-linux.md, Default Devices",
        .since = {4, 7},
        .reach = Reach::any_sandbox,
        .check = terminals_are_its_own,
        .asked = asked_for_terminals,
    },
};

}  // namespace
}  // namespace nsproof
