// PID namespaces: wherever the kernel tells the number of a process it is one that the reader knows, or 0.
#include <cerrno>

#include "harness/catalogue/property.h"
#include "harness/sys/credentials.h"
#include "harness/sys/ids.h"
#include "harness/sys/locks.h"
#include "harness/sys/pid_numbers.h"
#include "suites/conformance/pid_members.h"

namespace nsproof {
namespace {

// Inside is told of outside, which has no number there.
Observation judge_told_inside(World& w, int told) {
  if (told == 0) return isolated("inside is told process 0 for outside");
  if (told == must(sys::getpid(w.outside()))) return leaked(say("inside is told outside's number ", told));
  return unknown(say("inside is told process ", told, " for outside"));
}

// Outside is told of inside, which it knows by another number than inside knows itself.
Observation judge_told_outside(World& w, int told) {
  const auto own = must(sys::getpid(w.inside()));
  if (told == own) return leaked(say("outside is told the number that inside has for itself, ", own));
  if (told == w.inside().pid()) return isolated(say("outside is told ", told, ", its own number for inside ", own));
  return unknown(say("outside is told process ", told, " for inside, which it knows as ", w.inside().pid()));
}

Observation credentials_from_outside(World& w) {
  const sys::Pair ends = must(sys::socket_pair(w.outside()));
  must(sys::pass_credentials(w.outside(), ends.second));
  w.inside();
  must(sys::write(w.outside(), ends.first, "x"));
  return judge_told_inside(w, must(sys::receive_credentials(w.inside(), ends.second)).pid);
}

Observation credentials_from_inside(World& w) {
  const sys::Pair ends = must(sys::socket_pair(w.outside()));
  must(sys::pass_credentials(w.outside(), ends.first));
  must(sys::write(w.inside(), ends.second, "x"));
  return judge_told_outside(w, must(sys::receive_credentials(w.outside(), ends.first)).pid);
}

Observation peer_is_outside(World& w) {
  const sys::Pair ends = must(sys::socket_pair(w.outside()));
  return judge_told_inside(w, must(sys::peer_credentials(w.inside(), ends.second)).pid);
}

Observation peer_is_inside(World& w) {
  // The peer is who made the pair, so inside makes it and outside takes one end of it out.
  const sys::Pair ends = must(sys::socket_pair(w.inside()));
  const auto pidfd = static_cast<int>(must(sys::pidfd_open(w.outside(), w.inside().pid())));
  const auto taken = static_cast<int>(must(sys::pidfd_getfd(w.outside(), pidfd, ends.first)));
  return judge_told_outside(w, must(sys::peer_credentials(w.outside(), taken)).pid);
}

enum class Privilege { dropped, kept };

template <Privilege privilege>
Observation pretends_to_be_another(World& w) {
  const sys::Pair ends = must(sys::socket_pair(w.outside()));
  must(sys::pass_credentials(w.outside(), ends.second));
  Actor& pretender = w.fork(w.inside(), "pretender");
  if (privilege == Privilege::dropped) must(sys::capset(pretender, {}));
  const auto own = static_cast<int>(must(sys::getpid(pretender)));
  const auto other = static_cast<int>(must(sys::getpid(w.inside())));
  // The truth may be told by everybody, so that the number is all that is wrong with the other claim.
  must(sys::send_credentials(pretender, ends.first, {.pid = own}));
  const int truth = must(sys::receive_credentials(w.inside(), ends.second)).pid;
  if (truth != own) return unknown(say("the truth ", own, " arrived as ", truth));
  const Reply reply = sys::send_credentials(pretender, ends.first, {.pid = other});
  if (reply.error() == EPERM) return refused("the number of another process is refused with EPERM");
  if (!reply.ok()) return unknown(say("sendmsg failed with ", errno_name(reply.error())));
  const int told = must(sys::receive_credentials(w.inside(), ends.second)).pid;
  if (told == other) return allowed(say("the number of another process was passed on, ", told));
  return unknown(say("process ", own, " claimed to be ", other, " and passed for ", told));
}

int open_lock_file(Actor& actor) {
  return static_cast<int>(must(sys::open(actor, "/tmp/locked", O_RDWR | O_CREAT | O_CLOEXEC)));
}

Observation lock_of_outside(World& w) {
  must(sys::lock_file(w.outside(), open_lock_file(w.outside())));
  const sys::LockHolder holder = must(sys::lock_holder(w.inside(), open_lock_file(w.inside())));
  if (!holder.locked) return unknown("inside does not see that the file is locked");
  return judge_told_inside(w, holder.pid);
}

int open_namespace_of_inside(World& w) {
  return static_cast<int>(
      must(sys::open(w.outside(), say("/proc/", w.inside().pid(), "/ns/pid"), O_RDONLY | O_CLOEXEC)));
}

Observation ioctl_inward(World& w) {
  const int ns = open_namespace_of_inside(w);
  const auto told = must(sys::ns_get_pid_in_pidns(w.outside(), ns, w.inside().pid()));
  const auto own = must(sys::getpid(w.inside()));
  if (told != own) return unknown(say("outside is told ", told, ", inside is ", own));
  if (told == w.inside().pid()) return leaked(say("inside has one number for all, ", told));
  return isolated(say("process ", w.inside().pid(), " of outside is process ", told, " inside"));
}

Observation ioctl_outward(World& w) {
  const int ns = open_namespace_of_inside(w);
  const auto own = static_cast<int>(must(sys::getpid(w.inside())));
  return judge_told_outside(w, static_cast<int>(must(sys::ns_get_pid_from_pidns(w.outside(), ns, own))));
}

Observation ioctl_stranger(World& w) {
  const int ns = open_namespace_of_inside(w);
  const auto outside = static_cast<int>(must(sys::getpid(w.outside())));
  must(sys::ns_get_pid_in_pidns(w.outside(), ns, w.inside().pid()));
  const Reply told = sys::ns_get_pid_in_pidns(w.outside(), ns, outside);
  if (told.error() == ESRCH) return isolated("outside has no number in the sandbox: ESRCH");
  if (told.value == outside) return leaked(say("outside has a number in the sandbox, ", told.value));
  return unknown(say(told.call, ": ", result_text(told.value)));
}

constexpr const char* kIoctlSource = "ioctl_nsfs(2), commit ca567df74a28";

const Rows rows = {
    {
        .id = "pid.scm-credentials.zero-from-outside",
        .claim = "The credentials of a message from outside name process 0 inside.",
        .how = "Outside writes to a Unix socket that inside has inherited; inside receives SCM_CREDENTIALS.",
        .source = "unix(7), pid_namespaces(7)",
        .since = {2, 6, 36},
        .isolated_by = Ns::pid,
        .check = credentials_from_outside,
    },
    {
        .id = "pid.scm-credentials.translated-outside",
        .claim = "The credentials of a message from inside name its sender by the number that outside has for it.",
        .how = "Inside writes to a Unix socket that it has inherited; outside receives SCM_CREDENTIALS.",
        .source = "unix(7), pid_namespaces(7)",
        .since = {2, 6, 36},
        .isolated_by = Ns::pid,
        .check = credentials_from_inside,
    },
    {
        .id = "pid.scm-credentials.unforgeable",
        .claim = "Credentials with the number of another process need CAP_SYS_ADMIN over the pid namespace.",
        .how = "A process without capabilities sends its own number and that of another in SCM_CREDENTIALS.",
        .source = "unix(7), CVE-2013-4300",
        .since = {3, 11},
        .sandbox = {.namespaces = Ns::pid},
        .check = pretends_to_be_another<Privilege::dropped>,
        .control = pretends_to_be_another<Privilege::kept>,
        .control_differs = "the sender keeps its capabilities",
    },
    {
        .id = "pid.peercred.zero-from-outside",
        .claim = "SO_PEERCRED names process 0 for a peer outside.",
        .how = "Outside makes a pair of Unix sockets; inside, which has inherited them, asks for the peer.",
        .source = "unix(7), pid_namespaces(7)",
        .since = {2, 6, 36},
        .isolated_by = Ns::pid,
        .check = peer_is_outside,
    },
    {
        .id = "pid.peercred.translated-outside",
        .claim = "SO_PEERCRED names a peer inside by the number that outside has for it.",
        .how = "Inside makes a pair of Unix sockets; outside takes one with pidfd_getfd(2) and asks for the peer.",
        .source = "unix(7), pid_namespaces(7)",
        .since = {5, 6},
        .isolated_by = Ns::pid,
        .reach = Reach::any_sandbox,
        .check = peer_is_inside,
    },
    {
        .id = "pid.file-lock.zero-from-outside",
        .claim = "The holder of a file lock is process 0 for who has no number for it.",
        .how = "Outside locks a file; inside asks for the holder with F_GETLK.",
        .source = "fcntl(2), commit 9d5b86ac13c5",
        .since = {4, 14},
        .isolated_by = Ns::pid,
        .check = lock_of_outside,
    },
    {
        .id = "pid.ioctl.translates-inward",
        .claim = "NS_GET_PID_IN_PIDNS turns a number of outside into that of the sandbox.",
        .how = "Outside asks which number inside has in its own pid namespace.",
        .source = kIoctlSource,
        .since = {6, 11},
        .isolated_by = Ns::pid,
        .reach = Reach::any_sandbox,
        .check = ioctl_inward,
    },
    {
        .id = "pid.ioctl.translates-outward",
        .claim = "NS_GET_PID_FROM_PIDNS turns a number of the sandbox into that of outside.",
        .how = "Outside asks for its own number for the process that has this number inside.",
        .source = kIoctlSource,
        .since = {6, 11},
        .isolated_by = Ns::pid,
        .reach = Reach::any_sandbox,
        .check = ioctl_outward,
    },
    {
        .id = "pid.ioctl.no-number-for-outside",
        .claim = "NS_GET_PID_IN_PIDNS finds no number in a sandbox for a process outside it.",
        .how = "Outside asks which number it has itself in the pid namespace of inside.",
        .source = kIoctlSource,
        .since = {6, 11},
        .isolated_by = Ns::pid,
        .reach = Reach::any_sandbox,
        .check = ioctl_stranger,
    },
};

}  // namespace
}  // namespace nsproof
