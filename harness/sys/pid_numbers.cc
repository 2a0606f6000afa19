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

// struct pidfd_info of <linux/pidfd.h> as of Linux 6.13, the size that the number of the call tells the kernel.
struct PidfdInfo {
  std::uint64_t mask;
  std::uint64_t cgroupid;
  std::uint32_t pid;
  std::uint32_t others[11];
};
static_assert(sizeof(PidfdInfo) == 64);
constexpr std::uint64_t kInfoPid = 1;
constexpr std::uint64_t kPidfdGetInfo = _IOWR(0xff, 11, PidfdInfo);

}  // namespace

Reply ns_get_pid_in_pidns(Actor& actor, int ns, int pid) {
  return actor.call(SYS_ioctl, "ioctl", {num(ns), named(kGetPidInPidns, "NS_GET_PID_IN_PIDNS"), num(pid)});
}

Reply ns_get_pid_from_pidns(Actor& actor, int ns, int pid) {
  return actor.call(SYS_ioctl, "ioctl", {num(ns), named(kGetPidFromPidns, "NS_GET_PID_FROM_PIDNS"), num(pid)});
}

Got<int> pidfd_get_info(Actor& actor, int pidfd) {
  const PidfdInfo asked{.mask = kInfoPid, .cgroupid = 0, .pid = 0, .others = {}};
  Got<int> got{
      actor.call(SYS_ioctl, "ioctl",
                 {num(pidfd), named(kPidfdGetInfo, "PIDFD_GET_INFO"), in_out(raw(asked), "{mask=PIDFD_INFO_PID}")})};
  if (got.ok()) {
    got.value = static_cast<int>(out_as<PidfdInfo>(got.reply).pid);
    actor.shows(say("{pid=", got.value, "}"));
  }
  return got;
}

}  // namespace nsproof::sys
