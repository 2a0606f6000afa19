// Measurements for dashboards that plot one figure a case over time.
#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "harness/support/text.h"
#include "reports/bench_export.h"
#include "reports/escape.h"

namespace nsproof::bench {
namespace {

using Json = nlohmann::ordered_json;

double in_nanoseconds(double value, std::string_view unit) {
  return unit == "ns" ? value : unit == "us" ? value * 1e3 : unit == "ms" ? value * 1e6 : value * 1e9;
}

Json bmf_measure(double value, const Interval& interval) {
  return {{"value", value}, {"lower_value", interval.low}, {"upper_value", interval.high}};
}

// A label value of the text format: backslash, quote and line feed are escaped (Prometheus exposition formats).
std::string label(std::string_view text) {
  std::string escaped;
  for (const char c : shown_line(text)) {
    if (c == '\\' || c == '"') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

}  // namespace

std::string render_smaller_is_better(const BenchResult& result) {
  Json all = Json::array();
  const auto add = [&](std::string name, std::string unit, double value, const Interval& interval,
                       const std::string& extra) {
    all.push_back({{"name", std::move(name)},
                   {"unit", std::move(unit)},
                   {"value", value},
                   {"range", fmt::format("{:.4g} to {:.4g}", interval.low, interval.high)},
                   {"extra", extra}});
  };
  for (const BenchCase& one : result.cases) {
    const Phase* head = head_of(one);
    if (one.state != State::measured || head == nullptr) continue;
    const std::string extra = say(shown_line(one.title), "\n", result.environment.machine_name);
    add(one.id, one.unit, head->estimate.p5, head->estimate.interval, extra);
    for (const Phase& phase : one.phases)
      if (phase.name == one.gate && phase.ratio)
        add(say(one.id, " (", phase.name, ", to ", one.floor, ")"), "x", phase.ratio->value, phase.ratio->interval,
            extra);
  }
  return all.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string render_bmf(const BenchResult& result) {
  Json root = Json::object();
  for (const BenchCase& one : result.cases) {
    const Phase* head = head_of(one);
    if (one.state != State::measured || head == nullptr) continue;
    const auto ns = [&](double value) { return in_nanoseconds(value, one.unit); };
    Json& measures = root[shown_line(one.id)] = Json::object();
    measures["latency"] =
        bmf_measure(ns(head->estimate.p5), {ns(head->estimate.interval.low), ns(head->estimate.interval.high)});
    for (const Phase& phase : one.phases)
      if (phase.name == one.gate && phase.ratio)
        measures["ratio-to-floor"] = bmf_measure(phase.ratio->value, phase.ratio->interval);
  }
  return root.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string render_prometheus(const BenchResult& result) {
  std::string seconds =
      "# HELP nsproof_bench_seconds 5th percentile of one phase of a case.\n# TYPE nsproof_bench_seconds gauge\n";
  std::string ratios =
      "# HELP nsproof_bench_ratio The same as a multiple of the floor of the same run.\n# TYPE nsproof_bench_ratio "
      "gauge\n";
  std::string states =
      "# HELP nsproof_bench_measured 1 if the case was measured, 0 if not.\n# TYPE nsproof_bench_measured gauge\n";
  for (const BenchCase& one : result.cases) {
    states += fmt::format("nsproof_bench_measured{{case=\"{}\",state=\"{}\"}} {}\n", label(one.id),
                          one.state == State::measured      ? "measured"
                          : one.state == State::unsupported ? "unsupported"
                          : one.state == State::failed      ? "failed"
                                                            : "skipped",
                          one.state == State::measured ? 1 : 0);
    for (const Phase& phase : one.phases) {
      const std::string labels = fmt::format("{{case=\"{}\",phase=\"{}\"}}", label(one.id), label(phase.name));
      seconds +=
          fmt::format("nsproof_bench_seconds{} {:.9g}\n", labels, in_nanoseconds(phase.estimate.p5, one.unit) / 1e9);
      if (phase.ratio) ratios += fmt::format("nsproof_bench_ratio{} {:.6g}\n", labels, phase.ratio->value);
    }
  }
  return seconds + ratios + states;
}

}  // namespace nsproof::bench
