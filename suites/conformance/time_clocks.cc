// Time namespaces: which clocks are shifted, by system call and by vDSO, and which are not (time_namespaces(7)).
#include <ctime>

#include "harness/catalogue/property.h"
#include "harness/support/text.h"
#include "harness/sys/vdso.h"
#include "suites/conformance/time_shift.h"

namespace nsproof {
namespace {

template <int kClock>
constexpr OffsetClock offset_clock() {
  return kClock == CLOCK_BOOTTIME ? OffsetClock::boottime : OffsetClock::monotonic;
}

template <int kClock>
Nanoseconds by_vdso(Actor& actor) {
  return must(sys::vdso_clock_gettime(actor, kClock));
}

template <int kClock>
Observation shifted_by_syscall(World& w) {
  const Nanoseconds offset = added(w, offset_clock<kClock>());
  return judge_shift(shift_of(w.outside(), w.inside(), by_syscall<kClock>, offset), sys::clock_name(kClock));
}

template <int kClock>
Observation shifted_by_vdso(World& w) {
  const Nanoseconds offset = added(w, offset_clock<kClock>());
  return judge_shift(shift_of(w.outside(), w.inside(), by_vdso<kClock>, offset),
                     say(sys::clock_name(kClock), " by vDSO"));
}

// The rule is that a clock is not shifted, so its roles are the other way round.
template <Reading kRead>
Observation same_inside(World& w) {
  const Shift shift = shift_of(w.outside(), w.inside(), kRead, added(w, OffsetClock::monotonic));
  switch (shift.kind) {
    case Shift::Kind::none: return refused(say("the clock is not shifted: ", shift.text));
    case Shift::Kind::added: return allowed(say("the clock is shifted by the offset: ", shift.text));
    case Shift::Kind::other: break;
  }
  return unknown(say("the clock is neither the same nor shifted by the offset: ", shift.text));
}

constexpr const char* kSyscallHow =
    "Outside, inside and outside again read the clock with clock_gettime(2); the value of inside must lie between the "
    "other two plus the offset.";
constexpr const char* kVdsoHow =
    "Outside, inside and outside again call the clock_gettime of their vDSO, which reads a page that the namespace "
    "replaces; the value of inside must lie between the other two plus the offset.";
constexpr const char* kSameHow =
    "Outside, inside and outside again read the clock; the value of inside must lie between the other two although the "
    "namespace has offsets.";

const Sandbox kShifted = {.namespaces = {}, .clocks = kClocks};
const Sandbox kInside = {.namespaces = Ns::time, .clocks = kClocks};

const Rows rows = {
    {
        .id = "time.monotonic.shifted-by-syscall",
        .claim = "CLOCK_MONOTONIC inside is that of outside plus the offset of the time namespace.",
        .how = kSyscallHow,
        .source = "time_namespaces(7)",
        .since = {5, 6},
        .isolated_by = Ns::time,
        .sandbox = kShifted,
        .check = shifted_by_syscall<CLOCK_MONOTONIC>,
    },
    {
        .id = "time.monotonic.shifted-by-vdso",
        .claim = "CLOCK_MONOTONIC inside has the offset of the time namespace when the vDSO is asked, too.",
        .how = kVdsoHow,
        .source = "time_namespaces(7), vdso(7)",
        .since = {5, 6},
        .isolated_by = Ns::time,
        .sandbox = kShifted,
        .check = shifted_by_vdso<CLOCK_MONOTONIC>,
    },
    {
        .id = "time.monotonic-raw.shifted-by-syscall",
        .claim = "CLOCK_MONOTONIC_RAW inside is that of outside plus the monotonic offset of the time namespace.",
        .how = kSyscallHow,
        .source = "time_namespaces(7)",
        .since = {5, 6},
        .isolated_by = Ns::time,
        .sandbox = kShifted,
        .check = shifted_by_syscall<CLOCK_MONOTONIC_RAW>,
    },
    {
        .id = "time.monotonic-raw.shifted-by-vdso",
        .claim =
            "CLOCK_MONOTONIC_RAW inside has the monotonic offset of the time namespace when the vDSO is asked, too.",
        .how = kVdsoHow,
        .source = "time_namespaces(7), vdso(7)",
        .since = {5, 6},
        .isolated_by = Ns::time,
        .sandbox = kShifted,
        .check = shifted_by_vdso<CLOCK_MONOTONIC_RAW>,
    },
    {
        .id = "time.monotonic-coarse.shifted-by-syscall",
        .claim = "CLOCK_MONOTONIC_COARSE inside is that of outside plus the monotonic offset of the time namespace.",
        .how = kSyscallHow,
        .source = "time_namespaces(7)",
        .since = {5, 6},
        .isolated_by = Ns::time,
        .sandbox = kShifted,
        .check = shifted_by_syscall<CLOCK_MONOTONIC_COARSE>,
    },
    {
        .id = "time.monotonic-coarse.shifted-by-vdso",
        .claim =
            "CLOCK_MONOTONIC_COARSE inside has the monotonic offset of the time namespace when the vDSO is asked, too.",
        .how = kVdsoHow,
        .source = "time_namespaces(7), vdso(7)",
        .since = {5, 6},
        .isolated_by = Ns::time,
        .sandbox = kShifted,
        .check = shifted_by_vdso<CLOCK_MONOTONIC_COARSE>,
    },
    {
        .id = "time.boottime.shifted-by-syscall",
        .claim = "CLOCK_BOOTTIME inside is that of outside plus the offset of the time namespace.",
        .how = kSyscallHow,
        .source = "time_namespaces(7)",
        .since = {5, 6},
        .isolated_by = Ns::time,
        .sandbox = kShifted,
        .check = shifted_by_syscall<CLOCK_BOOTTIME>,
    },
    {
        .id = "time.boottime.shifted-by-vdso",
        .claim = "CLOCK_BOOTTIME inside has the offset of the time namespace when the vDSO is asked, too.",
        .how = kVdsoHow,
        .source = "time_namespaces(7), vdso(7)",
        .since = {5, 6},
        .isolated_by = Ns::time,
        .sandbox = kShifted,
        .check = shifted_by_vdso<CLOCK_BOOTTIME>,
    },
    {
        .id = "time.realtime.not-isolated",
        .claim = "CLOCK_REALTIME is the same in every time namespace: this is documented not to be isolated.",
        .how = kSameHow,
        .source = "time_namespaces(7)",
        .since = {5, 6},
        .sandbox = kInside,
        .check = same_inside<by_syscall<CLOCK_REALTIME>>,
        .control = same_inside<by_syscall<CLOCK_MONOTONIC>>,
        .control_differs = "the clock is CLOCK_MONOTONIC, which is shifted",
    },
    {
        .id = "time.realtime.not-isolated-by-vdso",
        .claim = "CLOCK_REALTIME is the same in every time namespace when the vDSO is asked, too.",
        .how = kSameHow,
        .source = "time_namespaces(7), vdso(7)",
        .since = {5, 6},
        .sandbox = kInside,
        .check = same_inside<by_vdso<CLOCK_REALTIME>>,
        .control = same_inside<by_vdso<CLOCK_MONOTONIC>>,
        .control_differs = "the clock is CLOCK_MONOTONIC, which is shifted",
    },
    {
        .id = "time.tai.not-isolated",
        .claim = "CLOCK_TAI is the same in every time namespace: this is documented not to be isolated.",
        .how = kSameHow,
        .source = "time_namespaces(7)",
        .since = {5, 6},
        .sandbox = kInside,
        .check = same_inside<by_syscall<CLOCK_TAI>>,
        .control = same_inside<by_syscall<CLOCK_MONOTONIC>>,
        .control_differs = "the clock is CLOCK_MONOTONIC, which is shifted",
    },
};

}  // namespace
}  // namespace nsproof
