#include "harness/host/trials_ipc.h"

#include <fcntl.h>
#include <sys/ipc.h>

#include "harness/sys/mounts.h"
#include "harness/sys/mqueue.h"
#include "harness/sys/sysvipc.h"
#include "harness/world/world.h"

namespace nsproof {

void use_sysvipc(Keeper& /*keeper*/, World& world) {
  for (const sys::SysvKind kind : {sys::SysvKind::shm, sys::SysvKind::sem, sys::SysvKind::msg}) {
    must(sys::sysv_get(world.outside(), kind, IPC_PRIVATE, IPC_CREAT | 0600));
    must(sys::sysv_list(world.outside(), kind));
  }
}

void use_mqueue(Keeper& /*keeper*/, World& world) {
  must(sys::mq_open(world.outside(), "trial", O_RDWR | O_CREAT | O_CLOEXEC));
  must(sys::mount(world.outside(), "mqueue", "/mnt", "mqueue"));
}

}  // namespace nsproof
