// IPC namespaces: what /proc/sysvipc lists, and in whose numbers processes are named (proc_sysvipc(5)).
#include <linux/sched.h>
#include <sys/ipc.h>

#include <algorithm>
#include <cerrno>

#include "harness/catalogue/property.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/process.h"
#include "harness/sys/sysvipc.h"
#include "harness/world/world.h"

namespace nsproof {
namespace {

using Kind = sys::SysvKind;

int make(Actor& actor, Kind kind) {
  return static_cast<int>(must(sys::sysv_get(actor, kind, IPC_PRIVATE, IPC_CREAT | 0600)));
}

// Each side makes another number of objects, so that the lists tell whose they are: ids alone repeat from namespace to
// namespace.
template <Kind kind>
Observation lists_own(World& w) {
  make(w.outside(), kind);
  for (int i = 0; i < 2; ++i) make(w.inside(), kind);
  const std::size_t in = must(sys::sysv_list(w.inside(), kind)).size();
  const std::size_t out = must(sys::sysv_list(w.outside(), kind)).size();
  const std::string counts = say("inside made 2 and sees ", in, ", outside made 1 and sees ", out);
  if (in == 2 && out == 1) return isolated(counts);
  if (in == 3 && out == 3) return leaked(counts);
  return unknown(counts);
}

enum class Leaves { ipc, uts };

// The same path, read by the same process before, between and after.
template <Leaves what>
Observation list_of_a_traveller(World& w) {
  const int id = make(w.outside(), Kind::shm);
  const auto listed = [id](Actor& actor) {
    const std::vector<int> ids = must(sys::sysv_list(actor, Kind::shm));
    return std::find(ids.begin(), ids.end(), id) != ids.end();
  };
  Actor& traveller = w.fork(w.outside(), "traveller");
  const std::uint64_t flag = what == Leaves::ipc ? CLONE_NEWIPC : CLONE_NEWUTS;
  const std::string link = say("/proc/", traveller.pid(), what == Leaves::ipc ? "/ns/ipc" : "/ns/uts");
  const int home = static_cast<int>(must(sys::open(traveller, link, O_RDONLY | O_CLOEXEC)));
  if (!listed(traveller)) return unknown("the segment is not listed to begin with");
  must(sys::unshare(traveller, flag));
  const bool abroad = listed(traveller);
  must(sys::setns(traveller, home, flag));
  if (!listed(traveller)) return unknown("the segment is not listed after the return");
  if (abroad) return leaked("the segment is listed all the time");
  return isolated("the segment is not listed while the reader is away, and is again after its return");
}

// The pid that the kernel keeps with an object, as `reader` sees it; nothing if the object is not there.
struct Trace {
  Kind kind;
  int (*leave)(Actor&);
  Reply (*read)(Actor&, int id);
};

int leave_segment(Actor& actor) { return make(actor, Kind::shm); }
int leave_value(Actor& actor) {
  const int id = make(actor, Kind::sem);
  must(sys::semop(actor, id, 1, IPC_NOWAIT));
  return id;
}
int leave_message(Actor& actor) {
  const int id = make(actor, Kind::msg);
  must(sys::msgsnd(actor, id, "text"));
  return id;
}

template <class Stat>
Reply with_value(sys::Got<Stat> got, int Stat::*field) {
  if (got.ok()) got.reply.value = got.value.*field;
  return std::move(got.reply);
}
Reply read_creator(Actor& actor, int id) { return with_value(sys::shm_stat(actor, id), &sys::ShmStat::creator); }
Reply read_sender(Actor& actor, int id) { return with_value(sys::msg_stat(actor, id), &sys::MsgStat::last_sender); }

constexpr Trace kCreator = {Kind::shm, leave_segment, read_creator};
constexpr Trace kLastOperation = {Kind::sem, leave_value, sys::sem_last_pid};
constexpr Trace kLastSender = {Kind::msg, leave_message, read_sender};

template <const Trace& trace>
Observation pid_translated(World& w) {
  const std::int64_t pid = must(sys::getpid(w.outside()));
  w.inside();
  const int id = trace.leave(w.outside());
  if (must(trace.read(w.outside(), id)) != pid) return unknown("the object does not name outside to outside itself");
  const Reply seen = trace.read(w.inside(), id);
  const std::string_view noun = sys::noun_of(trace.kind);
  if (seen.error() == EINVAL) return isolated(say("the ", noun, " is not there for inside: EINVAL"));
  must(seen);
  if (seen.value == 0) return isolated(say("the ", noun, " names no process to inside: pid 0"));
  if (seen.value == pid) return leaked(say("the ", noun, " names outside's pid ", pid, " to inside"));
  return unknown(say("the ", noun, " names a process that did not touch it: pid ", seen.value));
}

constexpr std::string_view kNotThere = "an IPC namespace hides the object and every pid in it";

Property list_row(Id id, std::string_view claim, std::string_view how, Check check) {
  return {.id = id,
          .claim = claim,
          .how = how,
          .source = "ipc_namespaces(7), proc_sysvipc(5)",
          .since = {2, 6, 19},
          .isolated_by = Ns::ipc,
          .needs = {Need::sysvipc},
          .check = check};
}

Property pid_row(Id id, std::string_view claim, std::string_view how, std::string_view source, Check check) {
  return {.id = id,
          .claim = claim,
          .how = how,
          .source = source,
          .since = {2, 6, 24},
          .isolated_by = Ns::pid,
          .also_isolated_by = Ns::ipc,
          .exception = kNotThere,
          .needs = {Need::sysvipc},
          .check = check};
}

const Rows rows = {
    list_row("ipc.proc.shm-lists-own", "/proc/sysvipc/shm lists the segments of the reader's IPC namespace only.",
             "Outside makes one segment and inside two; both count the lines of the file.", lists_own<Kind::shm>),
    list_row("ipc.proc.sem-lists-own", "/proc/sysvipc/sem lists the semaphore sets of the reader's IPC namespace only.",
             "Outside makes one set and inside two; both count the lines of the file.", lists_own<Kind::sem>),
    list_row("ipc.proc.msg-lists-own", "/proc/sysvipc/msg lists the message queues of the reader's IPC namespace only.",
             "Outside makes one queue and inside two; both count the lines of the file.", lists_own<Kind::msg>),
    {
        .id = "ipc.proc.follows-reader",
        .claim = "/proc/sysvipc shows the IPC namespace that the reader is in now, also after it has moved.",
        .how = "A child of outside reads the list of segments, leaves its IPC namespace, reads it, comes back with "
               "setns(2) and reads it.",
        .source = "proc_sysvipc(5), setns(2)",
        .since = {3, 0},
        .needs = {Need::sysvipc},
        .check = list_of_a_traveller<Leaves::ipc>,
        .control = list_of_a_traveller<Leaves::uts>,
        .control_differs = "the child leaves its UTS namespace and comes back to that",
    },
    pid_row("ipc.shm.creator-pid-hidden", "The creator of a segment has no pid for one that cannot see it.",
            "Outside makes a segment; inside reads shm_cpid with IPC_STAT.", "shmctl(2), pid_namespaces(7)",
            pid_translated<kCreator>),
    pid_row("ipc.sem.last-pid-hidden", "The last user of a semaphore has no pid for one that cannot see it.",
            "Outside does a semop(2); inside reads the pid with GETPID.", "semctl(2), pid_namespaces(7)",
            pid_translated<kLastOperation>),
    pid_row("ipc.msg.sender-pid-hidden", "The last sender to a queue has no pid for one that cannot see it.",
            "Outside sends a message; inside reads msg_lspid with IPC_STAT.", "msgctl(2), pid_namespaces(7)",
            pid_translated<kLastSender>),
};

}  // namespace
}  // namespace nsproof
