// The status line and the line a case.
#include "harness/cli/progress.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/cli/evidence.h"
#include "harness/support/text.h"
#include "reports/escape.h"
#include "reports/projection.h"

namespace nsproof {
namespace {

using Clock = std::chrono::steady_clock;

// Faster than this nobody reads.
constexpr std::chrono::milliseconds kRefresh{50};

void add(Counts& counts, const Case& one) {
  const Counts more = count({one});
  counts.holds += more.holds;
  counts.violated += more.violated;
  counts.vacuous += more.vacuous;
  counts.broken += more.broken;
  counts.unsupported += more.unsupported;
  counts.expected_failures += more.expected_failures;
  counts.unexpected_passes += more.unexpected_passes;
}

}  // namespace

Progress::Progress(Console& console, Plan plan) : console_(console), plan_(std::move(plan)), start_(Clock::now()) {}

void Progress::began(const Task& task) {
  running_.push_back(say(task.property->id, "@", variant_of(task)));
  show_status();
}

void Progress::finished(const Case& one) {
  const auto place = std::find(running_.begin(), running_.end(), name_of(one));
  if (place != running_.end()) running_.erase(place);
  Case judged;
  judged.id = one.id;
  judged.variant = one.variant;
  judged.verdict = one.verdict;
  judged.reason = one.reason;
  judged.missing = one.missing;
  judged.milliseconds = one.milliseconds;
  judged.expectation = expectation_of(one, plan_.rules, plan_.today, plan_.kernel);
  add(counts_, judged);
  if (deserves_line(judged)) {
    console_.print(case_line(judged, console_));
    shown_ = {};
  }
  show_status();
}

bool Progress::deserves_line(const Case& one) const {
  switch (plan_.verbosity) {
    case Verbosity::quiet: return false;
    case Verbosity::normal: return plan_.mode == Mode::claims && (!console_.terminal() || is_red(standing_of(one)));
    case Verbosity::verbose: return true;
  }
  return true;
}

void Progress::show_status() {
  const Clock::time_point now = Clock::now();
  if (!console_.terminal() || plan_.verbosity == Verbosity::quiet || now - shown_ < kRefresh) return;
  shown_ = now;
  std::string line = fmt::format("[{}/{}] {:.0f} s", counts_.total(), plan_.cases,
                                 std::chrono::duration<double>(now - start_).count());
  const auto add_count = [&](int number, std::string_view word) {
    if (number > 0) line += say("  ", number, " ", word);
  };
  add_count(counts_.violated, "violated");
  add_count(counts_.unexpected_passes, "unexpected");
  add_count(counts_.vacuous, "vacuous");
  add_count(counts_.broken, "broken");
  if (!running_.empty()) line += "  " + shown_line(running_.front());
  if (running_.size() > 1) line += say(" +", running_.size() - 1);
  console_.status(line);
}

}  // namespace nsproof
