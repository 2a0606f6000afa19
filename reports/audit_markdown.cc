// An audit as a page of GitHub-flavoured Markdown: counts first, then what is weak with its fix, worst first.
#include <algorithm>
#include <map>
#include <ostream>

#include "harness/support/text.h"
#include "reports/audit_report.h"
#include "reports/audit_words.h"
#include "reports/escape.h"
#include "reports/markdown.h"

namespace nsproof::audit {
namespace {

constexpr std::size_t kFieldLimit = 300;     // bytes of one field of a table or a list
constexpr std::size_t kDetailsLimit = 4096;  // bytes of what is folded below one finding

// Bytes of each part; what stands above them has at most 8 KiB.
constexpr std::size_t kTableLimit = 18 * 1024;
constexpr std::size_t kAllDetailsLimit = 9 * 1024;
constexpr std::size_t kUnknownLimit = 6 * 1024;
constexpr std::size_t kWaiversLimit = 1 * 1024;
constexpr std::size_t kSetAsideLimit = 4 * 1024;
constexpr std::size_t kNotApplicableLimit = 4 * 1024;
constexpr std::size_t kHardenedLimit = 9 * 1024;
static_assert(kTableLimit + kAllDetailsLimit + kUnknownLimit + kWaiversLimit + kSetAsideLimit + kNotApplicableLimit +
                  kHardenedLimit + 9 * 1024 <=
              kMarkdownLimit);

// One field on one line, short: cut before it is escaped, so that no escape is cut in two.
std::string field(std::string_view bytes) { return markdown_line(shown_line(bytes, kFieldLimit)); }
std::string code(std::string_view bytes) { return say("<code>", field(bytes), "</code>"); }

std::string counted_severities(const AuditCounts& counts) {
  std::vector<std::string> parts;
  for (const Severity severity : kSeverities)
    if (const int number = counts.severities.at(severity); number > 0)
      parts.push_back(say(number, " ", name_of(severity)));
  return join(parts, ", ");
}

std::string sentence(const AuditResult& result, const AuditCounts& counts) {
  const bool all_seen = counts.total() > 0 && counts.unknown == 0 && !result.partial;
  std::string text = counts.counting > 0 ? say("**Weak: ", counted_severities(counts), ".**")
                     : all_seen          ? std::string("**Nothing weak was found.**")
                                         : std::string("**Nothing weak was found, but not everything was seen.**");
  if (result.partial) text += " The audit was interrupted or ran out of time.";
  return say(text, "\n\n", field(result.subject), " · kernel ", field(result.kernel), " · profile ",
             result.profile.empty() ? "none" : field(result.profile), " · nsproof ", field(result.tool_version), " · ",
             field(result.started), " UTC\n\n");
}

std::string counts_table(const AuditCounts& counts) {
  std::string head = "|";
  std::string rule = "|";
  std::string numbers = "|";
  const auto add = [&](std::string_view name, int number) {
    head += say(" ", name, " |");
    rule += " ---: |";
    numbers += say(" ", number, " |");
  };
  for (const Severity severity : kSeverities) add(name_of(severity), counts.severities.at(severity));
  add("set aside", counts.set_aside);
  add("unknown", counts.unknown);
  add("not applicable", counts.not_applicable);
  add("hardened", counts.hardened);
  return say(head, "\n", rule, "\n", numbers, "\n\n");
}

// The first tool for which one line does it; the others are in the details.
std::string short_fix(const Rule* rule) {
  if (rule == nullptr) return "";
  for (const auto& [name, member] : kFixFields) {
    const std::string& fix = fix_text(rule->fix, member);
    if (!fix.empty() && fix.find('\n') == std::string::npos) return say(name, ": ", code(fix));
  }
  return "below";
}

// Parts up to `limit` bytes in all; of the rest the number.
class Parts {
 public:
  explicit Parts(std::size_t limit) : limit_(limit) {}
  void add(const std::string& part) {
    if (text_.size() + part.size() > limit_) return void(++left_out_);
    text_ += part;
  }
  // `before` stands before the sentence on what was left out.
  [[nodiscard]] std::string text(std::string_view before) const {
    return left_out_ == 0 ? text_ : say(text_, before, "and ", left_out_, " more, which the full report has\n");
  }

