// The sampler: one sample of every case a round, in an order that is new in every round.
#pragma once

#include <vector>

#include "harness/bench/case.h"
#include "harness/bench/tape.h"

namespace nsproof::bench {

struct RoundCase {
  std::uint32_t index = 0;  // on the tape
  const CaseSpec* spec = nullptr;
};

struct RoundLimits {
  std::uint32_t first_round = 0;  // rounds are counted over all processes
  std::uint32_t most = 0;
};

// Measures until `most` rounds are done or the time of the place is over, whichever comes first. The first round of a
// process warms up and is not written.
void run_rounds(const Place& place, const std::vector<RoundCase>& cases, const RoundLimits& limits, Tape& tape);

// Calls that a kernel refuses because it does not have what is asked for, or because this user may not.
bool means_unsupported(int error);

}  // namespace nsproof::bench
