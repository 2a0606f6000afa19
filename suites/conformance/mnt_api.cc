// Mount namespaces: what descriptors, ids and files of nsfs may and may not do across them (statmount(2), listmount(2),
// open_tree(2), mount_setattr(2), mount_namespaces(7)).
#include <linux/sched.h>

#include "harness/catalogue/property.h"
#include "harness/sys/mounts_new.h"
#include "suites/conformance/mnt_support.h"

namespace nsproof {
namespace {

using namespace mnt;

Observation outside_mount_not_listed(World& w) {
  must(sys::mkdir(w.outside(), kPoint));
  w.inside();
  mount_marked(w.outside(), kPoint);
  const std::uint64_t id = must(sys::unique_mount_id(w.outside(), kPoint));
  const auto of_outside = must(sys::listmount(w.outside()));
  if (std::find(of_outside.begin(), of_outside.end(), id) == of_outside.end())
    return unknown("outside's own list lacks the mount");
  const auto of_inside = must(sys::listmount(w.inside()));
  if (of_inside.empty()) return unknown("the list inside is empty");
  if (std::find(of_inside.begin(), of_inside.end(), id) != of_inside.end())
    return leaked("the list inside has the mount that outside made");
  return isolated("the list inside does not have the mount that outside made");
}

Observation outside_mount_has_no_status(World& w) {
  must(sys::mkdir(w.outside(), kPoint));
  w.inside();
  mount_marked(w.outside(), kPoint);
  const std::uint64_t id = must(sys::unique_mount_id(w.outside(), kPoint));
  const auto status = sys::statmount(w.inside(), id);
  return refusal(status.reply, {ENOENT}, status.ok() && status.value.id == id, "statmount of a mount of outside");
}

// statmount must tell of every mount what mountinfo tells.
enum class Compared { same_time, after_a_move };

Observation status_agrees(World& w, Compared when) {
  Actor& inside = w.inside();
  make_marked(inside, kPoint);
  const auto mounts = must(sys::mountinfo(inside));
  if (when == Compared::after_a_move) {
    must(sys::mkdir(inside, "/tmp/target"));
    must(sys::mount(inside, kPoint, "/tmp/target", "", MS_MOVE));
  }
  std::size_t same = 0;
  const auto ids = must(sys::listmount(inside));
  for (const std::uint64_t id : ids) {
    const sys::MountStatus status = must(sys::statmount(inside, id));
    for (const sys::MountInfo& mount : mounts)
      if (status.old_id == mount.id && status.old_parent == mount.parent && status.root == mount.root &&
          status.target == mount.target && status.type == mount.type)
        ++same;
  }
  if (ids.size() == mounts.size() && same == ids.size()) return isolated(say("all ", same, " mounts agree"));
  return leaked(say(same, " of ", ids.size(), " mounts agree with the ", mounts.size(), " of mountinfo"));
}

Observation pages_agree(World& w, std::size_t step_after) {
  Actor& inside = w.inside();
  make_marked(inside, kPoint);
  const auto whole = must(sys::listmount(inside));
  std::vector<std::uint64_t> pieces;
  for (std::uint64_t after = 0;;) {
    const auto page = must(sys::listmount(inside, {.after = after, .limit = 2}));
    if (page.empty()) break;
    pieces.insert(pieces.end(), page.begin(), page.end());
    after = page.back() + step_after;
    if (pieces.size() > whole.size()) return leaked("the pages hold more ids than the whole list");
  }
  if (pieces == whole) return isolated(say("pages of two give the same ", whole.size(), " ids in the same order"));
  return leaked(say("pages of two give ", pieces.size(), " of ", whole.size(), " ids"));
}

// A descriptor of a mount that is taken along into a new namespace is a descriptor of somebody else's mount.
enum class Owner { other_namespace, own_namespace };
enum class Act { attributes, propagation, unmount, move, bind };

Observation act_on_descriptor(World& w, Act act, Owner owner) {
  Actor& inside = w.inside();
  make_marked(inside, kPoint);
  must(sys::mkdir(inside, "/tmp/target"));
  const auto fd = static_cast<int>(must(sys::open(inside, kPoint, O_PATH | O_DIRECTORY | O_CLOEXEC)));
  const std::string path = say("/proc/self/fd/", fd);
  Actor& watcher = w.fork(inside, "watcher");
  // The propagation type may be changed by who is privileged over the other namespace (since commit cffd0441872e),
  // which inside is not from a user namespace of its own.
  const std::uint64_t flags = act == Act::propagation ? CLONE_NEWNS | CLONE_NEWUSER : CLONE_NEWNS;
  if (owner == Owner::other_namespace) must(sys::unshare(inside, flags));
  const auto mount_there = [&] { return sys::mount_at(must(sys::mountinfo(watcher)), kPoint); };
  switch (act) {
    case Act::attributes: {
      const Reply reply = sys::mount_setattr(inside, fd, "", {.set = sys::kMountAttrReadOnly});
      return refusal(reply, {EINVAL}, mount_there()->options.starts_with("ro"), "making the mount read-only");
    }
    case Act::propagation: {
      const Reply reply = set_type(inside, path, MS_SHARED);
      return refusal(reply, {EINVAL, EPERM}, !mount_there()->tags.empty(), "making the mount shared");
    }
    case Act::unmount: {
      const Reply reply = sys::umount(inside, path, MNT_DETACH);
      return refusal(reply, {EINVAL}, !mount_there(), "unmounting the mount");
    }
    case Act::move: {
      const Reply reply = sys::move_mount(inside, fd, "/tmp/target");
      return refusal(reply, {EINVAL}, !mount_there(), "moving the mount");
    }
    case Act::bind: {
      const Reply reply = bind(inside, path, "/tmp/target");
      return refusal(reply, {EINVAL}, sees_mark(inside, "/tmp/target"), "binding the mount");
    }
  }
  return unknown("no such act");
}

// Binds the mount namespace file of `held` in the namespace of `holder`.
Observation bind_namespace_file(Actor& holder, Actor& held, std::string_view name) {
  const std::string file = say("/tmp/", name);
  must(sys::make_file(holder, file, ""));
  const Reply reply = bind(holder, say("/proc/", must(sys::getpid(held)), "/ns/mnt"), file);
  const auto mount = sys::mount_at(must(sys::mountinfo(holder)), file);
  return refusal(reply, {EINVAL}, mount && mount->type == "nsfs", say("binding the mount namespace of ", held.name()));
}

Observation own_namespace_file(World& w) { return bind_namespace_file(w.inside(), w.inside(), "file"); }

// Of two namespaces one may hold the file of the other: the one with the lower id, which need not be the older one
// since ids are given out in batches, a batch a processor.
Observation other_namespace_file(World& w) {
  Actor& nested = w.launch(w.inside(), {.namespaces = Ns::mnt}, "nested");
  Observation down = bind_namespace_file(w.inside(), nested, "down");
  return down.outcome == Outcome::isolated ? bind_namespace_file(nested, w.inside(), "up") : down;
}

enum class Tree { closed, attached };

Observation detached_tree(World& w, Tree tree) {
  Actor& inside = w.inside();
  make_marked(inside, kPoint);
  must(sys::mkdir(inside, "/tmp/target"));
  const auto before = must(sys::mountinfo(inside)).size();
  constexpr unsigned kClone = 1;  // OPEN_TREE_CLONE
  const auto fd = static_cast<int>(must(sys::open_tree(inside, AT_FDCWD, kPoint, kClone | O_CLOEXEC)));
  if (must(sys::mountinfo(inside)).size() != before) return unknown("the detached tree is in the list of mounts");
  if (tree == Tree::attached) must(sys::move_mount(inside, fd, "/tmp/target"));
  must(sys::close(inside, fd));
  if (sees_mark(inside, "/tmp/target")) return leaked("the tree stayed where it was attached");
  if (must(sys::mountinfo(inside)).size() != before) return unknown("the closed tree left a mount behind");
  return isolated("the tree was never in the namespace and is gone");
}

const Sandbox kOwnMounts = {.namespaces = Ns::mnt};
constexpr std::string_view kDescriptorHow =
    "Inside opens a mount, leaves its namespace with unshare(CLONE_NEWNS) and acts through the descriptor; a process "
    "that "
    "stayed looks at the mount.";
constexpr std::string_view kStays = "inside stays in the namespace";

const Rows rows = {
    {
        .id = "mnt.listmount.own-namespace-only",
        .claim = "listmount(2) lists the mounts of the caller's own namespace only.",
        .how =
            "Outside mounts after the sandbox was made; both list their mounts and look for the new one's unique id.",
        .source = "listmount(2)",
        .since = {6, 8},
        .isolated_by = Ns::mnt,
        .check = outside_mount_not_listed,
    },
    {
        .id = "mnt.statmount.own-namespace-only",
        .claim = "statmount(2) does not find a mount of another namespace: ENOENT.",
        .how = "Outside mounts after the sandbox was made; inside asks for that mount by its unique id.",
        .source = "statmount(2)",
        .since = {6, 8},
        .isolated_by = Ns::mnt,
        .check = outside_mount_has_no_status,
    },
    {
        .id = "mnt.statmount.agrees-with-mountinfo",
        .claim = "statmount(2) tells of every mount the ids, root, place and type that mountinfo tells.",
        .how = "Inside compares every mount of listmount(2) with mountinfo.",
        .source = "statmount(2); proc(5)",
        .since = {6, 8},
        .sandbox = kOwnMounts,
        .check = [](World& w) { return status_agrees(w, Compared::same_time); },
        .control = [](World& w) { return status_agrees(w, Compared::after_a_move); },
        .control_differs = "one mount is moved between the two looks",
    },
    {
        .id = "mnt.listmount.pages-agree",
        .claim = "listmount(2) in pages gives the same ids as in one go.",
        .how =
            "Inside lists its mounts at once and in pages of two, each beginning after the last id of the one before.",
        .source = "listmount(2)",
        .since = {6, 8},
        .sandbox = kOwnMounts,
        .check = [](World& w) { return pages_agree(w, 0); },
        .control = [](World& w) { return pages_agree(w, 1U << 20); },
        .control_differs = "each page begins far after the last id of the one before",
    },
    {
        .id = "mnt.descriptor.foreign-attributes-refused",
        .claim = "mount_setattr(2) on a mount of another namespace is refused with EINVAL.",
        .how = kDescriptorHow,
        .source = "mount_setattr(2)",
        .since = {5, 12},
        .sandbox = kOwnMounts,
        .check = [](World& w) { return act_on_descriptor(w, Act::attributes, Owner::other_namespace); },
        .control = [](World& w) { return act_on_descriptor(w, Act::attributes, Owner::own_namespace); },
        .control_differs = kStays,
    },
    {
        .id = "mnt.descriptor.foreign-type-refused",
        .claim = "A user namespace cannot change the propagation type of a mount of a namespace that it does not own: "
                 "EPERM, or EINVAL before Linux 6.17.",
        .how =
            "Inside opens a mount, moves to new user and mount namespaces with unshare(2) and changes the type through "
            "the descriptor; a process that stayed looks at the mount.",
        .source = "mount(2); CVE-2025-38498; commit 12f147ddd6de",
        .since = {6, 16},
        .backports = {{6, 1, 142}},
        .sandbox = kOwnMounts,
        .makes = Ns::user,
        .check = [](World& w) { return act_on_descriptor(w, Act::propagation, Owner::other_namespace); },
        .control = [](World& w) { return act_on_descriptor(w, Act::propagation, Owner::own_namespace); },
        .control_differs = kStays,
    },
    {
        .id = "mnt.descriptor.foreign-unmount-refused",
        .claim = "A mount of another namespace cannot be unmounted: EINVAL.",
        .how = kDescriptorHow,
        .source = "umount(2)",
        .since = {2, 6, 39},
        .sandbox = kOwnMounts,
        .check = [](World& w) { return act_on_descriptor(w, Act::unmount, Owner::other_namespace); },
        .control = [](World& w) { return act_on_descriptor(w, Act::unmount, Owner::own_namespace); },
        .control_differs = kStays,
    },
    {
        .id = "mnt.descriptor.foreign-move-refused",
        .claim = "A mount of another namespace cannot be moved: EINVAL.",
        .how = kDescriptorHow,
        .source = "move_mount(2)",
        .since = {5, 2},
        .sandbox = kOwnMounts,
        .check = [](World& w) { return act_on_descriptor(w, Act::move, Owner::other_namespace); },
        .control = [](World& w) { return act_on_descriptor(w, Act::move, Owner::own_namespace); },
        .control_differs = kStays,
    },
    {
        .id = "mnt.descriptor.foreign-bind-refused",
        .claim = "A mount of another namespace cannot be the source of a bind mount: EINVAL.",
        .how = kDescriptorHow,
        .source = "mount(2)",
        .since = {2, 6, 39},
        .sandbox = kOwnMounts,
        .check = [](World& w) { return act_on_descriptor(w, Act::bind, Owner::other_namespace); },
        .control = [](World& w) { return act_on_descriptor(w, Act::bind, Owner::own_namespace); },
        .control_differs = kStays,
    },
    {
        .id = "mnt.nsfs.loop-refused",
        .claim = "A mount namespace cannot hold a mount of its own file in nsfs, which would keep it alive for ever: "
                 "EINVAL.",
        .how = "Inside binds /proc/PID/ns/mnt of itself to a file.",
        .source = "mount_namespaces(7); mnt_ns_loop() in fs/namespace.c",
        .since = {3, 8},
        .sandbox = kOwnMounts,
        .check = own_namespace_file,
        .control = other_namespace_file,
        .control_differs = "the file is that of another mount namespace",
    },
    {
        .id = "mnt.open-tree.dissolves-on-close",
        .claim = "A tree that open_tree(2) has cloned is in no namespace and is gone when its descriptor is closed.",
        .how = "Inside clones a mount, looks at mountinfo, closes the descriptor and looks again.",
        .source = "open_tree(2)",
        .since = {5, 2},
        .sandbox = kOwnMounts,
        .check = [](World& w) { return detached_tree(w, Tree::closed); },
        .control = [](World& w) { return detached_tree(w, Tree::attached); },
        .control_differs = "the tree is attached before the descriptor is closed",
    },
};

}  // namespace
}  // namespace nsproof
