#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "harness/support/text.h"
#include "reports/bench_json.h"
#include "reports/escape.h"

namespace nsproof::bench {
namespace {

using Json = nlohmann::ordered_json;

// JSON has no word for what is not finite.
double rounded(double value) {
  if (!std::isfinite(value)) return 0;
  char text[40];
  std::snprintf(text, sizeof text, "%.7g", value);
  return std::strtod(text, nullptr);
}

Json json_of(const Interval& interval) { return Json::array({rounded(interval.low), rounded(interval.high)}); }

Json json_of(const Estimate& estimate) {
  return {{"samples", estimate.samples},           {"min", rounded(estimate.min)}, {"p5", rounded(estimate.p5)},
          {"p50", rounded(estimate.p50)},          {"p90", rounded(estimate.p90)}, {"p99", rounded(estimate.p99)},
          {"interval", json_of(estimate.interval)}};
}

Json json_of(const Ratio& ratio) { return {{"value", rounded(ratio.value)}, {"interval", json_of(ratio.interval)}}; }

Json json_of(const std::vector<double>& numbers) {
  Json array = Json::array();
  for (const double number : numbers) array.push_back(rounded(number));
  return array;
}

template <class T, class Convert>
Json array_of(const std::vector<T>& all, Convert convert) {
  Json array = Json::array();
  for (const T& one : all) array.push_back(convert(one));
  return array;
}

Json phase_json(const Phase& phase) {
  Json object = {{"name", phase.name},
                 {"title", phase.title},
                 {"timing", name_of(phase.timing)},
                 {"estimate", json_of(phase.estimate)}};
  if (phase.ratio) object["ratio"] = json_of(*phase.ratio);
  object["ecdf"] = array_of(phase.ecdf, [](const EcdfPoint& point) {
    return Json::array({rounded(point.value), rounded(point.fraction)});
  });
  object["repetitions"] = json_of(phase.repetitions);
  object["repetition_ratios"] = json_of(phase.repetition_ratios);
  return object;
}

Json series_json(const Series& series) {
  Json object = {{"name", series.name},
                 {"title", series.title},
                 {"x_title", series.x_title},
                 {"unit", series.unit},
                 {"better", name_of(series.better)}};
  object["points"] = array_of(series.points, [](const Point& point) {
    Json one = {{"x", rounded(point.x)}, {"estimate", json_of(point.estimate)}};
    if (point.ratio) one["ratio"] = json_of(*point.ratio);
    return one;
  });
  if (series.line)
    object["line"] = {{"intercept", rounded(series.line->intercept)},
                      {"slope", rounded(series.line->slope)},
                      {"r2", rounded(series.line->r2)}};
  if (!series.slope_title.empty()) object["slope_title"] = series.slope_title;
  return object;
}

Json case_json(const BenchCase& one) {
  Json object = {{"id", shown_line(one.id)},
                 {"family", shown_line(one.family)},
                 {"title", shown_line(one.title)},
                 {"unit", one.unit},
                 {"floor", one.floor},
                 {"head", one.head},
                 {"gate", one.gate},
                 {"set", one.set},
                 {"style", one.style},
                 {"state", name_of(one.state)},
                 {"reason", shown_line(one.reason)},
                 {"error", one.error},
                 {"refused", one.refused},
                 {"tags", one.tags}};
  object["phases"] = array_of(one.phases, phase_json);
  object["series"] = array_of(one.series, series_json);
  object["figures"] = array_of(one.figures, [](const Figure& figure) {
    return Json{{"name", figure.name},
                {"title", figure.title},
                {"value", rounded(figure.value)},
                {"unit", figure.unit},
                {"text", shown_line(figure.text)}};
  });
  return object;
}

Json types_json(NsSet set) {
  Json array = Json::array();
  for (const Ns type : kAllNamespaces)
    if (set.has(type)) array.push_back(name_of(type));
  return array;
}

Json matrix_json(const Matrix& matrix) {
  Json effects = Json::object();
  for (const auto& [type, effect] : matrix.effects) effects[std::string(name_of(type))] = rounded(effect);
  Json object = {{"unit", matrix.unit},
                 {"style", matrix.style},
                 {"metric", matrix.metric},
                 {"base", rounded(matrix.base)},
                 {"effects", std::move(effects)},
                 {"r2", rounded(matrix.r2)},
                 {"rms_residual", rounded(matrix.rms_residual)},
                 {"worst", text_of(matrix.worst)},
                 {"passes_ms", json_of(matrix.passes_ms)}};
  object["cells"] = array_of(matrix.cells, [](const Cell& cell) {
    return Json{{"set", text_of(cell.set)},
                {"types", types_json(cell.set)},
                {"estimate", json_of(cell.estimate)},
                {"model", rounded(cell.model)},
                {"residual", rounded(cell.residual)}};
  });
  return object;
}

Json comparison_json(const CompareResult& comparison) {
  Json object = {{"a", shown_line(comparison.a)},
                 {"b", shown_line(comparison.b)},
                 {"note", shown_line(comparison.note)},
                 {"minimum_effect_percent", rounded(comparison.minimum_effect_percent)},
                 {"warn_percent", rounded(comparison.warn_percent)},
                 {"fail_percent", rounded(comparison.fail_percent)}};
  object["rows"] = array_of(comparison.rows, [](const Comparison& row) {
    return Json{{"id", shown_line(row.id)},
                {"phase", row.phase},
                {"basis", shown_line(row.basis)},
                {"a", rounded(row.a)},
                {"b", rounded(row.b)},
                {"effect_percent", rounded(row.effect_percent)},
                {"interval_percent", json_of(row.interval_percent)},
                {"p", rounded(row.p)},
                {"n_a", row.n_a},
                {"n_b", row.n_b},
                {"word", name_of(row.word)},
                {"text", shown_line(row.text)},
                {"gate", name_of(row.gate)},
                {"differences_percent", json_of(row.differences_percent)}};
  });
  return object;
}

}  // namespace

std::string render_bench_json(const BenchResult& result) {
  const BenchEnvironment& environment = result.environment;
  Json root = {{"schema", kBenchSchema}};
  root["environment"] = {{"tool_version", environment.tool_version},
                         {"command_line", shown_line(environment.command_line)},
                         {"started", environment.started},
                         {"machine_name", shown_line(environment.machine_name)},
                         {"machine_identity", shown_line(environment.machine_identity)}};
  root["environment"]["facts"] = array_of(environment.facts, [](const Fact& fact) {
    return Json{{"name", fact.name}, {"title", fact.title}, {"value", shown_line(fact.value)}};
  });
  const Plan& plan = result.plan;
  root["plan"] = {{"mode", plan.mode},     {"seed", std::to_string(plan.seed)}, {"processes", plan.processes},
                  {"rounds", plan.rounds}, {"filter", shown_line(plan.filter)}, {"seconds", rounded(plan.seconds)}};
  root["partial"] = result.partial;
  root["guard"] = {{"rounds", result.guard.rounds},
                   {"tagged", result.guard.tagged},
                   {"usual_ns", rounded(result.guard.usual_ns)},
                   {"slowest_ratio", rounded(result.guard.slowest_ratio)},
                   {"loud", result.guard.loud}};
  root["cases"] = array_of(result.cases, case_json);
  if (!result.matrix.empty()) root["matrix"] = matrix_json(result.matrix);
  if (result.comparison) root["comparison"] = comparison_json(*result.comparison);
  return root.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace nsproof::bench
