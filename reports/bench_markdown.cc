// Measurements as tables of GitHub-flavoured Markdown.
#include <fmt/core.h>

#include <cmath>

#include "harness/support/text.h"
#include "reports/bench_export.h"
#include "reports/escape.h"

namespace nsproof::bench {
namespace {

std::string figures(double value) {
  const double size = std::abs(value);
  return fmt::format(fmt::runtime(size >= 100 ? "{:.0f}" : size >= 10 ? "{:.1f}" : "{:.2f}"), value);
}

std::string unit_text(std::string_view unit) { return unit == "us" ? "µs" : std::string(unit); }

void add_comparison(std::string& page, const CompareResult& comparison) {
  page += say("### ", markdown_line(comparison.b), " against ", markdown_line(comparison.a), "\n\n");
  if (!comparison.note.empty()) page += markdown_line(comparison.note) + "\n\n";
  page += "| case | metric | A | B | effect | p | gate |\n|---|---|---:|---:|---|---:|---|\n";
  for (const Comparison& row : comparison.rows) {
    if (row.word == Word::not_comparable) continue;
    const char* const gate = row.gate == GateLevel::fail   ? "**fail**"
                             : row.gate == GateLevel::warn ? "warn"
                             : row.gate == GateLevel::pass ? "pass"
                                                           : "";
    page += fmt::format("| {} | {}, {} | {} | {} | {} | {:.3g} | {} |\n", markdown_line(row.id), row.phase,
                        markdown_line(row.basis), figures(row.a), figures(row.b), markdown_line(row.text), row.p, gate);
  }
  page += "\n";
}

void add_family(std::string& page, const BenchResult& result, const std::string& family) {
  std::string table;
  for (const BenchCase& one : result.cases) {
    const Phase* head = head_of(one);
    if (one.family != family || head == nullptr) continue;
    const std::string interval =
        say(figures(head->estimate.interval.low), " to ", figures(head->estimate.interval.high));
    const std::string ratio = head->ratio ? figures(head->ratio->value) + " ×" : "";
    table += say("| ", markdown_line(one.id), " | ", figures(head->estimate.p5), " ", unit_text(one.unit), " | ",
                 interval, " | ", figures(head->estimate.p50), " | ", figures(head->estimate.p99), " | ", ratio, " | ",
                 markdown_line(one.floor), " |\n");
  }
  if (table.empty()) return;
  page += say("### ", markdown_line(family), "\n\n| case | p5 | 95 % | p50 | p99 | ratio | to |\n",
              "|---|---:|---|---:|---:|---:|---|\n", table, "\n");
}

void add_curves(std::string& page, const BenchResult& result) {
  std::string table;
  for (const BenchCase& one : result.cases)
    for (const Series& series : one.series) {
      if (!series.line) continue;
      table += fmt::format("| {} | {} | {} {} | {:.3g} {} | {:.2f} |\n", markdown_line(one.id),
                           markdown_line(series.title), figures(series.line->intercept), unit_text(series.unit),
                           series.line->slope, markdown_line(series.slope_title), series.line->r2);
    }
  if (!table.empty())
    page += "### How costs grow\n\n| case | what | at 0 | slope | R² |\n|---|---|---:|---:|---:|\n" + table + "\n";
}

void add_gaps(std::string& page, const BenchResult& result) {
  std::string list;
  for (const BenchCase& one : result.cases)
    if (one.state != State::measured)
      list += say("- ", markdown_line(one.id), ": ", markdown_line(one.reason),
                  one.error.empty() ? "" : say(" (", one.error, ")"), "\n");
  if (!list.empty()) page += "### Not measured\n\n" + list + "\n";
}

}  // namespace

std::string render_bench_markdown(const BenchResult& result) {
  std::string page = say("## nsproof bench\n\n", markdown_line(result.environment.machine_name), "; ",
                         result.plan.rounds, " rounds in ", result.plan.processes, " processes, seed ",
                         result.plan.seed, fmt::format(", {:.0f} s.", result.plan.seconds), "\n\n");
  if (result.guard.loud)
    page += fmt::format("**The machine changed its speed (by {:.2f} ×) in {} of {} rounds.**\n\n",
                        result.guard.slowest_ratio, result.guard.tagged, result.guard.rounds);
  if (result.comparison) add_comparison(page, *result.comparison);
  std::vector<std::string> families;
  for (const BenchCase& one : result.cases)
    if (families.empty() || families.back() != one.family) families.push_back(one.family);
  if (!result.comparison)
    for (const std::string& family : families) add_family(page, result, family);
  if (!result.matrix.empty() && !result.comparison) {
    page += fmt::format("### All combinations\n\nCosts add: {} {} for none", figures(result.matrix.base),
                        unit_text(result.matrix.unit));
    for (const auto& [type, effect] : result.matrix.effects) page += say(", ", name_of(type), " ", figures(effect));
    page +=
        fmt::format("; R² {:.3f}, residual {} {} (rms), worst {}.\n\n", result.matrix.r2,
                    figures(result.matrix.rms_residual), unit_text(result.matrix.unit), text_of(result.matrix.worst));
  }
  if (!result.comparison) add_curves(page, result);
  add_gaps(page, result);
  page += "<details><summary>What decides the numbers</summary>\n\n";
  for (const Fact& fact : result.environment.facts)
    page += say("- ", markdown_line(fact.title), ": ", markdown_line(fact.value), "\n");
  return page + "\n</details>\n";
}

}  // namespace nsproof::bench
