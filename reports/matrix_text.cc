// The table of properties and targets for people: marks with a legend for a terminal, words in Markdown.
#include <algorithm>

#include "harness/support/layout.h"
#include "harness/support/text.h"
#include "reports/escape.h"
#include "reports/matrix.h"

namespace nsproof {
namespace {

constexpr std::size_t kNameLimit = 100;  // bytes of a target, an area or an id
constexpr std::size_t kStep = 3;         // columns from one cell to the next

std::string shown(std::string_view bytes) { return shown_line(bytes, kNameLimit); }

struct Mark {
  char sign;
  Tone tone;
  std::string_view meaning;
};

constexpr Mark kIsolated = {'#', Tone::good, "isolated"};
constexpr Mark kOpen = {'o', Tone::plain, "open"};
constexpr Mark kOther = {'*', Tone::plain, "something else was observed, see --format json"};
constexpr Mark kHolds = {'+', Tone::good, "holds"};
constexpr Mark kViolated = {'X', Tone::bad, "violated"};
constexpr Mark kAnnounced = {'x', Tone::faint, "violated as expected"};
constexpr Mark kUnexpected = {'U', Tone::bad, "holds unexpectedly: a failure was announced"};
constexpr Mark kVacuous = {'v', Tone::doubt, "vacuous: the control did not show the effect"};
constexpr Mark kBroken = {'?', Tone::doubt, "broken: could not be judged"};
constexpr Mark kUnsupported = {'-', Tone::faint, "unsupported: a need is missing"};
constexpr Mark kNotRun = {'.', Tone::faint, "not run"};
constexpr Mark kMarks[] = {kIsolated,   kOpen,    kOther,  kHolds,       kViolated, kAnnounced,
                           kUnexpected, kVacuous, kBroken, kUnsupported, kNotRun};
constexpr char kDeviation = '!';

// What was observed of a runtime that could be judged; of everything else its verdict.
bool shows_observation(const MatrixCell& cell) {
  return !cell.effective.empty() && cell.standing != Standing::vacuous && cell.standing != Standing::broken &&
         cell.standing != Standing::unsupported;
}

const Mark& mark_of(const MatrixCell& cell) {
  if (shows_observation(cell)) {
    if (cell.effective == kIsolated.meaning) return kIsolated;
    return cell.effective == kOpen.meaning ? kOpen : kOther;
  }
  switch (cell.standing) {
    case Standing::holds: return kHolds;
    case Standing::violated: return kViolated;
    case Standing::expected_failure: return kAnnounced;
    case Standing::unexpected_pass: return kUnexpected;
    case Standing::vacuous: return kVacuous;
    case Standing::broken: return kBroken;
    case Standing::unsupported: return kUnsupported;
  }
  return kBroken;
}

// The names of the columns as a staircase, so that any name finds room over a column of one sign.
std::string staircase(const MatrixTable& table, std::size_t margin) {
  std::string text;
  std::string bars(margin, ' ');
  for (const MatrixColumn& column : table.columns) {
    text += say(bars, shown(column.name), column.partial ? " (interrupted)" : "", "\n");
    bars += say("|", std::string(kStep - 1, ' '));
  }
  return text;
}

struct Seen {
  std::string signs;
  bool deviation = false;
};

std::string row_text(const MatrixRow& row, std::size_t margin, const Paint& paint, Seen& seen) {
  std::string line = padded("  " + shown(row.id), margin);
  for (const auto& cell : row.cells) {
    const Mark& mark = cell ? mark_of(*cell) : kNotRun;
    const bool deviation = cell && shows_observation(*cell) && cell->deviates;
    seen.signs += mark.sign;
    seen.deviation |= deviation;
    const std::string sign = deviation ? std::string{mark.sign, kDeviation} : std::string(1, mark.sign);
    line += paint(deviation ? Tone::bad : mark.tone, sign) + std::string(kStep - sign.size(), ' ');
  }
  return line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
}

std::string legend(const Seen& seen, const Paint& paint) {
  std::string text = paint(Tone::strong, "legend") + "\n";
  for (const Mark& mark : kMarks)
    if (seen.signs.find(mark.sign) != std::string::npos)
      text += say("  ", paint(mark.tone, std::string(1, mark.sign)), "  ", mark.meaning, "\n");
  if (seen.deviation) text += say("  ", paint(Tone::bad, std::string(1, kDeviation)), "  not what is expected there\n");
  return text;
}

std::string markdown_cell(const std::optional<MatrixCell>& cell) {
  if (!cell) return "not run";
  if (!shows_observation(*cell)) {
    const std::string_view meaning = mark_of(*cell).meaning;
    const std::string_view word = meaning.substr(0, meaning.find(':'));
    return is_red(cell->standing) ? say("**", word, "**") : std::string(word);
  }
  const std::string observed = markdown_line(shown(cell->effective));
  if (!cell->deviates) return observed;
  return cell->expected.empty() || cell->expected == cell->effective
             ? say("**", observed, "** (not expected)")
             : say("**", observed, "** (expected: ", markdown_line(shown(cell->expected)), ")");
}

}  // namespace

std::string render_matrix_text(const MatrixTable& table, const Paint& paint) {
  if (table.columns.empty()) return "no case\n";
  std::size_t id_width = 0;
  std::size_t name_width = 0;
  for (const MatrixArea& area : table.areas)
    for (const MatrixRow& row : area.rows) id_width = std::max(id_width, width_of(shown(row.id)));
  for (const MatrixColumn& column : table.columns) name_width = std::max(name_width, width_of(shown(column.name)));
  const std::size_t margin = id_width + 4;
  Seen seen;
  std::string text;
  for (const MatrixArea& area : table.areas) {
    text += say(text.empty() ? "" : "\n", paint(Tone::strong, shown(area.name)), "\n");
    for (const MatrixRow& row : area.rows) text += row_text(row, margin, paint, seen);
  }
  text = say(staircase(table, margin), text, "\n", legend(seen, paint), "\n", paint(Tone::strong, "properties"), "\n");
  for (const MatrixColumn& column : table.columns)
    text += say("  ", padded(shown(column.name), name_width), "  ", counts_text(column.counts), "\n");
  return text;
}

std::string render_matrix_markdown(const MatrixTable& table) {
  std::string head = "| property |";
  std::string rule = "| :--- |";
  for (const MatrixColumn& column : table.columns) {
    head += say(" ", markdown_line(shown(column.name)), column.partial ? " (interrupted) |" : " |");
    rule += " :--- |";
  }
  std::string text = "## nsproof: properties and targets\n";
  for (const MatrixArea& area : table.areas) {
    text += say("\n### ", markdown_line(shown(area.name)), "\n\n", head, "\n", rule, "\n");
    for (const MatrixRow& row : area.rows) {
      text += say("| <code>", markdown_line(shown(row.id)), "</code> |");
      for (const auto& cell : row.cells) text += say(" ", markdown_cell(cell), " |");
      text += '\n';
    }
  }
  return text;
}

}  // namespace nsproof
