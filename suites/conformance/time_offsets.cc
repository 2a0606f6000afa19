// Time namespaces: who may write the offsets, when, and what is refused (time_namespaces(7)).
#include <linux/capability.h>
#include <linux/sched.h>

#include <cerrno>
#include <span>

#include "harness/catalogue/property.h"
#include "harness/support/text.h"
#include "harness/sys/ids.h"
#include "harness/sys/process.h"
#include "harness/sys/timens.h"
#include "suites/conformance/time_shift.h"

namespace nsproof {
namespace {

constexpr std::string_view kGood[] = {"monotonic 5000 0\nboottime 7000 0"};
constexpr std::string_view kGarbage[] = {"monotonic", "monotonic 1",  "monotonic one 0", "realtime 1 0",
                                         "0 1 0",     "nonsense 1 0", "tai 1 0"};
constexpr std::string_view kBadNanoseconds[] = {"monotonic 1 1000000000", "boottime 1 1000000000", "monotonic 1 -1",
                                                "boottime 1 4000000000"};
constexpr std::string_view kLargestNanoseconds[] = {"monotonic 1 999999999"};
// 146 years and more ahead, and a century before the machine was booted.
constexpr std::string_view kOutOfRange[] = {"monotonic 9000000000 0", "boottime 9000000000 0",
                                            "monotonic 9223372036854775807 0", "monotonic -4000000000 0",
                                            "boottime -4000000000 0"};

// A process that has just left for a new time namespace, which has no member yet.
Actor& owner_of_new_namespace(World& w) {
  Actor& owner = w.fork(w.inside(), "owner");
  must(sys::unshare(owner, CLONE_NEWTIME));
  return owner;
}

// Writes and looks at what has become of it.
Observation judge_write(Actor& writer, std::string_view line, int expected) {
  const sys::TimensOffsets before = must(sys::timens_offsets(writer));
  const Reply reply = sys::set_timens_offsets(writer, line);
  const sys::TimensOffsets after = must(sys::timens_offsets(writer));
  if (reply.ok() && after == before) return unknown(say(quoted(line), " was accepted without effect"));
  if (reply.ok()) return allowed(say(quoted(line), " was accepted: ", text_of(after)));
  if (after != before) return unknown(say(quoted(line), " was refused and changed the offsets to ", text_of(after)));
  if (reply.error() == expected) return refused(say(quoted(line), " was refused with ", errno_name(expected)));
  return unknown(say(quoted(line), " failed with ", errno_name(reply.error()), ", not ", errno_name(expected)));
}

Observation judge_lines(World& w, std::span<const std::string_view> lines, int expected) {
  Actor& owner = owner_of_new_namespace(w);
  for (const std::string_view line : lines) {
    Observation seen = judge_write(owner, line, expected);
    if (seen.outcome != Outcome::isolated) return seen;
  }
  return refused(say("all ", lines.size(), " lines were refused with ", errno_name(expected)));
}

template <const auto& kLines, int kExpected>
Observation lines_judged(World& w) {
  return judge_lines(w, kLines, kExpected);
}

enum class Members { none, one };

template <Members kMembers>
Observation frozen(World& w) {
  Actor& owner = owner_of_new_namespace(w);
  if (kMembers == Members::one) w.fork(owner, "member");
  return judge_write(owner, kGood[0], EACCES);
}

enum class Capability { kept, dropped };

template <Capability kCapability>
Observation needs_capability(World& w) {
  Actor& owner = owner_of_new_namespace(w);
  if (kCapability == Capability::dropped) {
    sys::Capabilities set = must(sys::capget(owner));
    set.effective &= ~(1ULL << CAP_SYS_TIME);
    must(sys::capset(owner, set));
  }
  return judge_write(owner, kGood[0], EPERM);
}

// The clock of a process in a time namespace made by `inside`, which is itself in one with offsets.
enum class Written { nothing, own_offset };

constexpr std::int64_t kOwnOffset = 555'000;

template <Written kWritten>
Observation nested_offset(World& w) {
  const Nanoseconds of_parent = added(w, OffsetClock::monotonic);
  const Nanoseconds own = of_parent + std::chrono::seconds(kOwnOffset - kClocks.monotonic);
  Actor& owner = owner_of_new_namespace(w);
  if (kWritten == Written::own_offset) must(sys::set_timens_offsets(owner, say("monotonic ", kOwnOffset, " 0")));
  Actor& nested = w.fork(owner, "nested");
  if (shift_of(w.outside(), nested, monotonic_by_syscall, own).kind == Shift::Kind::added)
    return refused("the nested clock has the nested offset and not that of its parent in addition");
  if (shift_of(w.outside(), nested, monotonic_by_syscall, of_parent).kind == Shift::Kind::added)
    return allowed("the nested clock has the offset of its parent");
  if (shift_of(w.outside(), nested, monotonic_by_syscall, own + of_parent).kind == Shift::Kind::added)
    return allowed("the nested clock has the sum of both offsets");
  return unknown("the nested clock has an offset that nobody set");
}

Observation nested_starts_as_parent(World& w) {
  Actor& nested = w.fork(owner_of_new_namespace(w), "nested");
  const Nanoseconds offset = added(w, OffsetClock::monotonic);
  return judge_shift(shift_of(w.outside(), nested, monotonic_by_syscall, offset),
                     "CLOCK_MONOTONIC of a nested namespace");
}

// The rules are shown by the owner of a user namespace: that is all the privilege that they ask for.
const Sandbox kOwned = {.namespaces = Ns::user};

const Rows rows = {
    {
        .id = "time.offsets.refuse-garbage",
        .claim =
            "A write to timens_offsets that is no clock with an offset is refused with EINVAL and changes nothing.",
        .how =
            "The owner of a new time namespace writes lines with a part missing, a word for a number or a clock that "
            "has no offset, and reads the offsets after each.",
        .source = "time_namespaces(7)",
        .since = {5, 6},
        .sandbox = kOwned,
        .check = lines_judged<kGarbage, EINVAL>,
        .control = lines_judged<kGood, EINVAL>,
        .control_differs = "the lines name the clocks that have offsets, with seconds and nanoseconds",
    },
    {
        .id = "time.offsets.refuse-bad-nanoseconds",
        .claim = "Nanoseconds below zero or of a second and more are refused with EINVAL.",
        .how =
            "The owner of a new time namespace writes offsets with such nanoseconds and reads the offsets after each.",
        .source = "time_namespaces(7)",
        .since = {5, 6},
        .sandbox = kOwned,
        .check = lines_judged<kBadNanoseconds, EINVAL>,
        .control = lines_judged<kLargestNanoseconds, EINVAL>,
        .control_differs = "the nanoseconds are the largest number below a second",
    },
    {
        .id = "time.offsets.refuse-out-of-range",
        .claim = "Offsets that would put a clock below zero or near its end are refused with ERANGE.",
        .how = "The owner of a new time namespace writes such offsets and reads the offsets after each.",
        .source = "time_namespaces(7)",
        .since = {5, 6},
        .sandbox = kOwned,
        .check = lines_judged<kOutOfRange, ERANGE>,
        .control = lines_judged<kGood, ERANGE>,
        .control_differs = "the offsets are hours",
    },
    {
        .id = "time.offsets.frozen-by-first-member",
        .claim = "The offsets of a time namespace that has had a member cannot be written: EACCES.",
        .how = "A process makes a time namespace and a child in it, then writes the offsets and reads them back.",
        .source = "time_namespaces(7)",
        .since = {5, 6},
        .sandbox = kOwned,
        .check = frozen<Members::one>,
        .control = frozen<Members::none>,
        .control_differs = "the namespace has no member yet",
    },
    {
        .id = "time.offsets.need-cap-sys-time",
        .claim = "Writing offsets needs CAP_SYS_TIME in the user namespace that owns the time namespace: EPERM.",
        .how = "The owner of a new time namespace drops CAP_SYS_TIME, writes the offsets and reads them back.",
        .source = "time_namespaces(7), capabilities(7)",
        .since = {5, 6},
        .sandbox = kOwned,
        .check = needs_capability<Capability::dropped>,
        .control = needs_capability<Capability::kept>,
        .control_differs = "the writer still has CAP_SYS_TIME",
    },
    {
        .id = "time.nested.starts-with-parents-offsets",
        .claim = "A nested time namespace whose offsets nobody writes has those of its parent.",
        .how =
            "Inside makes a time namespace and a child in it; the clock of the child is compared with that of outside.",
        .source = "time_namespaces(7)",
        .since = {5, 6},
        .isolated_by = Ns::time,
        .sandbox = {.namespaces = {}, .clocks = kClocks},
        .check = nested_starts_as_parent,
    },
    {
        .id = "time.nested.offsets-replace-parents",
        .claim = "Offsets count from the initial time namespace: in a nested one they replace those of the parent.",
        .how = "Inside makes a time namespace, writes its monotonic offset and makes a child in it; the clock of the "
               "child is compared with that of outside.",
        .source = "time_namespaces(7)",
        .since = {5, 6},
        .sandbox = {.namespaces = Ns::time, .clocks = kClocks},
        .check = nested_offset<Written::own_offset>,
        .control = nested_offset<Written::nothing>,
        .control_differs = "no offset is written in the nested namespace, which so has that of its parent",
    },
};

}  // namespace
}  // namespace nsproof
