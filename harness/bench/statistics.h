// The statistics of nsproof bench, as pure functions: low percentiles with intervals, straight lines, the additive
// model of costs, and the test that compares two runs.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "harness/bench/bench_result.h"

namespace nsproof::bench {

// The value at this fraction of the sorted samples (0..1), the lower neighbour where it lies between two; 0 if there
// is none. Reorders its copy.
double quantile(std::vector<double> samples, double fraction);
double median(std::vector<double> samples);

// One sample with the place where it was taken.
struct Sampled {
  std::uint32_t process = 0;
  std::uint32_t round = 0;
  double value = 0;
  double speed = 0;  // nanoseconds of one getppid just before and after, the larger; 0: not known
};

// The samples that were taken while the machine had its full speed (`speed` at most `limit`): a busy neighbour on the
// same core slows everything, but not everything alike, and how often it does differs from run to run.
std::vector<Sampled> calm(std::span<const Sampled> samples, double limit);

// A stretch of rounds of one process. Neighbouring rounds are alike, because the machine has its moods; so what is
// drawn anew in a bootstrap is a block and not a sample.
inline constexpr std::uint32_t kBlockRounds = 50;

// p5 and its interval are those of `calm`, the rest is that of all samples.
Estimate estimate_of(std::span<const Sampled> samples, std::span<const Sampled> calm, std::uint64_t seed);

// p5 by p5, with an interval from drawing the same blocks for both.
Ratio ratio_of(std::span<const Sampled> samples, std::span<const Sampled> floor, std::uint64_t seed);

// At most 23 points, denser at the ends.
std::vector<EcdfPoint> ecdf_of(std::span<const Sampled> samples);

Line fit_line(std::span<const double> x, std::span<const double> y);

// Fits cost = base + effects to the estimates of the cells and fills in the rest of the matrix.
void fit_additive_model(Matrix& matrix);

// Two-sided p of the Mann-Whitney test; exact up to 400 pairs without ties, else by the normal approximation with the
// correction for ties.
double mann_whitney(std::span<const double> a, std::span<const double> b);

// How much larger b is than a, as a factor: the median of all quotients, and the interval of at least 95 % that
// belongs to the test above (Hodges and Lehmann 1963, on logarithms). All values must be above 0.
Ratio typical_quotient(std::span<const double> a, std::span<const double> b);

}  // namespace nsproof::bench
