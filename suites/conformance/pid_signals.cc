// PID namespaces: signals do not reach out, and a sender is named by a number that the receiver knows
// (pid_namespaces(7), sigaction(2)).
#include <cerrno>

#include "harness/catalogue/property.h"
#include "suites/conformance/pid_members.h"

namespace nsproof {
namespace {

using Deliver = Reply (*)(Actor&, int);

Reply kill_it(Actor& actor, int pid) { return sys::kill(actor, pid, SIGKILL); }
Reply tgkill_it(Actor& actor, int pid) { return sys::tgkill(actor, pid, pid, SIGKILL); }

// What became of a victim outside is what counts, whatever the call said.
Observation judge_attack(const Reply& reply, Actor& victim, int refusal) {
  const bool alive = sys::answers(victim);
  if (!alive) return leaked(say("the process outside is dead after ", reply.call));
  if (reply.error() == refusal) return isolated(say(reply.call, " is ", errno_name(refusal), " and the process lives"));
  return unknown(say("the process outside lives, but ", reply.call, " gave ", result_text(reply.value)));
}

template <Deliver deliver>
Observation cannot_kill_outside(World& w) {
  w.inside();
  Actor& victim = w.fork(w.outside(), "victim");
  return judge_attack(deliver(w.inside(), victim.pid()), victim, ESRCH);
}

Observation pidfd_cannot_kill_outside(World& w) {
  Actor& victim = w.fork(w.outside(), "victim");
  // Made before the sandbox, so that inside has inherited it.
  const auto pidfd = static_cast<int>(must(sys::pidfd_open(w.outside(), victim.pid())));
  return judge_attack(sys::pidfd_send_signal(w.inside(), pidfd, SIGKILL), victim, EINVAL);
}

// Only the two sentinels can be hit: everybody else ignores the signal, or is an init.
Observation broadcast_stays_inside(World& w) {
  must(sys::sigaction(w.outside(), SIGUSR1, sys::Disposition::ignored));
  Actor& outer = w.fork(w.outside(), "outer-sentinel");
  must(sys::sigaction(outer, SIGUSR1, sys::Disposition::standard));
  Actor& inner = w.fork(w.inside(), "inner-sentinel");
  must(sys::sigaction(inner, SIGUSR1, sys::Disposition::standard));
  must(sys::kill(w.inside(), -1, SIGUSR1));
  if (sys::answers(inner)) return unknown("the broadcast did not even reach the sentinel inside");
  if (sys::answers(outer)) return isolated("the sentinel inside is dead, the one outside lives");
  return leaked("the broadcast from inside killed the sentinel outside");
}

constexpr Milliseconds kAtOnce{0};  // the signal is there already

Observation outer_sender_is_zero(World& w) {
  must(sys::sigprocmask(w.inside(), SIG_BLOCK, SIGUSR1));
  must(sys::kill(w.outside(), w.inside().pid(), SIGUSR1));
  const int sender = must(sys::sigtimedwait(w.inside(), SIGUSR1, kAtOnce)).pid;
  if (sender == 0) return isolated("the sender outside has number 0 inside");
  if (sender == must(sys::getpid(w.outside()))) return leaked(say("inside is told outside's number ", sender));
  return unknown(say("the sender is said to be ", sender));
}

// The death of a child is the signal that a process inside sends outside. (The si_pid of a kill(2) of a process group
// that both belong to is not translated: send_signal_locked() in kernel/signal.c only zeroes unknown senders.)
Observation inner_child_is_translated(World& w) {
  const auto own = must(sys::getpid(w.inside()));
  must(sys::sigprocmask(w.outside(), SIG_BLOCK, SIGCHLD));
  sys::exit(w.inside());
  const int child = must(sys::sigtimedwait(w.outside(), SIGCHLD, call_deadline())).pid;
  if (child == own) return leaked(say("outside is told the number that inside had for itself, ", own));
  if (child == w.inside().pid()) return isolated(say("outside is told ", child, ", its own number for inside ", own));
  return unknown(say("the dead child is said to be ", child, "; outside knew it as ", w.inside().pid()));
}

const Rows rows = {
    {
        .id = "pid.kill.cannot-reach-outside",
        .claim = "Inside cannot kill a process outside by its number.",
        .how =
            "Inside sends SIGKILL to the number that outside has for a process of its own; that process must live on.",
        .source = "kill(2), pid_namespaces(7)",
        .since = {2, 6, 24},
        .isolated_by = Ns::pid,
        .reach = Reach::any_sandbox,
        .check = cannot_kill_outside<kill_it>,
    },
    {
        .id = "pid.tgkill.cannot-reach-outside",
        .claim = "Inside cannot kill a thread outside by its number.",
        .how = "Inside calls tgkill(2) with SIGKILL and the numbers that outside has for a thread; it must live on.",
        .source = "tkill(2), gettid(2), pid_namespaces(7)",
        .since = {2, 6, 24},
        .isolated_by = Ns::pid,
        .reach = Reach::any_sandbox,
        .check = cannot_kill_outside<tgkill_it>,
    },
    {
        .id = "pid.pidfd-signal.cannot-reach-outside",
        .claim = "A pidfd of a process outside that inside has inherited cannot be used to signal it.",
        .how = "Outside opens a pidfd before the sandbox is made; inside sends SIGKILL through it.",
        .source = "pidfd_send_signal(2), \"EINVAL\"",
        .since = {5, 3},
        .isolated_by = Ns::pid,
        .check = pidfd_cannot_kill_outside,
    },
    {
        .id = "pid.broadcast.stays-inside",
        .claim = "A signal to every process reaches the processes of the sandbox only.",
        .how = "Inside calls kill(-1, SIGUSR1); a sentinel inside must die of it and one outside must not.",
        .source = "kill(2), pid_namespaces(7), CVE-2009-1338",
        .since = {2, 6, 28},
        .isolated_by = Ns::pid,
        .check = broadcast_stays_inside,
    },
    {
        .id = "pid.siginfo.zero-from-outside",
        .claim = "A signal from outside names 0 as its sender.",
        .how = "Outside sends a signal that inside has blocked; inside reads si_pid with sigtimedwait(2).",
        .source = "pid_namespaces(7), sigaction(2)",
        .since = {2, 6, 30},
        .isolated_by = Ns::pid,
        .reach = Reach::any_sandbox,
        .check = outer_sender_is_zero,
    },
    {
        .id = "pid.siginfo.translated-outside",
        .claim = "The SIGCHLD of a process inside names it by the number that its parent outside has for it.",
        .how = "Inside, a child of outside, exits; outside reads si_pid with sigtimedwait(2).",
        .source = "sigaction(2), do_notify_parent() in kernel/signal.c",
        .since = {2, 6, 30},
        .isolated_by = Ns::pid,
        .check = inner_child_is_translated,
    },
};

}  // namespace
}  // namespace nsproof
