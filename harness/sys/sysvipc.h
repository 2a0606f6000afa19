// Remote calls about System V IPC: shared memory, semaphores and message queues (sysvipc(7)).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/sys/sys.h"

namespace nsproof::sys {

// What the three kinds of object have in common.
enum class SysvKind { shm, sem, msg };
std::string_view noun_of(SysvKind kind);       // "segment", "semaphore set", "message queue"
std::string_view list_file_of(SysvKind kind);  // "/proc/sysvipc/shm" (proc(5))

struct IpcPerm {
  int key = 0;
  std::uint32_t uid = 0;
  std::uint32_t creator_uid = 0;
  unsigned mode = 0;
};

// shmget(2) of one page, semget(2) of one semaphore, msgget(2). Without IPC_CREAT an existing one of any size.
Reply sysv_get(Actor& actor, SysvKind kind, int key, int flags);
// shmctl(2), semctl(2) or msgctl(2) with IPC_STAT, and with IPC_RMID.
Got<IpcPerm> sysv_stat(Actor& actor, SysvKind kind, int id);
Reply sysv_remove(Actor& actor, SysvKind kind, int id);
// The ids in /proc/sysvipc/shm, sem or msg.
Got<std::vector<int>> sysv_list(Actor& actor, SysvKind kind);

// Shared memory.
struct ShmStat {
  IpcPerm perm;
  std::uint64_t bytes = 0;
  int creator = 0;    // shm_cpid, in the caller's numbers; 0 for a process that the caller cannot see
  int last_user = 0;  // shm_lpid
  std::uint64_t attached = 0;
};
Reply shmget(Actor& actor, int key, std::size_t bytes, int flags);
Reply shmat(Actor& actor, int id, int flags = 0);  // the value is the address
Reply shmdt(Actor& actor, std::uint64_t address);
Got<ShmStat> shm_stat(Actor& actor, int id);
Reply shm_lock(Actor& actor, int id);  // SHM_LOCK, charged to RLIMIT_MEMLOCK of the caller's user

// Semaphores; the calls act on the first one of a set.
Reply semget(Actor& actor, int key, int count, int flags);
Reply semop(Actor& actor, int id, int change, int flags);
Reply sem_set_value(Actor& actor, int id, int value);
Reply sem_value(Actor& actor, int id);
Reply sem_last_pid(Actor& actor, int id);

// Message queues.
struct MsgStat {
  IpcPerm perm;
  std::uint64_t messages = 0;
  int last_sender = 0;    // msg_lspid, like shm_cpid
  int last_receiver = 0;  // msg_lrpid
};
Reply msgget(Actor& actor, int key, int flags);
// Messages of type 1; neither call waits (IPC_NOWAIT).
Reply msgsnd(Actor& actor, int id, std::string_view text);
Got<std::string> msgrcv(Actor& actor, int id, std::size_t bytes = 256);
Got<MsgStat> msg_stat(Actor& actor, int id);

}  // namespace nsproof::sys
