// Counts, standings and evidence of an audit, for every format alike.
#include "reports/audit_words.h"

#include <algorithm>

#include "harness/support/text.h"
#include "reports/escape.h"

namespace nsproof::audit {
namespace {

constexpr std::size_t kShortestContainerId = 12;  // hexadecimal digits, as docker ps shows them

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); }

bool changes_between_runs(std::string_view word) {
  if (std::all_of(word.begin(), word.end(), is_digit)) return true;
  return word.size() >= kShortestContainerId && std::all_of(word.begin(), word.end(), is_hex);
}

bool is_word(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_'; }

// "fix      docker: --pids-limit=100", further lines below it.
void add_fixes(std::vector<std::string>& lines, const Fix& fix) {
  for (const auto& [name, member] : kFixFields) {
    const std::vector<std::string> parts = lines_of(fix_text(fix, member));
    if (parts.size() == 1) lines.push_back(say("fix       ", name, ": ", shown_line(parts.front())));
    if (parts.size() < 2) continue;
    lines.push_back(say("fix       ", name, ":"));
    for (const std::string& part : parts) lines.push_back("          " + shown_line(part));
  }
}

}  // namespace

const std::string& fix_text(const Fix& fix, std::string Fix::*tool) {
  return tool == &Fix::podman && fix.podman.empty() ? fix.docker : fix.*tool;
}

bool counts_against(const Finding& finding) {
  return finding.answer == Answer::weak &&
         (finding.standing == Standing::counts || finding.standing == Standing::expired);
}

bool is_set_aside(const Finding& finding) { return finding.answer == Answer::weak && !counts_against(finding); }

AuditCounts count(const std::vector<Finding>& findings) {
  std::vector<const Finding*> pointers;
  for (const Finding& finding : findings) pointers.push_back(&finding);
  return count(pointers);
}

AuditCounts count(const std::vector<const Finding*>& findings) {
  AuditCounts counts;
  for (const Severity severity : kSeverities) counts.severities[severity] = 0;
  for (const Finding* finding : findings) {
    switch (finding->answer) {
      case Answer::weak: ++(counts_against(*finding) ? counts.counting : counts.set_aside); break;
      case Answer::hardened: ++counts.hardened; break;
      case Answer::not_applicable: ++counts.not_applicable; break;
      case Answer::unknown: ++counts.unknown; break;
    }
    if (counts_against(*finding)) ++counts.severities[finding->severity];
  }
  return counts;
}

std::string standing_text(const Finding& finding) {
  const std::string_view word = name_of(finding.standing);
  const std::string& reason = finding.standing_reason;
  if (reason.empty()) return std::string(word);
  return reason.starts_with(word) ? reason : say(word, ": ", reason);
}

Evidence evidence_of(const Finding& finding) {
  Evidence evidence;
  for (const std::shared_ptr<const Transcript>& transcript : finding.evidence) {
    if (!transcript) continue;
    for (const Entry& entry : transcript->entries) {
      if (evidence.lines.size() == kEvidenceLines) {
        ++evidence.left_out;
      } else {
        evidence.lines.push_back(shown_line(line_of(entry), kEvidenceLineLimit));
      }
    }
  }
  return evidence;
}

std::vector<std::string> explained(const Finding& finding, const Rule* rule) {
  std::vector<std::string> lines;
  const auto add = [&](std::string_view label, std::string_view bytes) {
    if (!bytes.empty()) lines.push_back(say(label, shown_line(bytes, kObservedLimit)));
  };
  std::string severity(name_of(finding.severity));
  if (finding.severity != finding.base_severity) severity += say(", by itself ", name_of(finding.base_severity));
  add("severity  ", say(severity, finding.severity_reason.empty() ? "" : ": ", finding.severity_reason));
  add("observed  ", finding.observed);
  if (finding.standing != Standing::counts) add("standing  ", standing_text(finding));
  if (rule != nullptr) {
    add("why       ", rule->why);
    add_fixes(lines, rule->fix);
    add("see       ", join(rule->references, "; "));
  }
  const Evidence evidence = evidence_of(finding);
  if (!evidence.lines.empty()) lines.emplace_back("evidence");
  for (const std::string& line : evidence.lines) lines.push_back("  " + line);
  if (evidence.left_out > 0) lines.push_back(say("  and ", evidence.left_out, " more calls"));
  return lines;
}

std::string subject_kind(std::string_view subject) {
  const std::string shown = shown_line(subject, kEvidenceLineLimit);
  std::string kind;
  for (auto at = shown.begin(); at != shown.end();) {
    const auto end = std::find_if_not(at, shown.end(), is_word);
    const std::string word(at, end);
    kind += !word.empty() && changes_between_runs(word) ? "N" : word;
    at = end;
    if (at != shown.end()) kind += *at++;
  }
  return kind;
}

bool is_time(std::string_view text) {
  constexpr std::string_view kPattern = "0000-00-00T00:00:00";
  return std::equal(text.begin(), text.end(), kPattern.begin(), kPattern.end(),
                    [](char c, char pattern) { return pattern == '0' ? is_digit(c) : c == pattern; });
}

}  // namespace nsproof::audit
