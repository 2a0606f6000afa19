// How a run is told on a terminal.
#include "harness/cli/run_text.h"

#include <map>

#include "harness/catalogue/select.h"
#include "harness/cli/evidence.h"
#include "harness/cli/summary.h"
#include "harness/support/layout.h"
#include "harness/support/text.h"
#include "reports/escape.h"
#include "reports/projection.h"

namespace nsproof {
namespace {

// Of one swept property, or of one reason why nothing ran; more of the same would bury the rest.
constexpr int kEvidenceOfAlike = 3;

Style style_of(Tone tone) {
  switch (tone) {
    case Tone::plain: return Style::plain;
    case Tone::strong: return Style::strong;
    case Tone::faint: return Style::faint;
    case Tone::good: return Style::good;
    case Tone::bad: return Style::bad;
    case Tone::doubt: return Style::doubt;
  }
  return Style::plain;
}

}  // namespace

Paint paint_of(const Console& console) {
  return [&console](Tone tone, std::string_view text) { return console.paint(style_of(tone), text); };
}

void print_whole(Console& console, std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  console.print(text);
}

void print_table(Console& console, const MatrixTable& table, TableFormat format) {
  switch (format) {
    case TableFormat::text: print_whole(console, render_matrix_text(table, paint_of(console))); break;
    case TableFormat::markdown: print_whole(console, render_matrix_markdown(table)); break;
    case TableFormat::json: print_whole(console, render_matrix_json(table)); break;
  }
}

void print_evidence(Console& console, const Results& results, Verbosity verbosity) {
  std::map<std::string, int> shown;
  int left_out = 0;
  for (const Case& one : results.cases) {
    const bool red = is_red(standing_of(one));
    if (verbosity == Verbosity::quiet) {
      if (red) console.print(case_line(one, console));
      continue;
    }
    if (verbosity == Verbosity::normal) {
      if (!red) continue;
      // What a guest that died did not reach has one reason for all of it.
      const bool alike = combination_named(one.variant).has_value() || (one.verdict == Verdict::broken && !one.subject);
      const std::string& by = combination_named(one.variant) ? one.id : one.reason;
      if (alike && ++shown[by] > kEvidenceOfAlike) {
        ++left_out;
        continue;
      }
    }
    console.print("");
    console.print(evidence(one, console));
  }
  if (left_out > 0)
    console.print(say("\n", counted(left_out, "more deviation", "more deviations"),
                      " of the same kind; -v shows the evidence of all"));
}

void print_end(Console& console, const Results& results, Verbosity verbosity) {
  if (verbosity != Verbosity::quiet) {
    const std::vector<TruthRow> rows = truth_table(results.cases);
    if (!rows.empty()) {
      console.print("");
      console.print(truth_table_lines(rows, console));
    }
    const auto needs = missing_needs(results.cases);
    if (!needs.empty()) {
      console.print("");
      console.print(console.paint(Style::strong, "unsupported here"));
      for (const auto& [need, times] : needs)
        console.print(say("  ", padded(counted(times, "case", "cases"), 10), "  ", shown_line(need)));
    }
    console.print("");
  }
  console.print(result_line(results, console));
}

}  // namespace nsproof
