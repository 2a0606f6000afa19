// The worst of several rounds.
#include "harness/cli/rounds.h"

#include "harness/support/text.h"

namespace nsproof {

void Rounds::add(std::vector<Case> round) {
  for (Case& one : round) {
    const auto [place, first] = index_.try_emplace(name_of(one), records_.size());
    if (first) records_.emplace_back();
    Record& record = records_[place->second];
    ++record.counts[one.verdict];
    ++record.rounds;
    if (first || is_worse(one.verdict, record.worst.verdict)) record.worst = std::move(one);
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
