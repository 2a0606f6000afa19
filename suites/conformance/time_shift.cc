#include "suites/conformance/time_shift.h"

#include <algorithm>
#include <ctime>

#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/timens.h"
#include "harness/sys/vdso.h"

namespace nsproof {

Nanoseconds added(World& w, OffsetClock clock) {
  const sys::TimensOffsets outside = must(sys::timens_offsets(w.outside()));
  const Nanoseconds offset = clock == OffsetClock::monotonic
                                 ? std::chrono::seconds(kClocks.monotonic) - outside.monotonic
                                 : std::chrono::seconds(kClocks.boottime) - outside.boottime;
  if (offset <= Nanoseconds{0}) throw Broken("the clocks outside are already as far ahead as the sandbox's are to be");
  return offset;
}

Shift shift_of(Actor& outside, Actor& inside, Reading read, Nanoseconds offset) {
  const Nanoseconds first = read(outside);
  const Nanoseconds seen = read(inside);
  const Nanoseconds last = read(outside);
  // The start of the machine (btime) is computed from two clocks and may step back by a second.
  const Nanoseconds low = std::min(first, last);
  const Nanoseconds high = std::max(first, last);
  if (high - low >= std::chrono::abs(offset)) throw Broken("the samples outside are further apart than the offset");
  Shift shift{Shift::Kind::other, say("outside ", sys::time_text(first), ", inside ", sys::time_text(seen),
                                      ", outside ", sys::time_text(last))};
  if (low <= seen && seen <= high) shift.kind = Shift::Kind::none;
  if (low + offset <= seen && seen <= high + offset) shift.kind = Shift::Kind::added;
  return shift;
}

Observation judge_shift(const Shift& shift, std::string_view what) {
  switch (shift.kind) {
    case Shift::Kind::added:
      return isolated(say(what, " inside is shifted by the offset of the namespace: ", shift.text));
    case Shift::Kind::none: return leaked(say(what, " inside is that of outside: ", shift.text));
    case Shift::Kind::other: break;
  }
  return unknown(say(what, " inside is neither that of outside nor shifted by the offset: ", shift.text));
}

Nanoseconds monotonic_by_syscall(Actor& actor) { return by_syscall<CLOCK_MONOTONIC>(actor); }
Nanoseconds monotonic_by_vdso(Actor& actor) { return must(sys::vdso_clock_gettime(actor, CLOCK_MONOTONIC)); }

std::string time_link(Actor& actor, std::string_view name) {
  return must(sys::readlink(actor, say("/proc/self/ns/", name)));
}

}  // namespace nsproof
