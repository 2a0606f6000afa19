#include "harness/sys/locks.h"

#include <fcntl.h>
#include <sys/syscall.h>

#include "harness/support/text.h"

namespace nsproof::sys {
namespace {

// From the first byte to wherever the file may grow.
std::string whole_file() {
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return raw(lock);
}

constexpr const char* kWholeFileText = "{F_WRLCK, the whole file}";

}  // namespace

Reply lock_file(Actor& actor, int fd) {
  return actor.call(SYS_fcntl, "fcntl", {num(fd), named(F_SETLK, "F_SETLK"), record(whole_file(), kWholeFileText)});
}

Got<LockHolder> lock_holder(Actor& actor, int fd) {
  Got<LockHolder> got{
      actor.call(SYS_fcntl, "fcntl", {num(fd), named(F_GETLK, "F_GETLK"), in_out(whole_file(), kWholeFileText)})};
  if (got.ok()) {
    const auto lock = out_as<struct flock>(got.reply);
    got.value = {lock.l_type != F_UNLCK, lock.l_pid};
    actor.shows(got.value.locked ? say("{l_pid=", lock.l_pid, "}") : std::string("{F_UNLCK}"));
  }
  return got;
}

}  // namespace nsproof::sys
