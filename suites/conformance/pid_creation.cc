// PID namespaces: who may make and enter them, and what that changes (pid_namespaces(7), unshare(2), setns(2)).
#include <cerrno>

#include "harness/catalogue/property.h"
#include "suites/conformance/pid_members.h"

namespace nsproof {
namespace {

enum class Entry { unshare, setns };
enum class Who { caller, child };

int open_pid_namespace(Actor& opener, int pid) {
  return static_cast<int>(must(sys::open(opener, say("/proc/", pid, "/ns/pid"), O_RDONLY | O_CLOEXEC)));
}

template <Entry entry, Who who>
Observation stays_where_born(World& w) {
  w.inside();
  Actor& caller = w.fork(w.outside(), "caller");
  const auto number = must(sys::getpid(caller));
  const auto link = [&](Actor& one) { return must(sys::readlink(w.outside(), say("/proc/", one.pid(), "/ns/pid"))); };
  const std::string before = link(caller);
  if (entry == Entry::unshare)
    must(sys::unshare(caller, CLONE_NEWPID));
  else
    must(sys::setns(caller, open_pid_namespace(caller, w.inside().pid()), CLONE_NEWPID));
  Actor& seen = who == Who::caller ? caller : w.fork(caller, "child");
  const std::string after = link(seen);
  if (must(sys::getpid(caller)) != number) return allowed("the caller has another number");
  if (after == before) return refused(say("the ", seen.name(), " is in ", after, " as before"));
  return allowed(say("the ", seen.name(), " is in ", after, ", not in ", before));
}

Observation judge_refusal(const Reply& reply) {
  if (reply.ok()) return allowed(say(reply.call, " succeeded"));
  if (reply.error() == EINVAL) return refused(say(reply.call, " is refused with EINVAL"));
  return unknown(say(reply.call, " failed with ", errno_name(reply.error())));
}

enum class Second { by_unshare, by_clone };

template <Second second, Who who>
Observation second_namespace(World& w) {
  Actor& caller = w.fork(w.inside(), "caller");
  must(sys::unshare(caller, CLONE_NEWPID));
  Actor& asker = who == Who::caller ? caller : w.fork(caller, "child");
  if (second == Second::by_unshare) return judge_refusal(sys::unshare(asker, CLONE_NEWPID));
  return judge_refusal(w.try_clone(asker, CLONE_NEWPID, "grandchild").reply);
}

// A thread as far as the kernel is concerned. It would share its creator's stack: to be refused is all it is good for.
constexpr std::uint64_t kThreadFlags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD;

Observation a_real_thread(World& w, Actor& creator) {
  Actor& thread = w.thread(creator, "thread");
  if (must(sys::getpid(thread)) != must(sys::getpid(creator))) return unknown("the thread is a process of its own");
  return allowed("the thread was made and runs");
}

Observation thread_in_new_namespace(World& w) {
  return judge_refusal(w.try_clone(w.inside(), kThreadFlags | CLONE_NEWPID, "thread").reply);
}

Observation thread_in_own_namespace(World& w) { return a_real_thread(w, w.inside()); }

Observation thread_after_unshare(World& w) {
  Actor& caller = w.fork(w.inside(), "caller");
  must(sys::unshare(caller, CLONE_NEWPID));
  return judge_refusal(w.try_clone(caller, kThreadFlags, "thread").reply);
}

Observation thread_without_unshare(World& w) { return a_real_thread(w, w.fork(w.inside(), "caller")); }

enum class Towards { ancestor, sibling, descendant };

template <Towards where>
Observation join(World& w) {
  if (where == Towards::descendant) {
    Actor& caller = w.fork(w.outside(), "caller");
    return judge_refusal(sys::setns(caller, open_pid_namespace(caller, w.inside().pid()), CLONE_NEWPID));
  }
  // Opened before inside is made, so that it has inherited the descriptor.
  const int target = where == Towards::ancestor ? w.outside().pid() : w.peer().pid();
  const int ns = open_pid_namespace(w.outside(), target);
  return judge_refusal(sys::setns(w.inside(), ns, CLONE_NEWPID));
}

const Rows rows = {
    {
        .id = "pid.unshare.leaves-caller",
        .claim = "unshare(2) of the pid namespace leaves the caller where it is; only its children are born elsewhere.",
        .how = "The caller's number and its link ns/pid are compared before and after unshare(2).",
        .source = "unshare(2), pid_namespaces(7)",
        .since = {3, 8},
        .check = stays_where_born<Entry::unshare, Who::caller>,
        .control = stays_where_born<Entry::unshare, Who::child>,
        .control_differs = "the link of the caller's first child is looked at",
    },
    {
        .id = "pid.setns.leaves-caller",
        .claim = "setns(2) to a pid namespace leaves the caller where it is; only its children are born elsewhere.",
        .how = "The caller's number and its link ns/pid are compared before and after setns(2).",
        .source = "setns(2), pid_namespaces(7)",
        .since = {3, 8},
        .sandbox = {.namespaces = Ns::pid},
        .check = stays_where_born<Entry::setns, Who::caller>,
        .control = stays_where_born<Entry::setns, Who::child>,
        .control_differs = "the link of the caller's first child is looked at",
    },
    {
        .id = "pid.unshare.only-once",
        .claim = "Who has a pid namespace waiting for its children cannot make another one by unshare(2).",
        .how = "A process calls unshare(2) with CLONE_NEWPID twice.",
        .source = "copy_pid_ns() in kernel/pid_namespace.c",
        .since = {3, 8},
        .check = second_namespace<Second::by_unshare, Who::caller>,
        .control = second_namespace<Second::by_unshare, Who::child>,
        .control_differs = "the first child, which lives in the new namespace, makes the second call",
    },
    {
        .id = "pid.clone.not-after-unshare",
        .claim = "Who has a pid namespace waiting for its children cannot make another one by clone(2).",
        .how = "A process calls unshare(2) with CLONE_NEWPID and then clone3(2) with it.",
        .source = "copy_pid_ns() in kernel/pid_namespace.c",
        .since = {3, 8},
        .check = second_namespace<Second::by_clone, Who::caller>,
        .control = second_namespace<Second::by_clone, Who::child>,
        .control_differs = "the first child, which lives in the new namespace, makes the second call",
    },
    {
        .id = "pid.thread.not-with-newpid",
        .claim = "A thread cannot be in another pid namespace than its process: CLONE_THREAD excludes CLONE_NEWPID.",
        .how = "Inside calls clone3(2) with both flags.",
        .source = "clone(2), \"EINVAL\"",
        .since = {2, 6, 24},
        .check = thread_in_new_namespace,
        .control = thread_in_own_namespace,
        .control_differs = "the thread is made without CLONE_NEWPID",
    },
    {
        .id = "pid.thread.not-after-unshare",
        .claim = "Who has a pid namespace waiting for its children cannot make threads.",
        .how = "A process calls unshare(2) with CLONE_NEWPID and then clone3(2) with CLONE_THREAD.",
        .source = "clone(2), pid_namespaces(7)",
        .since = {3, 8},
        .check = thread_after_unshare,
        .control = thread_without_unshare,
        .control_differs = "the process has not called unshare(2)",
    },
    {
        .id = "pid.setns.not-upward",
        .claim = "A process cannot join a pid namespace above its own.",
        .how = "Inside calls setns(2) with an inherited descriptor of the pid namespace of outside.",
        .source = "setns(2), \"EINVAL\"; pid_namespaces(7)",
        .since = {3, 8},
        .sandbox = {.namespaces = Ns::pid},
        .check = join<Towards::ancestor>,
        .control = join<Towards::descendant>,
        .control_differs = "a process outside joins the pid namespace of inside",
    },
    {
        .id = "pid.setns.not-sideways",
        .claim = "A process cannot join a pid namespace that is not below its own.",
        .how = "Inside calls setns(2) with an inherited descriptor of the pid namespace of another sandbox.",
        .source = "setns(2), \"EINVAL\"; pid_namespaces(7)",
        .since = {3, 8},
        .sandbox = {.namespaces = Ns::pid},
        .check = join<Towards::sibling>,
        .control = join<Towards::descendant>,
        .control_differs = "a process outside joins the pid namespace of inside",
    },
};

}  // namespace
}  // namespace nsproof
