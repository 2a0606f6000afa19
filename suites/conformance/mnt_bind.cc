// Mount namespaces: what bind, move and the placing of mounts may not do (mount(2), move_mount(2), sharedsubtree.rst).
#include "harness/catalogue/property.h"
#include "harness/sys/mounts_new.h"
#include "suites/conformance/mnt_support.h"

namespace nsproof {
namespace {

using namespace mnt;

constexpr std::string_view kTarget = "/tmp/target";

Observation bind_of(World& w, std::uint64_t type) {
  Actor& inside = w.inside();
  make_marked(inside, kPoint);
  must(set_type(inside, kPoint, type));
  must(sys::mkdir(inside, kTarget));
  const Reply reply = bind(inside, kPoint, kTarget);
  return refusal(reply, {EINVAL}, sees_mark(inside, kTarget), "the bind");
}

Observation submount_in_recursive_bind(World& w, std::uint64_t type) {
  Actor& inside = w.inside();
  make_marked(inside, kPoint);
  make_marked(inside, say(kPoint, "/child"));
  must(set_type(inside, say(kPoint, "/child"), type));
  must(sys::mkdir(inside, kTarget));
  must(bind(inside, kPoint, kTarget, MS_REC));
  if (!sees_mark(inside, kTarget)) return unknown("the bind does not show the tree itself");
  if (!sees_mark(inside, say(kTarget, "/child"))) return isolated("the submount was left out of the copy");
  return leaked("the submount is in the copy");
}

enum class CopiedBy { new_namespace, recursive_bind };

// The copy of an unbindable mount that inside gets, if it gets one.
std::optional<sys::MountInfo> unbindable_copy(World& w, CopiedBy way) {
  make_marked(w.outside(), kPoint);
  make_marked(w.outside(), say(kPoint, "/child"));
  must(set_type(w.outside(), say(kPoint, "/child"), MS_UNBINDABLE));
  must(sys::mkdir(w.outside(), kTarget));
  if (way == CopiedBy::recursive_bind) must(bind(w.outside(), kPoint, kTarget, MS_REC));
  Actor& inside = w.inside();
  const std::string copy = say(way == CopiedBy::recursive_bind ? kTarget : kPoint, "/child");
  const auto mount = sys::mount_at(must(sys::mountinfo(inside)), copy);
  if (sees_mark(inside, copy) != mount.has_value()) throw Broken("mountinfo and the tree disagree");
  return mount;
}

Observation unbindable_copied(World& w, CopiedBy way) {
  if (unbindable_copy(w, way)) return isolated("the copy has the unbindable mount");
  return leaked("the unbindable mount is not in the copy");
}

enum class Later { nothing, made_private };

Observation unbindable_stays_so(World& w, Later later) {
  auto copy = unbindable_copy(w, CopiedBy::new_namespace);
  if (!copy) return unknown("inside did not get the mount");
  const std::string place = copy->target;
  if (later == Later::made_private) must(set_type(w.inside(), place, MS_PRIVATE));
  must(sys::mkdir(w.inside(), "/tmp/bound"));
  const Reply reply = bind(w.inside(), place, "/tmp/bound");
  return refusal(reply, {EINVAL}, sees_mark(w.inside(), "/tmp/bound"), "binding the copy of the unbindable mount");
}

// Moves kPoint/child to kTarget.
Observation move_below(World& w, std::uint64_t type_of_parent, std::uint64_t type_of_target) {
  Actor& inside = w.inside();
  make_marked(inside, kPoint);
  must(set_type(inside, kPoint, type_of_parent));
  make_marked(inside, say(kPoint, "/child"));
  if (type_of_target == MS_SHARED) must(set_type(inside, say(kPoint, "/child"), MS_UNBINDABLE));
  make_marked(inside, kTarget);
  must(set_type(inside, kTarget, type_of_target));
  const std::string to = say(kTarget, "/place");
  must(sys::mkdir(inside, to));
  const Reply reply = sys::mount(inside, say(kPoint, "/child"), to, "", MS_MOVE);
  return refusal(reply, {EINVAL}, sees_mark(inside, to), "the move");
}

enum class Place { beneath, on_top };

// A second file system comes to a place where one is mounted already; which of them shows?
Observation placed(World& w, Place place) {
  Actor& inside = w.inside();
  make_marked(inside, kPoint);
  const auto mount = static_cast<int>(must(sys::new_mount(inside, "tmpfs")));
  must(sys::move_mount(inside, mount, kPoint, place == Place::beneath ? sys::kMoveMountBeneath : 0));
  must(sys::close(inside, mount));
  const bool first_shows = sees_mark(inside, kPoint);
  must(sys::umount(inside, kPoint));
  const bool then_first_shows = sees_mark(inside, kPoint);
  const auto left = sys::mount_at(must(sys::mountinfo(inside)), kPoint);
  if (!left) return unknown("one unmount took both away");
  if (first_shows && !then_first_shows) return isolated("the mount that was there stayed on top of the new one");
  if (!first_shows && then_first_shows) return leaked("the new mount covered the one that was there");
  return unknown("the two mounts are not one above the other");
}

enum class Jail { bind_mount, plain_directory };

// CVE-2015-2925: a directory that is moved out of a bind mount must not be a way out of it. Inside is chrooted into
// /tmp/tree/jail, in /tmp/tree/jail/cell; outside moves the cell to /tmp/tree/cell, beside the secret.
Observation way_out_by_rename(World& w, Jail jail) {
  for (const char* directory : {"/tmp/tree", "/tmp/tree/jail", "/tmp/tree/jail/cell"})
    must(sys::mkdir(w.outside(), directory));
  must(sys::make_file(w.outside(), "/tmp/tree/secret", "secret"));
  Actor& inside = w.inside();
  if (jail == Jail::bind_mount) must(bind(inside, "/tmp/tree/jail", "/tmp/tree/jail"));
  Actor& prisoner = w.fork(inside, "prisoner");
  must(sys::chroot(prisoner, "/tmp/tree/jail"));
  must(sys::chdir(prisoner, "/cell"));
  must(sys::rename(w.outside(), "/tmp/tree/jail/cell", "/tmp/tree/cell"));
  const Reply reply = sys::access(prisoner, "../secret");
  return refusal(reply, {ENOENT}, reply.ok(), "the way to a file beside the bind mount");
}

const Sandbox kOwnMounts = {.namespaces = Ns::mnt};

const Rows rows = {
    {
        .id = "mnt.unbindable.bind-refused",
        .claim = "An unbindable mount cannot be the source of a bind mount: EINVAL.",
        .how = "Inside binds an unbindable mount to another directory and looks there for its file.",
        .source = "mount(2); mount_namespaces(7)",
        .since = {2, 6, 15},
        .sandbox = kOwnMounts,
        .check = [](World& w) { return bind_of(w, MS_UNBINDABLE); },
        .control = [](World& w) { return bind_of(w, MS_PRIVATE); },
        .control_differs = "the mount is private",
    },
    {
        .id = "mnt.unbindable.pruned-from-recursive-bind",
        .claim = "A recursive bind leaves unbindable submounts out.",
        .how = "Inside binds a tree with an unbindable submount recursively and looks for the submount's file in the "
               "copy.",
        .source = "mount_namespaces(7)",
        .since = {2, 6, 15},
        .sandbox = kOwnMounts,
        .check = [](World& w) { return submount_in_recursive_bind(w, MS_UNBINDABLE); },
        .control = [](World& w) { return submount_in_recursive_bind(w, MS_PRIVATE); },
        .control_differs = "the submount is private",
    },
    {
        .id = "mnt.unbindable.in-new-namespace",
        .claim = "A new mount namespace gets the unbindable mounts of its creator as well.",
        .how = "Outside makes an unbindable mount before the sandbox; inside looks for its file.",
        .source = "sharedsubtree.rst",
        .since = {2, 6, 26},
        .sandbox = kOwnMounts,
        .check = [](World& w) { return unbindable_copied(w, CopiedBy::new_namespace); },
        .control = [](World& w) { return unbindable_copied(w, CopiedBy::recursive_bind); },
        .control_differs = "the copy looked at is one by recursive bind, which leaves it out",
    },
    {
        .id = "mnt.unbindable.stays-so-in-new-namespace",
        .claim = "The copy of an unbindable mount in a new mount namespace is unbindable too.",
        .how = "Outside makes an unbindable mount before the sandbox; inside binds its copy of it.",
        .source = "sharedsubtree.rst, \"Clone Namespace\"",
        .since = {2, 6, 26},
        .sandbox = kOwnMounts,
        .check = [](World& w) { return unbindable_stays_so(w, Later::nothing); },
        .control = [](World& w) { return unbindable_stays_so(w, Later::made_private); },
        .control_differs = "inside makes its copy private first",
    },
    {
        .id = "mnt.move.from-shared-parent-refused",
        .claim = "A mount whose parent is shared cannot be moved: EINVAL.",
        .how = "Inside moves a submount of a shared mount elsewhere and looks for its file there.",
        .source = "mount(2)",
        .since = {2, 6, 15},
        .sandbox = kOwnMounts,
        .check = [](World& w) { return move_below(w, MS_SHARED, MS_PRIVATE); },
        .control = [](World& w) { return move_below(w, MS_PRIVATE, MS_PRIVATE); },
        .control_differs = "the parent is private",
    },
    {
        .id = "mnt.move.unbindable-to-shared-refused",
        .claim = "An unbindable mount cannot be moved below a shared mount: EINVAL.",
        .how = "Inside moves an unbindable mount onto a directory of a shared one and looks for its file there.",
        .source = "sharedsubtree.rst",
        .since = {2, 6, 15},
        .sandbox = kOwnMounts,
        .check = [](World& w) { return move_below(w, MS_PRIVATE, MS_SHARED); },
        .control = [](World& w) { return move_below(w, MS_PRIVATE, MS_PRIVATE); },
        .control_differs = "mount and target are private",
    },
    {
        .id = "mnt.move.beneath-top-mount",
        .claim = "move_mount(2) with MOVE_MOUNT_BENEATH puts a mount under the one that is on top.",
        .how =
            "Inside moves a new tmpfs to a place that is mounted on, looks which one shows, unmounts the upper one and "
            "looks again.",
        .source = "move_mount(2); commit 6ac392815628",
        .since = {6, 5},
        .sandbox = kOwnMounts,
        .check = [](World& w) { return placed(w, Place::beneath); },
        .control = [](World& w) { return placed(w, Place::on_top); },
        .control_differs = "the same call without the flag",
    },
    {
        .id = "mnt.bind.no-way-out-by-rename",
        .claim = "A directory that is moved out of a bind mount is no way out of it for a process that stands in it.",
        .how =
            "A process chrooted into a bind mount stands in a directory of it; outside moves that directory above the "
            "bind's root; the process asks for a file there by \"..\".",
        .source = "CVE-2015-2925; commit 397d425dc26d",
        .since = {4, 3},
        .sandbox = kOwnMounts,
        .check = [](World& w) { return way_out_by_rename(w, Jail::bind_mount); },
        .control = [](World& w) { return way_out_by_rename(w, Jail::plain_directory); },
        .control_differs = "the jail is a plain directory and no bind mount",
    },
};

}  // namespace
}  // namespace nsproof
