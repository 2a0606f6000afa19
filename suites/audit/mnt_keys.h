// Judgements of what the kernel says of keys and terminals. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/audit/finding.h"
#include "harness/sys/mounts.h"

namespace nsproof::audit {

struct Descriptor;

// The name of the session keyring (session-keyring(7)).
Sight judge_session(std::string_view name, bool own_user_namespace);
// The text of /proc/keys (proc_keys(5)), seen by a process of this user.
Sight judge_keys(std::string_view text, std::uint32_t user);

// The device of the controlling terminal, of tty_nr in /proc/PID/stat; 0 if there is none. Throws
// std::invalid_argument.
unsigned terminal_in(std::string_view stat);
// `names`: those in the container's /dev/pts. `open`: descriptors of the process, the standard ones among them.
Sight judge_terminal(unsigned device, const std::vector<std::string>& names, const std::vector<Descriptor>& open,
                     const std::vector<sys::MountInfo>& mounts);

}  // namespace nsproof::audit
