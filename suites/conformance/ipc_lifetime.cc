// IPC namespaces: what happens to objects when a namespace ends, and to a process's ties to them when it moves.
#include <linux/sched.h>
#include <sys/ipc.h>
#include <sys/resource.h>
#include <sys/sem.h>

#include <cerrno>

#include "harness/catalogue/property.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/ids.h"
#include "harness/sys/mqueue.h"
#include "harness/sys/nsfs.h"
#include "harness/sys/process.h"
#include "harness/sys/resources.h"
#include "harness/sys/sysvipc.h"
#include "harness/world/enter.h"
#include "harness/world/patience.h"
#include "harness/world/world.h"

namespace nsproof {
namespace {

constexpr int kKey = 0x6e737066;
constexpr std::string_view kQueue = "nsproof";

int open_ipc(Actor& actor, int pid) {
  return static_cast<int>(must(sys::open(actor, say("/proc/", pid, "/ns/ipc"), O_RDONLY | O_CLOEXEC)));
}

// An object that is charged to its user's resource limit for as long as it exists, so that its end shows outside its
// namespace: the limit has room for one.
struct Charged {
  std::string_view noun;
  void (*make_room_for_one)(Actor&);
  Reply (*take)(Actor&);  // may be tried again
  int refusal;            // of a second one
  Reply (*find)(Actor&);
};

constexpr std::size_t kLocked = 64 * 1024;  // whole pages, whatever the size of a page

Reply lock_segment(Actor& actor) {
  const auto id = must(sys::shmget(actor, kKey, kLocked, IPC_CREAT | 0600));
  return sys::shm_lock(actor, static_cast<int>(id));
}

constexpr Charged kSegment = {
    "segment", [](Actor& actor) { must(sys::set_limit(actor, RLIMIT_MEMLOCK, "RLIMIT_MEMLOCK", kLocked)); },
    lock_segment, ENOMEM, [](Actor& actor) { return sys::shmget(actor, kKey, 0, 0); }};

// A queue of four messages of 64 bytes costs 600 to 650 bytes with what the kernel adds (getrlimit(2)).
constexpr Charged kMessageQueue = {
    "queue", [](Actor& actor) { must(sys::set_limit(actor, RLIMIT_MSGQUEUE, "RLIMIT_MSGQUEUE", 1000)); },
    [](Actor& actor) { return sys::mq_open(actor, kQueue, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC); }, EMFILE,
    [](Actor& actor) { return sys::mq_open(actor, kQueue, O_RDWR | O_CLOEXEC); }};

enum class Held { by_nothing, by_descriptor };

template <const Charged& charged, Held held>
Observation after_last_member(World& w) {
  charged.make_room_for_one(w.inside());
  Actor& maker = w.clone(w.inside(), CLONE_NEWIPC, "maker");
  must(charged.take(maker));
  const Reply second = charged.take(w.inside());
  if (second.error() != charged.refusal)
    return unknown(say("a second ", charged.noun, " is not refused: ", errno_name(second.error())));
  const int fd = held == Held::by_descriptor ? open_ipc(w.inside(), maker.pid()) : -1;
  w.end(w.inside(), maker);
  if (held == Held::by_descriptor) {
    if (charged.take(w.inside()).ok())
      return isolated(say("the ", charged.noun, " is gone: there is room for another"));
    Actor& visitor = w.fork(w.inside(), "visitor");
    must_enter_descriptor(visitor, fd, Ns::ipc);
    const Reply found = charged.find(visitor);
    if (found.ok()) return leaked(say("the ", charged.noun, " is still there in the namespace"));
    return unknown(say("the ", charged.noun, " is not there and still counts: ", errno_name(found.error())));
  }
  if (eventually([&] { return charged.take(w.inside()).ok(); }))
    return isolated(say("the ", charged.noun, " is gone: there is room for another"));
  return leaked(say("the ", charged.noun, " still counts long after its namespace has lost the last process"));
}

enum class Moves { unshares_ipc, joins_ipc, unshares_uts };

// A semaphore that is taken with SEM_UNDO comes back when the list of undos is given up, while its process lives on.
template <Moves moves>
Observation undo_of_a_mover(World& w) {
  const int id = static_cast<int>(must(sys::semget(w.outside(), kKey, 1, IPC_CREAT | 0600)));
  must(sys::sem_set_value(w.outside(), id, 1));
  Actor& mover = w.fork(w.outside(), "mover");
  must(sys::semop(mover, id, -1, SEM_UNDO));
  if (must(sys::sem_value(w.outside(), id)) != 0) return unknown("the semaphore was not taken");
  if (moves == Moves::joins_ipc) {
    Actor& host = w.clone(w.outside(), CLONE_NEWIPC, "host");
    must(sys::setns(mover, open_ipc(mover, host.pid()), CLONE_NEWIPC));
  } else {
    const Ns type = moves == Moves::unshares_ipc ? Ns::ipc : Ns::uts;
    const auto before = must(sys::ns_identity(mover, "self", type));
    must(sys::unshare(mover, clone_flag(type)));
    if (must(sys::ns_identity(mover, "self", type)) == before) return unknown("unshare said yes and did nothing");
  }
  const std::int64_t value = must(sys::sem_value(w.outside(), id));
  must(sys::getpid(mover));
  if (value == 1) return isolated("the semaphore was given back when the process left");
  if (value == 0) return leaked("the semaphore is still taken");
  return unknown(say("the semaphore has a value that nobody gave it: ", value));
}

template <std::uint64_t flags>
Observation clone_with(World& w) {
  const World::Attempt attempt = w.try_clone(w.outside(), flags, "child");
  if (attempt.actor != nullptr) {
    must(sys::getpid(*attempt.actor));
    return allowed("a child was made");
  }
  if (attempt.reply.error() == EINVAL) return refused("clone3 says EINVAL");
  return unknown(say("clone3 failed with ", errno_name(attempt.reply.error())));
}

enum class Visitor { joins, stays_out };

// The claim is that the object is reached, so that is what `isolated` stands for here.
template <Visitor what>
Observation segment_of_the_joined(World& w) {
  constexpr std::string_view kText = "written-by-host";
  Actor& host = w.clone(w.outside(), CLONE_NEWIPC, "host");
  const int id = static_cast<int>(must(sys::shmget(host, kKey, 4096, IPC_CREAT | 0600)));
  must(sys::poke(host, static_cast<std::uint64_t>(must(sys::shmat(host, id))), kText));
  Actor& visitor = w.fork(w.outside(), "visitor");
  const int fd = open_ipc(visitor, host.pid());
  if (what == Visitor::joins) must(sys::setns(visitor, fd, CLONE_NEWIPC));
  const Reply attached = sys::shmat(visitor, id);
  if (attached.error() == EINVAL) return leaked("the id of the segment is EINVAL");
  const auto seen = must(sys::peek(visitor, static_cast<std::uint64_t>(must(attached)), kText.size()));
  if (seen == kText) return isolated("the visitor attaches the segment and reads what the host wrote");
  return unknown(say("the visitor attached a segment that holds ", quoted(seen)));
}

enum class Owns { user_only, user_and_ipc };

// Root of the sandbox and an object of another user in it.
template <sys::SysvKind kind, Owns owns>
Observation remove_as_root_of(World& w) {
  if (owns == Owns::user_and_ipc) w.sandbox().namespaces = w.sandbox().namespaces.with(Ns::ipc);
  constexpr int kUser = 1000;
  Actor& user = w.fork(w.inside(), "user");
  must(sys::setresgid(user, kUser, kUser, kUser));
  must(sys::setresuid(user, kUser, kUser, kUser));
  const int id = static_cast<int>(must(sys::sysv_get(user, kind, IPC_PRIVATE, IPC_CREAT | 0600)));
  const Reply removed = sys::sysv_remove(w.inside(), kind, id);
  const auto left = sys::sysv_stat(user, kind, id);
  const std::string_view noun = sys::noun_of(kind);
  if (removed.ok() && left.error() == EINVAL) return allowed(say("root removed the ", noun, " of another user"));
  if (removed.error() == EPERM && left.ok()) return refused(say("EPERM, and the ", noun, " is still there"));
  return unknown(say("IPC_RMID said ", errno_name(removed.error()), ", IPC_STAT ", errno_name(left.error())));
}

// Since Linux 5.14 each user namespace counts for itself (commit d64696905554), which keeps the rest of the machine
// out.
template <const Charged& charged>
Property end_row(Id id, std::string_view claim, std::string_view how, Need need) {
  return {.id = id,
          .claim = claim,
          .how = how,
          .source = "ipc_namespaces(7), free_ipc_ns() in ipc/namespace.c",
          .since = {5, 14},
          .sandbox = {.namespaces = Ns::user},
          .needs = {need},
          .check = after_last_member<charged, Held::by_nothing>,
          .control = after_last_member<charged, Held::by_descriptor>,
          .control_differs = "an open descriptor of /proc/PID/ns/ipc holds the namespace"};
}

template <Moves moves>
Property undo_row(Id id, std::string_view claim, std::string_view how, std::string_view source, KernelVersion since) {
  return {.id = id,
          .claim = claim,
          .how = how,
          .source = source,
          .since = since,
          .needs = {Need::sysvipc},
          .check = undo_of_a_mover<moves>,
          .control = undo_of_a_mover<Moves::unshares_uts>,
          .control_differs = "the process leaves its UTS namespace instead"};
}

template <sys::SysvKind kind>
Property permission_row(Id id, std::string_view claim) {
  return {.id = id,
          .claim = claim,
          .how = "In a user namespace another user makes the object and root tries IPC_RMID.",
          .source = "sysvipc(7), user_namespaces(7)",
          .since = {3, 8},
          .sandbox = {.namespaces = Ns::user, .map = IdMap::shifted()},
          .needs = {Need::sysvipc, Need::many_ids},
          .check = remove_as_root_of<kind, Owns::user_only>,
          .control = remove_as_root_of<kind, Owns::user_and_ipc>,
          .control_differs = "the sandbox has an IPC namespace of its own besides"};
}

const Rows rows = {
    end_row<kSegment>("ipc.shm.destroyed-with-namespace", "Segments are destroyed when their IPC namespace ends.",
                      "A process with an IPC namespace of its own locks a segment, which fills its user's "
                      "RLIMIT_MEMLOCK; after its death another segment can be locked.",
                      Need::sysvipc),
    end_row<kMessageQueue>("ipc.mqueue.destroyed-with-namespace",
                           "POSIX message queues are destroyed when their IPC namespace ends.",
                           "A process with an IPC namespace of its own makes a queue, which fills its user's "
                           "RLIMIT_MSGQUEUE; after its death another queue can be made.",
                           Need::mqueue),
    undo_row<Moves::unshares_ipc>("ipc.sem.undone-on-unshare",
                                  "A process that leaves its IPC namespace gives back what it took with SEM_UNDO.",
                                  "A child of outside takes a semaphore with SEM_UNDO and calls unshare(2); outside "
                                  "reads the value while the child lives.",
                                  "unshare(2), semop(2)", {3, 0}),
    undo_row<Moves::joins_ipc>(
        "ipc.sem.undone-on-setns", "A process that joins another IPC namespace gives back what it took with SEM_UNDO.",
        "A child of outside takes a semaphore with SEM_UNDO and calls setns(2); outside reads the "
        "value while the child lives.",
        "setns(2), semop(2), ipcns_install() in ipc/namespace.c", {3, 0}),
    {
        .id = "ipc.clone.shared-undo-refused",
        .claim = "A child cannot have a new IPC namespace and share its maker's list of semaphore undos.",
        .how = "Outside calls clone3(2) with CLONE_NEWIPC and CLONE_SYSVSEM.",
        .source = "clone(2)",
        .since = {5, 3},
        .needs = {Need::sysvipc},
        .check = clone_with<CLONE_NEWIPC | CLONE_SYSVSEM>,
        .control = clone_with<CLONE_NEWIPC>,
        .control_differs = "CLONE_SYSVSEM is left out",
    },
    {
        .id = "ipc.setns.reaches-objects",
        .claim = "A process that joins an IPC namespace reaches the objects in it.",
        .how = "A process in an IPC namespace of its own writes to a segment; a child of outside joins with setns(2), "
               "attaches it by its id and reads.",
        .source = "setns(2), ipc_namespaces(7)",
        .since = {3, 0},
        .needs = {Need::sysvipc},
        .check = segment_of_the_joined<Visitor::joins>,
        .control = segment_of_the_joined<Visitor::stays_out>,
        .control_differs = "the child does not join",
    },
    permission_row<sys::SysvKind::shm>(
        "ipc.shm.foreign-owner-cannot-remove",
        "Root may remove another user's segment only where its user namespace owns the IPC namespace."),
    permission_row<sys::SysvKind::sem>(
        "ipc.sem.foreign-owner-cannot-remove",
        "Root may remove another user's semaphores only where its user namespace owns the IPC namespace."),
    permission_row<sys::SysvKind::msg>(
        "ipc.msg.foreign-owner-cannot-remove",
        "Root may remove another user's queue only where its user namespace owns the IPC namespace."),
};

}  // namespace
}  // namespace nsproof
