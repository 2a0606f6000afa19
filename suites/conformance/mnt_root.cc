// Mount namespaces and the root and working directory of processes: setns(2), CLONE_FS and chroot(2).
#include <linux/capability.h>
#include <linux/sched.h>

#include "harness/catalogue/property.h"
#include "harness/sys/ids.h"
#include "suites/conformance/mnt_support.h"

namespace nsproof {
namespace {

using namespace mnt;

std::string directory_of(Actor& actor) { return must(sys::readlink(actor, "/proc/self/cwd")); }

int open_mount_namespace(Actor& opener, Actor& of) {
  return static_cast<int>(must(sys::open(opener, say("/proc/", of.pid(), "/ns/mnt"), O_RDONLY | O_CLOEXEC)));
}

enum class Join { yes, no };

Observation joining_resets_root(World& w, Join join) {
  must(sys::mkdir(w.outside(), "/tmp/jail"));
  must(sys::make_file(w.outside(), "/tmp/jail/jail-mark", "jail"));
  make_marked(w.inside(), kPoint);
  Actor& visitor = w.fork(w.outside(), "visitor");
  const int fd = open_mount_namespace(visitor, w.inside());
  must(sys::chroot(visitor, "/tmp/jail"));
  must(sys::chdir(visitor, "/"));
  if (!reaches(visitor, "/jail-mark")) return unknown("chroot had no effect");
  if (join == Join::yes) must(sys::setns(visitor, fd, CLONE_NEWNS));
  if (reaches(visitor, "/jail-mark") && reaches(visitor, "jail-mark"))
    return leaked("root and directory are the jail still");
  // Relative and absolute: the working directory is the new root too, and that is in the joined namespace.
  if (sees_mark(visitor, kPoint) && sees_mark(visitor, kPoint.substr(1)))
    return isolated("root and directory are the root of the joined namespace");
  return unknown("root and directory are neither the jail nor the root of the joined namespace");
}

enum class By { ns_file, pidfd };
enum class Fs { shared, own };

Observation joining_with_shared_fs(World& w, By by, Fs fs) {
  make_marked(w.inside(), kPoint);
  Actor& sharer = w.clone(w.outside(), CLONE_FS, "sharer");
  const auto fd = by == By::ns_file ? open_mount_namespace(sharer, w.inside())
                                    : static_cast<int>(must(sys::pidfd_open(sharer, w.inside().pid())));
  if (fs == Fs::own) must(sys::unshare(sharer, CLONE_FS));
  const Reply reply = sys::setns(sharer, fd, CLONE_NEWNS);
  return refusal(reply, {EINVAL}, sees_mark(sharer, kPoint), "joining the mount namespace");
}

Observation joining_without_capability(World& w, int dropped) {
  make_marked(w.inside(), kPoint);
  Actor& visitor = w.fork(w.outside(), "visitor");
  const int fd = open_mount_namespace(visitor, w.inside());
  sys::Capabilities less = must(sys::capget(visitor));
  less.effective &= ~(1ULL << dropped);
  must(sys::capset(visitor, less));
  const Reply reply = sys::setns(visitor, fd, CLONE_NEWNS);
  return refusal(reply, {EPERM}, sees_mark(visitor, kPoint), "joining the mount namespace");
}

Observation clone_with(World& w, std::uint64_t flags) {
  const World::Attempt made = w.try_clone(w.inside(), flags, "child");
  return refusal(made.reply, {EINVAL}, made.actor != nullptr, "clone3");
}

enum class Unshare { mounts, nothing };

Observation unshare_parts_directories(World& w, Unshare what) {
  Actor& inside = w.inside();
  Actor& sharer = w.clone(inside, CLONE_FS, "sharer");
  must(sys::chdir(inside, "/tmp"));
  if (directory_of(sharer) != "/tmp") return unknown("the two processes do not share a working directory");
  if (what == Unshare::mounts) must(sys::unshare(sharer, CLONE_NEWNS));
  must(sys::chdir(inside, "/"));
  const std::string after = directory_of(sharer);
  if (after == "/tmp") return isolated("the process with new mounts stayed when the other changed its directory");
  if (after == "/") return leaked("the process followed when the other changed its directory");
  return unknown(say("the process is in ", quoted(after)));
}

enum class Root { chrooted, plain };

Observation user_namespace_from(World& w, Root root) {
  Actor& maker = w.fork(w.inside(), "maker");
  must(sys::mkdir(maker, "/tmp/jail"));
  if (root == Root::chrooted) {
    must(sys::chroot(maker, "/tmp/jail"));
    must(sys::chdir(maker, "/"));
  }
  const World::Attempt made = w.try_clone(maker, CLONE_NEWUSER, "child");
  return refusal(made.reply, {EPERM}, made.actor != nullptr, "a new user namespace");
}

const Sandbox kOwnMounts = {.namespaces = Ns::mnt};

const Rows rows = {
    {
        .id = "mnt.setns.resets-root",
        .claim = "Joining a mount namespace makes its root the root and working directory of the caller.",
        .how =
            "A process of outside goes into a chroot, joins the mount namespace of inside and looks, from its root and "
            "from its directory, for files of the chroot and of inside.",
        .source = "setns(2)",
        .since = {3, 8},
        .sandbox = kOwnMounts,
        .check = [](World& w) { return joining_resets_root(w, Join::yes); },
        .control = [](World& w) { return joining_resets_root(w, Join::no); },
        .control_differs = "it does not join",
    },
    {
        .id = "mnt.setns.shared-fs-refused",
        .claim = "A process that shares its root and directory with another (CLONE_FS) cannot join a mount namespace: "
                 "EINVAL.",
        .how = "A process made with CLONE_FS joins by the file of nsfs and looks for a mount of that namespace.",
        .source = "setns(2)",
        .since = {3, 8},
        .sandbox = kOwnMounts,
        .check = [](World& w) { return joining_with_shared_fs(w, By::ns_file, Fs::shared); },
        .control = [](World& w) { return joining_with_shared_fs(w, By::ns_file, Fs::own); },
        .control_differs = "it calls unshare(CLONE_FS) first",
    },
    {
        .id = "mnt.setns.shared-fs-refused-by-pidfd",
        .claim = "Nor can such a process join a mount namespace by the pidfd of a member: EINVAL.",
        .how = "A process made with CLONE_FS joins by pidfd and looks for a mount of that namespace.",
        .source = "setns(2)",
        .since = {5, 8},
        .sandbox = kOwnMounts,
        .check = [](World& w) { return joining_with_shared_fs(w, By::pidfd, Fs::shared); },
        .control = [](World& w) { return joining_with_shared_fs(w, By::pidfd, Fs::own); },
        .control_differs = "it calls unshare(CLONE_FS) first",
    },
    {
        .id = "mnt.setns.needs-chroot-capability",
        .claim = "Joining a mount namespace needs CAP_SYS_CHROOT in the caller's own user namespace: EPERM without it.",
        .how = "A process of outside without the capability joins and looks for a mount of that namespace.",
        .source = "setns(2)",
        .since = {3, 8},
        .sandbox = kOwnMounts,
        .check = [](World& w) { return joining_without_capability(w, CAP_SYS_CHROOT); },
        .control = [](World& w) { return joining_without_capability(w, CAP_SYS_BOOT); },
        .control_differs = "a capability that has nothing to do with it is dropped instead",
    },
    {
        .id = "mnt.clone.shared-fs-refused",
        .claim = "clone3(2) refuses CLONE_NEWNS together with CLONE_FS: EINVAL.",
        .how = "Inside asks for such a child and looks whether there is one.",
        .source = "clone(2)",
        .since = {5, 3},
        .sandbox = kOwnMounts,
        .check = [](World& w) { return clone_with(w, CLONE_NEWNS | CLONE_FS); },
        .control = [](World& w) { return clone_with(w, CLONE_NEWNS); },
        .control_differs = "CLONE_NEWNS alone",
    },
    {
        .id = "mnt.unshare.parts-working-directories",
        .claim = "unshare(CLONE_NEWNS) also ends the sharing of root and working directory (CLONE_FS).",
        .how = "Two processes share a directory; one takes new mounts, the other changes its directory.",
        .source = "unshare(2)",
        .since = {2, 6, 16},
        .sandbox = kOwnMounts,
        .check = [](World& w) { return unshare_parts_directories(w, Unshare::mounts); },
        .control = [](World& w) { return unshare_parts_directories(w, Unshare::nothing); },
        .control_differs = "nothing is unshared",
    },
    {
        .id = "mnt.chroot.no-user-namespace",
        .claim = "A process in a chroot cannot make a user namespace, which would let it leave: EPERM.",
        .how = "A process goes into a chroot and makes a child with CLONE_NEWUSER.",
        .source = "user_namespaces(7); CVE-2013-1956",
        .since = {3, 9},
        .sandbox = kOwnMounts,
        .makes = Ns::user,
        .check = [](World& w) { return user_namespace_from(w, Root::chrooted); },
        .control = [](World& w) { return user_namespace_from(w, Root::plain); },
        .control_differs = "the process is not in a chroot",
    },
};

}  // namespace
}  // namespace nsproof
