// Reads what a command line names for a gate: a profile, a baseline, waivers, and the day.
#include <fmt/core.h>

#include <chrono>

#include "harness/audit/gate.h"
#include "harness/support/text.h"

namespace nsproof::audit {
namespace {

std::string today_utc() {
  using namespace std::chrono;
  const year_month_day day{floor<days>(system_clock::now())};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                     static_cast<unsigned>(day.day()));
}

}  // namespace

Gate read_gate(const std::string& profile, const std::string& baseline, const std::vector<std::string>& waivers) {
  Gate gate;
  gate.profile = chosen_profile(profile.empty() ? "none" : profile);
  if (names_a_file(profile)) {
    const std::vector<std::string> defects = defects_of(gate.profile, rules());
    if (!defects.empty()) throw GateFileError(say(profile, ": ", join(defects, "; ")));
  }
  if (!baseline.empty()) gate.baseline = read_baseline(baseline);
  for (const std::string& file : waivers)
    for (Waiver& one : read_waivers(file)) gate.waivers.push_back(std::move(one));
  gate.today = today_utc();
  return gate;
}

}  // namespace nsproof::audit
