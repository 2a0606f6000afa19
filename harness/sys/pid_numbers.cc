#include "harness/sys/pid_numbers.h"

#include <sys/ioctl.h>
#include <sys/syscall.h>

#include "harness/support/text.h"

namespace nsproof::sys {
namespace {

// <linux/nsfs.h> has these from Linux 6.11 on.
constexpr unsigned kNsio = 0xb7;
constexpr std::uint64_t kGetPidFromPidns = _IOR(kNsio, 0x6, int);
constexpr std::uint64_t kGetPidInPidns = _IOR(kNsio, 0x8, int);

}  // namespace

Reply ns_get_pid_in_pidns(Actor& actor, int ns, int pid) {
  return actor.call(SYS_ioctl, "ioctl", {num(ns), named(kGetPidInPidns, "NS_GET_PID_IN_PIDNS"), num(pid)});
}

Reply ns_get_pid_from_pidns(Actor& actor, int ns, int pid) {
  return actor.call(SYS_ioctl, "ioctl", {num(ns), named(kGetPidFromPidns, "NS_GET_PID_FROM_PIDNS"), num(pid)});
}

}  // namespace nsproof::sys
