// How a clock inside stands to the same clock outside. Samples in the order outside, inside, outside decide it: the
// inside one must lie between the outer two, or between the outer two plus the offset. No tolerance is guessed.
#pragma once

#include <string>
#include <string_view>

#include "harness/catalogue/verdict.h"
#include "harness/sys/clocks.h"
#include "harness/world/world.h"

namespace nsproof {

using Nanoseconds = sys::Nanoseconds;
using Reading = Nanoseconds (*)(Actor&);

// The offsets of the sandboxes of this area: days apart from each other and from zero.
inline constexpr ClockOffsets kClocks = {.monotonic = 100'000, .boottime = 300'000};

// What a time namespace with these offsets adds to the clocks of outside. The offsets count from the initial
// namespace, in which outside need not be.
enum class OffsetClock { monotonic, boottime };
Nanoseconds added(World& w, OffsetClock clock);

struct Shift {
  enum class Kind { none, added, other };
  Kind kind = Kind::other;
  std::string text;  // the three samples
};

Shift shift_of(Actor& outside, Actor& inside, Reading read, Nanoseconds offset);

// For isolation claims: shifted by the offset is isolated, not at all is leaked.
Observation judge_shift(const Shift& shift, std::string_view what);

// Readings.
template <int kClock>
Nanoseconds by_syscall(Actor& actor) {
  return must(sys::clock_gettime(actor, kClock));
}
Nanoseconds monotonic_by_syscall(Actor& actor);
Nanoseconds monotonic_by_vdso(Actor& actor);

// "time:[4026531834]" of /proc/self/ns
std::string time_link(Actor& actor, std::string_view name = "time");

}  // namespace nsproof
