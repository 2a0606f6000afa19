// Remote calls about the locks of files and who holds them (fcntl(2), "Advisory record locking").
#pragma once

#include "harness/sys/sys.h"

namespace nsproof::sys {

// Takes a write lock on a whole file for the actor's process, without waiting (F_SETLK).
Reply lock_file(Actor& actor, int fd);

struct LockHolder {
  bool locked = false;
  int pid = 0;  // of the holder in the numbers of the caller, 0 if it has none there
};
// Who would keep the actor from locking the whole file (F_GETLK).
Got<LockHolder> lock_holder(Actor& actor, int fd);

}  // namespace nsproof::sys
