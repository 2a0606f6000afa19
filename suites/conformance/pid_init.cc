// PID namespaces: process 1 is shielded from signals that it does not handle, except from an ancestor's SIGKILL and
// SIGSTOP (pid_namespaces(7), "The namespace init process").
#include <sys/wait.h>

#include <cerrno>

#include "harness/catalogue/property.h"
#include "harness/sys/names.h"
#include "harness/sys/signals.h"
#include "suites/conformance/pid_members.h"

namespace nsproof {
namespace {

enum class Sender { inside, outside };
enum class Victim { init, member };
enum class Fate { ran_on, died, stopped, other };

void send(World& w, Sender sender, Actor& victim, int signal) {
  if (sender == Sender::outside) {
    must(sys::kill(w.outside(), victim.pid(), signal));
    return;
  }
  const auto number = static_cast<int>(must(sys::getpid(victim)));
  must(sys::kill(w.fork(w.init(), "sender"), number, signal));
}

// The victim is then asked to exit with a status of its own. What wait4(2) says of it first is what the signal did: a
// signal acts before the victim reads what it is asked.
Fate fate_of(World& w, Actor& victim, int signal) {
  constexpr int kOwnStatus = 7;
  try {
    sys::exit(victim, kOwnStatus);
  } catch (const Lost&) {  // dead already, which wait4 tells better
  }
  const int status = must(sys::wait4(w.outside(), victim.pid(), WUNTRACED)).status;
  if (WIFEXITED(status) && WEXITSTATUS(status) == kOwnStatus) return Fate::ran_on;
  if (WIFSIGNALED(status) && WTERMSIG(status) == signal) return Fate::died;
  if (WIFSTOPPED(status) && WSTOPSIG(status) == signal) return Fate::stopped;
  return Fate::other;
}

constexpr Fate effect_of(int signal) { return signal == SIGSTOP ? Fate::stopped : Fate::died; }

enum class Claim { ignored, effective };

template <int signal, Sender sender, Victim victim, Claim claim>
Observation signalled(World& w) {
  Actor& init = lone_init(w);
  Actor& target = victim == Victim::init ? init : join_pid_namespace(w, init, "member");
  send(w, sender, target, signal);
  const Fate fate = fate_of(w, target, signal);
  const std::string who = say(victim == Victim::init ? "process 1" : "a member", " that ",
                              sender == Sender::inside ? "a member" : "outside", " sent ", sys::signal_text(signal));
  if (fate == effect_of(signal)) {
    const std::string seen = say(who, fate == Fate::stopped ? " stopped" : " died of it");
    return claim == Claim::effective ? refused(seen) : allowed(seen);
  }
  if (fate == Fate::ran_on) {
    const std::string seen = say(who, " ran on");
    return claim == Claim::ignored ? refused(seen) : allowed(seen);
  }
  return unknown(say(who, " came to an end of another kind"));
}

template <sys::Disposition disposition>
Observation handler_runs(World& w) {
  Actor& init = w.init();
  must(sys::sigaction(init, SIGUSR1, disposition));
  must(sys::sigprocmask(init, SIG_BLOCK, SIGUSR1));
  send(w, Sender::inside, init, SIGUSR1);
  const Reply reply = sys::open_to_signals(init);
  if (reply.error() == EINTR) return refused("the handler of process 1 ran");
  if (reply.value == 0) return allowed("no handler of process 1 ran, and it lives");
  return unknown(say(reply.call, ": ", result_text(reply.value)));
}

enum class Blocked { before, after };

template <Blocked blocked>
Observation blocked_signal_kept(World& w) {
  Actor& init = w.init();
  if (blocked == Blocked::before) must(sys::sigprocmask(init, SIG_BLOCK, SIGUSR1));
  send(w, Sender::inside, init, SIGUSR1);
  must(sys::sigprocmask(init, SIG_BLOCK, SIGUSR1));
  const auto got = sys::sigtimedwait(init, SIGUSR1, Milliseconds{0});
  if (got.ok()) return refused("process 1 finds the signal that it had blocked");
  if (got.error() == EAGAIN) return allowed("the signal is lost");
  return unknown(say("sigtimedwait failed with ", errno_name(got.error())));
}

template <Victim creator>
Observation sibling_refused(World& w) {
  Actor& init = w.init();
  Actor& parent = creator == Victim::init ? init : join_pid_namespace(w, init, "member");
  const auto attempt = w.try_clone(parent, CLONE_PARENT, "sibling");
  if (attempt.reply.ok()) return allowed(say(parent.name(), " made a sibling of its own"));
  if (attempt.reply.error() == EINVAL) return refused("process 1 cannot make a sibling: EINVAL");
  return unknown(say("clone3 with CLONE_PARENT failed with ", errno_name(attempt.reply.error())));
}

constexpr const char* kAnotherMember = "the signal goes to another member of the sandbox";
constexpr const char* kShield = "pid_namespaces(7), \"The namespace init process\"";

const Rows rows = {
    {
        .id = "pid.init.sigkill-from-inside-ignored",
        .claim = "No member can kill process 1 of its pid namespace.",
        .how = "A member sends SIGKILL to process 1, which must go on to exit with a status of its own.",
        .source = kShield,
        .since = {2, 6, 24},
        .sandbox = {.namespaces = Ns::pid},
        .check = signalled<SIGKILL, Sender::inside, Victim::init, Claim::ignored>,
        .control = signalled<SIGKILL, Sender::inside, Victim::member, Claim::ignored>,
        .control_differs = kAnotherMember,
    },
    {
        .id = "pid.init.sigstop-from-inside-ignored",
        .claim = "No member can stop process 1 of its pid namespace.",
        .how = "A member sends SIGSTOP to process 1, which must go on to exit with a status of its own.",
        .source = kShield,
        .since = {2, 6, 24},
        .sandbox = {.namespaces = Ns::pid},
        .check = signalled<SIGSTOP, Sender::inside, Victim::init, Claim::ignored>,
        .control = signalled<SIGSTOP, Sender::inside, Victim::member, Claim::ignored>,
        .control_differs = kAnotherMember,
    },
    {
        .id = "pid.init.sigterm-from-inside-ignored",
        .claim = "A signal from a member that process 1 does not handle is ignored.",
        .how = "A member sends SIGTERM to process 1, which must go on to exit with a status of its own.",
        .source = kShield,
        .since = {2, 6, 24},
        .sandbox = {.namespaces = Ns::pid},
        .check = signalled<SIGTERM, Sender::inside, Victim::init, Claim::ignored>,
        .control = signalled<SIGTERM, Sender::inside, Victim::member, Claim::ignored>,
        .control_differs = kAnotherMember,
    },
    {
        .id = "pid.init.sigterm-from-outside-ignored",
        .claim = "A signal from outside that process 1 does not handle is ignored, but for SIGKILL and SIGSTOP.",
        .how = "Outside sends SIGTERM to process 1, which must go on to exit with a status of its own.",
        .source = kShield,
        .since = {2, 6, 24},
        .sandbox = {.namespaces = Ns::pid},
        .check = signalled<SIGTERM, Sender::outside, Victim::init, Claim::ignored>,
        .control = signalled<SIGTERM, Sender::outside, Victim::member, Claim::ignored>,
        .control_differs = kAnotherMember,
    },
    {
        .id = "pid.init.sigkill-from-outside-kills",
        .claim = "SIGKILL from an ancestor pid namespace kills process 1.",
        .how = "Outside sends SIGKILL to process 1 and waits for it.",
        .source = kShield,
        .since = {2, 6, 24},
        .sandbox = {.namespaces = Ns::pid},
        .check = signalled<SIGKILL, Sender::outside, Victim::init, Claim::effective>,
        .control = signalled<SIGKILL, Sender::inside, Victim::init, Claim::effective>,
        .control_differs = "a member sends the signal",
    },
    {
        .id = "pid.init.sigstop-from-outside-stops",
        .claim = "SIGSTOP from an ancestor pid namespace stops process 1.",
        .how = "Outside sends SIGSTOP to process 1 and waits for it.",
        .source = kShield,
        .since = {2, 6, 24},
        .sandbox = {.namespaces = Ns::pid},
        .check = signalled<SIGSTOP, Sender::outside, Victim::init, Claim::effective>,
        .control = signalled<SIGSTOP, Sender::inside, Victim::init, Claim::effective>,
        .control_differs = "a member sends the signal",
    },
    {
        .id = "pid.init.handled-signal-delivered",
        .claim = "A signal from a member that process 1 handles reaches its handler.",
        .how = "Process 1 installs a handler; a member sends the signal; ppoll(2) lets it in and tells of the handler.",
        .source = kShield,
        .since = {2, 6, 24},
        .sandbox = {.namespaces = Ns::pid},
        .check = handler_runs<sys::Disposition::handled>,
        .control = handler_runs<sys::Disposition::standard>,
        .control_differs = "process 1 has no handler",
    },
    {
        .id = "pid.init.blocked-signal-kept",
        .claim = "A signal that process 1 has blocked waits for it, though it has no handler.",
        .how = "Process 1 blocks a signal, a member sends it, process 1 takes it with sigtimedwait(2).",
        .source = "signal(7), sig_task_ignored() in kernel/signal.c",
        .since = {2, 6, 24},
        .sandbox = {.namespaces = Ns::pid},
        .check = blocked_signal_kept<Blocked::before>,
        .control = blocked_signal_kept<Blocked::after>,
        .control_differs = "process 1 blocks the signal only after it was sent",
    },
    {
        .id = "pid.init.no-sibling",
        .claim = "Process 1 cannot make a sibling of its own, which would be a second init.",
        .how = "Process 1 calls clone3(2) with CLONE_PARENT.",
        .source = "clone(2), \"EINVAL\"",
        .since = {2, 6, 32},
        .sandbox = {.namespaces = Ns::pid},
        .check = sibling_refused<Victim::init>,
        .control = sibling_refused<Victim::member>,
        .control_differs = "another member calls it",
    },
};

}  // namespace
}  // namespace nsproof
