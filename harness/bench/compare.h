// What changed between two measurements, and how sure that is. Pure.
#pragma once

#include <string>
#include <vector>

#include "harness/bench/bench_result.h"

namespace nsproof::bench {

// What is compared: multiples of the floor, which mean the same on every machine; or times, which do not.
enum class Basis { ratio, time };

struct CompareWish {
  Basis basis = Basis::ratio;
  double minimum_effect_percent = 3;  // less than this is no change, however sure
  double warn_percent = 0;            // 0: no gate
  double fail_percent = 0;
  std::vector<std::string> filters;
};

// With fewer processes than this on either side the test can never be sure of anything (p < 0.05 needs 4 and 4).
inline constexpr int kLeastProcesses = 4;

// Every case that A and B both have. Throws std::invalid_argument, with the reason, if times of different machines
// would have to be compared.
CompareResult compare(const BenchResult& a, const std::string& a_label, const BenchResult& b,
                      const std::string& b_label, const CompareWish& wish);

// Two cases of the same run.
CompareResult compare_cases(const BenchResult& result, const std::string& a_id, const std::string& b_id,
                            const CompareWish& wish);

// One comparison of one estimate a process: exported for tests and for what is measured in pairs.
Comparison compare_groups(const std::vector<double>& a, const std::vector<double>& b, const CompareWish& wish);

// Joins runs of the same plan into one whose processes are those of all: for builds that were measured in turns.
BenchResult join_runs(const std::vector<BenchResult>& runs);

struct GateCounts {
  int judged = 0;  // rows with a level
  int warned = 0;
  int failed = 0;
  int untold = 0;  // rows that cannot tell, not even whether they are within the gate
};
GateCounts count(const CompareResult& comparison);

}  // namespace nsproof::bench
