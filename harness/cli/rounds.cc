// The worst of several rounds.
#include "harness/cli/rounds.h"

#include "harness/support/text.h"

namespace nsproof {
namespace {

// A violation seen once is proven; what cannot be judged once is not established.
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

void Rounds::add(std::vector<Case> round) {
  for (Case& one : round) {
    const auto [place, first] = index_.try_emplace(name_of(one), records_.size());
    if (first) records_.emplace_back();
    Record& record = records_[place->second];
    ++record.counts[one.verdict];
    ++record.rounds;
    if (first || badness(one.verdict) > badness(record.worst.verdict)) record.worst = std::move(one);
  }
}

std::vector<Case> Rounds::take_worst() {
  std::vector<Case> cases;
  for (Record& record : records_) {
    Case one = std::move(record.worst);
    const int times = record.counts.at(one.verdict);
    if (times != record.rounds) one.reason = say("in ", times, " of ", record.rounds, " rounds: ", one.reason);
    cases.push_back(std::move(one));
  }
  return cases;
}

}  // namespace nsproof
