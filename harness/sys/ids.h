// Remote calls about user and group ids and capabilities.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/sys/sys.h"

namespace nsproof::sys {

Reply getuid(Actor& actor);
Reply geteuid(Actor& actor);
Reply getgid(Actor& actor);
Reply setresuid(Actor& actor, std::int64_t real, std::int64_t effective, std::int64_t saved);
Reply setresgid(Actor& actor, std::int64_t real, std::int64_t effective, std::int64_t saved);
Reply setgroups(Actor& actor, const std::vector<std::uint32_t>& groups);

// The capability sets of a process (capget(2)), bit n for capability n.
struct Capabilities {
  std::uint64_t effective = 0;
  std::uint64_t permitted = 0;
  std::uint64_t inheritable = 0;
  [[nodiscard]] bool has(unsigned capability) const { return (effective >> capability & 1) != 0; }
};
Got<Capabilities> capget(Actor& actor, int pid = 0);
Reply capset(Actor& actor, const Capabilities& capabilities);

}  // namespace nsproof::sys
