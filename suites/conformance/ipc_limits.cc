// IPC namespaces: every one has limits of its own, in /proc/sys/kernel and /proc/sys/fs/mqueue (ipc_namespaces(7)).
#include <sys/ipc.h>

#include <cerrno>
#include <string>
#include <vector>

#include "harness/catalogue/property.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/sysvipc.h"
#include "harness/world/world.h"

namespace nsproof {
namespace {

struct Limit {
  std::string_view file;
  std::string_view other;  // a value that no kernel starts with
};

constexpr Limit kMsgmax = {"/proc/sys/kernel/msgmax", "4242"};
constexpr Limit kMsgmnb = {"/proc/sys/kernel/msgmnb", "14242"};
constexpr Limit kMsgmni = {"/proc/sys/kernel/msgmni", "242"};
constexpr Limit kShmmax = {"/proc/sys/kernel/shmmax", "4242424"};
constexpr Limit kShmall = {"/proc/sys/kernel/shmall", "4242"};
constexpr Limit kShmmni = {"/proc/sys/kernel/shmmni", "242"};
constexpr Limit kShmRmidForced = {"/proc/sys/kernel/shm_rmid_forced", "1"};
constexpr Limit kSem = {"/proc/sys/kernel/sem", "242 24242 42 142"};
constexpr Limit kQueuesMax = {"/proc/sys/fs/mqueue/queues_max", "42"};
constexpr Limit kMsgMax = {"/proc/sys/fs/mqueue/msg_max", "42"};
constexpr Limit kMsgsizeMax = {"/proc/sys/fs/mqueue/msgsize_max", "4242"};
constexpr Limit kMsgDefault = {"/proc/sys/fs/mqueue/msg_default", "4"};
constexpr Limit kMsgsizeDefault = {"/proc/sys/fs/mqueue/msgsize_default", "424"};

constexpr Limit kSysv[] = {kMsgmax, kMsgmnb, kMsgmni, kShmmax, kShmall, kShmmni, kShmRmidForced, kSem};
constexpr Limit kMqueue[] = {kQueuesMax, kMsgMax, kMsgsizeMax, kMsgDefault, kMsgsizeDefault};

// The value with single spaces: the kernel puts tabs between the four numbers of kernel.sem.
std::string value_of(Actor& actor, const Limit& limit) {
  return join(words_of(must(sys::read_file(actor, limit.file))), " ");
}

void change(Actor& actor, const Limit& limit) {
  must(sys::write_file(actor, limit.file, limit.other));
  if (value_of(actor, limit) != limit.other) throw Broken(say(limit.file, " was written and is as it was"));
}

Observation judge_value(const Limit& limit, std::string_view who, std::string_view seen, std::string_view start) {
  if (seen == start) return isolated(say(limit.file, " ", who, " has the value that namespaces start with: ", seen));
  if (seen == limit.other) return leaked(say(limit.file, " ", who, " has the value that the other side wrote: ", seen));
  return unknown(say(limit.file, " ", who, " has a value that nobody wrote: ", seen));
}

// What holds for all the limits of a family; where they disagree the check cannot tell.
class Family {
 public:
  void add(Observation one) {
    const bool agrees = count_++ == 0 || one.outcome == seen_.outcome;
    if (agrees) {
      seen_ = std::move(one);
    } else {
      seen_ = unknown(say("limits disagree: ", seen_.reason, "; ", one.reason));
    }
  }
  [[nodiscard]] Observation result() const { return {seen_.outcome, say(count_, " limits, the last: ", seen_.reason)}; }

