// Measurements in the formats of others: for dashboards of CI systems, for Google Benchmark's own tools, for
// Prometheus, for people. Each is a pure projection of the result.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/bench/bench_result.h"

namespace nsproof::bench {

enum class BenchFormat {
  json,        // nsproof.bench.v1, loses nothing
  google,      // Google Benchmark's JSON, one repetition a process: its compare.py reads it
  smaller,     // customSmallerIsBetter of github-action-benchmark
  bmf,         // Bencher Metric Format
  prometheus,  // for the textfile collector of the node exporter
  junit,       // one case a gate of a comparison, or one a measured case
  markdown,    // for the summary page of a CI job
  html,        // one page with charts
};

inline constexpr BenchFormat kAllBenchFormats[] = {BenchFormat::json,     BenchFormat::google,     BenchFormat::smaller,
                                                   BenchFormat::bmf,      BenchFormat::prometheus, BenchFormat::junit,
                                                   BenchFormat::markdown, BenchFormat::html};

std::string_view name_of(BenchFormat format);  // "google", "customSmallerIsBetter"
std::optional<BenchFormat> bench_format_named(std::string_view name);

std::string render(BenchFormat format, const BenchResult& result);

// The single formats, in files of their own.
std::string render_google(const BenchResult& result);
std::string render_smaller_is_better(const BenchResult& result);
std::string render_bmf(const BenchResult& result);
std::string render_prometheus(const BenchResult& result);
std::string render_bench_junit(const BenchResult& result);
std::string render_bench_markdown(const BenchResult& result);

// The phase that stands for a case in a table; null if it has none.
const Phase* head_of(const BenchCase& one);

}  // namespace nsproof::bench
