// PID namespaces: what inside can do to a process outside by its number, which is nothing (pid_namespaces(7)).
#include <cerrno>

#include "harness/catalogue/property.h"
#include "harness/sys/pid_numbers.h"
#include "suites/conformance/pid_members.h"

namespace nsproof {
namespace {

using Reach = Reply (*)(Actor&, int);

Reply probe_by_kill(Actor& actor, int pid) { return sys::kill(actor, pid, 0); }

// A process outside is younger than the sandbox, so that its number is larger than every number inside.
Actor& stranger_to(World& w) {
  w.inside();
  return w.fork(w.outside(), "stranger");
}

// `also` is a second errno that tells of a refusal.
template <Reach reach, int also = ESRCH>
Observation unreachable(World& w) {
  Actor& stranger = stranger_to(w);
  Actor& member = w.fork(w.inside(), "member");
  // The call must work for somebody, or its failure says nothing.
  must(reach(w.inside(), member.pid()));
  const Reply reply = reach(w.inside(), stranger.pid());
  if (reply.ok()) return leaked(say("inside reached process ", stranger.pid(), " outside: ", reply.call));
  if (reply.error() == ESRCH) return isolated(say("there is no process ", stranger.pid(), " for inside"));
  if (reply.error() == also) return isolated(say("inside may not touch the process outside: ", errno_name(also)));
  return unknown(say(reply.call, " failed with ", errno_name(reply.error())));
}

Observation info_of_outside(World& w) {
  Actor& stranger = w.fork(w.outside(), "stranger");
  const auto inherited = static_cast<int>(must(sys::pidfd_open(w.outside(), stranger.pid())));
  // The call must work for somebody, or its failure says nothing.
  Actor& member = w.fork(w.inside(), "member");
  const auto own = static_cast<int>(must(sys::pidfd_open(w.inside(), member.pid())));
  if (const int told = must(sys::pidfd_get_info(w.inside(), own)); told != member.pid())
    return unknown(say("inside is told process ", told, " for its own process ", member.pid()));
  const auto told = sys::pidfd_get_info(w.inside(), inherited);
  if (told.ok() && told.value == stranger.pid()) return leaked(say("inside is told outside's number ", told.value));
  if (told.error() == ESRCH || told.error() == EREMOTE)
    return isolated(say("inside is told nothing of a process outside: ", errno_name(told.error())));
  return unknown(say(told.reply.call, ": ", told.ok() ? say("process ", told.value) : errno_name(told.error())));
}

const Rows rows = {
    {
        .id = "pid.kill-0.cannot-see-outside",
        .claim = "Inside cannot find out with signal 0 whether a process outside exists.",
        .how = "Inside calls kill(2) with signal 0 and the number that outside has for a process of its own.",
        .source = "kill(2), pid_namespaces(7)",
        .since = {2, 6, 24},
        .isolated_by = Ns::pid,
        .reach = nsproof::Reach::any_sandbox,
        .check = unreachable<probe_by_kill>,
    },
    {
        .id = "pid.getpgid.cannot-see-outside",
        .claim = "Inside cannot ask for the process group of a process outside.",
        .how = "Inside calls getpgid(2) with the number that outside has for a process of its own.",
        .source = "getpgid(2), pid_namespaces(7)",
        .since = {2, 6, 24},
        .isolated_by = Ns::pid,
        .reach = nsproof::Reach::any_sandbox,
        .check = unreachable<sys::getpgid>,
    },
    {
        .id = "pid.getsid.cannot-see-outside",
        .claim = "Inside cannot ask for the session of a process outside.",
        .how = "Inside calls getsid(2) with the number that outside has for a process of its own.",
        .source = "getsid(2), pid_namespaces(7)",
        .since = {2, 6, 24},
        .isolated_by = Ns::pid,
        .reach = nsproof::Reach::any_sandbox,
        .check = unreachable<sys::getsid>,
    },
    {
        .id = "pid.pidfd-open.cannot-see-outside",
        .claim = "Inside cannot open a descriptor of a process outside by its number.",
        .how = "Inside calls pidfd_open(2) with the number that outside has for a process of its own.",
        .source = "pidfd_open(2), pid_namespaces(7)",
        .since = {5, 3},
        .isolated_by = Ns::pid,
        .reach = nsproof::Reach::any_sandbox,
        .check = unreachable<sys::pidfd_open>,
    },
    {
        .id = "pid.pidfd-info.cannot-see-outside",
        .claim = "Inside learns nothing of a process outside from a pidfd that it has inherited.",
        .how = "Outside opens a pidfd before the sandbox is made; inside calls ioctl(2) with PIDFD_GET_INFO on it.",
        .source = "pidfd_open(2), commits cdda1f26e74b and ab89060fbc92",
        .since = {6, 13},
        .isolated_by = Ns::pid,
        .check = info_of_outside,
    },
    {
        .id = "pid.scheduler.cannot-see-outside",
        .claim = "Inside cannot ask for the scheduling policy of a process outside.",
        .how = "Inside calls sched_getscheduler(2) with the number that outside has for a process of its own.",
        .source = "sched_setscheduler(2), pid_namespaces(7)",
        .since = {2, 6, 24},
        .isolated_by = Ns::pid,
        .reach = nsproof::Reach::any_sandbox,
        .check = unreachable<sys::sched_getscheduler>,
    },
    {
        .id = "pid.priority.cannot-see-outside",
        .claim = "Inside cannot ask for the nice value of a process outside.",
        .how = "Inside calls getpriority(2) with the number that outside has for a process of its own.",
        .source = "getpriority(2), pid_namespaces(7)",
        .since = {2, 6, 24},
        .isolated_by = Ns::pid,
        .reach = nsproof::Reach::any_sandbox,
        .check = unreachable<sys::getpriority>,
    },
    {
        .id = "pid.ptrace.confined",
        .claim = "Inside cannot trace a process outside by its number.",
        .how = "Inside calls ptrace(2) with PTRACE_SEIZE and the number that outside has for a process of its own.",
        .source = "ptrace(2), pid_namespaces(7)",
        .since = {3, 4},
        .isolated_by = Ns::pid,
        .also_isolated_by = Ns::user,
        .exception = "who is in another user namespace has no capability over a process outside and gets EPERM",
        .check = unreachable<sys::ptrace_seize, EPERM>,
    },
};

}  // namespace
}  // namespace nsproof
