// A comparison for people: as text for a terminal, and as Markdown.
#include <algorithm>

#include "harness/support/layout.h"
#include "harness/support/text.h"
#include "reports/diff.h"
#include "reports/escape.h"
#include "reports/projection.h"

namespace nsproof {
namespace {

constexpr std::size_t kFieldLimit = 300;  // bytes of a name, a reason or a call
constexpr std::size_t kNameWidth = 64;    // columns; what is longer puts its line out of the column

struct Section {
  std::string_view title;
  Tone tone;
  const std::vector<CaseChange>& changes;
};

std::vector<Section> sections_of(const Diff& diff) {
  return {{"worse", Tone::bad, diff.worse},
          {"better", Tone::good, diff.better},
          {"another verdict", Tone::doubt, diff.other},
          {"another errno", Tone::doubt, diff.errnos},
          {"another reason", Tone::plain, diff.reasons},
          {"only in A", Tone::doubt, diff.only_a},
          {"only in B", Tone::plain, diff.only_b}};
}

std::string verdict_text(const Case& one) {
  const bool expected = one.expectation.kind == Expectation::expected_failure;
  return say(name_of(one.verdict), expected ? " as expected" : "");
}

// "holds -> violated", "only in A: holds"; nothing where the verdict is the same.
std::string verdicts_text(const CaseChange& change) {
  if (change.a == nullptr) return verdict_text(*change.b);
  if (change.b == nullptr) return verdict_text(*change.a);
  if (change.a->verdict == change.b->verdict) return verdict_text(*change.a);
  return say(verdict_text(*change.a), " -> ", verdict_text(*change.b));
}

std::string why(const Case& one) {
  const std::string runtime = runtime_text(one);
  return runtime.empty() ? reason_of(one) : say(reason_of(one), " (", runtime, ")");
}

std::string errno_word(const Entry& entry) {
  constexpr std::int64_t kLargestErrno = 4095;  // MAX_ERRNO of the kernel
  if (entry.value >= 0) return "success";
  return entry.value < -kLargestErrno ? std::to_string(entry.value) : errno_name(static_cast<int>(-entry.value));
}

// What lies beneath the verdicts, a line each.
std::vector<std::string> details_of(const CaseChange& change) {
  std::vector<std::string> lines;
  if (change.a != nullptr && change.b != nullptr && why(*change.a) != why(*change.b))
    for (const auto& [label, one] : {std::pair{"A  ", change.a}, std::pair{"B  ", change.b}})
      lines.push_back(say(label, shown_line(why(*one), kFieldLimit)));
  for (const ErrnoChange& one : change.errnos) {
    lines.push_back(
        shown_line(say(one.role, " call ", one.number, ", ", one.a->actor, "  ", one.a->call), kFieldLimit));
    lines.push_back(say("  ", errno_word(*one.a), " -> ", errno_word(*one.b)));
  }
  return lines;
}

std::string same_text(const Diff& diff) {
  return say(diff.same, diff.same == 1 ? " case is" : " cases are", " the same");
}

std::string conclusion(const Diff& diff) {
  return got_worse(diff) ? "Something that held in A does not in B." : "Nothing that held in A fails in B.";
}

}  // namespace

std::string render_diff_text(const Diff& diff, const Results& a, const Results& b, const Paint& paint) {
  std::string text =
      say(paint(Tone::strong, "A  "), heading_of(a), "\n", paint(Tone::strong, "B  "), heading_of(b), "\n");
  std::size_t width = 0;
  for (const Section& section : sections_of(diff))
    for (const CaseChange& change : section.changes)
      width = std::max(width, std::min(kNameWidth, width_of(shown_line(change.name, kFieldLimit))));
  for (const Section& section : sections_of(diff)) {
    if (section.changes.empty()) continue;
    text += say("\n", paint(section.tone, say(section.title, ": ", section.changes.size())), "\n");
    for (const CaseChange& change : section.changes) {
      text += say("  ", padded(shown_line(change.name, kFieldLimit), width), "  ", verdicts_text(change), "\n");
      for (const std::string& line : details_of(change)) text += say("    ", line, "\n");
    }
  }
  return say(text, "\n", same_text(diff), "\n", paint(got_worse(diff) ? Tone::bad : Tone::good, conclusion(diff)),
             "\n");
}

std::string render_diff_markdown(const Diff& diff, const Results& a, const Results& b) {
  std::string text = say("## nsproof: two runs compared\n\n**", conclusion(diff), "** ", same_text(diff),
                         ".\n\n| | |\n| :--- | :--- |\n| A | ", markdown_line(heading_of(a)), " |\n| B | ",
                         markdown_line(heading_of(b)), " |\n");
  for (const Section& section : sections_of(diff)) {
    if (section.changes.empty()) continue;
    text += say("\n### ", section.title, ": ", section.changes.size(), "\n\n| case | verdict | difference |\n",
                "| :--- | :--- | :--- |\n");
    for (const CaseChange& change : section.changes) {
      std::vector<std::string> details;
      for (const std::string& line : details_of(change)) details.push_back(markdown_line(trim(line)));
      text += say("| <code>", markdown_line(shown_line(change.name, kFieldLimit)), "</code> | ",
                  markdown_line(verdicts_text(change)), " | ", join(details, "<br>"), " |\n");
    }
  }
  return text;
}

}  // namespace nsproof
