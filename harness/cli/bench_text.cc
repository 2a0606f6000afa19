// Measurements and comparisons as text for people.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "harness/cli/bench.h"
#include "harness/support/layout.h"
#include "harness/support/text.h"
#include "reports/bench_json.h"
#include "reports/escape.h"

namespace nsproof {
namespace {

using namespace bench;

std::string figures(double value) {
  const double size = std::abs(value);
  return fmt::format(fmt::runtime(size >= 100 ? "{:.0f}" : size >= 10 ? "{:.1f}" : "{:.2f}"), value);
}

// A count as it is; everything else as a measured value.
std::string amount(double value) {
  return value == std::floor(value) && std::abs(value) < 1e6 ? fmt::format("{:.0f}", value) : figures(value);
}

std::string unit_text(const std::string& unit) { return unit == "us" ? "µs" : unit; }

std::string title_of(const std::string& family) {
  for (const Family& one : families())
    if (one.name == family) return one.title;
  return family;
}

std::string right(const std::string& text, std::size_t width) {
  const std::size_t taken = width_of(text);
  return taken < width ? std::string(width - taken, ' ') + text : text;
}

std::string phase_line(const std::string& name, const BenchCase& one, const Phase& phase) {
  const Estimate& estimate = phase.estimate;
  std::string line = padded(name, 30) + right(figures(estimate.p5) + " " + unit_text(one.unit), 11) +
                     right(say(figures(estimate.interval.low), " to ", figures(estimate.interval.high)), 18) +
                     right(figures(estimate.p50), 9) + right(figures(estimate.p99), 9);
  if (phase.ratio)
    line += right(figures(phase.ratio->value) + " x", 10) +
            right(say(figures(phase.ratio->interval.low), " to ", figures(phase.ratio->interval.high)), 17);
  return line;
}

void print_series(Console& console, const Series& series) {
  std::string line = padded("    " + series.name, 30);
  for (const Point& point : series.points)
    line += fmt::format("  {}:{}", point.x,
                        figures(series.better == Better::lower ? point.estimate.p5 : point.estimate.p50));
  console.print(line);
  if (series.line)
    console.print(console.paint(
        nsproof::Style::faint,
        fmt::format("    {} {} at 0, {:+.3g} {}  (R2 {:.2f}; over {})", figures(series.line->intercept),
                    unit_text(series.unit), series.line->slope, series.slope_title, series.line->r2, series.x_title)));
}

void print_case(Console& console, const BenchCase& one, Verbosity verbosity) {
  if (one.state != State::measured) {
    const nsproof::Style style = one.state == State::failed ? nsproof::Style::bad : nsproof::Style::doubt;
    console.print(padded("  " + one.id, 30) +
                  console.paint(style, say(name_of(one.state), ": ", shown_line(one.reason),
                                           one.error.empty() ? "" : say(" (", one.error, ")"))));
    return;
  }
  const Phase* head = head_of(one);
  if (head == nullptr) console.print("  " + one.id);
  if (head != nullptr) console.print(phase_line("  " + one.id, one, *head));
  if (verbosity == Verbosity::verbose)
    for (const Phase& phase : one.phases)
      if (&phase != head) console.print(phase_line("    " + phase.name, one, phase));
  for (const Series& series : one.series) print_series(console, series);
  for (const Figure& figure : one.figures)
    console.print(fmt::format(
        "    {}: {}", figure.title,
        figure.text.empty() ? say(amount(figure.value), " ", unit_text(figure.unit)) : shown_line(figure.text)));
  if (one.refused > 0)
    console.print(console.paint(nsproof::Style::doubt,
                                say("    ", one.refused, " calls were refused (", one.error, ") and are no samples")));
}

void print_matrix(Console& console, const Matrix& matrix) {
  std::string line = fmt::format("    costs add: none {}", figures(matrix.base));
  for (const auto& [type, effect] : matrix.effects) line += say(", ", name_of(type), " ", figures(effect));
  console.print(line + " " + unit_text(matrix.unit));
  console.print(fmt::format(
      "    R2 {:.3f}, residual {} {} (rms), worst {}; {} passes of 256, {} ms each", matrix.r2,
      figures(matrix.rms_residual), unit_text(matrix.unit), text_of(matrix.worst), matrix.passes_ms.size(),
      matrix.passes_ms.empty() ? "?" : figures(*std::min_element(matrix.passes_ms.begin(), matrix.passes_ms.end()))));
}

nsproof::Style style_of(const Comparison& row) {
  switch (row.word) {
    case Word::slower: return nsproof::Style::bad;
    case Word::faster: return nsproof::Style::good;
    case Word::no_change: return nsproof::Style::plain;
    case Word::cannot_tell:
    case Word::not_comparable: return nsproof::Style::doubt;
  }
  return nsproof::Style::plain;
}

}  // namespace

void print_bench(Console& console, const BenchResult& result, Verbosity verbosity) {
  console.print(console.paint(nsproof::Style::strong, say("nsproof ", result.environment.tool_version, ", ",
                                                          shown_line(result.environment.machine_name))));
  console.print(fmt::format("{} rounds in {} processes, seed {}, {:.1f} s{}", result.plan.rounds, result.plan.processes,
                            result.plan.seed, result.plan.seconds, result.partial ? ", interrupted" : ""));
  if (verbosity == Verbosity::verbose)
    for (const Fact& fact : result.environment.facts)
      console.print(console.paint(nsproof::Style::faint, padded("  " + fact.title, 56) + shown_line(fact.value)));
  if (result.guard.loud)
    console.print(console.paint(
        nsproof::Style::doubt,
        fmt::format("the machine changed its speed, by {:.2f} x in {} of {} rounds: believe ratios, not times",
                    result.guard.slowest_ratio, result.guard.tagged, result.guard.rounds)));
  if (verbosity == Verbosity::quiet) return;
  std::string family;
  for (const BenchCase& one : result.cases) {
    if (one.family != family) {
      family = one.family;
      console.print("");
      std::string heading = padded(title_of(family), 30);
      if (!one.phases.empty())
        heading += right("p5", 11) + right("95 %", 18) + right("p50", 9) + right("p99", 9) + right("ratio", 10) +
                   right("95 %", 17);
      console.print(console.paint(nsproof::Style::strong, heading));
    }
    print_case(console, one, verbosity);
    if (one.family == "sweep256" && !result.matrix.empty()) print_matrix(console, result.matrix);
  }
}

void print_comparison(Console& console, const CompareResult& comparison, Verbosity verbosity) {
  console.print(
      console.paint(nsproof::Style::strong, say(shown_line(comparison.b), " against ", shown_line(comparison.a))));
  if (!comparison.note.empty()) console.print(console.paint(nsproof::Style::doubt, shown_line(comparison.note)));
  for (const Comparison& row : comparison.rows) {
    const bool dull = row.word == Word::no_change || row.word == Word::not_comparable;
    if (verbosity == Verbosity::quiet && dull) continue;
    if (verbosity != Verbosity::verbose && row.word == Word::not_comparable) continue;
    std::string line = padded(shown_line(row.id), 30) + padded(say(row.phase, ", ", row.basis), 32);
    if (row.word != Word::not_comparable) line += right(figures(row.a), 9) + " -> " + padded(figures(row.b), 9);
    line += console.paint(style_of(row), shown_line(row.text));
    if (row.gate == GateLevel::warn || row.gate == GateLevel::fail)
      line += "  " + console.paint(row.gate == GateLevel::fail ? nsproof::Style::bad : nsproof::Style::doubt,
                                   std::string(name_of(row.gate)));
    console.print(line);
  }
  const GateCounts counts = count(comparison);
  if (comparison.warn_percent > 0 || comparison.fail_percent > 0)
    console.print(fmt::format(
        "{}  {} gated, {} beyond warn, {} beyond fail, {} cannot be told",
        counts.failed > 0 ? console.paint(nsproof::Style::bad, "FAIL") : console.paint(nsproof::Style::good, "PASS"),
        counts.judged, counts.warned, counts.failed, counts.untold));
}

}  // namespace nsproof
