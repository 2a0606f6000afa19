// Samples of one timed case and the estimates that we believe: low percentiles, because noise only ever adds.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <vector>

namespace nsproof::bench {

using Clock = std::chrono::steady_clock;

inline double microseconds(Clock::duration duration) {
  return std::chrono::duration<double, std::micro>(duration).count();
}

// The p-th percentile, p in 0..100; 0 if there is no sample.
inline double percentile(std::vector<double> samples, double p) {
  if (samples.empty()) return 0;
  const auto index = static_cast<std::size_t>(p / 100 * static_cast<double>(samples.size() - 1));
  std::nth_element(samples.begin(), samples.begin() + static_cast<std::ptrdiff_t>(index), samples.end());
  return samples[index];
}

template <class Function>
double time_of(Function&& function) {
  const auto start = Clock::now();
  function();
  return microseconds(Clock::now() - start);
}

}  // namespace nsproof::bench
