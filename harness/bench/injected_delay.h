// A delay that a test build can plant in one creation, to prove that a comparison notices. In every other build it is
// nothing at all.
#pragma once

#include <cstdint>

namespace nsproof::bench {

#ifdef NSPROOF_FAULTS
// Spins until the time since `start` is longer by the percentage of NSPROOF_BENCH_DELAY="uts:5", if these are the flags
// of that set.
void injected_delay(std::uint64_t flags, std::int64_t start);
#else
inline void injected_delay(std::uint64_t /*flags*/, std::int64_t /*start*/) {}
#endif

}  // namespace nsproof::bench
