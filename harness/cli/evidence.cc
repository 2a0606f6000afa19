// Cases as text.
#include "harness/cli/evidence.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/support/layout.h"
#include "harness/support/text.h"
#include "reports/escape.h"
#include "reports/projection.h"

namespace nsproof {
namespace {

constexpr int kSideBySide = 120;  // columns from which two transcripts fit beside each other
constexpr std::size_t kWordWidth = 11;

std::string transcript_heading(std::string_view role, const Run& run) {
  return shown_line(say(role, " (", run.world, "): ", name_of(run.observation.outcome),
                        run.observation.reason.empty() ? "" : ", " + run.observation.reason,
                        fmt::format(" ({:.1f} ms)", run.milliseconds)));
}

std::vector<std::string> transcript_lines(const Run& run) {
  std::vector<std::string> lines;
  std::size_t actor_width = 0;
  for (const Entry& entry : run.transcript.entries) actor_width = std::max(actor_width, width_of(entry.actor));
  for (const Entry& entry : run.transcript.entries) {
    const std::string line = line_of(entry);
    // line_of() begins with the actor; here the calls stand beneath each other.
    lines.push_back(shown_line(padded(entry.actor, actor_width) + line.substr(entry.actor.size())));
  }
  if (lines.empty()) lines.emplace_back("(no call was made)");
  return lines;
}

std::vector<std::string> indented(std::vector<std::string> lines, std::string_view margin) {
  for (std::string& line : lines) line.insert(0, margin);
  return lines;
}

void append(std::vector<std::string>& lines, const std::vector<std::string>& more) {
  lines.insert(lines.end(), more.begin(), more.end());
}

std::vector<std::string> runs(const Case& one, const Console& console) {
  const auto block = [](std::string_view role, const Run& run) {
    std::vector<std::string> lines = {transcript_heading(role, run)};
    append(lines, transcript_lines(run));
    return lines;
  };
  const int columns = console.columns();
  if (one.subject && one.control && console.terminal() && columns >= kSideBySide)
    return indented(side_by_side(block("subject", *one.subject), block("control", *one.control),
                                 static_cast<std::size_t>(columns) - 3),
                    "  ");
  std::vector<std::string> lines;
  for (const auto& [role, run] : {std::pair{"subject", &one.subject}, std::pair{"control", &one.control}}) {
    if (!*run) continue;
    std::vector<std::string> text = block(role, **run);
    lines.push_back("  " + text.front());
    text.erase(text.begin());
    append(lines, indented(std::move(text), "    "));
  }
  return lines;
}

std::string expectation_text(const ExpectationNote& note) {
  std::string text = say(note.reason, " (", note.url, ")");
  if (note.kind == Expectation::expired) return say("was expected until ", note.expires, ": ", text);
  if (!note.expires.empty()) text += say(", until ", note.expires);
  return text;
}

}  // namespace

std::string_view word_of(const Case& one) {
  switch (standing_of(one)) {
    case Standing::holds: return "holds";
    case Standing::violated: return "violated";
    case Standing::vacuous: return "vacuous";
    case Standing::broken: return "broken";
    case Standing::unsupported: return "unsupported";
    case Standing::expected_failure: return "expected";
    case Standing::unexpected_pass: return "unexpected";
  }
  return "?";
}

Style style_of(const Case& one) {
  switch (standing_of(one)) {
    case Standing::holds: return Style::good;
    case Standing::violated:
    case Standing::unexpected_pass: return Style::bad;
    case Standing::vacuous:
    case Standing::broken: return Style::doubt;
    case Standing::unsupported:
    case Standing::expected_failure: return Style::faint;
  }
  return Style::plain;
}

std::string case_line(const Case& one, const Console& console) {
  const std::string word = console.paint(style_of(one), padded(word_of(one), kWordWidth));
  std::string line = say(word, fmt::format(" {:>7.1f} ms  ", one.milliseconds), shown_line(name_of(one)));
  if (standing_of(one) != Standing::holds) line += "  " + shown_line(reason_of(one));
  return line;
}

std::vector<std::string> evidence(const Case& one, const Console& console) {
  const auto width = static_cast<std::size_t>(console.columns());
  std::vector<std::string> lines = {
      say(console.paint(style_of(one), word_of(one)), "  ", console.paint(Style::strong, shown_line(name_of(one))))};
  const auto add = [&](std::string_view label, std::string_view text) {
    if (!text.empty()) append(lines, labelled(label, shown_line(text), width));
  };
  add("claim", one.claim);
  add("reason", one.reason);
  add("missing", one.missing);
  if (one.expectation.kind != Expectation::none) add("announced", expectation_text(one.expectation));
  add("runtime", runtime_text(one));
  if (one.control) add("control", one.control_differs);
  add("source", one.source);
  if (!one.file.empty()) add("row", say(one.file, ":", one.line));
  append(lines, runs(one, console));
  // Never wrapped: it is there to be copied.
  if (!one.reproduce.empty()) lines.push_back(say("  ", padded("reproduce", kWordWidth), shown_line(one.reproduce)));
  return lines;
}

}  // namespace nsproof
