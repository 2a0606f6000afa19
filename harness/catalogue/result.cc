#include "harness/catalogue/result.h"

namespace nsproof {
namespace {

int badness(Verdict verdict) {
  switch (verdict) {
    case Verdict::unsupported: return 0;
    case Verdict::holds: return 1;
    case Verdict::vacuous: return 2;
    case Verdict::broken: return 3;
    case Verdict::violated: return 4;
  }
  return 0;
}

}  // namespace

bool is_worse(Verdict one, Verdict other) { return badness(one) > badness(other); }

std::string name_of(const Case& one) {
  std::string name = one.variant.empty() ? one.id : one.id + "@" + one.variant;
  if (!one.target.empty() && one.target != one.variant) name += " on " + one.target;
  return name;
}

Counts count(const std::vector<Case>& cases) {
  Counts counts;
  for (const Case& one : cases) {
    if (one.expectation.kind == Expectation::expected_failure) {
      ++counts.expected_failures;
      continue;
    }
    if (one.expectation.kind == Expectation::unexpected_pass) {
      ++counts.unexpected_passes;
      continue;
    }
    switch (one.verdict) {
      case Verdict::holds: ++counts.holds; break;
      case Verdict::violated: ++counts.violated; break;
      case Verdict::vacuous: ++counts.vacuous; break;
      case Verdict::broken: ++counts.broken; break;
      case Verdict::unsupported: ++counts.unsupported; break;
    }
  }
  return counts;
}

ExitStatus exit_status(const Counts& counts) {
  if (counts.violated + counts.unexpected_passes > 0) return ExitStatus::violated;
  if (counts.vacuous + counts.broken > 0) return ExitStatus::cannot_judge;
  if (counts.holds + counts.expected_failures == 0) return ExitStatus::nothing_established;
  return ExitStatus::good;
}

}  // namespace nsproof
