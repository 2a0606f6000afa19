// IPC namespaces: what is written to an object of one does not come out in another, and what is shared all the same.
#include <sys/ipc.h>

#include <cerrno>

#include "harness/catalogue/property.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/process.h"
#include "harness/sys/resources.h"
#include "harness/sys/sysvipc.h"
#include "harness/world/world.h"

namespace nsproof {
namespace {

constexpr int kKey = 0x6e737066;
constexpr std::size_t kBytes = 4096;
constexpr std::string_view kText = "written-outside";

// Each side makes the object of the key or finds it: only a namespace makes them two.
int object(Actor& actor, sys::SysvKind kind) {
  return static_cast<int>(must(sys::sysv_get(actor, kind, kKey, IPC_CREAT | 0600)));
}

std::uint64_t attach(Actor& actor) {
  return static_cast<std::uint64_t>(must(sys::shmat(actor, object(actor, sys::SysvKind::shm))));
}

Observation judge_text(std::string_view seen, std::string_view where) {
  if (seen == kText) return leaked(say("what outside wrote is in ", where, " inside"));
  if (seen == std::string(kText.size(), '\0')) return isolated(say(where, " inside is as new"));
  return unknown(say(where, " inside holds what nobody wrote: ", quoted(seen)));
}

// Checks that share a sandbox leave it as it was. Where both sides have the same object, the second finds it gone.
void remove_objects(World& w, sys::SysvKind kind, int in, int out) {
  sys::sysv_remove(w.inside(), kind, in);
  sys::sysv_remove(w.outside(), kind, out);
}

Observation memory_private(World& w) {
  const int in_id = object(w.inside(), sys::SysvKind::shm);
  const int out_id = object(w.outside(), sys::SysvKind::shm);
  const auto in = static_cast<std::uint64_t>(must(sys::shmat(w.inside(), in_id)));
  const auto out = static_cast<std::uint64_t>(must(sys::shmat(w.outside(), out_id)));
  remove_objects(w, sys::SysvKind::shm, in_id, out_id);  // they live until they are detached (shmctl(2))
  must(sys::poke(w.outside(), out, kText));
  return judge_text(must(sys::peek(w.inside(), in, kText.size())), "the segment");
}

Observation value_private(World& w) {
  const int in = object(w.inside(), sys::SysvKind::sem);
  const int out = object(w.outside(), sys::SysvKind::sem);
  must(sys::semop(w.outside(), out, 7, IPC_NOWAIT));
  const std::int64_t seen = must(sys::sem_value(w.inside(), in));
  remove_objects(w, sys::SysvKind::sem, in, out);
  if (seen == 0) return isolated("the semaphore inside is as new");
  if (seen == 7) return leaked("the semaphore inside has the value that outside gave it");
  return unknown(say("the semaphore inside has a value that nobody gave it: ", seen));
}

Observation messages_private(World& w) {
  const int in = object(w.inside(), sys::SysvKind::msg);
  const int out = object(w.outside(), sys::SysvKind::msg);
  must(sys::msgsnd(w.outside(), out, kText));
  const auto got = sys::msgrcv(w.inside(), in);
  remove_objects(w, sys::SysvKind::msg, in, out);
  if (got.error() == ENOMSG) return isolated("the queue inside is empty");
  if (got.ok() && got.value == kText) return leaked("the message that outside sent came out inside");
  return unknown(say("receiving inside: ", got.ok() ? quoted(got.value) : errno_name(got.error())));
}

enum class Memory { posix, system_v };

std::uint64_t map_object(Actor& actor, Memory memory) {
  if (memory == Memory::system_v) return attach(actor);
  // What shm_open(3) does, on the tmpfs that the world has.
  const int fd = static_cast<int>(must(sys::open(actor, "/tmp/posix-object", O_RDWR | O_CREAT | O_CLOEXEC)));
  must(sys::ftruncate(actor, fd, kBytes));
  return static_cast<std::uint64_t>(must(sys::map_shared(actor, fd, kBytes)));
}

// The claim is that the memory is shared, so seeing it is what `isolated` stands for here.
template <Memory memory>
Observation shared_across(World& w) {
  const std::uint64_t in = map_object(w.inside(), memory);
  const std::uint64_t out = map_object(w.outside(), memory);
  must(sys::poke(w.outside(), out, kText));
  const std::string seen = must(sys::peek(w.inside(), in, kText.size()));
  if (seen == kText) return isolated("inside reads what outside wrote to the memory");
  if (seen == std::string(kText.size(), '\0')) return leaked("inside does not see what outside wrote to the memory");
  return unknown(say("the memory holds what nobody wrote: ", quoted(seen)));
}

enum class Attached { before_leaving, after_leaving };

// As above: a segment that is still shared is the claim.
template <Attached when>
Observation attached_segment(World& w) {
  const int id = object(w.outside(), sys::SysvKind::shm);
  const std::uint64_t out = attach(w.outside());
  Actor& leaver = w.fork(w.outside(), "leaver");
  Reply attached;
  if (when == Attached::before_leaving) attached = sys::shmat(leaver, id);
  must(sys::unshare(leaver, CLONE_NEWIPC));
  if (when == Attached::after_leaving) attached = sys::shmat(leaver, id);
  if (attached.error() == EINVAL) return leaked("the segment cannot be attached any more: EINVAL");
  const auto in = static_cast<std::uint64_t>(must(attached));
  must(sys::poke(w.outside(), out, kText));
  const auto seen = sys::peek(leaver, in, kText.size());
  if (seen.ok() && seen.value == kText) return isolated("what is written to the segment is seen by the one that left");
  return unknown(say("at the address of the segment: ", seen.ok() ? quoted(seen.value) : errno_name(seen.error())));
}

const Rows rows = {
    {
        .id = "ipc.shm.memory-private",
        .claim = "Memory that outside writes through a key does not show inside through the same key.",
        .how = "Both get and attach the segment of one key; outside writes to its memory and inside reads its own.",
        .source = "ipc_namespaces(7), shmget(2)",
        .since = {2, 6, 19},
        .isolated_by = Ns::ipc,
        .reach = Reach::any_sandbox,
        .needs = {Need::sysvipc},
        .check = memory_private,
    },
    {
        .id = "ipc.sem.value-private",
        .claim = "A semaphore operation outside does not change the semaphore of the same key inside.",
        .how = "Both get the semaphore of one key; outside adds 7 with semop(2) and inside reads the value.",
        .source = "ipc_namespaces(7), semop(2)",
        .since = {2, 6, 19},
        .isolated_by = Ns::ipc,
        .reach = Reach::any_sandbox,
        .needs = {Need::sysvipc},
        .check = value_private,
    },
    {
        .id = "ipc.msg.messages-private",
        .claim = "A message that outside sends to a queue does not come out of the queue of the same key inside.",
        .how = "Both get the queue of one key; outside sends with msgsnd(2) and inside receives without waiting.",
        .source = "ipc_namespaces(7), msgop(2)",
        .since = {2, 6, 19},
        .isolated_by = Ns::ipc,
        .reach = Reach::any_sandbox,
        .needs = {Need::sysvipc},
        .check = messages_private,
    },
    {
        .id = "ipc.posix-shm.shared",
        .claim = "POSIX shared memory is a file, so IPC namespaces share it where they share the file system.",
        .how = "Inside, with an IPC namespace of its own, and outside map one file of a tmpfs; outside writes to the "
               "memory and inside reads it.",
        .source = "shm_overview(7), ipc_namespaces(7)",
        .since = {2, 6, 19},
        .sandbox = {.namespaces = Ns::ipc},
        .needs = {Need::sysvipc},
        .check = shared_across<Memory::posix>,
        .control = shared_across<Memory::system_v>,
        .control_differs = "the memory is a System V segment of one key",
    },
    {
        .id = "ipc.shm.attached-survives-unshare",
        .claim = "A segment that a process has attached stays shared when the process leaves the IPC namespace.",
        .how = "A child of outside attaches a segment and leaves; outside writes to the segment and the child reads.",
        .source = "shmop(2), unshare(2)",
        .since = {2, 6, 19},
        .needs = {Need::sysvipc},
        .check = attached_segment<Attached::before_leaving>,
        .control = attached_segment<Attached::after_leaving>,
        .control_differs = "the child tries to attach it after it has left",
    },
};

}  // namespace
}  // namespace nsproof
