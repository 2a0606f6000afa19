#include "harness/bench/case.h"

#include <algorithm>

#include "harness/bench/clock.h"

namespace nsproof::bench {
namespace {

std::vector<Family>& registered() {
  static std::vector<Family> all;
  return all;
}

}  // namespace

bool Place::time_left() const { return now_ns() < deadline_ns; }

FamilyRow::FamilyRow(Family family) {
  auto& all = registered();
  const auto place =
      std::find_if(all.begin(), all.end(), [&](const Family& other) { return other.rank > family.rank; });
  all.insert(place, std::move(family));
}

const std::vector<Family>& families() { return registered(); }

std::vector<PhaseSpec> creation_phases() {
  return {{"return", "until clone3 returns"},
          {"first_instruction", "until the child's first instruction"},
          {"exit", "from the child's first instruction until it is reaped"},
          {"total", "until the child is reaped"},
          {"cpu", "CPU time of creator and child", Timing::cpu}};
}

void put_creation(const CloneTimes& times, double* values) {
  values[0] = us_of(times.returned - times.called);
  values[1] = us_of(times.child_began - times.called);
  values[2] = us_of(times.reaped - times.child_began);
  values[3] = us_of(times.reaped - times.called);
  values[4] = us_of(times.cpu);
}

}  // namespace nsproof::bench
