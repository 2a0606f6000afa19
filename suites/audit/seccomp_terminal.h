// Whether a container can type into a terminal that belongs to somebody outside (TIOCSTI), judged from what was read.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/audit/finding.h"

namespace nsproof::audit {

// Of /proc/PID/stat (proc_pid_stat(5)).
struct Session {
  long leader = 0;    // 0: it is not in the reader's PID namespace
  long terminal = 0;  // device number of the controlling terminal; 0: none
};
// The second field is the program's to choose, parentheses and blanks included.
std::optional<Session> session_in(std::string_view stat);

struct TerminalFacts {
  Session session;
  // Whether the leader of the session is a process of the container: unknown if it is in sight, but not to be looked
  // at.
  std::optional<bool> leader_inside;
  std::vector<std::string> through;  // TIOCSTI and TIOCLINUX, if the filter lets them through
  // dev.tty.legacy_tiocsti (Linux 6.2); none: the kernel has no such switch, and always allows it.
  std::optional<long> legacy;
  bool host_admin = false;  // CAP_SYS_ADMIN of the host, which the switch does not bind
};
Sight judge_terminal(const TerminalFacts& facts);

}  // namespace nsproof::audit
