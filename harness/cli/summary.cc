// The end of a run in a few lines.
#include "harness/cli/summary.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/catalogue/select.h"
#include "harness/support/layout.h"
#include "harness/support/text.h"
#include "reports/escape.h"
#include "reports/projection.h"

namespace nsproof {
namespace {

constexpr std::size_t kListed = 8;  // deviations named in the table; all of them are in the reports

void enter(TruthRow& row, const Case& one) {
  switch (standing_of(one)) {
    case Standing::holds:
      ++(one.subject && one.subject->observation.outcome == Outcome::isolated ? row.isolated : row.leaked);
      break;
    case Standing::expected_failure: ++row.expected; break;
    case Standing::unsupported: ++row.unsupported; break;
    case Standing::violated:
    case Standing::vacuous:
    case Standing::broken:
    case Standing::unexpected_pass: row.deviations.push_back(&one); break;
  }
}

struct Word {
  std::string_view text;
  Style style;
};

Word word_of_run(const Results& results, const Counts& counts) {
  if (results.partial) return {"INTERRUPTED", Style::doubt};
  switch (exit_status(counts)) {
    case ExitStatus::good: return {"GOOD", Style::good};
    case ExitStatus::violated: return {"VIOLATED", Style::bad};
    case ExitStatus::cannot_judge: return {"CANNOT JUDGE", Style::doubt};
    case ExitStatus::nothing_established: return {"NOTHING ESTABLISHED", Style::doubt};
    case ExitStatus::usage: break;
  }
  return {"?", Style::doubt};
}

}  // namespace

std::vector<TruthRow> truth_table(const std::vector<Case>& cases) {
  std::vector<TruthRow> rows;
  std::map<std::string, std::size_t> index;
  for (const Case& one : cases) {
    if (!combination_named(one.variant)) continue;
    const auto [place, first] = index.try_emplace(one.id, rows.size());
    if (first) rows.emplace_back().id = one.id;
    enter(rows[place->second], one);
  }
  return rows;
}

std::vector<std::string> truth_table_lines(const std::vector<TruthRow>& rows, const Console& console) {
  std::size_t width = 11;
  for (const TruthRow& row : rows) width = std::max(width, width_of(row.id));
  std::vector<std::string> lines = {
      console.paint(Style::strong, say(padded("truth table", width), "  isolated    leaked  deviations"))};
  for (const TruthRow& row : rows) {
    std::string line = say(padded(row.id, width), fmt::format("  {:>8}  {:>8}  ", row.isolated, row.leaked));
    line += row.deviations.empty() ? console.paint(Style::good, "none")
                                   : console.paint(Style::bad, std::to_string(row.deviations.size()));
    if (row.expected > 0) line += say(", ", row.expected, " expected");
    if (row.unsupported > 0) line += say(", ", row.unsupported, " unsupported");
    lines.push_back(line);
    for (std::size_t i = 0; i < std::min(kListed, row.deviations.size()); ++i)
      lines.push_back(shown_line(say("  ", row.deviations[i]->variant, ": ", reason_of(*row.deviations[i]))));
    if (row.deviations.size() > kListed) lines.push_back(say("  and ", row.deviations.size() - kListed, " more"));
  }
  return lines;
}

std::vector<std::pair<std::string, int>> missing_needs(const std::vector<Case>& cases) {
  std::map<std::string, int> costs;
  for (const Case& one : cases)
    if (one.verdict == Verdict::unsupported) ++costs[one.missing.empty() ? one.reason : one.missing];
  std::vector<std::pair<std::string, int>> sorted(costs.begin(), costs.end());
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  return sorted;
}

std::string result_line(const Results& results, const Console& console) {
  const Counts counts = count(results.cases);
  const Word word = word_of_run(results, counts);
  return say(console.paint(word.style, word.text), "  ", counts_text(counts),
             fmt::format(", {:.2f} s, {} MB", results.seconds, (results.peak_kilobytes + 1023) / 1024));
}

}  // namespace nsproof
