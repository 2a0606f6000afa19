// The words of a comparison, the gate, and what is refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "harness/bench/compare.h"
#include "harness/cli/bench.h"

namespace nsproof::bench {
namespace {

using testing::HasSubstr;

std::vector<double> around(double value, int count = 9, double step = 0.002) {
  std::vector<double> values;
  for (int i = 0; i < count; ++i) values.push_back(value * (1 + step * (i - count / 2)));
  return values;
}

CompareWish gated() { return {Basis::ratio, 3, 10, 25, {}}; }

BenchResult result_with(double ratio, const char* identity = "one", int processes = 9) {
  BenchResult result;
  result.environment.machine_identity = identity;
  result.environment.machine_name = identity;
  BenchCase floor;
  floor.id = "create/none";
  floor.family = "create";
  floor.head = "total";
  floor.state = State::measured;
  BenchCase one = floor;
  one.id = "create/uts";
  one.floor = "create/none";
  one.gate = "total";
  Phase phase;
  phase.name = "total";
  phase.repetitions = around(20, processes);
  floor.phases = {phase};
  phase.repetitions = around(20 * ratio, processes);
  phase.repetition_ratios = around(ratio, processes);
  phase.ratio = Ratio{ratio, {ratio, ratio}};
  one.phases = {phase};
  result.cases = {floor, one};
  return result;
}

TEST(BenchCompare, SaysSlowerWithAnInterval) {
  const Comparison row = compare_groups(around(1), around(1.12), gated());
  EXPECT_EQ(row.word, Word::slower);
  EXPECT_NEAR(row.effect_percent, 12, 0.5);
  EXPECT_GT(row.interval_percent.low, 10);
  EXPECT_LT(row.interval_percent.high, 14);
  EXPECT_THAT(row.text, HasSubstr("slower by 12"));
  EXPECT_EQ(row.gate, GateLevel::warn);
}

TEST(BenchCompare, SaysFaster) {
  const Comparison row = compare_groups(around(1), around(0.8), gated());
  EXPECT_EQ(row.word, Word::faster);
  EXPECT_EQ(row.gate, GateLevel::pass);
  EXPECT_THAT(row.text, HasSubstr("faster by 20"));
}

TEST(BenchCompare, WhatIsSureButSmallIsNoChange) {
  const Comparison row = compare_groups(around(1, 9, 0.0001), around(1.02, 9, 0.0001), gated());
  EXPECT_LT(row.p, 0.01);
  EXPECT_EQ(row.word, Word::no_change);
}

TEST(BenchCompare, WhatIsVagueCannotBeTold) {
  const Comparison row = compare_groups(around(1, 9, 0.1), around(1.05, 9, 0.1), gated());
  EXPECT_EQ(row.word, Word::cannot_tell);
  EXPECT_EQ(row.gate, GateLevel::none);  // it may be beyond 25 %
  CompareWish wide = gated();
  wide.fail_percent = 200;
  EXPECT_EQ(compare_groups(around(1, 9, 0.1), around(1.05, 9, 0.1), wide).gate, GateLevel::pass);
}

TEST(BenchCompare, TooFewProcessesCannotTell) {
  const Comparison row = compare_groups(around(1, 3), around(2, 3), gated());
  EXPECT_EQ(row.word, Word::cannot_tell);
  EXPECT_THAT(row.text, HasSubstr("n too small"));
}

TEST(BenchCompare, TheGateFailsBeyondItsLimit) {
  EXPECT_EQ(compare_groups(around(1), around(1.3), gated()).gate, GateLevel::fail);
  EXPECT_EQ(compare_groups(around(1), around(1.3), {}).gate, GateLevel::none);
}

TEST(BenchCompare, RatiosOfDifferentMachinesAreComparedAndTimesRefused) {
  const CompareResult comparison = compare(result_with(1.1, "one"), "a", result_with(1.3, "other"), "b", gated());
  ASSERT_EQ(comparison.rows.size(), 1U);
  EXPECT_EQ(comparison.rows[0].word, Word::slower);
  EXPECT_THAT(comparison.note, HasSubstr("different machines"));
  CompareWish times = gated();
  times.basis = Basis::time;
  EXPECT_THROW(compare(result_with(1.1, "one"), "a", result_with(1.3, "other"), "b", times), std::invalid_argument);
  EXPECT_NO_THROW(compare(result_with(1.1, "one"), "a", result_with(1.3, "one"), "b", times));
}

TEST(BenchCompare, WhatWasNotMeasuredIsNotComparable) {
  BenchResult b = result_with(1.1);
  b.cases[1].state = State::unsupported;
  b.cases[1].reason = "this kernel does not know it";
  b.cases[1].phases.clear();
  const CompareResult comparison = compare(result_with(1.1), "a", b, "b", gated());
  EXPECT_EQ(comparison.rows.at(0).word, Word::not_comparable);
  EXPECT_THAT(comparison.rows[0].text, HasSubstr("this kernel does not know it"));
}

TEST(BenchCompare, RunsInTurnsAddUpToOneWithAllTheirProcesses) {
  const BenchResult joined =
      join_runs({result_with(1.1, "one", 1), result_with(1.2, "one", 1), result_with(1.3, "one", 1)});
  EXPECT_EQ(joined.cases.at(1).phases.at(0).repetition_ratios.size(), 3U);
  EXPECT_NEAR(joined.cases[1].phases[0].ratio->value, 1.2, 1e-9);
}

TEST(BenchOptions, GatesAndSeedsAreRead) {
  const auto gate = gate_named("warn=10,fail=25");
  ASSERT_TRUE(gate);
  EXPECT_EQ(gate->warn_percent, 10);
  EXPECT_EQ(gate->fail_percent, 25);
  EXPECT_TRUE(gate_named("fail=7.5"));
  for (const char* wrong : {"", "warn", "warn=", "warn=x", "warn=-1", "fail=5,warn=10", "loud=3", "warn=10%"})
    EXPECT_FALSE(gate_named(wrong)) << wrong;
  EXPECT_EQ(seed_named("42"), 42U);
  EXPECT_EQ(seed_named("0xff"), 255U);
  EXPECT_EQ(seed_named("18446744073709551615"), ~std::uint64_t{0});
  for (const char* wrong : {"", "0x", "-1", "4 2", "18446744073709551616"}) EXPECT_FALSE(seed_named(wrong)) << wrong;
}

}  // namespace
}  // namespace nsproof::bench
