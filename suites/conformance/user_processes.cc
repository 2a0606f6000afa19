// User namespaces: root inside before the processes of others: signals, memory, tracing (kill(2), ptrace(2)).
#include <sys/wait.h>

#include <cerrno>

#include "harness/sys/files.h"
#include "harness/sys/nsfs.h"
#include "harness/world/spawn.h"
#include "suites/conformance/user_common.h"

namespace nsproof {
namespace {

constexpr std::uint32_t kShift = 100000;  // IdMap::shifted()

// The signal goes by an inherited pidfd, so that inside need not know a number. What counts is whether the target
// lives.
Observation judge_kill(Actor& parent, Actor& target, const Reply& reply, std::initializer_list<int> documented) {
  const bool lives = sys::answers(target);
  if (reply.ok() && !lives && WIFSIGNALED(must(sys::wait4(parent, target.pid())).status))
    return allowed("the target was killed");
  const Observation seen = judge_refusal(reply, documented);
  if (seen.outcome == Outcome::isolated && lives) return refused(say(seen.reason, " and the target lives"));
  return unknown(say(seen.reason, ", and the target is ", lives ? "alive" : "dead"));
}

Observation outsider_killed(World& w) {
  Actor& target = w.fork(w.outside(), "target");
  const int fd = static_cast<int>(must(sys::pidfd_open(w.outside(), target.pid())));
  const Reply reply = sys::pidfd_send_signal(w.inside(), fd, SIGKILL);
  // EINVAL: the target is not in the caller's pid namespace (pidfd_send_signal(2)).
  return judge_kill(w.outside(), target, reply, {EPERM, EINVAL});
}

enum class Target { other_user, same_user };

Observation killed_by_kernel_id(World& w, Target whose) {
  Actor& target = w.fork(w.outside(), "target");
  const std::uint32_t id = whose == Target::same_user ? kShift : 1;
  must(sys::setresuid(target, id, id, id));
  return judge_kill(w.outside(), target, sys::kill(w.inside(), target.pid(), SIGKILL), {EPERM});
}

Observation outsiders_memory_opened(World& w) {
  const std::string memory = say("/proc/", must(sys::getpid(w.outside())), "/mem");
  return judge_refusal(sys::open(w.inside(), memory, O_RDWR | O_CLOEXEC), {EACCES, EPERM});
}

enum class Image { from_parent, from_namespace };

// The guest enters the namespace of inside. Until it executes something there its memory is still that of a program
// from above, which may hold secrets of the parent.
Observation guest_traced(World& w, Image image) {
  Actor& guest = w.fork(w.outside(), "guest");
  const int fd = static_cast<int>(must(sys::open_ns(guest, std::to_string(w.init().pid()), Ns::user)));
  must(sys::setns(guest, fd, CLONE_NEWUSER));
  if (image == Image::from_namespace) execute_probe(guest);
  // Only the memory of an undumpable process is guarded so (ptrace(2), "Ptrace access mode checking").
  must(sys::prctl(guest, PR_SET_DUMPABLE, "PR_SET_DUMPABLE", 0));
  return judge_refusal(sys::ptrace_seize(w.inside(), guest.pid()), {EPERM});
}

const Rows rows = {
    {
        .id = "user.signal.outsiders-spared",
        .claim = "Root inside cannot kill a process of a user without a mapping.",
        .how = "Inside, root with its ids shifted, sends SIGKILL to a child of outside by an inherited pidfd.",
        .source = "kill(2); user_namespaces(7); pidfd_send_signal(2)",
        .since = {5, 3},
        .isolated_by = Ns::user,
        .also_isolated_by = Ns::pid,
        .exception = "a pidfd cannot signal a process that the caller's pid namespace does not hold",
        .sandbox = {.map = IdMap::shifted()},
        .needs = {Need::many_ids},
        .check = outsider_killed,
    },
    {
        .id = "user.signal.judged-by-kernel-id",
        .claim =
            "Root inside may signal processes of its own user in the initial namespace's numbers, and no others above.",
        .how = "Inside, root with its ids shifted, sends SIGKILL to a process outside whose user has no mapping.",
        .source = "kill(2); user_namespaces(7)",
        .since = {3, 8},
        .sandbox = {.namespaces = Ns::user, .map = IdMap::shifted()},
        .needs = {Need::many_ids},
        .check = [](World& w) { return killed_by_kernel_id(w, Target::other_user); },
        .control = [](World& w) { return killed_by_kernel_id(w, Target::same_user); },
        .control_differs = "the process has the user id that root inside is mapped to",
    },
    {
        .id = "user.process.outside-memory-closed",
        .claim = "Root inside cannot open the memory of a process outside, even one of the same user.",
        .how = "Inside opens /proc/PID/mem of outside for reading and writing; both are the same user to the kernel.",
        .source = "ptrace(2), \"Ptrace access mode checking\"; proc(5)",
        .since = {3, 8},
        .isolated_by = Ns::user,
        .check = outsiders_memory_opened,
    },
    {
        .id = "user.process.guest-memory-guarded",
        .claim =
            "Root inside cannot trace a process that joined from above and still runs an undumpable image from there.",
        .how = "A child of outside joins the user namespace, makes itself undumpable, and inside calls PTRACE_SEIZE.",
        .source = "ptrace(2); CVE-2015-8709 (commit bfedb589252c)",
        .since = {4, 10},
        .sandbox = {.namespaces = Ns::user},
        .check = [](World& w) { return guest_traced(w, Image::from_parent); },
        .control = [](World& w) { return guest_traced(w, Image::from_namespace); },
        .control_differs = "the guest executes a new image after it has joined",
    },
};

}  // namespace
}  // namespace nsproof
