// Whether a change is noticed and no other is: a delay that is planted in one case of a test build, and the same
// without.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "harness/bench/compare.h"
#include "harness/bench/engine.h"

namespace nsproof::bench {
namespace {

constexpr int kProcesses = 9;  // a side

class Nobody : public Watcher {
 public:
  void standing(const Standing&) override {}
};

BenchResult one_process(const char* delay, std::uint64_t seed) {
  static const std::atomic<bool> stop{false};
  ::setenv("NSPROOF_BENCH_DELAY", delay, 1);  // read by the measuring process, which is a child
  BenchPlan plan;
  plan.effort = Effort::smoke;
  plan.filters = {"create/uts"};
  plan.processes = 1;
  plan.seconds = 0.4;
  plan.seed = seed;
  Nobody nobody;
  return run_bench(plan, nobody, stop);
}

// A and B in turns; B with the delay.
Comparison compared(const char* delay, std::uint64_t seed) {
  std::vector<BenchResult> a;
  std::vector<BenchResult> b;
  for (int turn = 0; turn < 2 * kProcesses; ++turn) {
    const bool first = turn % 4 == 0 || turn % 4 == 3;
    (first ? a : b).push_back(one_process(first ? "" : delay, seed + static_cast<std::uint64_t>(turn)));
  }
  const CompareResult result = compare(join_runs(a), "as it is", join_runs(b), delay, {});
  for (const Comparison& row : result.rows)
    if (row.id == "create/uts") return row;
  return {};
}

int runs_wished() {
  const char* wish = std::getenv("NSPROOF_BENCH_RUNS");
  return wish != nullptr ? std::atoi(wish) : 1;
}

// How many of the runs say `word`.
int runs_that_say(Word word, const char* delay, int runs) {
  int said = 0;
  for (int run = 0; run < runs; ++run) {
    const Comparison row = compared(delay, static_cast<std::uint64_t>(1000 * run));
    std::printf("delay %-7s %s (p %.4f)\n", *delay != 0 ? delay : "none", row.text.c_str(), row.p);
    const bool sign = word != Word::slower || (row.interval_percent.low > 0 && row.effect_percent > 0);
    said += row.word == word && sign ? 1 : 0;
  }
  return said;
}

TEST(BenchSensitivity, ADelayOfFivePercentIsReportedAsSlower) {
  const int runs = runs_wished();
  int said = runs_that_say(Word::slower, "uts:5", runs);
  if (runs == 1)  // on a machine that others use as well
    for (int again = 0; again < 2 && said == 0; ++again) said = runs_that_say(Word::slower, "uts:5", 1);
  EXPECT_GE(said, runs - runs / 20);
}

TEST(BenchSensitivity, NoDelayIsReportedAsNoChange) {
  const int runs = runs_wished();
  int said = runs_that_say(Word::no_change, "", runs);
  if (runs == 1)
    for (int again = 0; again < 2 && said == 0; ++again) said = runs_that_say(Word::no_change, "", 1);
  EXPECT_GE(said, runs - runs / 20);
}

}  // namespace
}  // namespace nsproof::bench
