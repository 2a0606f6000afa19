// Time namespaces: the times since boot that files of /proc and sysinfo(2) tell (time_namespaces(7)).
#include <unistd.h>

#include <charconv>

#include "harness/catalogue/property.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/timens.h"
#include "suites/conformance/time_shift.h"

namespace nsproof {
namespace {

std::int64_t number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) throw Babbled(say(quoted(text), " is no number"));
  return value;
}

// "1234.56 ..." (proc(5)): seconds with two decimals.
Nanoseconds uptime_file(Actor& actor) {
  const std::vector<std::string> words = words_of(must(sys::read_file(actor, "/proc/uptime")));
  const std::vector<std::string> parts = words.empty() ? std::vector<std::string>{} : split(words[0], '.');
  if (parts.size() != 2 || parts[1].size() != 2) throw Babbled("/proc/uptime is not understood");
  return sys::nanoseconds_of({number(parts[0]), number(parts[1]) * 10'000'000});
}

Nanoseconds sysinfo_uptime(Actor& actor) { return sys::nanoseconds_of({must(sys::sysinfo_uptime(actor)), 0}); }

// The moment of boot on CLOCK_REALTIME, in seconds.
Nanoseconds btime(Actor& actor) {
  for (const std::string& line : lines_of(must(sys::read_file(actor, "/proc/stat"))))
    if (line.starts_with("btime ")) return sys::nanoseconds_of({number(trim(std::string_view(line).substr(6))), 0});
  throw Babbled("/proc/stat has no btime");
}

template <Reading kRead>
Observation uptime_shifted(World& w) {
  return judge_shift(shift_of(w.outside(), w.inside(), kRead, added(w, OffsetClock::boottime)), "the time since boot");
}

Observation btime_shifted(World& w) {
  return judge_shift(shift_of(w.outside(), w.inside(), btime, -added(w, OffsetClock::boottime)), "the moment of boot");
}

// Field 22 of /proc/PID/stat, in clock ticks since boot. The name in field 2 may hold anything, so fields are counted
// from its closing parenthesis.
std::int64_t starttime(Actor& reader, std::string_view process) {
  const std::string text = must(sys::read_file(reader, say("/proc/", process, "/stat")));
  const std::size_t end = text.rfind(')');
  if (end == std::string::npos) throw Babbled("/proc/PID/stat is not understood");
  const std::vector<std::string> words = words_of(std::string_view(text).substr(end + 1));
  constexpr std::size_t kStarttime = 22 - 3;
  if (words.size() <= kStarttime) throw Babbled("/proc/PID/stat is too short");
  return number(words[kStarttime]);
}

Observation starttime_shifted(World& w) {
  const std::int64_t ticks_added = added(w, OffsetClock::boottime) / std::chrono::seconds(1) * ::sysconf(_SC_CLK_TCK);
  const std::int64_t inside = starttime(w.inside(), "self");
  const std::int64_t outside = starttime(w.outside(), std::to_string(w.inside().pid()));
  const std::string seen = say("outside reads ", outside, ", inside ", inside);
  if (inside == outside + ticks_added) return isolated("the start is shifted for the reader inside: " + seen);
  if (inside == outside) return leaked("the start is the same for both readers: " + seen);
  return unknown("the start is neither the same nor shifted by the offset: " + seen);
}

Observation offsets_shown(World& w) {
  const sys::TimensOffsets outside = must(sys::timens_offsets(w.outside()));
  const sys::TimensOffsets inside = must(sys::timens_offsets(w.inside()));
  if (inside == sys::TimensOffsets{std::chrono::seconds(kClocks.monotonic), std::chrono::seconds(kClocks.boottime)})
    return isolated(say("inside reads the offsets of its namespace: ", text_of(inside)));
  if (inside == outside) return leaked(say("inside reads the offsets of outside: ", text_of(inside)));
  return unknown(say("inside reads offsets that nobody set: ", text_of(inside)));
}

const Sandbox kShifted = {.namespaces = {}, .clocks = kClocks};

const Rows rows = {
    {
        .id = "time.uptime.file",
        .claim = "/proc/uptime counts on the boot-time clock of the reader's time namespace.",
        .how =
            "Outside, inside and outside again read /proc/uptime; the value of inside must lie between the other two "
            "plus the offset.",
        .source = "time_namespaces(7)",
        .since = {5, 6},
        .isolated_by = Ns::time,
        .sandbox = kShifted,
        .check = uptime_shifted<uptime_file>,
    },
    {
        .id = "time.uptime.sysinfo",
        .claim = "The uptime of sysinfo(2) counts on the boot-time clock of the caller's time namespace.",
        .how = "Outside, inside and outside again call sysinfo(2); the value of inside must lie between the other two "
               "plus the offset.",
        .source = "time_namespaces(7), sysinfo(2)",
        .since = {5, 6},
        .isolated_by = Ns::time,
        .sandbox = kShifted,
        .check = uptime_shifted<sysinfo_uptime>,
    },
    {
        .id = "time.btime.shifted",
        .claim = "The moment of boot in /proc/stat is earlier inside by the offset of the boot-time clock.",
        .how = "Outside, inside and outside again read btime in /proc/stat; the value of inside must lie between the "
               "other two minus the offset.",
        .source =
            "time_namespaces(7), commit 3ae700ecfae9 (fs/proc: apply the time namespace offset to /proc/stat btime)",
        .since = {5, 11},
        .isolated_by = Ns::time,
        .sandbox = kShifted,
        .check = btime_shifted,
    },
    {
        .id = "time.starttime.in-readers-namespace",
        .claim = "The start time of a process in /proc/PID/stat is told on the boot-time clock of the reader.",
        .how = "Inside and outside read the start time of the same process, that of inside; the two must differ by the "
               "offset exactly.",
        .source = "time_namespaces(7), proc(5)",
        .since = {5, 11},
        .isolated_by = Ns::time,
        .sandbox = kShifted,
        .check = starttime_shifted,
    },
    {
        .id = "time.offsets.shown",
        .claim = "/proc/PID/timens_offsets shows the offsets of the time namespace.",
        .how = "Inside reads /proc/self/timens_offsets and finds the offsets that its namespace was given.",
        .source = "time_namespaces(7)",
        .since = {5, 6},
        .isolated_by = Ns::time,
        .sandbox = kShifted,
        .check = offsets_shown,
    },
};

}  // namespace
}  // namespace nsproof
