#include "reports/markdown.h"

#include "harness/support/text.h"
#include "reports/escape.h"
#include "reports/projection.h"

namespace nsproof {
namespace {

constexpr std::size_t kEvidenceLimit = 4096;  // bytes of one case's evidence
constexpr std::size_t kFieldLimit = 300;      // bytes of one field of a table or a title
constexpr std::size_t kTailReserve = 200;     // for the sentence that says what was left out

// One field on one line, short: cut before it is escaped, so that no escape is cut in two.
std::string field(std::string_view bytes) { return markdown_line(shown_line(bytes, kFieldLimit)); }

std::string code(std::string_view bytes) { return say("<code>", field(bytes), "</code>"); }

// Text that grows no further than it may. What does not fit is left out whole.
class Page {
 public:
  bool add(std::string_view part, std::size_t reserve = kTailReserve) {
    if (text_.size() + part.size() + reserve > kMarkdownLimit) return false;
    text_ += part;
    return true;
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

std::string sentence(const Results& results, const Counts& counts) {
  std::string_view word = "Nothing was established";
  switch (exit_status(counts)) {
    case ExitStatus::good: word = "Every property that could be judged holds"; break;
    case ExitStatus::violated: word = "Isolation is violated"; break;
    case ExitStatus::cannot_judge: word = "Some properties could not be judged"; break;
    case ExitStatus::usage:
    case ExitStatus::nothing_established: break;
  }
  if (counts.violated == 0 && counts.unexpected_passes > 0) word = "A property that was expected to fail holds";
  if (counts.total() > 0 && counts.expected_failures > 0 && exit_status(counts) == ExitStatus::good)
    word = "Every property that could be judged holds, or fails as expected";
  return say("**", word, "**: ", counts.total(), " cases in ", seconds_text(results.seconds), " s.",
             results.partial ? " The run was interrupted.\n\n" : "\n\n");
}

std::string environment_line(const Environment& e) {
  return say("nsproof ", field(e.tool_version), " · kernel ", field(e.kernel_release), " ", field(e.machine), " · ",
             field(e.user), " · LSM ", e.security_modules.empty() ? "none" : field(e.security_modules), " · cgroup ",
             field(e.cgroup_mode), " · ", field(e.started), " UTC\n\n");
}

std::string row(std::string_view name, const Counts& c) {
  return say("| ", name, " | ", c.holds, " | ", c.violated, " | ", c.vacuous, " | ", c.broken, " | ", c.unsupported,
             " | ", c.expected_failures, " | ", c.unexpected_passes, " |\n");
}

void add_table(Page& page, const Results& results) {
  const bool targets = has_targets(results.cases);
  page.add(say("| ", targets ? "target" : "area",
               " | holds | violated | vacuous | broken | unsupported | expected failure | unexpected pass |\n"
               "| :--- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n"));
  for (const Group& group : targets ? targets_of(results.cases) : areas_of(results.cases)) {
    const std::string name = targets && group.name.empty() ? "this kernel" : field(group.name);
    if (!page.add(row(name, count(group)), kMarkdownLimit / 2)) break;
  }
  page.add(row("**all**", count(results.cases)));
  page.add("\n");
}

std::string details(const Case& one) {
  const Standing standing = standing_of(one);
  const std::string_view word = standing == Standing::unexpected_pass ? "unexpected pass" : name_of(one.verdict);
  return say("<details><summary><b>", word, "</b> ", code(name_of(one)), " ", field(reason_of(one)), "</summary>\n\n",
             markdown_block(shown_text(evidence_of(one), kEvidenceLimit)), "\n</details>\n\n");
}

void add_red(Page& page, const std::vector<Case>& cases) {
  int left_out = 0;
  bool titled = false;
  for (const Standing standing : {Standing::violated, Standing::unexpected_pass, Standing::broken, Standing::vacuous}) {
    for (const Case& one : cases) {
      if (standing_of(one) != standing) continue;
      if (!titled) titled = page.add("### To look at\n\n");
      if (!page.add(details(one))) ++left_out;
    }
  }
  if (left_out > 0) page.add(say("and ", left_out, " more, which the full report has.\n\n"), kTailReserve / 2);
}

void add_list(Page& page, const std::vector<Case>& cases, Standing which, std::string_view title) {
  std::string list;
  int entries = 0;
  int left_out = 0;
  for (const Case& one : cases) {
    if (standing_of(one) != which) continue;
    const std::string line = say("- ", code(name_of(one)), " ", field(reason_of(one)), "\n");
    ++entries;
    if (list.size() + line.size() > kMarkdownLimit / 8) {
      ++left_out;
    } else {
      list += line;
    }
  }
  if (entries == 0) return;
  if (left_out > 0) list += say("- and ", left_out, " more\n");
  if (!page.add(say("<details><summary>", title, ": ", entries, "</summary>\n\n", list, "\n</details>\n\n")))
    page.add(say(title, ": ", entries, ", listed in the full report.\n\n"), 0);
}

}  // namespace

std::string render_markdown(const Results& results) {
  Page page;
  page.add("## nsproof\n\n");
  page.add(sentence(results, count(results.cases)));
  page.add(environment_line(results.environment));
  add_table(page, results);
  add_red(page, results.cases);
  add_list(page, results.cases, Standing::expected_failure, "Fails as expected");
  add_list(page, results.cases, Standing::unsupported, "Not testable here");
  return page.take();
}

}  // namespace nsproof
