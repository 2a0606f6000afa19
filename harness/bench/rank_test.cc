// The comparison of two small groups by ranks: Mann-Whitney and the estimate that belongs to it.
#include <algorithm>
#include <cmath>
#include <vector>

#include "harness/bench/statistics.h"

namespace nsproof::bench {
namespace {

constexpr std::size_t kExactPairs = 400;

// How many of all orders of n and m values have a U of exactly u, for every u; as fractions of all orders
// (Mann and Whitney 1947, their recurrence).
std::vector<double> u_distribution(std::size_t n, std::size_t m) {
  std::vector<std::vector<std::vector<double>>> count(n + 1, std::vector<std::vector<double>>(m + 1));
  for (std::size_t i = 0; i <= n; ++i)
    for (std::size_t j = 0; j <= m; ++j) {
      auto& here = count[i][j];
      here.assign(i * j + 1, 0);
      if (i == 0 || j == 0) {
        here[0] = 1;
        continue;
      }
      for (std::size_t u = 0; u < here.size(); ++u) {
        if (u >= j && u - j < count[i - 1][j].size()) here[u] += count[i - 1][j][u - j];
        if (u < count[i][j - 1].size()) here[u] += count[i][j - 1][u];
      }
    }
  std::vector<double> distribution = count[n][m];
  double all = 0;
  for (const double ways : distribution) all += ways;
  for (double& ways : distribution) ways /= all;
  return distribution;
}

double u_of(std::span<const double> a, std::span<const double> b) {
  double u = 0;
  for (const double one : a)
    for (const double other : b) u += one < other ? 1 : one == other ? 0.5 : 0;
  return u;
}

bool has_ties(std::span<const double> a, std::span<const double> b) {
  std::vector<double> all(a.begin(), a.end());
  all.insert(all.end(), b.begin(), b.end());
  std::sort(all.begin(), all.end());
  return std::adjacent_find(all.begin(), all.end()) != all.end();
}

double normal_p(std::span<const double> a, std::span<const double> b) {
  std::vector<double> all(a.begin(), a.end());
  all.insert(all.end(), b.begin(), b.end());
  std::sort(all.begin(), all.end());
  const auto n = static_cast<double>(a.size());
  const auto m = static_cast<double>(b.size());
  const double total = n + m;
  double ties = 0;
  for (auto begin = all.begin(); begin != all.end();) {
    const auto end = std::upper_bound(begin, all.end(), *begin);
    const auto t = static_cast<double>(end - begin);
    ties += t * t * t - t;
    begin = end;
  }
  const double variance = n * m / 12 * (total + 1 - ties / (total * (total - 1)));
  if (variance <= 0) return 1;
  const double distance = std::max(0.0, std::abs(u_of(a, b) - n * m / 2) - 0.5);
  return std::erfc(distance / std::sqrt(2 * variance));
}

}  // namespace

double mann_whitney(std::span<const double> a, std::span<const double> b) {
  if (a.empty() || b.empty()) return 1;
  if (a.size() * b.size() > kExactPairs || has_ties(a, b)) return normal_p(a, b);
  const std::vector<double> distribution = u_distribution(a.size(), b.size());
  const double u = u_of(a, b);
  const double smaller = std::min(u, static_cast<double>(a.size() * b.size()) - u);
  double tail = 0;
  for (std::size_t i = 0; i < distribution.size() && static_cast<double>(i) <= smaller; ++i) tail += distribution[i];
  return std::min(1.0, 2 * tail);
}

Ratio typical_quotient(std::span<const double> a, std::span<const double> b) {
  std::vector<double> quotients;
  for (const double one : a)
    for (const double other : b)
      if (one > 0) quotients.push_back(other / one);
  if (quotients.empty()) return {};
  std::sort(quotients.begin(), quotients.end());
  const Interval all{quotients.front(), quotients.back()};
  const double middle = median(quotients);
  std::size_t skipped = 0;  // quotients beyond each end of the interval
  if (quotients.size() <= kExactPairs) {
    const std::vector<double> distribution = u_distribution(a.size(), b.size());
    double tail = 0;
    for (const double share : distribution) {
      tail += share;
      if (tail > 0.025) break;
      ++skipped;
    }
  } else {
    const auto n = static_cast<double>(a.size());
    const auto m = static_cast<double>(b.size());
    const double reach = n * m / 2 - 1.96 * std::sqrt(n * m * (n + m + 1) / 12);
    skipped = reach > 0 ? static_cast<std::size_t>(reach) : 0;
  }
  if (2 * skipped >= quotients.size()) return {middle, all};
  return {middle, {quotients[skipped], quotients[quotients.size() - 1 - skipped]}};
}

}  // namespace nsproof::bench
