// The clocks of a container with a time namespace: measured, and not read from timens_offsets.
#include <ctime>

#include "harness/catalogue/property.h"
#include "harness/runtime/container.h"
#include "harness/runtime/contract.h"
#include "harness/support/text.h"
#include "harness/sys/clocks.h"
#include "harness/sys/execute.h"
#include "suites/runtime/cred_file.h"

namespace nsproof {
namespace {

using sys::Nanoseconds;

struct Clock {
  int number;
  std::int64_t ClockOffsets::*offset;
};
constexpr Clock kMonotonic = {CLOCK_MONOTONIC, &ClockOffsets::monotonic};
constexpr Clock kBoottime = {CLOCK_BOOTTIME, &ClockOffsets::boottime};

// Outside's clock is read before and after, so that what is asked for lies between the two or does not.
Observation offset_as_asked(World& w, Actor& reader, const Clock& clock) {
  const Nanoseconds offset = std::chrono::seconds((*w.contract().clocks).*clock.offset);
  const Nanoseconds before = must(sys::clock_gettime(w.outside(), clock.number));
  const Nanoseconds inside = must(sys::clock_gettime(reader, clock.number));
  const Nanoseconds after = must(sys::clock_gettime(w.outside(), clock.number));
  const std::string text = say(sys::clock_name(clock.number), " inside is ", sys::time_text(inside), ", outside ",
                               sys::time_text(before), " to ", sys::time_text(after));
  return inside >= before + offset && inside <= after + offset ? isolated(text) : leaked(text);
}

template <const Clock& kClock>
Observation own_clock(World& w) {
  return offset_as_asked(w, w.inside(), kClock);
}

Observation clock_after_execve(World& w) {
  Actor& child = w.fork(w.inside(), "child");
  must(sys::execve(child, path_inside(w, kProbeInside)));
  for (const Clock* clock : {&kMonotonic, &kBoottime}) {
    if ((*w.contract().clocks).*clock->offset == 0) continue;
    Observation seen = offset_as_asked(w, child, *clock);
    if (seen.outcome != Outcome::isolated) return seen;
  }
  return isolated("the clocks of a child that executed another image have their offsets");
}

template <const Clock& kClock>
std::optional<std::string> asked_for_offset(const Contract& contract) {
  if (!contract.clocks || (*contract.clocks).*kClock.offset == 0) return std::nullopt;
  return say((*contract.clocks).*kClock.offset, " s");
}

std::optional<std::string> asked_for_any_offset(const Contract& contract) {
  if (!contract.clocks || !contract.clocks->any()) return std::nullopt;
  return say("monotonic ", contract.clocks->monotonic, " s, boottime ", contract.clocks->boottime, " s");
}

constexpr std::string_view kSource = "OCI runtime-spec config-linux.md, Offset for Time Namespace; time_namespaces(7)";
constexpr std::string_view kHow = "Outside reads its clock before and after inside reads its own.";

const RuntimeRows rows = {
    {
        .id = "clock.monotonic.offset-as-asked",
        .claim = "CLOCK_MONOTONIC of the container is ahead of the machine's by what was asked for.",
        .how = kHow,
        .source = kSource,
        .since = {5, 6},
        .reach = Reach::any_sandbox,
        .check = own_clock<kMonotonic>,
        .asked = asked_for_offset<kMonotonic>,
    },
    {
        .id = "clock.boottime.offset-as-asked",
        .claim = "CLOCK_BOOTTIME of the container is ahead of the machine's by what was asked for.",
        .how = kHow,
        .source = kSource,
        .since = {5, 6},
        .reach = Reach::any_sandbox,
        .check = own_clock<kBoottime>,
        .asked = asked_for_offset<kBoottime>,
    },
    {
        .id = "clock.executed.offset-as-asked",
        .claim = "A program that the container's process executes has the same clocks.",
        .how =
            "A child of inside executes the probe; outside reads its clock before and after the child reads its own.",
        .source = kSource,
        .since = {5, 6},
        .reach = Reach::any_sandbox,
        .check = clock_after_execve,
        .asked = asked_for_any_offset,
    },
};

}  // namespace
}  // namespace nsproof
