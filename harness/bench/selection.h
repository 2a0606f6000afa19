// Which cases a plan runs, and in which processes.
#pragma once

#include <vector>

#include "harness/bench/engine.h"

namespace nsproof::bench {

// What one kind of measuring process does.
struct Job {
  std::string name;  // "rounds", or the family of the study
  std::vector<CaseSpec> cases;
  std::uint32_t first = 0;                             // index of its first case in the result
  std::function<void(const Place&, Notebook&)> study;  // empty: the cases are measured in rounds
  int processes = 1;
  double seconds = 1;  // each; of the rounds at least, for they get what is left of the run's time
};

// What a run of this effort may take, in seconds; 0: as long as it must. A wish for the time of the rounds overrules
// it.
double time_limit(const BenchPlan& plan);

// The job of the rounds comes last, so that it can fill the time that the studies leave. Floors of selected cases are
// selected too.
std::vector<Job> jobs_of(const BenchPlan& plan);

}  // namespace nsproof::bench
