// Cgroup namespaces: which group a process is in, and who may move or kill it (cgroup_namespaces(7), cgroups(7)).
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/sched.h>

#include <cerrno>

#include "harness/catalogue/property.h"
#include "harness/support/text.h"
#include "harness/sys/cgroups.h"
#include "harness/sys/files.h"
#include "harness/sys/ids.h"
#include "harness/sys/process.h"
#include "harness/world/world.h"

namespace nsproof {
namespace {

// The group of a process as outside sees it: the truth about membership.
std::string group_of(World& w, const Actor& process) {
  return must(sys::cgroup_path(w.outside(), std::to_string(process.pid())));
}

enum class By { the_namespace, writing };

// A process in /b that joins the namespace whose root is /a.
template <By kBy>
Observation setns_moves_nobody(World& w) {
  Actor& outside = w.outside();
  must(sys::make_cgroup(outside, "/a"));
  must(sys::make_cgroup(outside, "/b"));
  must(sys::enter_cgroup(outside, "/a"));
  Actor& init = w.init();
  must(sys::enter_cgroup(outside, "/b"));
  Actor& visitor = w.fork(outside, "visitor");
  if (kBy == By::the_namespace) {
    const std::string link = say("/proc/", init.pid(), "/ns/cgroup");
    must(sys::setns(visitor, static_cast<int>(must(sys::open(visitor, link, O_RDONLY | O_CLOEXEC))), CLONE_NEWCGROUP));
    const std::string view = must(sys::cgroup_path(visitor));
    if (view != "/../b" && view != "/") return unknown(say("after setns(2) the process sees itself at ", view));
  } else {
    must(sys::enter_cgroup(visitor, "/a"));
  }
  const std::string group = group_of(w, visitor);
  if (group == "/b") return refused("the process is still in the group in which it was born, /b");
  if (group == "/a") return allowed("the process is in the other group, /a");
  return unknown("the process is in a group that nobody moved it to: " + group);
}

template <By kBy>
Observation creation_moves_nobody(World& w) {
  Actor& outside = w.outside();
  must(sys::make_cgroup(outside, "/a"));
  must(sys::make_cgroup(outside, "/a/below"));
  must(sys::enter_cgroup(outside, "/a"));
  Actor& inside = w.inside();
  const std::string ours = must(sys::readlink(outside, "/proc/self/ns/cgroup"));
  if (ours == must(sys::readlink(inside, "/proc/self/ns/cgroup"))) return unknown("no cgroup namespace was made");
  if (kBy == By::writing) must(sys::enter_cgroup(inside, "/a/below"));
  const std::string group = group_of(w, inside);
  if (group == "/a") return refused("inside is in the group of its creator, /a");
  if (group == "/a/below") return allowed("inside is in another group, /a/below");
  return unknown("inside is in a group that nobody moved it to: " + group);
}

enum class Capability { kept, dropped };

template <Capability kCapability>
Observation creation_needs_capability(World& w) {
  Actor& caller = w.fork(w.inside(), "caller");
  if (kCapability == Capability::dropped) {
    sys::Capabilities set = must(sys::capget(caller));
    set.effective &= ~(1ULL << CAP_SYS_ADMIN);
    must(sys::capset(caller, set));
  }
  const std::string before = must(sys::readlink(caller, "/proc/self/ns/cgroup"));
  const Reply reply = sys::unshare(caller, CLONE_NEWCGROUP);
  const bool changed = before != must(sys::readlink(caller, "/proc/self/ns/cgroup"));
  if (reply.error() == EPERM && !changed) return refused("unshare(2) failed with EPERM");
  if (reply.ok() && changed) return allowed("the caller is in a new cgroup namespace");
  return unknown(
      say("unshare(2) gave ", result_text(reply.value), " and the link has ", changed ? "" : "not ", "changed"));
}

// Inside, whose root is /a, writes itself into a group through the mount that it has from outside. The option
// nsdelegate belongs to the machine's hierarchy; it is judged as it is found.
enum class Target { beyond_root, below_root };

template <Target kTarget>
Observation leaves_root(World& w) {
  Actor& outside = w.outside();
  const bool delegated = must(sys::has_nsdelegate(outside));
  for (const char* group : {"/a", "/b", "/a/below"}) must(sys::make_cgroup(outside, group));
  must(sys::enter_cgroup(outside, "/a"));
  Actor& inside = w.inside();
  const std::string target = kTarget == Target::beyond_root ? "/b" : "/a/below";
  const Reply reply = sys::enter_cgroup(inside, target);
  const std::string group = group_of(w, inside);
  const bool left = group == "/b" && must(sys::cgroup_path(inside)) == "/../b";
  if (reply.ok() && group == "/a/below") return allowed("inside is below the root of its namespace");
  if (delegated && reply.error() == ENOENT && group == "/a")
    return refused("the hierarchy has nsdelegate: leaving the root failed with ENOENT");
  if (!delegated && reply.ok() && left) return refused("the hierarchy has no nsdelegate: inside has left its root");
  if (delegated && reply.ok() && left) return allowed("the hierarchy has nsdelegate, and yet inside has left its root");
  return unknown(say("writing gave ", result_text(reply.value), " and inside is in ", group));
}

bool is_alive(Actor& process) {
  try {
    must(sys::getpid(process));
    return true;
  } catch (const Lost&) {
    return false;
  }
}

enum class Place { sibling, below };

template <Place kPlace>
Observation kill_is_confined(World& w) {
  Actor& outside = w.outside();
  for (const char* group : {"/a", "/a/below", "/b"}) must(sys::make_cgroup(outside, group));
  Actor& victim = w.fork(w.inside(), "victim");
  must(sys::enter_cgroup(victim, "/a/below"));
  Actor& bystander = w.fork(w.inside(), "bystander");
  must(sys::enter_cgroup(bystander, kPlace == Place::sibling ? "/b" : "/a"));
  must(sys::kill_cgroup(outside, "/a"));
  if (!victim.gone()) return unknown("cgroup.kill did not kill a process in the group");
  if (is_alive(bystander)) return refused("the victim is dead, the bystander alive");
  return allowed("the victim is dead and so is the bystander");
}

enum class Opener { unprivileged, privileged };

// An opener that may write one cgroup.procs but not that of the common ancestor hands it to root.
template <Opener kOpener>
Observation opener_decides(World& w) {
  Actor& outside = w.outside();
  constexpr std::int64_t kNobody = 65534;
  constexpr std::int64_t kUnchanged = -1;
  must(sys::make_cgroup(outside, "/a"));
  const std::string file = say(sys::kCgroupMount, "/a/cgroup.procs");
  must(sys::chown(outside, file, kNobody, kNobody));
  Actor& writer = w.fork(w.inside(), "writer");
  if (kOpener == Opener::unprivileged) must(sys::setresuid(writer, kUnchanged, kNobody, kUnchanged));
  const int fd = static_cast<int>(must(sys::open(writer, file, O_WRONLY | O_CLOEXEC)));
  if (kOpener == Opener::unprivileged) must(sys::setresuid(writer, kUnchanged, 0, kUnchanged));
  const Reply reply = sys::write(writer, fd, "0");
  const std::string group = group_of(w, writer);
  if (reply.error() == EACCES && group == "/") return refused("the move failed with EACCES");
  if (reply.ok() && group == "/a") return allowed("the writer has moved");
  return unknown(say("writing gave ", result_text(reply.value), " and the writer is in ", group));
}

const Sandbox kInside = {.namespaces = Ns::cgroup};

const Rows rows = {
    {
        .id = "cgroup.setns.moves-nobody",
        .claim = "Joining a cgroup namespace leaves the caller in the cgroup in which it was.",
        .how = "A process in one group joins the namespace whose root is another; outside reads the process's group.",
        .source = "cgroup_namespaces(7), setns(2)",
        .since = {4, 6},
        .sandbox = kInside,
        .needs = {Need::cgroup2},
        .check = setns_moves_nobody<By::the_namespace>,
        .control = setns_moves_nobody<By::writing>,
        .control_differs = "the process writes itself to the other group's cgroup.procs",
    },
    {
        .id = "cgroup.creation.moves-nobody",
        .claim = "Making a cgroup namespace leaves its first process in the cgroup of the creator.",
        .how = "Outside enters a group and makes the sandbox; outside reads the group of inside.",
        .source = "cgroup_namespaces(7)",
        .since = {4, 6},
        .sandbox = kInside,
        .needs = {Need::cgroup2},
        .check = creation_moves_nobody<By::the_namespace>,
        .control = creation_moves_nobody<By::writing>,
        .control_differs = "inside writes itself to another group's cgroup.procs",
    },
    {
        .id = "cgroup.creation.needs-cap-sys-admin",
        .claim = "Making a cgroup namespace without CAP_SYS_ADMIN is refused with EPERM.",
        .how = "A process drops CAP_SYS_ADMIN and calls unshare(2); its link in /proc must stay.",
        .source = "cgroup_namespaces(7), unshare(2)",
        .since = {4, 6},
        .check = creation_needs_capability<Capability::dropped>,
        .control = creation_needs_capability<Capability::kept>,
        .control_differs = "the process keeps CAP_SYS_ADMIN",
    },
    {
        .id = "cgroup.root.left-unless-nsdelegate",
        .claim =
            "A privileged process can leave the root of its cgroup namespace through an inherited mount, unless the "
            "hierarchy is mounted with nsdelegate: then the move fails with ENOENT.",
        .how =
            "Inside writes itself to the cgroup.procs of a sibling of its root; outside reads where it is, and whether "
            "the hierarchy has the option.",
        .source = "cgroups(7), Documentation/admin-guide/cgroup-v2.rst (Delegation)",
        .since = {4, 13},
        .sandbox = kInside,
        .needs = {Need::cgroup2},
        .check = leaves_root<Target::beyond_root>,
        .control = leaves_root<Target::below_root>,
        .control_differs = "the group is below the root, so that nothing is left and nothing is refused",
    },
    {
        .id = "cgroup.kill.confined-to-group",
        .claim = "cgroup.kill kills every process in the group and below, and none in a sibling.",
        .how = "Outside writes to cgroup.kill of a group; a process below it must die, one in a sibling must answer.",
        .source = "Documentation/admin-guide/cgroup-v2.rst (cgroup.kill)",
        .since = {5, 14},
        .needs = {Need::cgroup2},
        .check = kill_is_confined<Place::sibling>,
        .control = kill_is_confined<Place::below>,
        .control_differs = "the bystander is in the group that is killed",
    },
    {
        .id = "cgroup.procs.judged-by-opener",
        .claim =
            "Whether a process may be moved is judged by who opened cgroup.procs, not by who writes to it: EACCES.",
        .how =
            "A process opens the cgroup.procs of a group as a user who may write that file and no other, becomes root "
            "again and writes itself.",
        .source = "CVE-2021-4197",
        .since = {5, 16},
        .needs = {Need::cgroup2, Need::initial_root},
        .check = opener_decides<Opener::unprivileged>,
        .control = opener_decides<Opener::privileged>,
        .control_differs = "root opens the file, too",
    },
};

}  // namespace
}  // namespace nsproof
