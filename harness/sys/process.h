// Remote calls about processes and signals: who am I, who is there, who can be reached.
#pragma once

#include <csignal>
#include <cstdint>
#include <optional>

#include "harness/sys/sys.h"

namespace nsproof::sys {

Reply getpid(Actor& actor);
Reply getppid(Actor& actor);
Reply gettid(Actor& actor);
Reply getsid(Actor& actor, int pid);
Reply getpgid(Actor& actor, int pid);
Reply setsid(Actor& actor);
Reply sched_getscheduler(Actor& actor, int pid);
Reply getpriority(Actor& actor, int pid);
// PTRACE_SEIZE: the actor becomes the tracer, the other one runs on (ptrace(2)).
Reply ptrace_seize(Actor& actor, int pid);

// Whether the actor still does what it is asked. After a signal that kills has been sent it never does, since the
// signal comes before the question.
bool answers(Actor& actor);

Reply kill(Actor& actor, int pid, int signal);
Reply tgkill(Actor& actor, int process, int thread, int signal);
Reply pidfd_open(Actor& actor, int pid);
// The actor's own descriptor of a file that the other process has open; the privilege is that of ptrace(2).
Reply pidfd_getfd(Actor& actor, int pidfd, int fd);
Reply pidfd_send_signal(Actor& actor, int pidfd, int signal);

// wait4(2). The status is that of waitpid(2).
struct Waited {
  int pid = 0;
  int status = 0;
};
Got<Waited> wait4(Actor& actor, int pid, int options = 0);

// "exited with 3", "killed by SIGKILL", "stopped by SIGSTOP"
std::string status_text(int status);

// Asks the actor to leave. It does not answer; Actor::gone() tells when it is gone.
void exit(Actor& actor, int status = 0);

Reply prctl(Actor& actor, int option, std::string_view option_name, std::uint64_t argument = 0);

// Blocks or unblocks one signal for the actor's thread (rt_sigprocmask(2)); `how` is SIG_BLOCK or SIG_UNBLOCK.
Reply sigprocmask(Actor& actor, int how, int signal);

enum class Disposition { standard, ignored, handled };  // handled: by a handler that does nothing
Reply sigaction(Actor& actor, int signal, Disposition disposition);

// rt_sigtimedwait(2) for one blocked signal; EAGAIN when none came in time.
struct SignalInfo {
  int signal = 0;
  int code = 0;  // SI_USER, SI_KERNEL ...
  int pid = 0;   // of the sender, in the receiver's numbers
  int uid = 0;
};
Got<SignalInfo> sigtimedwait(Actor& actor, int signal, Milliseconds deadline);

Reply unshare(Actor& actor, std::uint64_t flags);
Reply setns(Actor& actor, int fd, std::uint64_t nstype);

}  // namespace nsproof::sys
