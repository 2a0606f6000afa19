// A remote clone3(2) that asks for the numbers of the child (set_tid, Linux 5.5).
#pragma once

#include <cstdint>
#include <vector>

#include "harness/sys/sys.h"

namespace nsproof::sys {

// A child with these numbers, the innermost pid namespace first; the kernel chooses the rest. The child is no actor: it
// only exists, until its pid namespace ends or somebody kills it. The value is its number as the caller counts.
Reply clone3_set_tid(Actor& actor, std::uint64_t flags, const std::vector<int>& numbers);

}  // namespace nsproof::sys
