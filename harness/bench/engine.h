// A whole run: which cases, in how many processes, for how long; and from what they wrote to a result.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "harness/bench/bench_result.h"
#include "harness/bench/case.h"

namespace nsproof::bench {

struct BenchPlan {
  Effort effort = Effort::standard;
  std::vector<std::string> filters;  // globs over ids, or their beginnings; none: everything
  std::uint64_t seed = 0;
  int processes = 0;   // of the cases in rounds; 0: as the effort says
  double seconds = 0;  // for the cases in rounds, over all processes; 0: as the effort says
  std::string command_line;
};

const char* name_of(Effort effort);

// How far a run is: told a few times a second.
struct Standing {
  std::string doing;  // "rounds 3/9", "mounts"
  double fraction = 0;
  double seconds_left = 0;  // estimated
};

class Watcher {
 public:
  virtual ~Watcher() = default;
  virtual void standing(const Standing& now) = 0;
};

// The cases that the plan selects, in the order of the families.
struct Selected {
  CaseSpec spec;
  bool in_rounds = false;
};
std::vector<Selected> selected_cases(const BenchPlan& plan);

// Runs everything that the plan selects. Cases that could not be measured are in the result with their reasons. Throws
// Broken if no measuring process can be made at all.
BenchResult run_bench(const BenchPlan& plan, Watcher& watcher, const std::atomic<bool>& stop);

}  // namespace nsproof::bench
