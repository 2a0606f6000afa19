#include "harness/sys/process.h"

#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "harness/support/text.h"
#include "harness/sys/names.h"

namespace nsproof::sys {
namespace {

Arg signal_arg(int signal) { return named(static_cast<std::uint64_t>(signal), signal_text(signal)); }

// The kernel's signal set is 64 bits, whatever the size of sigset_t in libc.
Arg signal_set(int signal) {
  const std::uint64_t set = 1ULL << (signal - 1);
  return record(raw(set), say("[", signal_text(signal), "]"));
}

constexpr std::size_t kSignalSetBytes = 8;

}  // namespace

Reply getpid(Actor& actor) { return actor.call(SYS_getpid, "getpid", {}); }
Reply getppid(Actor& actor) { return actor.call(SYS_getppid, "getppid", {}); }
Reply gettid(Actor& actor) { return actor.call(SYS_gettid, "gettid", {}); }
Reply getsid(Actor& actor, int pid) { return actor.call(SYS_getsid, "getsid", {num(pid)}); }
Reply getpgid(Actor& actor, int pid) { return actor.call(SYS_getpgid, "getpgid", {num(pid)}); }
Reply setsid(Actor& actor) { return actor.call(SYS_setsid, "setsid", {}); }

Reply sched_getscheduler(Actor& actor, int pid) {
  return actor.call(SYS_sched_getscheduler, "sched_getscheduler", {num(pid)});
}

Reply getpriority(Actor& actor, int pid) {
  return actor.call(SYS_getpriority, "getpriority", {named(PRIO_PROCESS, "PRIO_PROCESS"), num(pid)});
}

Reply ptrace_seize(Actor& actor, int pid) {
  return actor.call(SYS_ptrace, "ptrace", {named(PTRACE_SEIZE, "PTRACE_SEIZE"), num(pid), null(), num(0)});
}

bool answers(Actor& actor) {
  try {
    return getpid(actor).ok();
  } catch (const Lost&) {
    return !actor.gone();
  }
}

Reply kill(Actor& actor, int pid, int signal) { return actor.call(SYS_kill, "kill", {num(pid), signal_arg(signal)}); }

Reply tgkill(Actor& actor, int process, int thread, int signal) {
  return actor.call(SYS_tgkill, "tgkill", {num(process), num(thread), signal_arg(signal)});
}

Reply pidfd_open(Actor& actor, int pid) { return actor.call(SYS_pidfd_open, "pidfd_open", {num(pid), num(0)}); }

Reply pidfd_getfd(Actor& actor, int pidfd, int fd) {
  return actor.call(SYS_pidfd_getfd, "pidfd_getfd", {num(pidfd), num(fd), num(0)});
}

Reply pidfd_send_signal(Actor& actor, int pidfd, int signal) {
  return actor.call(SYS_pidfd_send_signal, "pidfd_send_signal", {num(pidfd), signal_arg(signal), null(), num(0)});
}

Got<Waited> wait4(Actor& actor, int pid, int options) {
  static constexpr FlagName kOptions[] = {
      {WNOHANG, "WNOHANG"}, {WUNTRACED, "WUNTRACED"}, {WCONTINUED, "WCONTINUED"}, {__WALL, "__WALL"}};
  Got<Waited> got{actor.call(
      SYS_wait4, "wait4",
      {num(pid), out(sizeof(int)),
       named(static_cast<std::uint64_t>(options), flags_text(static_cast<std::uint64_t>(options), kOptions)), null()})};
  if (got.ok()) {
    got.value = {static_cast<int>(got.reply.value), out_as<int>(got.reply)};
    if (got.value.pid > 0) actor.shows(say("{", status_text(got.value.status), "}"));
  }
  return got;
}

std::string status_text(int status) {
  if (WIFEXITED(status)) return say("exited with ", WEXITSTATUS(status));
  if (WIFSIGNALED(status)) return say("killed by ", signal_text(WTERMSIG(status)));
  if (WIFSTOPPED(status)) return say("stopped by ", signal_text(WSTOPSIG(status)));
  return say("status ", status);
}

void exit(Actor& actor, int status) { actor.begin(SYS_exit_group, "exit_group", {num(status)}); }

Reply prctl(Actor& actor, int option, std::string_view option_name, std::uint64_t argument) {
  return actor.call(SYS_prctl, "prctl",
                    {named(static_cast<std::uint64_t>(option), std::string(option_name)),
                     num(static_cast<std::int64_t>(argument)), num(0), num(0), num(0)});
}

Reply sigprocmask(Actor& actor, int how, int signal) {
  return actor.call(SYS_rt_sigprocmask, "rt_sigprocmask",
                    {named(static_cast<std::uint64_t>(how), how == SIG_BLOCK ? "SIG_BLOCK" : "SIG_UNBLOCK"),
                     signal_set(signal), null(), num(kSignalSetBytes)});
}

Reply sigaction(Actor& actor, int signal, Disposition disposition) {
  // The kernel's own layout (rt_sigaction(2), "C library/kernel differences").
  struct KernelSigaction {
    std::uint64_t handler;
    std::uint64_t flags;
    std::uint64_t restorer;
    std::uint64_t mask;
  } action{};
  constexpr std::uint64_t kRestorer = 0x04000000;
  std::string text = "{sa_handler=SIG_DFL}";
  if (disposition == Disposition::ignored) {
    action.handler = 1;
    text = "{sa_handler=SIG_IGN}";
  } else if (disposition == Disposition::handled) {
    action = {actor.hello().handler, kRestorer, actor.hello().restorer, 0};
    text = "{sa_handler=handler}";
  }
  return actor.call(SYS_rt_sigaction, "rt_sigaction",
                    {signal_arg(signal), record(raw(action), std::move(text)), null(), num(kSignalSetBytes)});
}

Got<SignalInfo> sigtimedwait(Actor& actor, int signal, Milliseconds deadline) {
  const timespec time{deadline.count() / 1000, deadline.count() % 1000 * 1'000'000};
  Got<SignalInfo> got{actor.call(SYS_rt_sigtimedwait, "rt_sigtimedwait",
                                 {signal_set(signal), out(sizeof(siginfo_t)),
                                  record(raw(time), say(deadline.count(), " ms")), num(kSignalSetBytes)})};
  if (got.ok()) {
    const auto info = out_as<siginfo_t>(got.reply);
    got.value = {info.si_signo, info.si_code, info.si_pid, static_cast<int>(info.si_uid)};
    actor.shows(say("{si_code=", info.si_code, ", si_pid=", info.si_pid, ", si_uid=", info.si_uid, "}"));
  }
  return got;
}

Reply unshare(Actor& actor, std::uint64_t flags) {
  return actor.call(SYS_unshare, "unshare", {named(flags, clone_flags_text(flags))});
}

Reply setns(Actor& actor, int fd, std::uint64_t nstype) {
  return actor.call(SYS_setns, "setns", {num(fd), named(nstype, clone_flags_text(nstype))});
}

}  // namespace nsproof::sys
