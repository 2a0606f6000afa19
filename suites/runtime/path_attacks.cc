// Uncovering masked and read-only paths by moving mounts about: taking the cover away, going around it, and mounting
// the same file system anew. Each is tried with the sandbox's own privileges and with those over a new user namespace.
#include "suites/runtime/path_attacks.h"

#include <sched.h>
#include <sys/mount.h>

#include "harness/catalogue/property.h"
#include "harness/support/text.h"
#include "harness/sys/mounts.h"
#include "harness/sys/process.h"
#include "harness/world/world.h"
#include "suites/runtime/path_prizes.h"

namespace nsproof {

Hand hand_of(World& w, Stand stand) {
  Actor& inside = w.inside();
  if (stand == Stand::own_privileges) {
    // Without the privilege for a copy there is none for the mounts themselves (user_namespaces(7)): then try in place.
    if (sys::unshare(inside, CLONE_NEWNS).ok()) sys::mount(inside, "", "/", "", MS_REC | MS_PRIVATE);
    return {&inside, ""};
  }
  const Reply made = sys::unshare(inside, CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET);
  if (!made.ok()) return {nullptr, say("a new user namespace is refused with ", errno_name(made.error()))};
  // The new pid namespace, which procfs is mounted for, has children of the caller only.
  return {&w.fork(inside, "nested"), ""};
}

namespace {

// What was tried, and by which name the prize would be got at then.
struct Try {
  Reply reply;
  std::string name;
};

using Attack = Try (*)(Actor&, const Prize&, Cover);

// "/proc" of "/proc/sys/kernel".
std::string first_part(const std::string& path) { return path.substr(0, path.find('/', 1)); }
std::string below_point(const Prize& prize) { return kMountPoint + prize.file.substr(first_part(prize.file).size()); }

Try take_off(Actor& actor, const Prize& prize, Cover) {
  const Reply first = sys::umount(actor, prize.path, MNT_DETACH);
  // There may be several on top of each other.
  for (int more = 0; more < 4 && first.ok() && sys::umount(actor, prize.path, MNT_DETACH).ok();) ++more;
  return {first, prize.file};
}

Try make_writable(Actor& actor, const Prize& prize, Cover) {
  return {sys::mount(actor, "", prize.path, "", MS_REMOUNT | MS_BIND), prize.file};
}

Try move_away(Actor& actor, const Prize& prize, Cover) {
  return {sys::mount(actor, prize.path, kMountPoint, "", MS_MOVE), prize.file};
}

// A bind mount that is not recursive leaves behind what is mounted below (mount(2)).
Try go_around(Actor& actor, const Prize& prize, Cover) {
  return {sys::mount(actor, first_part(prize.path), kMountPoint, "", MS_BIND), below_point(prize)};
}

Try mount_anew(Actor& actor, const Prize& prize, Cover cover) {
  const std::string top = first_part(prize.path);
  const std::string_view type = top == "/proc" ? "proc" : "sysfs";
  const std::uint64_t quiet = MS_NOSUID | MS_NODEV | MS_NOEXEC;
  return {sys::mount(actor, type, kMountPoint, type, quiet | (cover == Cover::masked ? MS_RDONLY : 0)),
          below_point(prize)};
}

bool is_kernel_file(const Prize& prize) {
  return first_part(prize.path) == "/proc" || first_part(prize.path) == "/sys";
}

template <Cover cover, Stand stand, Attack attack>
Observation resists(World& w) {
  const std::vector<Prize> all = prizes(w, cover);
  if (all.empty()) return nothing_to_judge(cover);
  const Hand hand = hand_of(w, stand);
  if (hand.actor == nullptr) return isolated(hand.refusal);
  std::vector<std::string> seen;
  for (const Prize& prize : all) {
    if (attack == mount_anew && !is_kernel_file(prize)) continue;
    const Try tried = attack(*hand.actor, prize, cover);
    const auto got = gets_at(*hand.actor, cover, tried.name);
    if (tried.reply.ok() && tried.name != prize.file) sys::umount(*hand.actor, kMountPoint, MNT_DETACH);
    if (got) return leaked(say(prize.path, ": ", *got));
    seen.push_back(say(prize.path, ": ", tried.reply.ok() ? "done, to no effect" : errno_name(tried.reply.error())));
  }
  if (seen.empty()) return nothing_to_judge(cover);
  return isolated(join(seen, ", "));
}

constexpr Cover kMasked = Cover::masked;
constexpr Cover kReadOnly = Cover::read_only;
constexpr Stand kOwn = Stand::own_privileges;
constexpr Stand kUsers = Stand::user_namespace;

constexpr const char* kPaths = "OCI runtime-spec config-linux.md, Masked Paths and Readonly Paths; mount(2)";
constexpr const char* kLocks = "mount_namespaces(7), Restrictions on mount namespaces";
constexpr const char* kVisible = "user_namespaces(7), Mounting of filesystems; kernel commit 1b852bceb0d1";

const RuntimeRows rows = {
    {
        .id = "path.masked.umount-refused",
        .claim = "A mask cannot be unmounted.",
        .how = "Inside calls umount2(2) on every masked path and looks whether content shows.",
        .source = kPaths,
        .since = {2, 6, 24},
        .reach = Reach::any_sandbox,
        .check = resists<kMasked, kOwn, take_off>,
        .asked = asked_for_masks,
    },
    {
        .id = "path.masked.move-refused",
        .claim = "A mask cannot be moved away.",
        .how = "Inside calls mount(2) with MS_MOVE on every masked path and looks whether content shows.",
        .source = kPaths,
        .since = {2, 6, 24},
        .reach = Reach::any_sandbox,
        .check = resists<kMasked, kOwn, move_away>,
        .asked = asked_for_masks,
    },
    {
        .id = "path.masked.bind-refused",
        .claim = "A second view of the file system without its masks cannot be had by a bind mount.",
        .how = "Inside binds /proc or /sys elsewhere without what is mounted below, and looks there.",
        .source = kPaths,
        .since = {2, 6, 24},
        .reach = Reach::any_sandbox,
        .check = resists<kMasked, kOwn, go_around>,
        .asked = asked_for_masks,
    },
    {
        .id = "path.masked.mount-refused",
        .claim = "Another mount of proc or sysfs does not show what is masked.",
        .how = "Inside mounts the file system anew and looks there.",
        .source = kPaths,
        .since = {2, 6, 24},
        .reach = Reach::any_sandbox,
        .check = resists<kMasked, kOwn, mount_anew>,
        .asked = asked_for_masks,
    },
    {
        .id = "path.masked.userns-umount-refused",
        .claim = "Privileges over a new user namespace do not suffice to unmount a mask.",
        .how = "Inside makes user and mount namespaces, calls umount2(2) there and looks whether content shows.",
        .source = kLocks,
        .since = {3, 8},
        .reach = Reach::any_sandbox,
        .check = resists<kMasked, kUsers, take_off>,
        .asked = asked_for_masks,
    },
    {
        .id = "path.masked.userns-bind-refused",
        .claim = "Privileges over a new user namespace do not suffice for a bind mount without the masks.",
        .how = "Inside makes user and mount namespaces, binds /proc or /sys elsewhere without what is mounted below, "
               "and looks there.",
        .source = kLocks,
        .since = {3, 8},
        .reach = Reach::any_sandbox,
        .check = resists<kMasked, kUsers, go_around>,
        .asked = asked_for_masks,
    },
    {
        .id = "path.masked.userns-mount-refused",
        .claim = "A mount of proc or sysfs in namespaces that a process makes for itself does not show what is masked.",
        .how = "Inside makes user, mount, pid and network namespaces, mounts the file system there and looks.",
        .source = kVisible,
        .since = {4, 2},
        .reach = Reach::any_sandbox,
        .check = resists<kMasked, kUsers, mount_anew>,
        .asked = asked_for_masks,
    },
    {
        .id = "path.readonly.umount-refused",
        .claim = "Unmounting does not make a read-only path writable.",
        .how = "Inside calls umount2(2) on every read-only path and opens a file of it for writing.",
        .source = kPaths,
        .since = {2, 6, 24},
        .reach = Reach::any_sandbox,
        .check = resists<kReadOnly, kOwn, take_off>,
        .asked = asked_for_read_only_paths,
    },
    {
        .id = "path.readonly.remount-refused",
        .claim = "A read-only path cannot be remounted writable.",
        .how = "Inside calls mount(2) with MS_REMOUNT|MS_BIND on every read-only path and opens a file of it for "
               "writing.",
        .source = kPaths,
        .since = {2, 6, 26},
        .reach = Reach::any_sandbox,
        .check = resists<kReadOnly, kOwn, make_writable>,
        .asked = asked_for_read_only_paths,
    },
    {
        .id = "path.readonly.bind-refused",
        .claim = "A writable view of a read-only path cannot be had by a bind mount.",
        .how =
            "Inside binds /proc or /sys elsewhere without what is mounted below, and opens a file there for writing.",
        .source = kPaths,
        .since = {2, 6, 24},
        .reach = Reach::any_sandbox,
        .check = resists<kReadOnly, kOwn, go_around>,
        .asked = asked_for_read_only_paths,
    },
    {
        .id = "path.readonly.mount-refused",
        .claim = "Another mount of proc or sysfs does not make a read-only path writable.",
        .how = "Inside mounts the file system anew and opens a file there for writing.",
        .source = kPaths,
        .since = {2, 6, 24},
        .reach = Reach::any_sandbox,
        .check = resists<kReadOnly, kOwn, mount_anew>,
        .asked = asked_for_read_only_paths,
    },
    {
        .id = "path.readonly.userns-remount-refused",
        .claim = "Privileges over a new user namespace do not suffice to remount a read-only path writable.",
        .how = "Inside makes user and mount namespaces, remounts every read-only path there and opens a file of it for "
               "writing.",
        .source = kLocks,
        .since = {3, 8},
        .reach = Reach::any_sandbox,
        .check = resists<kReadOnly, kUsers, make_writable>,
        .asked = asked_for_read_only_paths,
    },
    {
        .id = "path.readonly.userns-mount-refused",
        .claim =
            "A mount of proc in namespaces that a process makes for itself does not make a read-only path writable.",
        .how = "Inside makes user, mount, pid and network namespaces, mounts proc there and opens a file for writing.",
        .source = kVisible,
        .since = {4, 2},
        .reach = Reach::any_sandbox,
        .check = resists<kReadOnly, kUsers, mount_anew>,
        .asked = asked_for_read_only_paths,
    },
};

}  // namespace
}  // namespace nsproof
