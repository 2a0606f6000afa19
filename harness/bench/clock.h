// The clock of every timed window. CLOCK_MONOTONIC through the vDSO costs about 20 ns, which is far below anything that
// is timed with it.
#pragma once

#include <cstdint>
#include <ctime>

namespace nsproof::bench {

inline std::int64_t nanoseconds_on(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);
  return time.tv_sec * 1'000'000'000LL + time.tv_nsec;
}

inline std::int64_t now_ns() { return nanoseconds_on(CLOCK_MONOTONIC); }

inline double us_of(std::int64_t nanoseconds) { return static_cast<double>(nanoseconds) / 1e3; }
inline double ms_of(std::int64_t nanoseconds) { return static_cast<double>(nanoseconds) / 1e6; }

inline void sleep_ns(std::int64_t nanoseconds) {
  const timespec time{nanoseconds / 1'000'000'000, nanoseconds % 1'000'000'000};
  ::nanosleep(&time, nullptr);
}

}  // namespace nsproof::bench
