#include "reports/bench_export.h"

#include <stdexcept>

#include "reports/bench_json.h"
#include "reports/html.h"

namespace nsproof::bench {

std::string_view name_of(BenchFormat format) {
  switch (format) {
    case BenchFormat::json: return "json";
    case BenchFormat::google: return "google";
    case BenchFormat::smaller: return "customSmallerIsBetter";
    case BenchFormat::bmf: return "bmf";
    case BenchFormat::prometheus: return "prometheus";
    case BenchFormat::junit: return "junit";
    case BenchFormat::markdown: return "markdown";
    case BenchFormat::html: return "html";
  }
  return "?";
}

std::optional<BenchFormat> bench_format_named(std::string_view name) {
  for (const BenchFormat format : kAllBenchFormats)
    if (name_of(format) == name) return format;
  return std::nullopt;
}

std::string render(BenchFormat format, const BenchResult& result) {
  switch (format) {
    case BenchFormat::json: return render_bench_json(result);
    case BenchFormat::google: return render_google(result);
    case BenchFormat::smaller: return render_smaller_is_better(result);
    case BenchFormat::bmf: return render_bmf(result);
    case BenchFormat::prometheus: return render_prometheus(result);
    case BenchFormat::junit: return render_bench_junit(result);
    case BenchFormat::markdown: return render_bench_markdown(result);
    case BenchFormat::html: return html_report(result);
  }
  throw std::runtime_error("no such format of measurements");
}

const Phase* head_of(const BenchCase& one) {
  for (const Phase& phase : one.phases)
    if (phase.name == one.head) return &phase;
  return one.phases.empty() ? nullptr : &one.phases.front();
}

}  // namespace nsproof::bench
