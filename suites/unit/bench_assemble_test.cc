// From records to results: what is a sample and what is not, what a gap is called, when the machine is not believed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <cstring>

#include "harness/bench/assemble.h"

namespace nsproof::bench {
namespace {

using testing::Contains;
using testing::IsEmpty;

CaseSpec spec(const char* id, const char* floor = "") {
  CaseSpec one;
  one.id = id;
  one.floor = floor;
  one.head = "total";
  one.gate = *floor != 0 ? "total" : "";
  one.phases = {{"total", "until it is reaped"}};
  return one;
}

Recorded two_cases() {
  Recorded recorded;
  recorded.specs = {spec("create/none"), spec("create/uts", "create/none")};
  for (std::uint32_t process = 0; process < 5; ++process)
    for (std::uint32_t round = 0; round < 100; ++round) {
      recorded.records.push_back({0, RecordKind::guard, 0, round, process, 0, 140});
      recorded.records.push_back({0, RecordKind::sample, 0, round, process, 0, 20 + round % 3 * 0.1});
      recorded.records.push_back({1, RecordKind::sample, 0, round, process, 0, 22 + round % 3 * 0.1});
    }
  return recorded;
}

Remark remark(std::uint32_t index, Remark::Kind kind, int error, const char* text) {
  Remark one;
  one.case_index = index;
  one.kind = kind;
  one.error = error;
  std::strncpy(one.text, text, sizeof one.text - 1);
  return one;
}

TEST(BenchAssemble, RatiosAreToTheFloorOfTheSameRun) {
  const BenchResult result = assemble(two_cases());
  const Phase& phase = result.cases.at(1).phases.at(0);
  ASSERT_TRUE(phase.ratio);
  EXPECT_NEAR(phase.ratio->value, 1.1, 0.001);
  EXPECT_EQ(phase.repetition_ratios.size(), 5U);
  EXPECT_EQ(phase.estimate.samples, 500);
  EXPECT_FALSE(result.cases[0].phases[0].ratio);
  EXPECT_FALSE(result.guard.loud);
  EXPECT_THAT(result.cases[1].tags, IsEmpty());
}

TEST(BenchAssemble, RefusedCallsAreCountedAndAreNoSamples) {
  Recorded recorded = two_cases();
  recorded.records.push_back({1, RecordKind::refused, 0, 0, 0, EPERM, 17});
  const BenchResult result = assemble(recorded);
  EXPECT_EQ(result.cases[1].refused, 17);
  EXPECT_EQ(result.cases[1].error, "EPERM");
  EXPECT_EQ(result.cases[1].state, State::measured);
  EXPECT_EQ(result.cases[1].phases[0].estimate.samples, 500);
}

TEST(BenchAssemble, WhatCannotBeMeasuredIsANamedGapAndNoZero) {
  Recorded recorded = two_cases();
  recorded.specs.push_back(spec("create/new", "create/none"));
  recorded.specs.push_back(spec("create/broken", "create/none"));
  recorded.specs.push_back(spec("create/late", "create/none"));
  recorded.remarks = {remark(2, Remark::Kind::unsupported, EINVAL, "this kernel does not know it"),
                      remark(3, Remark::Kind::failed, ENOSPC, "it should work")};
  const BenchResult result = assemble(recorded);
  EXPECT_EQ(result.cases[2].state, State::unsupported);
  EXPECT_EQ(result.cases[2].error, "EINVAL");
  EXPECT_EQ(result.cases[2].reason, "this kernel does not know it");
  EXPECT_EQ(result.cases[3].state, State::failed);
  EXPECT_EQ(result.cases[4].state, State::skipped);
  for (std::size_t i = 2; i < 5; ++i) {
    EXPECT_THAT(result.cases[i].phases, IsEmpty());
    EXPECT_FALSE(result.cases[i].reason.empty());
  }
}

TEST(BenchAssemble, ALostProcessShowsEvenIfOthersMeasured) {
  Recorded recorded = two_cases();
  recorded.remarks = {remark(1, Remark::Kind::failed, 0, "the measuring process was killed")};
  const BenchResult result = assemble(recorded);
  EXPECT_EQ(result.cases[1].state, State::measured);
  EXPECT_THAT(result.cases[1].tags, Contains("partly failed"));
}

TEST(BenchAssemble, AMachineThatChangesItsSpeedIsTold) {
  Recorded recorded = two_cases();
  for (Record& record : recorded.records)
    if (record.kind == RecordKind::guard && record.round >= 70) record.value = 196;
  const BenchResult result = assemble(recorded);
  EXPECT_EQ(result.guard.tagged, 150);
  EXPECT_NEAR(result.guard.slowest_ratio, 1.4, 0.01);
  EXPECT_TRUE(result.guard.loud);
  EXPECT_THAT(result.cases[1].tags, Contains("speed changed"));
}

TEST(BenchAssemble, RatiosAreThoseOfTheMachinesFullSpeed) {
  // Most of the time a neighbour slows the machine, the case twice as much as its floor.
  Recorded recorded = two_cases();
  for (Record& record : recorded.records) {
    if (record.kind != RecordKind::sample) continue;
    const bool slow = record.round % 10 != 0;
    record.x = slow ? 180 : 140;
    if (slow) record.value *= record.case_index == 1 ? 0.9 : 0.7;  // faster, so that a low percentile would take them
  }
  const BenchResult result = assemble(recorded);
  const Phase& phase = result.cases.at(1).phases.at(0);
  EXPECT_NEAR(phase.ratio->value, 1.1, 0.01);
  EXPECT_NEAR(phase.estimate.p5, 22, 0.2);
  EXPECT_EQ(phase.estimate.samples, 500);
  for (const double ratio : phase.repetition_ratios) EXPECT_NEAR(ratio, 1.1, 0.01);
}

TEST(BenchAssemble, ARatioThatIsNotSureIsTagged) {
  Recorded recorded = two_cases();
  for (Record& record : recorded.records)
    if (record.kind == RecordKind::sample && record.case_index == 1 && record.round / 16 % 2 == 1) record.value *= 1.5;
  for (Record& record : recorded.records)
    if (record.kind == RecordKind::sample && record.case_index == 1 && record.process > 0) record.value *= 1.6;
  EXPECT_THAT(assemble(recorded).cases[1].tags, Contains("wide interval"));
}

TEST(BenchAssemble, CurvesHaveALineAndRatiosToTheirBeginning) {
  Recorded recorded;
  CaseSpec one = spec("mounts/private");
  one.phases.clear();
  one.series = {{"copy", "copy", "mounts", "us", "us per mount"}};
  recorded.specs = {one};
  for (const double x : {25.0, 100.0, 500.0})
    for (std::uint32_t round = 0; round < 20; ++round)
      recorded.records.push_back({0, RecordKind::point, 0, round, 0, x, 15 + x + round * 0.001});
  const BenchResult result = assemble(recorded);
  const Series& series = result.cases.at(0).series.at(0);
  ASSERT_TRUE(series.line);
  EXPECT_NEAR(series.line->slope, 1, 1e-6);
  ASSERT_EQ(series.points.size(), 3U);
  EXPECT_FALSE(series.points[0].ratio);
  EXPECT_NEAR(series.points[2].ratio->value, 515.0 / 40, 0.01);
}

}  // namespace
}  // namespace nsproof::bench
