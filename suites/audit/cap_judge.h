// What capability sets amount to, as pure functions of them: rules and their unit tests share it.
#pragma once

#include <linux/capability.h>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "harness/audit/finding.h"
#include "harness/sys/ids.h"

namespace nsproof::audit {

constexpr std::uint64_t set_of(std::initializer_list<unsigned> capabilities) {
  std::uint64_t set = 0;
  for (const unsigned one : capabilities) set |= std::uint64_t{1} << one;
  return set;
}

// What Docker gives when nobody asks (moby, profiles of oci/caps/defaults.go); Podman's and containerd's are subsets.
inline constexpr std::uint64_t kContainerDefault =
    set_of({CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_FSETID, CAP_FOWNER, CAP_MKNOD, CAP_NET_RAW, CAP_SETGID, CAP_SETUID,
            CAP_SETFCAP, CAP_SETPCAP, CAP_NET_BIND_SERVICE, CAP_SYS_CHROOT, CAP_KILL, CAP_AUDIT_WRITE});

// Each of them is one step to the host.
inline constexpr std::uint64_t kOneStep = set_of({CAP_SYS_ADMIN, CAP_SYS_MODULE, CAP_SYS_RAWIO});

// All that the kernel knows but for at most two, which the host itself may lack; and every one of kOneStep. `last` is
// the text of /proc/sys/kernel/cap_last_cap.
Sight judge_privileged(const sys::CapabilitySets& sets, std::string_view last);

// What the next execve(2) could give the process that it does not hold now.
Sight judge_bounding(const sys::CapabilitySets& sets, bool no_new_privs);

// A change of an OCI configuration (change.h): '+' adds the capability to all five sets, '-' takes it from them.
std::string change_of_every_set(char sign, std::string_view capability);

}  // namespace nsproof::audit
