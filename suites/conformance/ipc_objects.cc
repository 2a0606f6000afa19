// IPC namespaces: a System V object of one cannot be found by key nor used by id in another (ipc_namespaces(7)).
#include <sys/ipc.h>

#include <cerrno>

#include "harness/catalogue/property.h"
#include "harness/support/text.h"
#include "harness/sys/sysvipc.h"
#include "harness/world/world.h"

namespace nsproof {
namespace {

constexpr int kKey = 0x6e737066;

// One kind of object: what its owner does to make it usable, and what a stranger does to use it.
struct Kind {
  sys::SysvKind kind;
  Reply (*prepare)(Actor&, int id);
  Reply (*use)(Actor&, int id);
};

// A removed segment lives on while it is attached (shmctl(2)), so the user does not stay.
Reply attach_and_detach(Actor& actor, int id) {
  Reply attached = sys::shmat(actor, id);
  if (attached.ok()) must(sys::shmdt(actor, static_cast<std::uint64_t>(attached.value)));
  return attached;
}

Reply raise_value(Actor& actor, int id) { return sys::semop(actor, id, 1, IPC_NOWAIT); }
Reply send_message(Actor& actor, int id) { return sys::msgsnd(actor, id, "for whoever finds the queue"); }
Reply take_message(Actor& actor, int id) { return sys::msgrcv(actor, id).reply; }

constexpr Kind kShm = {sys::SysvKind::shm, attach_and_detach, attach_and_detach};
constexpr Kind kSem = {sys::SysvKind::sem, raise_value, raise_value};
constexpr Kind kMsg = {sys::SysvKind::msg, send_message, take_message};

int make(Actor& owner, const Kind& kind) {
  const int id = static_cast<int>(must(sys::sysv_get(owner, kind.kind, kKey, IPC_CREAT | IPC_EXCL | 0600)));
  must(kind.prepare(owner, id));
  return id;
}

Observation look_by_key(Actor& stranger, const Kind& kind, int id) {
  const Reply found = sys::sysv_get(stranger, kind.kind, kKey, 0);
  const std::string_view noun = sys::noun_of(kind.kind);
  if (found.error() == ENOENT) return isolated(say("the key leads ", stranger.name(), " to no ", noun));
  if (found.ok() && found.value == id) return leaked(say("the key leads ", stranger.name(), " to the same ", noun));
  if (found.ok()) return unknown(say("the key leads ", stranger.name(), " to a ", noun, " that nobody made"));
  return unknown(say("looking for the key failed with ", errno_name(found.error())));
}

template <const Kind& kind>
Observation starts_without(World& w) {
  const int id = make(w.outside(), kind);
  return look_by_key(w.inside(), kind, id);
}

template <const Kind& kind>
Observation inside_key_hidden(World& w) {
  const int id = make(w.inside(), kind);
  return look_by_key(w.outside(), kind, id);
}

template <const Kind& kind>
Observation sibling_key_hidden(World& w) {
  w.peer();
  const int id = make(w.inside(), kind);
  return look_by_key(w.peer(), kind, id);
}

// The stranger asks for the object's data, uses it and removes it; the owner looks whether it is still there.
Observation act_by_id(Actor& owner, Actor& stranger, const Kind& kind) {
  const int id = make(owner, kind);
  const auto stat = sys::sysv_stat(stranger, kind.kind, id);
  const Reply used = kind.use(stranger, id);
  const Reply removed = sys::sysv_remove(stranger, kind.kind, id);
  const auto left = sys::sysv_stat(owner, kind.kind, id);
  const std::string_view noun = sys::noun_of(kind.kind);
  if (stat.error() == EINVAL && used.error() == EINVAL && removed.error() == EINVAL && left.ok())
    return isolated(say("the id is EINVAL for ", stranger.name(), ", and the ", noun, " is still there"));
  if (stat.ok() && stat.value.key == kKey && used.ok() && removed.ok() && left.error() == EINVAL)
    return leaked(say(stranger.name(), " looked at, used and removed the ", noun, " by its id"));
  return unknown(say(stranger.name(), ": IPC_STAT ", errno_name(stat.error()), ", use ", errno_name(used.error()),
                     ", IPC_RMID ", errno_name(removed.error()), "; owner afterwards: ", errno_name(left.error())));
}

template <const Kind& kind>
Observation outside_id_refused(World& w) {
  w.inside();
  return act_by_id(w.outside(), w.inside(), kind);
}

template <const Kind& kind>
Observation inside_id_refused(World& w) {
  return act_by_id(w.inside(), w.outside(), kind);
}

Property row(Id id, std::string_view claim, std::string_view how, Check check) {
  return {.id = id,
          .claim = claim,
          .how = how,
          .source = "ipc_namespaces(7), sysvipc(7)",
          .since = {2, 6, 19},
          .isolated_by = Ns::ipc,
          .reach = Reach::any_alone,
          .needs = {Need::sysvipc},
          .check = check};
}

const Rows rows = {
    row("ipc.shm.starts-empty", "A shared memory segment made outside cannot be found inside by its key.",
        "Outside makes a segment and then the sandbox; inside asks shmget(2) for the key.", starts_without<kShm>),
    row("ipc.sem.starts-empty", "A semaphore set made outside cannot be found inside by its key.",
        "Outside makes a set and then the sandbox; inside asks semget(2) for the key.", starts_without<kSem>),
    row("ipc.msg.starts-empty", "A message queue made outside cannot be found inside by its key.",
        "Outside makes a queue and then the sandbox; inside asks msgget(2) for the key.", starts_without<kMsg>),
    row("ipc.shm.inside-key-hidden", "A shared memory segment made inside cannot be found outside by its key.",
        "Inside makes a segment; outside asks shmget(2) for the key.", inside_key_hidden<kShm>),
    row("ipc.sem.inside-key-hidden", "A semaphore set made inside cannot be found outside by its key.",
        "Inside makes a set; outside asks semget(2) for the key.", inside_key_hidden<kSem>),
    row("ipc.msg.inside-key-hidden", "A message queue made inside cannot be found outside by its key.",
        "Inside makes a queue; outside asks msgget(2) for the key.", inside_key_hidden<kMsg>),
    row("ipc.shm.sibling-key-hidden", "A shared memory segment of one sandbox cannot be found in another by its key.",
        "Inside makes a segment; a second sandbox made by the same outside asks shmget(2) for the key.",
        sibling_key_hidden<kShm>),
    row("ipc.sem.sibling-key-hidden", "A semaphore set of one sandbox cannot be found in another by its key.",
        "Inside makes a set; a second sandbox made by the same outside asks semget(2) for the key.",
        sibling_key_hidden<kSem>),
    row("ipc.msg.sibling-key-hidden", "A message queue of one sandbox cannot be found in another by its key.",
        "Inside makes a queue; a second sandbox made by the same outside asks msgget(2) for the key.",
        sibling_key_hidden<kMsg>),
    row("ipc.shm.outside-id-refused", "The id of a shared memory segment made outside is EINVAL inside.",
        "Outside makes a segment; inside tries IPC_STAT, shmat(2) and IPC_RMID on its id, and outside looks what is "
        "left.",
        outside_id_refused<kShm>),
    row("ipc.sem.outside-id-refused", "The id of a semaphore set made outside is EINVAL inside.",
        "Outside makes a set; inside tries IPC_STAT, semop(2) and IPC_RMID on its id, and outside looks what is left.",
        outside_id_refused<kSem>),
    row("ipc.msg.outside-id-refused", "The id of a message queue made outside is EINVAL inside.",
        "Outside makes a queue; inside tries IPC_STAT, msgrcv(2) and IPC_RMID on its id, and outside looks what is "
        "left.",
        outside_id_refused<kMsg>),
    row("ipc.shm.inside-id-refused", "The id of a shared memory segment made inside is EINVAL outside.",
        "Inside makes a segment; outside tries IPC_STAT, shmat(2) and IPC_RMID on its id, and inside looks what is "
        "left.",
        inside_id_refused<kShm>),
    row("ipc.sem.inside-id-refused", "The id of a semaphore set made inside is EINVAL outside.",
        "Inside makes a set; outside tries IPC_STAT, semop(2) and IPC_RMID on its id, and inside looks what is left.",
        inside_id_refused<kSem>),
    row("ipc.msg.inside-id-refused", "The id of a message queue made inside is EINVAL outside.",
        "Inside makes a queue; outside tries IPC_STAT, msgrcv(2) and IPC_RMID on its id, and inside looks what is "
        "left.",
        inside_id_refused<kMsg>),
};

}  // namespace
}  // namespace nsproof
