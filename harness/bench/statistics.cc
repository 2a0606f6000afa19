#include "harness/bench/statistics.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <random>
#include <utility>

namespace nsproof::bench {
namespace {

constexpr int kDraws = 200;
constexpr double kTail = 0.025;

using Blocks = std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<double>>;

std::vector<double> values_of(std::span<const Sampled> samples) {
  std::vector<double> values;
  values.reserve(samples.size());
  for (const Sampled& one : samples) values.push_back(one.value);
  return values;
}

// Few rounds make few blocks; shorter ones then, so that there is something to draw from.
std::uint32_t block_rounds(std::span<const Sampled> samples) {
  std::uint32_t last = 0;
  for (const Sampled& one : samples) last = std::max(last, one.round);
  return std::clamp(last / 6, 1U, kBlockRounds);
}

Blocks blocks_of(std::span<const Sampled> samples, std::uint32_t rounds) {
  Blocks blocks;
  for (const Sampled& one : samples) blocks[{one.process, one.round / rounds}].push_back(one.value);
  return blocks;
}

Interval interval_of(std::vector<double> draws) {
  if (draws.empty()) return {};
  std::sort(draws.begin(), draws.end());
  const auto at = [&](double fraction) {
    return draws[static_cast<std::size_t>(fraction * static_cast<double>(draws.size() - 1))];
  };
  return {at(kTail), at(1 - kTail)};
}

void append(std::vector<double>& to, const std::vector<double>& more) { to.insert(to.end(), more.begin(), more.end()); }

}  // namespace

double quantile(std::vector<double> samples, double fraction) {
  if (samples.empty()) return 0;
  const auto index = static_cast<std::ptrdiff_t>(fraction * static_cast<double>(samples.size() - 1));
  std::nth_element(samples.begin(), samples.begin() + index, samples.end());
  return samples[static_cast<std::size_t>(index)];
}

double median(std::vector<double> samples) {
  if (samples.empty()) return 0;
  std::sort(samples.begin(), samples.end());
  const std::size_t half = samples.size() / 2;
  return samples.size() % 2 == 1 ? samples[half] : (samples[half - 1] + samples[half]) / 2;
}

std::vector<Sampled> calm(std::span<const Sampled> samples, double limit) {
  std::vector<Sampled> chosen;
  std::copy_if(samples.begin(), samples.end(), std::back_inserter(chosen),
               [&](const Sampled& one) { return one.speed <= limit; });
  return chosen;
}

Estimate estimate_of(std::span<const Sampled> samples, std::span<const Sampled> calm, std::uint64_t seed) {
  Estimate estimate;
  estimate.samples = static_cast<std::int64_t>(samples.size());
  if (samples.empty()) return estimate;
  std::vector<double> values = values_of(samples);
  std::sort(values.begin(), values.end());
  const auto at = [&](double fraction) {
    return values[static_cast<std::size_t>(fraction * static_cast<double>(values.size() - 1))];
  };
  estimate.min = values.front();
  estimate.p5 = quantile(values_of(calm), 0.05);
  estimate.p50 = at(0.5);
  estimate.p90 = at(0.9);
  estimate.p99 = at(0.99);

  std::vector<const std::vector<double>*> pool;
  const Blocks blocks = blocks_of(calm, block_rounds(calm));
  for (const auto& [place, block] : blocks) pool.push_back(&block);
  std::mt19937_64 random(seed);
  std::vector<double> draws;
  std::vector<double> drawn;
  for (int draw = 0; draw < kDraws; ++draw) {
    drawn.clear();
    for (std::size_t i = 0; i < pool.size(); ++i) append(drawn, *pool[random() % pool.size()]);
    draws.push_back(quantile(drawn, 0.05));
  }
  estimate.interval = interval_of(std::move(draws));
  return estimate;
}

Ratio ratio_of(std::span<const Sampled> samples, std::span<const Sampled> floor, std::uint64_t seed) {
  const double below = quantile(values_of(floor), 0.05);
  if (samples.empty() || below <= 0) return {};
  Ratio ratio{quantile(values_of(samples), 0.05) / below, {}};
  const std::uint32_t rounds = block_rounds(samples);
  const Blocks of_samples = blocks_of(samples, rounds);
  const Blocks of_floor = blocks_of(floor, rounds);
  std::vector<std::pair<const std::vector<double>*, const std::vector<double>*>> pool;
  for (const auto& [place, block] : of_samples)
    if (const auto twin = of_floor.find(place); twin != of_floor.end()) pool.emplace_back(&block, &twin->second);
  if (pool.empty()) return {ratio.value, {ratio.value, ratio.value}};
  std::mt19937_64 random(seed);
  std::vector<double> draws;
  std::vector<double> upper;
  std::vector<double> lower;
  for (int draw = 0; draw < kDraws; ++draw) {
    upper.clear();
    lower.clear();
    for (std::size_t i = 0; i < pool.size(); ++i) {
      const auto& [ours, theirs] = pool[random() % pool.size()];
      append(upper, *ours);
      append(lower, *theirs);
    }
    const double drawn = quantile(lower, 0.05);
    if (drawn > 0) draws.push_back(quantile(upper, 0.05) / drawn);
  }
  ratio.interval = interval_of(std::move(draws));
  return ratio;
}

std::vector<EcdfPoint> ecdf_of(std::span<const Sampled> samples) {
  constexpr double kFractions[] = {0,   0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3,  0.35, 0.4, 0.5,
                                   0.6, 0.65, 0.7,  0.75, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99, 1};
  std::vector<double> values = values_of(samples);
  std::sort(values.begin(), values.end());
  std::vector<EcdfPoint> points;
  if (values.empty()) return points;
  for (const double fraction : kFractions) {
    const double value = values[static_cast<std::size_t>(fraction * static_cast<double>(values.size() - 1))];
    if (!points.empty() && points.back().value == value)
      points.back().fraction = fraction;
    else
      points.push_back({value, fraction});
  }
  return points;
}

Line fit_line(std::span<const double> x, std::span<const double> y) {
  const auto n = static_cast<double>(x.size());
  if (x.size() < 2) return {};
  double sum_x = 0;
  double sum_y = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    sum_x += x[i];
    sum_y += y[i];
  }
  double xx = 0;
  double xy = 0;
  double yy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double dx = x[i] - sum_x / n;
    const double dy = y[i] - sum_y / n;
    xx += dx * dx;
    xy += dx * dy;
    yy += dy * dy;
  }
  if (xx == 0) return {};
  Line line;
  line.slope = xy / xx;
  line.intercept = sum_y / n - line.slope * sum_x / n;
  line.r2 = yy == 0 ? 1 : xy * xy / (xx * yy);
  return line;
}

}  // namespace nsproof::bench
