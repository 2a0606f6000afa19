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

// All five sets of the caller, from /proc/self/status (proc(5)); the bounding and the ambient set are only there.
struct CapabilitySets {
  std::uint64_t inheritable = 0;
  std::uint64_t permitted = 0;
  std::uint64_t effective = 0;
  std::uint64_t bounding = 0;
  std::uint64_t ambient = 0;
};
Got<CapabilitySets> capability_sets(Actor& actor);

// Every capability that this kernel knows (/proc/sys/kernel/cap_last_cap).
Got<std::uint64_t> every_capability(Actor& actor);

// prctl(2): PR_CAPBSET_DROP, and PR_CAP_AMBIENT_RAISE, which wants it permitted and inheritable.
Reply drop_bounding(Actor& actor, unsigned capability);
Reply raise_ambient(Actor& actor, unsigned capability);

}  // namespace nsproof::sys
