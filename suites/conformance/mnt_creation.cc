// Mount namespaces: a new one starts as a copy and goes its own way from there (mount_namespaces(7)).
#include <map>
#include <set>

#include "harness/catalogue/property.h"
#include "harness/sys/mounts_new.h"
#include "suites/conformance/mnt_support.h"

namespace nsproof {
namespace {

using namespace mnt;

// What a mount is, apart from its id: where it hangs, on what, and what it shows.
std::multiset<std::string> shapes(const std::vector<sys::MountInfo>& mounts) {
  std::map<int, std::string> target_of;
  for (const sys::MountInfo& mount : mounts) target_of[mount.id] = mount.target;
  std::multiset<std::string> found;
  for (const sys::MountInfo& one : mounts) {
    const auto parent = target_of.find(one.parent);
    const std::string_view on = parent == target_of.end() ? "nothing" : std::string_view(parent->second);
    found.insert(say(one.type, " ", one.root, " at ", one.target, " on ", on, " ", one.options));
  }
  return found;
}

Observation same_mounts_new_ids(World& w) {
  make_marked(w.outside(), kPoint);
  must(sys::mount(w.outside(), "", kPoint, "", MS_REMOUNT | MS_BIND | MS_NOSUID));
  w.inside();
  const auto outside = must(sys::mountinfo(w.outside()));
  const auto inside = must(sys::mountinfo(w.inside()));
  if (!sys::mount_at(outside, kPoint)) return unknown("the mount that outside made is not in its mountinfo");
  if (shapes(outside) != shapes(inside)) return unknown("inside does not have the mounts of outside");
  std::set<int> ids;
  for (const sys::MountInfo& mount : outside) ids.insert(mount.id);
  std::size_t common = 0;
  for (const sys::MountInfo& mount : inside) common += ids.count(mount.id);
  if (common == 0) return isolated(say("inside has the same ", inside.size(), " mounts, every one under a new id"));
  if (common == inside.size()) return leaked("inside has the very mounts of outside");
  return unknown(say(common, " of ", inside.size(), " mount ids are the same"));
}

Observation outside_mount_hidden(World& w) {
  must(sys::mkdir(w.outside(), kPoint));
  w.inside();
  mount_marked(w.outside(), kPoint);
  if (!sees_mark(w.outside(), kPoint)) return unknown("outside does not see its own mount");
  if (sees_mark(w.inside(), kPoint)) return leaked("inside sees what outside has mounted after its creation");
  return isolated("inside sees nothing of what outside has mounted after its creation");
}

Observation outside_unmount_hidden(World& w) {
  make_marked(w.outside(), kPoint);
  if (!sees_mark(w.inside(), kPoint)) return unknown("inside did not get the mount in the first place");
  must(sys::umount(w.outside(), kPoint));
  if (sees_mark(w.outside(), kPoint)) return unknown("outside still sees what it has unmounted");
  if (sees_mark(w.inside(), kPoint)) return isolated("inside still has the mount that outside has unmounted");
  return leaked("the mount is gone inside as well");
}

Observation inside_mount_hidden(World& w) {
  must(sys::mkdir(w.outside(), kPoint));
  Actor& visitor = visitor_of(w, w.inside());
  mount_marked(visitor, kPoint);
  if (!sees_mark(w.inside(), kPoint)) return unknown("inside does not see the mount in its own namespace");
  if (sees_mark(w.outside(), kPoint)) return leaked("outside sees the mount that was made inside");
  return isolated("outside sees nothing of the mount that was made inside");
}

Observation foreign_mount_point_removed(World& w) {
  must(sys::mkdir(w.outside(), kPoint));
  w.inside();
  mount_marked(w.outside(), kPoint);
  const Reply reply = sys::rmdir(w.inside(), kPoint);
  const bool mounted = sys::mount_at(must(sys::mountinfo(w.outside())), kPoint).has_value();
  if (reply.ok() && !mounted) return isolated("inside removed the directory, which took the mount away outside");
  if (reply.error() == EBUSY && mounted) return leaked("the directory is a mount point for inside too: EBUSY");
  return unknown(say("rmdir inside: ", reply.ok() ? "success" : errno_name(reply.error()), ", and outside ",
                     mounted ? "still has" : "no longer has", " the mount"));
}

Observation poll_wakes_for_own_namespace(World& w) {
  must(sys::mkdir(w.outside(), kPoint));
  Actor& inside = w.inside();
  const auto fd = static_cast<int>(must(sys::open(inside, "/proc/self/mountinfo", O_RDONLY | O_CLOEXEC)));
  must(sys::mounts_changed(inside, fd));
  if (must(sys::mounts_changed(inside, fd))) return unknown("poll reports changes although nothing was mounted");
  mount_marked(w.outside(), kPoint);
  if (must(sys::mounts_changed(inside, fd))) return leaked("poll told inside of the mount that outside made");
  return isolated("poll told inside nothing of the mount that outside made");
}

Observation proc_root_is_the_targets(World& w) {
  must(sys::mkdir(w.outside(), kPoint));
  const std::string through_inside = say("/proc/", w.inside().pid(), "/root", kPoint);
  mount_marked(w.outside(), kPoint);
  if (!sees_mark(w.outside(), kPoint)) return unknown("outside does not see its own mount");
  if (sees_mark(w.outside(), through_inside)) return leaked("the root of inside shows a mount of outside");
  return isolated("the root of inside, looked at from outside, does not show the mount that outside made");
}

const Rows rows = {
    {
        .id = "mnt.creation.copies-with-new-ids",
        .claim = "A new mount namespace starts with a copy of every mount of its creator, under new mount ids.",
        .how = "Both sides read /proc/self/mountinfo: types, roots, places, parents and options must agree, and no id "
               "may occur in both.",
        .source = "mount_namespaces(7)",
        .since = {2, 6, 26},
        .isolated_by = Ns::mnt,
        .check = same_mounts_new_ids,
    },
    {
        .id = "mnt.private.outside-mount-hidden",
        .claim = "A mount that is made outside below a private mount does not appear inside.",
        .how = "Outside mounts a tmpfs with a file after the sandbox was made; inside looks for the file.",
        .source = "mount_namespaces(7)",
        .since = {2, 6, 15},
        .isolated_by = Ns::mnt,
        .reach = Reach::any_alone,
        .check = outside_mount_hidden,
    },
    {
        .id = "mnt.private.outside-unmount-hidden",
        .claim = "A mount that is removed outside below a private mount stays inside.",
        .how = "Outside unmounts a tmpfs that both sides have; inside looks for the file in it.",
        .source = "mount_namespaces(7)",
        .since = {2, 6, 15},
        .isolated_by = Ns::mnt,
        .check = outside_unmount_hidden,
    },
    {
        .id = "mnt.private.inside-mount-hidden",
        .claim = "A mount that is made inside below a private mount does not appear outside.",
        .how =
            "A process of outside enters the mount namespace of inside, where it has the privilege to mount whatever "
            "the combination, and mounts a tmpfs with a file; outside looks for the file.",
        .source = "mount_namespaces(7)",
        .since = {3, 8},
        .isolated_by = Ns::mnt,
        .check = inside_mount_hidden,
    },
    {
        .id = "mnt.mount-point.foreign-removable",
        .claim = "A directory that is a mount point only in another mount namespace can be removed, which detaches the "
                 "mount there.",
        .how = "Outside mounts on a directory that both sides have; inside removes the directory. In its own namespace "
               "it would get EBUSY.",
        .source = "mount_namespaces(7); rmdir(2)",
        .since = {3, 18},
        .isolated_by = Ns::mnt,
        .check = foreign_mount_point_removed,
    },
    {
        .id = "mnt.mountinfo.poll-own-namespace",
        .claim = "poll(2) on /proc/self/mountinfo wakes for changes of the caller's own mount namespace only.",
        .how = "Inside opens the file and polls it; outside mounts; inside polls again, without waiting.",
        .source = "proc(5)",
        .since = {2, 6, 30},
        .isolated_by = Ns::mnt,
        .reach = Reach::any_alone,
        .check = poll_wakes_for_own_namespace,
    },
    {
        .id = "mnt.proc-root.shows-target-namespace",
        .claim = "/proc/PID/root leads into the mount namespace of that process, not into the reader's.",
        .how = "Outside mounts a tmpfs with a file and looks for the file through /proc/PID/root of inside.",
        .source = "proc(5)",
        .since = {2, 6, 15},
        .isolated_by = Ns::mnt,
        .reach = Reach::any_alone,
        .check = proc_root_is_the_targets,
    },
};

}  // namespace
}  // namespace nsproof
