// Cgroup namespaces: what a process sees of the hierarchy through one (cgroup_namespaces(7)).
#include <fcntl.h>
#include <linux/sched.h>

#include <algorithm>

#include "harness/catalogue/property.h"
#include "harness/support/text.h"
#include "harness/sys/cgroups.h"
#include "harness/sys/files.h"
#include "harness/sys/mounts.h"
#include "harness/sys/process.h"
#include "harness/world/world.h"

namespace nsproof {
namespace {

void move_to_new_group(Actor& actor, std::string_view group) {
  must(sys::make_cgroup(actor, group));
  must(sys::enter_cgroup(actor, group));
}

Observation judge_path(std::string_view seen, std::string_view when_isolated, std::string_view when_leaked) {
  if (seen == when_isolated) return isolated(say("the path read is ", seen));
  if (seen == when_leaked) return leaked(say("the path read is ", seen, ", that of the outer namespace"));
  return unknown(say("the path read is ", seen, ", neither ", when_isolated, " nor ", when_leaked));
}

Observation own_path_is_root(World& w) {
  move_to_new_group(w.outside(), "/a");
  return judge_path(must(sys::cgroup_path(w.inside())), "/", "/a");
}

Observation outside_path_is_relative(World& w) {
  move_to_new_group(w.outside(), "/a");
  w.inside();
  move_to_new_group(w.outside(), "/b");
  return judge_path(must(sys::cgroup_path(w.inside(), std::to_string(w.outside().pid()))), "/../b", "/b");
}

Observation inherited_mount_is_relative(World& w) {
  move_to_new_group(w.outside(), "/a");
  const auto mount = sys::mount_at(must(sys::mountinfo(w.inside())), sys::kCgroupMount);
  if (!mount || mount->type != "cgroup2") return unknown("inside has no mount of cgroup2 where outside has one");
  return judge_path(mount->root, "/..", "/");
}

// A process of outside that has joined the cgroup namespace of inside and no other.
Actor& visitor_of_namespace(World& w) {
  Actor& init = w.init();
  Actor& visitor = w.fork(w.outside(), "visitor");
  const std::string link = say("/proc/", init.pid(), "/ns/cgroup");
  const int fd = static_cast<int>(must(sys::open(visitor, link, O_RDONLY | O_CLOEXEC)));
  must(sys::setns(visitor, fd, CLONE_NEWCGROUP));
  must(sys::close(visitor, fd));
  return visitor;
}

// The visitor mounts, so that a user namespace of the sandbox cannot stand in the way.
Observation fresh_mount_is_rooted(World& w) {
  must(sys::make_cgroup(w.outside(), "/sibling"));
  move_to_new_group(w.outside(), "/a");
  must(sys::make_cgroup(w.outside(), "/a/below"));
  w.inside();
  Actor& visitor = visitor_of_namespace(w);
  must(sys::mount(visitor, "cgroup2", "/mnt", "cgroup2"));
  const std::vector<std::string> names = must(sys::list_directory(visitor, "/mnt"));
  const auto shown = [&](std::string_view name) { return std::find(names.begin(), names.end(), name) != names.end(); };
  if (shown("below") && !shown("a") && !shown("sibling"))
    return isolated("the mount shows the group that is the root of the namespace and no sibling of it");
  if (shown("a") && shown("sibling")) return leaked("the mount shows the groups of the outer namespace");
  return unknown(say("the mount shows ", join(names, " ")));
}

Observation setns_changes_view(World& w) {
  move_to_new_group(w.outside(), "/a");
  w.inside();
  move_to_new_group(w.outside(), "/b");
  return judge_path(must(sys::cgroup_path(visitor_of_namespace(w))), "/../b", "/b");
}

enum class Reader { outside, inside };

template <Reader kReader>
Observation ancestor_sees_full_path(World& w) {
  move_to_new_group(w.outside(), "/a");
  Actor& inside = w.inside();
  move_to_new_group(w.outside(), "/b");
  const std::string seen = kReader == Reader::outside
                               ? must(sys::cgroup_path(w.outside(), std::to_string(inside.pid())))
                               : must(sys::cgroup_path(inside));
  if (seen == "/a") return refused("the reader sees the path from its own root, /a");
  if (seen == "/") return allowed("the reader sees only the root of the namespace, /");
  return unknown(say("the reader sees ", seen));
}

enum class Child { plain, with_namespace };

// The child goes to a group below, so that a namespace that it made then would have another root.
template <Child kChild>
Observation children_share(World& w) {
  move_to_new_group(w.outside(), "/a");
  must(sys::make_cgroup(w.outside(), "/a/below"));
  Actor& stage = w.fork(w.inside(), "stage");
  must(sys::enter_cgroup(stage, "/a/below"));
  Actor& child = w.clone(stage, kChild == Child::plain ? 0 : CLONE_NEWCGROUP, "child");
  const std::string link = must(sys::readlink(child, "/proc/self/ns/cgroup"));
  const bool same = link == must(sys::readlink(w.inside(), "/proc/self/ns/cgroup"));
  const std::string path = must(sys::cgroup_path(child));
  if (same && path == "/below") return refused("the child has the link of its creator and sees itself at /below");
  if (!same && path == "/") return allowed("the child has a link of its own and sees itself at /");
  return unknown(say("the child has ", same ? "the same" : "another", " link and sees itself at ", path));
}

const Sandbox kInside = {.namespaces = Ns::cgroup};

const Rows rows = {
    {
        .id = "cgroup.own-path.is-root",
        .claim = "A process in a new cgroup namespace sees its own cgroup as the root, /.",
        .how = "Outside enters a group below its root and makes the sandbox; inside reads its own /proc/self/cgroup.",
        .source = "cgroup_namespaces(7)",
        .since = {4, 6},
        .isolated_by = Ns::cgroup,
        .needs = {Need::cgroup2},
        .check = own_path_is_root,
    },
    {
        .id = "cgroup.outside-path.is-relative",
        .claim = "A process outside the root of a cgroup namespace is shown in it with a path that begins with /.. .",
        .how =
            "Outside makes the sandbox in one group and moves to its sibling; inside reads outside's /proc/PID/cgroup.",
        .source = "cgroup_namespaces(7)",
        .since = {4, 6},
        .isolated_by = Ns::cgroup,
        .needs = {Need::cgroup2},
        .check = outside_path_is_relative,
    },
    {
        .id = "cgroup.ancestor.sees-full-path",
        .claim = "From an ancestor cgroup namespace a process is shown with its path from the ancestor's root.",
        .how = "Outside makes the sandbox in a group and reads the cgroup of inside in /proc.",
        .source = "cgroup_namespaces(7)",
        .since = {4, 6},
        .sandbox = kInside,
        .needs = {Need::cgroup2},
        .check = ancestor_sees_full_path<Reader::outside>,
        .control = ancestor_sees_full_path<Reader::inside>,
        .control_differs = "the reader is inside",
    },
    {
        .id = "cgroup.mountinfo.root-is-relative",
        .claim = "The root of an inherited cgroup mount is told relative to the root of the reader's cgroup namespace.",
        .how =
            "Outside has a mount of its own root, enters a group below it and makes the sandbox; inside reads the root "
            "of that mount in /proc/self/mountinfo.",
        .source = "cgroup_namespaces(7)",
        .since = {4, 6},
        .isolated_by = Ns::cgroup,
        .needs = {Need::cgroup2},
        .check = inherited_mount_is_relative,
    },
    {
        .id = "cgroup.mount.rooted-at-namespace",
        .claim = "A cgroup2 file system that is mounted in a cgroup namespace shows only what is below its root.",
        .how = "A process of outside joins the cgroup namespace of inside, mounts cgroup2 and lists the groups there.",
        .source = "cgroup_namespaces(7)",
        .since = {4, 6},
        .isolated_by = Ns::cgroup,
        .needs = {Need::cgroup2},
        .check = fresh_mount_is_rooted,
    },
    {
        .id = "cgroup.setns.changes-view",
        .claim = "setns(2) of a cgroup namespace changes how the caller sees its own cgroup.",
        .how = "A process of outside, in another group than inside, joins the namespace of inside and reads its own "
               "/proc/self/cgroup.",
        .source = "cgroup_namespaces(7), setns(2)",
        .since = {4, 6},
        .isolated_by = Ns::cgroup,
        .needs = {Need::cgroup2},
        .check = setns_changes_view,
    },
    {
        .id = "cgroup.children.share-namespace",
        .claim = "A child is in the cgroup namespace of its creator, whatever group it is born in.",
        .how =
            "A process inside enters a group below and makes a child; the child's link in /proc is that of inside and "
            "its path counts from the root of inside.",
        .source = "cgroup_namespaces(7)",
        .since = {4, 6},
        .sandbox = kInside,
        .needs = {Need::cgroup2},
        .check = children_share<Child::plain>,
        .control = children_share<Child::with_namespace>,
        .control_differs = "the child is made with CLONE_NEWCGROUP",
    },
};

}  // namespace
}  // namespace nsproof
