// What the kernel says of a process and of the mounts that it sees: /proc/PID/status and /proc/PID/mountinfo as data.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/sys/ids.h"

namespace nsproof::audit {

// proc_pid_status(5). Fields that this kernel does not have are as initialised.
struct Status {
  std::string name;
  std::vector<std::uint32_t> uids;  // real, effective, saved, of the file system
  std::vector<std::uint32_t> gids;
  std::vector<std::uint32_t> groups;
  std::vector<int> pids;  // NSpid: its number in each pid namespace, the innermost last
  sys::CapabilitySets capabilities;
  bool no_new_privs = false;
  int seccomp_mode = -1;  // 0 off, 1 strict, 2 filter; -1: not said
  int seccomp_filters = -1;
  int tracer = 0;
  bool kernel_thread = false;

  [[nodiscard]] std::uint32_t euid() const { return uids.size() > 1 ? uids[1] : ~0U; }
  [[nodiscard]] std::uint32_t egid() const { return gids.size() > 1 ? gids[1] : ~0U; }
  [[nodiscard]] bool effective(unsigned capability) const { return (capabilities.effective >> capability & 1) != 0; }
};
Status parse_status(std::string_view text);

// "CAP_SYS_ADMIN" for 21, and "CAP_63" for what has no name yet; CAP_SYS_ADMIN CAP_KILL for a set.
std::string capability_name(unsigned capability);
std::string capability_names(std::uint64_t set);

}  // namespace nsproof::audit
