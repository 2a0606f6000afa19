// Time namespaces: when a process comes to be in one: not at unshare(2), but by fork, execve(2), setns(2) or clone3(2).
#include <fcntl.h>
#include <linux/sched.h>

#include <cerrno>
#include <csignal>

#include "harness/catalogue/property.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/process.h"
#include "harness/sys/timens.h"
#include "harness/world/spawn.h"
#include "suites/conformance/time_shift.h"

namespace nsproof {
namespace {

// A process that has made a time namespace with offsets for its children.
Actor& stage_with_offsets(World& w) {
  Actor& stage = w.fork(w.inside(), "stage");
  const std::string before = time_link(stage);
  must(sys::unshare(stage, CLONE_NEWTIME));
  must(sys::set_timens_offsets(stage, say("monotonic ", kClocks.monotonic, " 0\nboottime ", kClocks.boottime, " 0")));
  if (time_link(stage, "time_for_children") == before) throw Broken("unshare(2) made no new time namespace");
  return stage;
}

// Whether the link in /proc/PID/ns and the clock agree that the process is still in the namespace of outside.
Observation judge_place(World& w, Actor& process, Reading read) {
  const Shift shift = shift_of(w.outside(), process, read, added(w, OffsetClock::monotonic));
  const bool same_link = time_link(process) == time_link(w.outside());
  if (same_link && shift.kind == Shift::Kind::none)
    return refused("its link and its clock say that it is in the namespace of outside");
  if (!same_link && shift.kind == Shift::Kind::added)
    return allowed("its link and its clock say that it is in the new namespace");
  return unknown(say("its link is ", same_link ? "that of outside" : "another", ", its clock: ", shift.text));
}

// For claims that a process has moved.
Observation turned_round(Observation seen) {
  if (seen.outcome == Outcome::isolated) return leaked(std::move(seen.reason));
  if (seen.outcome == Outcome::leaked) return isolated(std::move(seen.reason));
  return seen;
}

enum class Who { caller, child };

template <Who kWho>
Observation stays(World& w) {
  Actor& stage = stage_with_offsets(w);
  return judge_place(w, kWho == Who::caller ? stage : w.fork(stage, "child"), monotonic_by_syscall);
}

enum class Exec { yes, no };

template <Exec kExec, Reading kRead>
Observation moved_by_exec(World& w) {
  Actor& stage = stage_with_offsets(w);
  kRead(stage);  // The page behind the vDSO is in place before it is to be replaced.
  if (kExec == Exec::yes) execute_probe(stage);
  return turned_round(judge_place(w, stage, kRead));
}

int open_time_namespace(Actor& actor, Actor& member) {
  return static_cast<int>(must(sys::open(actor, say("/proc/", member.pid(), "/ns/time"), O_RDONLY | O_CLOEXEC)));
}

template <Reading kRead>
Observation setns_moves_caller(World& w) {
  Actor& traveller = w.fork(w.outside(), "traveller");
  const int target = open_time_namespace(traveller, w.inside());
  kRead(traveller);
  must(sys::setns(traveller, target, CLONE_NEWTIME));
  return judge_shift(shift_of(w.outside(), traveller, kRead, added(w, OffsetClock::monotonic)),
                     "CLOCK_MONOTONIC of a process that joined the namespace of");
}

enum class Threads { one, two };

template <Threads kThreads>
Observation setns_with_threads(World& w) {
  Actor& traveller = w.fork(w.outside(), "traveller");
  const int target = open_time_namespace(traveller, w.inside());
  if (kThreads == Threads::two) w.thread(traveller, "second");
  const Reply reply = sys::setns(traveller, target, CLONE_NEWTIME);
  const Observation place = judge_place(w, traveller, monotonic_by_syscall);
  if (reply.error() == EUSERS && place.outcome == Outcome::isolated)
    return refused("setns(2) failed with EUSERS and the caller has stayed");
  if (reply.ok() && place.outcome == Outcome::leaked) return allowed("the caller has moved");
  return unknown(say("setns(2) gave ", result_text(reply.value), "; ", place.reason));
}

Observation judge_child(Actor& creator, Actor& child) {
  const std::string ours = time_link(creator);
  const std::string theirs = time_link(child);
  if (ours == theirs) return refused("the child is in the time namespace of its creator, " + ours);
  return allowed(say("the child is in a time namespace of its own: ", theirs, ", its creator in ", ours));
}

// In clone(2) the low byte of the flags is the signal that the parent gets, and CLONE_NEWTIME is a bit of it.
Observation legacy_clone_bit(World& w) {
  Spawned spawned = spawn_by_clone(w.inside(), CLONE_NEWTIME, "child");
  must(spawned.reply);
  Actor& child = w.adopt(std::move(spawned.actor));
  return judge_child(w.inside(), child);
}

Observation unshare_bit(World& w) {
  Actor& creator = w.fork(w.inside(), "creator");
  must(sys::unshare(creator, CLONE_NEWTIME));
  return judge_child(creator, w.fork(creator, "child"));
}

template <std::uint64_t kFlags>
Observation clone3_makes_namespace(World& w) {
  const World::Attempt attempt = w.try_clone(w.inside(), kFlags, "child");
  if (attempt.reply.error() == EINVAL) return allowed("clone3(2) does not know the flag: EINVAL");
  must(attempt.reply);
  return turned_round(judge_child(w.inside(), *attempt.actor));
}

const Sandbox kShifted = {.namespaces = {}, .clocks = kClocks};
const Sandbox kInside = {.namespaces = Ns::time, .clocks = kClocks};
const Sandbox kOwned = {.namespaces = Ns::user};

const Rows rows = {
    {
        .id = "time.unshare.caller-stays",
        .claim =
            "unshare(2) of a time namespace leaves the caller where it is; only its children will be in the new one.",
        .how =
            "A process unshares, writes offsets and is still in the old namespace by its link in /proc and its clock, "
            "while time_for_children is another.",
        .source = "time_namespaces(7), unshare(2)",
        .since = {5, 6},
        .sandbox = kOwned,
        .check = stays<Who::caller>,
        .control = stays<Who::child>,
        .control_differs = "the process looked at is a child of the caller",
    },
    {
        .id = "time.exec.enters",
        .claim = "execve(2) takes the caller into the time namespace that it made for its children.",
        .how =
            "A process unshares, writes offsets, executes a program and is in the new namespace by its link in /proc "
            "and its clock.",
        .source = "commit 2b5f9dad32ed (fs/exec: switch timens when a task gets a new mm)",
        .since = {6, 3},
        .sandbox = kOwned,
        .check = moved_by_exec<Exec::yes, monotonic_by_syscall>,
        .control = moved_by_exec<Exec::no, monotonic_by_syscall>,
        .control_differs = "the process executes nothing",
    },
    {
        .id = "time.exec.vdso-follows",
        .claim = "The vDSO of a new program has the offsets of the time namespace that execve(2) entered.",
        .how =
            "A process reads a clock by vDSO, unshares, writes offsets, executes a program and reads it by vDSO again.",
        .source = "commit 2b5f9dad32ed (fs/exec: switch timens when a task gets a new mm), vdso(7)",
        .since = {6, 3},
        .sandbox = kOwned,
        .check = moved_by_exec<Exec::yes, monotonic_by_vdso>,
        .control = moved_by_exec<Exec::no, monotonic_by_vdso>,
        .control_differs = "the process executes nothing",
    },
    {
        .id = "time.setns.moves-caller",
        .claim = "setns(2) takes the caller itself into a time namespace at once.",
        .how =
            "A process of outside joins the namespace of inside with setns(2); its clock is compared with outside's.",
        .source = "time_namespaces(7), setns(2)",
        .since = {5, 6},
        .isolated_by = Ns::time,
        .sandbox = kShifted,
        .check = setns_moves_caller<monotonic_by_syscall>,
    },
    {
        .id = "time.setns.vdso-follows",
        .claim = "The vDSO has the offsets of a time namespace straight after setns(2).",
        .how = "A process of outside reads a clock by vDSO, joins the namespace of inside and reads it by vDSO again.",
        .source = "time_namespaces(7), vdso(7)",
        .since = {5, 6},
        .isolated_by = Ns::time,
        .sandbox = kShifted,
        .check = setns_moves_caller<monotonic_by_vdso>,
    },
    {
        .id = "time.setns.refuses-threads",
        .claim = "A process with more than one thread cannot join a time namespace: EUSERS.",
        .how = "A process with two threads calls setns(2) for the namespace of inside; its link and clock must stay.",
        .source = "setns(2)",
        .since = {5, 6},
        .sandbox = kInside,
        .check = setns_with_threads<Threads::two>,
        .control = setns_with_threads<Threads::one>,
        .control_differs = "the process has one thread",
    },
    {
        .id = "time.clone.bit-is-no-flag",
        .claim = "clone(2) cannot make a time namespace: the bit of CLONE_NEWTIME is part of the exit signal there.",
        .how = "Inside makes a child with clone(2) and that bit; both have the same link in /proc.",
        .source = "clone(2), time_namespaces(7)",
        .since = {5, 6},
        .sandbox = kOwned,
        .check = legacy_clone_bit,
        .control = unshare_bit,
        .control_differs = "the creator gives the bit to unshare(2), where it is a flag, and makes the child after",
    },
    {
        .id = "time.clone3.makes-namespace",
        .claim = "clone3(2) makes a time namespace with its first member.",
        .how = "Inside makes a child with CLONE_NEWTIME; the child's link in /proc differs from its own.",
        .source = "clone(2), time_namespaces(7)",
        .since = {6, 3},
        .backports = {{6, 1, 20}},
        .sandbox = kOwned,
        .check = clone3_makes_namespace<CLONE_NEWTIME>,
        .control = clone3_makes_namespace<0>,
        .control_differs = "the flag is not given",
    },
};

}  // namespace
}  // namespace nsproof