 private:
  std::string text_;
  std::size_t limit_;
  int left_out_ = 0;
};

std::vector<const Finding*> worst_first(const std::vector<Finding>& findings) {
  std::vector<const Finding*> weak;
  for (const Finding& finding : findings)
    if (counts_against(finding)) weak.push_back(&finding);
  std::stable_sort(weak.begin(), weak.end(),
                   [](const Finding* a, const Finding* b) { return a->severity > b->severity; });
  return weak;
}

std::string weak_part(const std::vector<const Finding*>& weak, const RuleLookup& rule_of) {
  if (weak.empty()) return "";
  Parts rows(kTableLimit);
  Parts details(kAllDetailsLimit);
  for (const Finding* one : weak) {
    const Rule* rule = rule_of(one->id);
    const std::string expired = one->standing == Standing::expired ? say(" (", field(standing_text(*one)), ")") : "";
    rows.add(say("| ", name_of(one->severity), " | ", code(one->id), " | ", field(one->title), " | ",
                 field(one->observed), expired, " | ", short_fix(rule), " |\n"));
    details.add(say("<details><summary>", code(one->id), "</summary>\n\n",
                    markdown_block(shown_text(join(explained(*one, rule), "\n"), kDetailsLimit)), "\n</details>\n\n"));
  }
  return say(
      "### Weak\n\n| severity | rule | what is weak | what was seen | fix |\n| :--- | :--- | :--- | :--- | :--- |\n",
      rows.text("\n"), "\n", details.text(""), "\n");
}

template <class Select>
std::string list_of(const std::vector<Finding>& findings, std::size_t limit, Select chosen) {
  Parts list(limit);
  for (const Finding& one : findings) {
    if (!chosen(one)) continue;
    const std::string why = one.answer == Answer::weak ? standing_text(one) : one.observed;
    list.add(say("- ", code(one.id), " ", field(why), "\n"));
  }
  return list.text("- ");
}

// One line for each reason, because fifty rules may have the same.
std::string unknown_part(const std::vector<Finding>& findings) {
  std::map<std::string, std::vector<std::string>> ids_by_reason;
  for (const Finding& one : findings)
    if (one.answer == Answer::unknown) ids_by_reason[field(one.observed)].push_back(code(one.id));
  if (ids_by_reason.empty()) return "";
  Parts list(kUnknownLimit);
  for (const auto& [reason, ids] : ids_by_reason) list.add(say("- ", reason, ": ", join(ids, ", "), "\n"));
  return say("### Unknown\n\n", list.text("- "), "\n");
}

std::string folded(std::string_view title, int number, const std::string& list) {
  if (number == 0) return "";
  return say("<details><summary>", title, ": ", number, "</summary>\n\n", list, "\n</details>\n\n");
}

std::string unused_waivers(const std::vector<std::string>& patterns) {
  if (patterns.empty()) return "";
  Parts list(kWaiversLimit);
  for (const std::string& pattern : patterns) list.add(say("- ", code(pattern), "\n"));
  return say("### Waivers that nothing needs\n\n", list.text("- "), "\n");
}

}  // namespace

void write_audit_markdown(std::ostream& out, const AuditResult& result, const RuleLookup& rule_of) {
  const AuditCounts counts = count(result.findings);
  const auto answered = [](Answer answer) { return [answer](const Finding& one) { return one.answer == answer; }; };
  out << "## nsproof audit\n\n"
      << sentence(result, counts) << counts_table(counts) << weak_part(worst_first(result.findings), rule_of)
      << unknown_part(result.findings) << unused_waivers(result.unused_waivers)
      << folded("Set aside", counts.set_aside, list_of(result.findings, kSetAsideLimit, is_set_aside))
      << folded("Not applicable", counts.not_applicable,
                list_of(result.findings, kNotApplicableLimit, answered(Answer::not_applicable)))
      << folded("Hardened", counts.hardened, list_of(result.findings, kHardenedLimit, answered(Answer::hardened)));
}

}  // namespace nsproof::audit
