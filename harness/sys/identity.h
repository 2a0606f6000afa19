// Remote calls that tell what a process has been given: all of its ids, its groups, its limits and its umask.
#pragma once

#include <sys/resource.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/sys/sys.h"

namespace nsproof::sys {

// Real, effective and saved (getresuid(2), getresgid(2)), in the caller's numbers.
struct ThreeIds {
  std::uint32_t real = 0;
  std::uint32_t effective = 0;
  std::uint32_t saved = 0;
};
Got<ThreeIds> getresuid(Actor& actor);
Got<ThreeIds> getresgid(Actor& actor);

// The supplementary groups, sorted (getgroups(2)); those without a number here show as the overflow id.
Got<std::vector<std::uint32_t>> getgroups(Actor& actor);

// Sets the umask and returns the one before (umask(2), which never fails).
Reply umask(Actor& actor, unsigned mask);

// prlimit(2) of the caller.
Got<rlimit> get_limit(Actor& actor, int resource, std::string_view resource_name);
Reply set_limits(Actor& actor, int resource, std::string_view resource_name, const rlimit& limits);

// "1024", or "unlimited" for RLIM_INFINITY.
std::string limit_text(std::uint64_t limit);

}  // namespace nsproof::sys
