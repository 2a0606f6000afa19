// The statistics of nsproof bench against values that are known by other means.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "harness/bench/statistics.h"

namespace nsproof::bench {
namespace {

using testing::DoubleNear;

std::vector<Sampled> sampled(const std::vector<double>& values, std::uint32_t process = 0) {
  std::vector<Sampled> all;
  for (std::uint32_t round = 0; round < values.size(); ++round) all.push_back({process, round, values[round]});
  return all;
}

TEST(BenchQuantile, IsTheLowerNeighbour) {
  EXPECT_EQ(quantile({3, 1, 2, 5, 4}, 0), 1);
  EXPECT_EQ(quantile({3, 1, 2, 5, 4}, 0.5), 3);
  EXPECT_EQ(quantile({3, 1, 2, 5, 4}, 0.3), 2);
  EXPECT_EQ(quantile({3, 1, 2, 5, 4}, 1), 5);
  EXPECT_EQ(quantile({}, 0.5), 0);
  EXPECT_EQ(median({4, 1, 3, 2}), 2.5);
}

TEST(BenchEstimate, IsNotMovedByNoiseThatOnlyAdds) {
  std::mt19937 random(1);
  std::vector<double> values;
  for (int i = 0; i < 1000; ++i) values.push_back(100 + (random() % 3 == 0 ? static_cast<double>(random() % 900) : 0));
  const Estimate estimate = estimate_of(sampled(values), sampled(values), 7);
  EXPECT_EQ(estimate.p5, 100);
  EXPECT_EQ(estimate.samples, 1000);
  EXPECT_LE(estimate.interval.low, estimate.p5);
  EXPECT_GE(estimate.interval.high, estimate.p5);
  EXPECT_GT(estimate.p99, 500);
}

TEST(BenchEstimate, HasAnIntervalThatKnowsOfRegimes) {
  // The machine was fast for one stretch of 33 rounds in 200: samples that are drawn one by one would be sure of it.
  std::vector<double> values;
  for (int i = 0; i < 200; ++i) values.push_back(i >= 66 && i < 99 ? 100 : 140);
  const Estimate estimate = estimate_of(sampled(values), sampled(values), 7);
  EXPECT_EQ(estimate.p5, 100);
  EXPECT_EQ(estimate.interval.low, 100);
  EXPECT_EQ(estimate.interval.high, 140);
}

TEST(BenchRatio, DrawsBothFromTheSameBlocks) {
  // The machine halves its speed for some blocks; the ratio stays 3 and its interval tight.
  std::vector<double> floor;
  std::vector<double> ours;
  for (int i = 0; i < 600; ++i) {
    const double speed = i / 50 % 2 == 0 ? 1 : 2;
    floor.push_back(10 * speed + i % 5 * 0.01);
    ours.push_back(30 * speed + i % 7 * 0.01);
  }
  const Ratio ratio = ratio_of(sampled(ours), sampled(floor), 3);
  EXPECT_NEAR(ratio.value, 3, 0.02);
  EXPECT_NEAR(ratio.interval.low, 3, 0.05);
  EXPECT_NEAR(ratio.interval.high, 3, 0.05);
}

TEST(BenchCalm, LeavesOutSlowMoments) {
  const std::vector<Sampled> samples = {{0, 0, 10, 140}, {0, 1, 13, 190}, {0, 2, 11, 150}};
  EXPECT_EQ(calm(samples, 160).size(), 2U);
  EXPECT_EQ(calm(samples, 100).size(), 0U);
  const Estimate estimate = estimate_of(samples, calm(samples, 145), 1);
  EXPECT_EQ(estimate.p5, 10);
  EXPECT_EQ(estimate.samples, 3);
}

TEST(BenchEcdf, IsBoundedAndRises) {
  std::vector<double> values;
  for (int i = 0; i < 10'000; ++i) values.push_back(i);
  const std::vector<EcdfPoint> points = ecdf_of(sampled(values));
  EXPECT_LE(points.size(), 23U);
  EXPECT_EQ(points.front().value, 0);
  EXPECT_EQ(points.back().fraction, 1);
  for (std::size_t i = 1; i < points.size(); ++i) {
    EXPECT_GT(points[i].value, points[i - 1].value);
    EXPECT_GT(points[i].fraction, points[i - 1].fraction);
  }
}

TEST(BenchLine, GoesThroughItsPoints) {
  const std::vector<double> x = {25, 100, 500, 1000};
  std::vector<double> y;
  for (const double at : x) y.push_back(15 + 0.925 * at);
  const Line line = fit_line(x, y);
  EXPECT_NEAR(line.slope, 0.925, 1e-9);
  EXPECT_NEAR(line.intercept, 15, 1e-9);
  EXPECT_NEAR(line.r2, 1, 1e-9);
}

TEST(BenchModel, FindsTheEffectsAndTheCellThatDoesNotFit) {
  Matrix matrix;
  for (unsigned bits = 0; bits < 256; ++bits) {
    const NsSet set = NsSet::from_bits(static_cast<std::uint8_t>(bits));
    Cell cell;
    cell.set = set;
    cell.estimate.p5 = 20 + (set.has(Ns::net) ? 340 : 0) + (set.has(Ns::ipc) ? 26 : 0) + (set.has(Ns::uts) ? 2 : 0);
    matrix.cells.push_back(cell);
  }
  const NsSet odd{Ns::mnt, Ns::net};
  matrix.cells[odd.bits()].estimate.p5 += 50;
  fit_additive_model(matrix);
  EXPECT_NEAR(matrix.base, 20, 1);
  EXPECT_NEAR(matrix.effects[Ns::net], 340, 1);
  EXPECT_NEAR(matrix.effects[Ns::ipc], 26, 1);
  EXPECT_GT(matrix.r2, 0.99);
  EXPECT_EQ(matrix.worst, odd);
  EXPECT_NEAR(matrix.cells[odd.bits()].residual, 50, 3);
}

// Exact two-sided values as other programs give them: wilcox.test of R, scipy.stats.mannwhitneyu(method="exact").
TEST(BenchMannWhitney, AgreesWithTables) {
  EXPECT_THAT(mann_whitney(std::vector<double>{1, 2, 3, 4}, std::vector<double>{5, 6, 7, 8}),
              DoubleNear(2.0 / 70, 1e-9));
  EXPECT_THAT(mann_whitney(std::vector<double>{1, 2, 3, 4, 5}, std::vector<double>{6, 7, 8, 9, 10}),
              DoubleNear(2.0 / 252, 1e-9));
  EXPECT_THAT(mann_whitney(std::vector<double>{1, 3, 5, 7}, std::vector<double>{2, 4, 6, 8}),
              DoubleNear(0.685714286, 1e-6));
  EXPECT_EQ(mann_whitney(std::vector<double>{}, std::vector<double>{1}), 1);
  EXPECT_GT(mann_whitney(std::vector<double>{1, 1, 1}, std::vector<double>{1, 1, 1}), 0.99);
}

TEST(BenchQuotient, HasAnIntervalThatAgreesWithTheTest) {
  const std::vector<double> a = {100, 101, 102, 103, 104, 105, 106, 107, 108};
  std::vector<double> b;
  for (const double one : a) b.push_back(one * 1.2 + 0.01);
  const Ratio quotient = typical_quotient(a, b);
  EXPECT_NEAR(quotient.value, 1.2, 0.01);
  EXPECT_GT(quotient.interval.low, 1.1);
  EXPECT_LT(quotient.interval.high, 1.3);
  EXPECT_LT(mann_whitney(a, b), 0.001);
  EXPECT_LE(typical_quotient(a, a).interval.low, 1);
  EXPECT_GE(typical_quotient(a, a).interval.high, 1);
}

}  // namespace
}  // namespace nsproof::bench