 private:
  Observation seen_;
  int count_ = 0;
};

template <const Limit& limit>
Observation outside_change_hidden(World& w) {
  const std::string start = value_of(w.outside(), limit);
  w.inside();
  change(w.outside(), limit);
  return judge_value(limit, "inside", value_of(w.inside(), limit), start);
}

// The layer's own namespace is new, so what outside reads at first is what namespaces start with.
template <const auto& limits>
Observation starts_from_defaults(World& w) {
  std::vector<std::string> start;
  for (const Limit& limit : limits) start.push_back(value_of(w.outside(), limit));
  for (const Limit& limit : limits) change(w.outside(), limit);
  Family family;
  std::size_t i = 0;
  for (const Limit& limit : limits) family.add(judge_value(limit, "inside", value_of(w.inside(), limit), start[i++]));
  return family.result();
}

template <const auto& limits>
Observation inside_change_hidden(World& w) {
  Family family;
  for (const Limit& limit : limits) {
    const std::string start = value_of(w.outside(), limit);
    change(w.inside(), limit);
    family.add(judge_value(limit, "outside", value_of(w.outside(), limit), start));
  }
  return family.result();
}

// By effect: a message as long as the limit that outside has, after inside has lowered its own.
Observation limit_applies_inside_only(World& w) {
  constexpr std::size_t kLength = 100;
  const int id = static_cast<int>(must(sys::msgget(w.outside(), IPC_PRIVATE, IPC_CREAT | 0600)));
  must(sys::write_file(w.inside(), kMsgmax.file, "50"));
  const int own = static_cast<int>(must(sys::msgget(w.inside(), IPC_PRIVATE, IPC_CREAT | 0600)));
  if (sys::msgsnd(w.inside(), own, std::string(kLength, 'm')).error() != EINVAL)
    return unknown("the limit does not apply to inside, which lowered it");
  const Reply sent = sys::msgsnd(w.outside(), id, std::string(kLength, 'm'));
  if (sent.ok() && must(sys::msg_stat(w.outside(), id)).messages == 1)
    return isolated("outside sends a message that is longer than the limit inside");
  if (sent.error() == EINVAL) return leaked("outside may not send a message that is longer than the limit inside");
  return unknown(say("sending outside failed with ", errno_name(sent.error())));
}

Observation forced_removal(World& w) {
  w.inside();
  must(sys::write_file(w.outside(), kShmRmidForced.file, "1"));
  Actor& maker = w.fork(w.inside(), "maker");
  const int id = static_cast<int>(must(sys::sysv_get(maker, sys::SysvKind::shm, IPC_PRIVATE, IPC_CREAT | 0600)));
  must(sys::shm_stat(w.inside(), id));
  w.end(w.inside(), maker);
  const auto left = sys::shm_stat(w.inside(), id);
  if (left.ok()) return isolated("a segment that nobody has attached outlives its maker inside");
  if (left.error() == EINVAL) return leaked("a segment that nobody has attached is removed with its maker inside");
  return unknown(say("IPC_STAT inside failed with ", errno_name(left.error())));
}

enum class Owns { user_only, user_and_ipc };

template <Owns owns>
Observation write_as_root_of(World& w) {
  if (owns == Owns::user_and_ipc) w.sandbox().namespaces = w.sandbox().namespaces.with(Ns::ipc);
  const std::string start = value_of(w.inside(), kMsgmax);
  const Reply written = sys::write_file(w.inside(), kMsgmax.file, kMsgmax.other);
  const std::string seen = value_of(w.inside(), kMsgmax);
  if (written.ok() && seen == kMsgmax.other) return allowed(say(kMsgmax.file, " was written"));
  if ((written.error() == EACCES || written.error() == EPERM) && seen == start)
    return refused(say(kMsgmax.file, " may not be written: ", errno_name(written.error())));
  return unknown(say("writing said ", errno_name(written.error()), " and the value is ", seen));
}

// Before Linux 6.10 only the machine's root may write the limits of any namespace.
constexpr Need kWriter = Need::initial_root;

template <const Limit& limit>
Property private_row(Id id, std::string_view claim, Need family, KernelVersion since) {
  return {.id = id,
          .claim = claim,
          .how = "Outside makes the sandbox and writes the limit; inside reads its own.",
          .source = "ipc_namespaces(7), proc_sys_kernel(5), mq_overview(7)",
          .since = since,
          .isolated_by = Ns::ipc,
          .needs = {family, kWriter},
          .check = outside_change_hidden<limit>};
}

template <const Limit& limit>
Property sysv_row(Id id, std::string_view claim) {
  return private_row<limit>(id, claim, Need::sysvipc, {2, 6, 19});
}

template <const Limit& limit>
Property mqueue_row(Id id, std::string_view claim) {
  return private_row<limit>(id, claim, Need::mqueue, {3, 5});
}

const Rows rows = {
    sysv_row<kMsgmax>("ipc.limits.msgmax-private", "kernel.msgmax written outside does not change inside."),
    sysv_row<kMsgmnb>("ipc.limits.msgmnb-private", "kernel.msgmnb written outside does not change inside."),
    sysv_row<kMsgmni>("ipc.limits.msgmni-private", "kernel.msgmni written outside does not change inside."),
    sysv_row<kShmmax>("ipc.limits.shmmax-private", "kernel.shmmax written outside does not change inside."),
    sysv_row<kShmall>("ipc.limits.shmall-private", "kernel.shmall written outside does not change inside."),
    sysv_row<kShmmni>("ipc.limits.shmmni-private", "kernel.shmmni written outside does not change inside."),
    sysv_row<kSem>("ipc.limits.sem-private", "kernel.sem written outside does not change inside."),
    private_row<kShmRmidForced>("ipc.limits.shm-rmid-forced-private",
                                "kernel.shm_rmid_forced written outside does not change inside.", Need::sysvipc,
                                {3, 1}),
    mqueue_row<kQueuesMax>("ipc.limits.queues-max-private",
                           "fs.mqueue.queues_max written outside does not change inside."),
    mqueue_row<kMsgMax>("ipc.limits.msg-max-private", "fs.mqueue.msg_max written outside does not change inside."),
    mqueue_row<kMsgsizeMax>("ipc.limits.msgsize-max-private",
                            "fs.mqueue.msgsize_max written outside does not change inside."),
    mqueue_row<kMsgDefault>("ipc.limits.msg-default-private",
                            "fs.mqueue.msg_default written outside does not change inside."),
    mqueue_row<kMsgsizeDefault>("ipc.limits.msgsize-default-private",
                                "fs.mqueue.msgsize_default written outside does not change inside."),
    {
        .id = "ipc.limits.sysv-start-from-defaults",
        .claim = "A new IPC namespace starts with the System V limits built into the kernel, not with its creator's.",
        .how = "Outside writes every limit and makes the sandbox; inside reads its own.",
        .source = "ipc_namespaces(7), create_ipc_ns() in ipc/namespace.c",
        .since = {3, 1},
        .isolated_by = Ns::ipc,
        .reach = Reach::any_alone,
        .needs = {Need::sysvipc, kWriter},
        .check = starts_from_defaults<kSysv>,
    },
    {
        .id = "ipc.limits.mqueue-start-from-defaults",
        .claim = "A new IPC namespace starts with the message queue limits built into the kernel, not its creator's.",
        .how = "Outside writes every limit and makes the sandbox; inside reads its own.",
        .source = "ipc_namespaces(7), mq_init_ns() in ipc/mqueue.c",
        .since = {3, 5},
        .isolated_by = Ns::ipc,
        .reach = Reach::any_alone,
        .needs = {Need::mqueue, kWriter},
        .check = starts_from_defaults<kMqueue>,
    },
    {
        .id = "ipc.limits.sysv-inside-change-hidden",
        .claim = "The System V limits that inside writes do not change outside.",
        .how = "Inside writes every limit, which is for root of the namespace's owner to do; outside reads its own.",
        .source = "ipc_namespaces(7), commit 50ec499b9a43",
        .since = {6, 10},
        .backports = {{6, 1, 104}},
        .isolated_by = Ns::ipc,
        .needs = {Need::sysvipc},
        .check = inside_change_hidden<kSysv>,
    },
    {
        .id = "ipc.limits.mqueue-inside-change-hidden",
        .claim = "The message queue limits that inside writes do not change outside.",
        .how = "Inside writes every limit, which is for root of the namespace's owner to do; outside reads its own.",
        .source = "ipc_namespaces(7), commit f9436a5d0497",
        .since = {6, 10},
        .backports = {{6, 1, 104}},
        .isolated_by = Ns::ipc,
        .needs = {Need::mqueue},
        .check = inside_change_hidden<kMqueue>,
    },
    {
        .id = "ipc.limits.applies-inside-only",
        .claim = "A limit that inside lowers for itself does not restrict outside.",
        .how = "Inside sets kernel.msgmax to 50 and is refused a message of 100 bytes; outside sends one.",
        .source = "ipc_namespaces(7), msgop(2)",
        .since = {6, 10},
        .backports = {{6, 1, 104}},
        .isolated_by = Ns::ipc,
        .needs = {Need::sysvipc},
        .check = limit_applies_inside_only,
    },
    {
        .id = "ipc.limits.rmid-forced-applies-outside-only",
        .claim = "kernel.shm_rmid_forced outside does not remove the segments of processes that die inside.",
        .how = "Outside sets the flag; a process inside makes a segment and dies; inside looks for the segment.",
        .source = "proc_sys_kernel(5), commit b34a6b1da371",
        .since = {3, 1},
        .isolated_by = Ns::ipc,
        .reach = Reach::any_alone,
        .needs = {Need::sysvipc, kWriter},
        .check = forced_removal,
    },
    {
        .id = "ipc.limits.foreign-owner-refused",
        .claim = "Root of a user namespace may not write the limits of an IPC namespace that another one owns.",
        .how = "Inside, root of a user namespace whose ids are nobody's outside, writes kernel.msgmax.",
        .source = "user_namespaces(7), commit 50ec499b9a43",
        .since = {6, 10},
        .backports = {{6, 1, 104}},
        .sandbox = {.namespaces = Ns::user, .map = IdMap::shifted()},
        .needs = {Need::sysvipc, Need::many_ids},
        .check = write_as_root_of<Owns::user_only>,
        .control = write_as_root_of<Owns::user_and_ipc>,
        .control_differs = "the sandbox has an IPC namespace of its own besides",
    },
};

}  // namespace
}  // namespace nsproof
