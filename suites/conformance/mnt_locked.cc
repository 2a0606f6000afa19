// Mount namespaces: mounts that a user namespace inherited are locked, so that what they cover stays covered
// (mount_namespaces(7), "Restrictions on mount namespaces").
#include "harness/catalogue/property.h"
#include "harness/sys/mounts_new.h"
#include "suites/conformance/mnt_support.h"

namespace nsproof {
namespace {

using namespace mnt;

// A file of outside at kPoint/secret with a mount over it that the sandbox inherits.
void cover_secret(Actor& outside) {
  must(sys::mkdir(outside, kPoint));
  must(sys::make_file(outside, say(kPoint, "/secret"), "secret"));
  mount_marked(outside, kPoint);
}

bool sees_secret(Actor& actor, std::string_view directory) { return reaches(actor, say(directory, "/secret")); }

Observation unmount(World& w, int flags) {
  cover_secret(w.outside());
  Actor& inside = w.inside();
  if (!sees_mark(inside, kPoint) || sees_secret(inside, kPoint)) return unknown("inside did not inherit the mount");
  const Reply reply = sys::umount(inside, kPoint, flags);
  return refusal(reply, {EINVAL}, sees_secret(inside, kPoint), "unmounting what covers the secret");
}

Observation moved_away(World& w) {
  cover_secret(w.outside());
  Actor& inside = w.inside();
  must(sys::mkdir(inside, "/tmp/elsewhere"));
  const Reply reply = sys::mount(inside, kPoint, "/tmp/elsewhere", "", MS_MOVE);
  return refusal(reply, {EINVAL}, sees_secret(inside, kPoint), "moving away what covers the secret");
}

Observation placed_beneath(World& w) {
  cover_secret(w.outside());
  Actor& inside = w.inside();
  const auto mount = static_cast<int>(must(sys::new_mount(inside, "tmpfs")));
  const Reply reply = sys::move_mount(inside, mount, kPoint, sys::kMoveMountBeneath);
  std::size_t stacked = 0;
  for (const sys::MountInfo& one : must(sys::mountinfo(inside))) stacked += one.target == kPoint ? 1U : 0U;
  return refusal(reply, {EINVAL}, stacked == 2, "placing a mount beneath the inherited one");
}

Observation bound_without_children(World& w) {
  make_marked(w.outside(), "/tmp/tree");
  must(sys::mkdir(w.outside(), "/tmp/tree/child"));
  must(sys::make_file(w.outside(), "/tmp/tree/child/secret", "secret"));
  mount_marked(w.outside(), "/tmp/tree/child");
  Actor& inside = w.inside();
  for (const char* directory : {"/tmp/whole", "/tmp/copy"}) must(sys::mkdir(inside, directory));
  must(bind(inside, "/tmp/tree", "/tmp/whole", MS_REC));
  if (!sees_mark(inside, "/tmp/whole/child")) return unknown("a recursive bind did not bring the submount");
  const Reply reply = bind(inside, "/tmp/tree", "/tmp/copy");
  return refusal(reply, {EINVAL}, sees_secret(inside, "/tmp/copy/child"), "a bind that leaves the submount behind");
}

Observation covered_again(World& w) {
  cover_secret(w.outside());
  Actor& inside = w.inside();
  must(sys::mount(inside, "tmpfs", kPoint, "tmpfs"));
  if (sees_mark(inside, kPoint)) return unknown("the new mount covers nothing");
  must(sys::umount(inside, kPoint));
  if (!sees_mark(inside, kPoint)) return unknown("more than the mount of its own went away");
  const Reply reply = sys::umount(inside, kPoint);
  return refusal(reply, {EINVAL}, sees_secret(inside, kPoint), "unmounting the inherited mount after its own");
}

// A detached tree must keep its locked submounts for as long as a descriptor holds it.
Observation detached_copy(World& w) {
  cover_secret(w.outside());
  Actor& inside = w.inside();
  must(bind(inside, "/tmp", "/mnt", MS_REC));
  const auto top = static_cast<int>(must(sys::open(inside, "/mnt", O_PATH | O_DIRECTORY | O_CLOEXEC)));
  must(sys::umount(inside, "/mnt", MNT_DETACH));
  if (sys::mount_at(must(sys::mountinfo(inside)), "/mnt")) return unknown("the copy was not detached");
  const Reply reply = sys::openat(inside, top, "point/secret", O_RDONLY | O_CLOEXEC);
  return refusal(reply, {ENOENT}, reply.ok(), "the way to the secret through the detached tree");
}

// A tree that arrives by propagation can go as a whole and not in pieces.
Observation piece_of_a_unit(World& w) {
  make_marked(w.outside(), "/tmp/shared");
  must(set_type(w.outside(), "/tmp/shared", MS_SHARED));
  must(sys::mkdir(w.outside(), "/tmp/shared/place"));
  make_marked(w.outside(), "/tmp/tree");
  must(sys::mkdir(w.outside(), "/tmp/tree/child"));
  must(sys::make_file(w.outside(), "/tmp/tree/child/secret", "secret"));
  mount_marked(w.outside(), "/tmp/tree/child");
  Actor& inside = w.inside();
  must(bind(w.outside(), "/tmp/tree", "/tmp/shared/place", MS_REC));
  if (!sees_mark(inside, "/tmp/shared/place/child")) return unknown("the tree did not arrive inside");
  const Reply reply = sys::umount(inside, "/tmp/shared/place/child");
  const bool revealed = sees_secret(inside, "/tmp/shared/place/child");
  must(sys::umount(inside, "/tmp/shared/place", MNT_DETACH));
  if (sees_mark(inside, "/tmp/shared/place")) return unknown("the tree cannot be unmounted as a whole");
  return refusal(reply, {EINVAL}, revealed, "unmounting a piece of the tree");
}

const Sandbox kOwnMounts = {.namespaces = Ns::mnt};
constexpr std::string_view kManPage = "mount_namespaces(7)";

const Rows rows = {
    {
        .id = "mnt.locked.unmount-refused",
        .claim = "A mount that a user namespace inherited cannot be unmounted there: EINVAL.",
        .how = "A mount of outside covers a secret; inside unmounts its copy and looks for the secret.",
        .source = kManPage,
        .since = {3, 12},
        .isolated_by = Ns::user,
        .sandbox = kOwnMounts,
        .check = [](World& w) { return unmount(w, 0); },
    },
    {
        .id = "mnt.locked.lazy-unmount-refused",
        .claim = "A mount that a user namespace inherited cannot be detached there with MNT_DETACH either: EINVAL.",
        .how = "A mount of outside covers a secret; inside detaches its copy and looks for the secret.",
        .source = kManPage,
        .since = {3, 12},
        .isolated_by = Ns::user,
        .sandbox = kOwnMounts,
        .check = [](World& w) { return unmount(w, MNT_DETACH); },
    },
    {
        .id = "mnt.locked.move-refused",
        .claim = "A mount that a user namespace inherited cannot be moved there: EINVAL.",
        .how = "A mount of outside covers a secret; inside moves its copy elsewhere and looks for the secret.",
        .source = kManPage,
        .since = {3, 12},
        .isolated_by = Ns::user,
        .sandbox = kOwnMounts,
        .check = moved_away,
    },
    {
        .id = "mnt.locked.beneath-refused",
        .claim = "Nothing can be mounted beneath a mount that a user namespace inherited: EINVAL.",
        .how = "Inside moves a new tmpfs beneath the inherited mount and counts the mounts at that place.",
        .source = "move_mount(2)",
        .since = {6, 5},
        .isolated_by = Ns::user,
        .sandbox = kOwnMounts,
        .check = placed_beneath,
    },
    {
        .id = "mnt.locked.plain-bind-refused",
        .claim =
            "A bind without MS_REC of a tree whose submounts a user namespace inherited is refused with EINVAL; with "
            "MS_REC it works.",
        .how = "A submount of outside covers a secret; inside binds the tree without it and looks for the secret.",
        .source = kManPage,
        .since = {3, 12},
        .isolated_by = Ns::user,
        .sandbox = kOwnMounts,
        .check = bound_without_children,
    },
    {
        .id = "mnt.locked.own-cover-removable",
        .claim = "A user namespace may mount over an inherited mount and remove that again, but not the inherited one.",
        .how = "Inside mounts over a copy of a mount that covers a secret, unmounts twice and looks after each.",
        .source = kManPage,
        .since = {3, 12},
        .isolated_by = Ns::user,
        .sandbox = kOwnMounts,
        .check = covered_again,
    },
    {
        .id = "mnt.locked.detach-reveals-nothing",
        .claim = "Detaching a tree of inherited mounts does not reveal what they cover.",
        .how =
            "Inside binds a tree recursively, keeps a descriptor of it, detaches it and opens, by the descriptor, the "
            "secret that a submount covers.",
        .source = "CVE-2014-9717; commit e0c9c0afd2fc",
        .since = {4, 1},
        .isolated_by = Ns::user,
        .sandbox = kOwnMounts,
        .check = detached_copy,
    },
    {
        .id = "mnt.locked.unit-stays-whole",
        .claim =
            "A tree of mounts that arrives from a more privileged namespace can be unmounted as a whole, but not in "
            "pieces: EINVAL.",
        .how = "Outside binds a tree of two mounts below a shared one; inside unmounts the lower, then detaches the "
               "upper.",
        .source = kManPage,
        .since = {4, 2},
        .isolated_by = Ns::user,
        .sandbox = kOwnMounts,
        .check = piece_of_a_unit,
    },
};

}  // namespace
}  // namespace nsproof
