#include "harness/cli/audit_text.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "harness/support/layout.h"
#include "harness/support/text.h"
#include "reports/escape.h"

namespace nsproof {
namespace {

using audit::Answer;
using audit::Finding;
using audit::Severity;
using audit::Standing;

constexpr int kWidest = 100;  // longer lines are hard to read
constexpr std::size_t kEvidence = 200;
constexpr Severity kWorstFirst[] = {Severity::critical, Severity::high, Severity::medium, Severity::low,
                                    Severity::info};

bool counts(const Finding& one) {
  return one.answer == Answer::weak && (one.standing == Standing::counts || one.standing == Standing::expired);
}

Style style_of(Severity severity) {
  if (severity >= Severity::high) return Style::bad;
  return severity == Severity::medium ? Style::doubt : Style::plain;
}

std::size_t width(const Console& console) { return static_cast<std::size_t>(std::min(console.columns(), kWidest)); }

void print_labelled(std::string_view label, const std::string& text, Console& console) {
  if (text.empty()) return;
  for (const std::string& line : labelled(label, text, width(console))) console.print(line);
}

// The tool that most people have first; the others are in `nsproof explain`.
std::string short_fix(const std::string& id) {
  const audit::Rule* rule = audit::find_rule(id);
  if (rule == nullptr) return "";
  const audit::Fix& fix = rule->fix;
  if (!fix.docker.empty()) return say("docker: ", fix.docker);
  if (!fix.kubernetes.empty()) return say("kubernetes: ", fix.kubernetes);
  if (!fix.oci.empty()) return say("config.json: ", fix.oci);
  return fix.host.empty() ? say("bwrap: ", fix.bwrap) : say("host: ", fix.host);
}

void print_evidence(const Finding& one, Console& console) {
  for (const auto& transcript : one.evidence)
    for (const Entry& entry : transcript->entries)
      console.print(console.paint(Style::faint, say("      ", shown_line(shortened(line_of(entry), kEvidence)))));
}

void print_finding(const Finding& one, Verbosity verbosity, Console& console) {
  const std::string word =
      one.answer == Answer::weak ? std::string(name_of(one.severity)) : std::string(name_of(one.answer));
  const Style style = one.answer == Answer::weak      ? style_of(one.severity)
                      : one.answer == Answer::unknown ? Style::doubt
                                                      : Style::plain;
  std::string note;
  if (one.answer == Answer::weak && one.standing != Standing::counts) note = say(" (", name_of(one.standing), ")");
  console.print(say(console.paint(style, padded(word, 15)), console.paint(Style::strong, one.id), note));
  if (one.answer == Answer::weak) print_labelled("is", one.title, console);
  print_labelled("seen", shown_line(one.observed), console);
  print_labelled("because", shown_line(one.severity_reason), console);
  print_labelled("standing", shown_line(one.standing_reason), console);
  if (one.answer == Answer::weak) print_labelled("fix", short_fix(one.id), console);
  if (verbosity == Verbosity::verbose) print_evidence(one, console);
}

// One line for each reason, because fifty rules may have the same.
void print_unknown(const std::vector<Finding>& findings, Console& console) {
  std::map<std::string, std::vector<std::string>> by_reason;
  for (const Finding& one : findings)
    if (one.answer == Answer::unknown) by_reason[one.observed].push_back(one.id);
  if (by_reason.empty()) return;
  console.print(console.paint(Style::strong, "Could not look:"));
  for (const auto& [reason, ids] : by_reason) {
    std::vector<std::string> some(ids.begin(), ids.begin() + static_cast<long>(std::min<std::size_t>(ids.size(), 4)));
    if (ids.size() > some.size()) some.push_back(say("and ", ids.size() - some.size(), " more"));
    print_labelled(counted(static_cast<long>(ids.size()), "rule", "rules"),
                   say(shown_line(reason), " (", join(some, ", "), ")"), console);
  }
  console.print("");
}

}  // namespace

void print_audit(const audit::AuditResult& result, Verbosity verbosity, Console& console) {
  const auto show = [&](const Finding& one) {
    print_finding(one, verbosity, console);
    if (verbosity != Verbosity::quiet) console.print("");
  };
  for (const Severity severity : kWorstFirst)
    for (const Finding& one : result.findings)
      if (one.answer == Answer::weak && one.severity == severity && (counts(one) || verbosity == Verbosity::verbose))
        show(one);
  if (verbosity == Verbosity::verbose)
    for (const Answer answer : {Answer::unknown, Answer::not_applicable, Answer::hardened})
      for (const Finding& one : result.findings)
        if (one.answer == answer) show(one);
  if (verbosity == Verbosity::normal) print_unknown(result.findings, console);
  for (const std::string& pattern : result.unused_waivers)
    console.print(say("a waiver is not needed any more: ", shown_line(pattern)));
  console.print(audit_line(result, console));
}

std::string audit_line(const audit::AuditResult& result, const Console& console) {
  std::map<Severity, long> weak;
  std::map<Answer, long> others;
  std::map<Standing, long> aside;
  for (const Finding& one : result.findings) {
    if (counts(one)) ++weak[one.severity];
    if (one.answer != Answer::weak) ++others[one.answer];
    if (one.answer == Answer::weak && !counts(one)) ++aside[one.standing];
  }
  std::vector<std::string> parts;
  for (const Severity severity : kWorstFirst)
    if (weak[severity] > 0) parts.push_back(say(weak[severity], " ", name_of(severity)));
  std::string line = parts.empty() ? "nothing weak" : say(join(parts, ", "));
  for (const Standing standing : {Standing::excluded, Standing::known, Standing::waived})
    if (aside[standing] > 0) line += say("; ", aside[standing], " ", name_of(standing));
  line += say("; ", others[Answer::hardened], " hardened, ", others[Answer::not_applicable], " not applicable, ",
              others[Answer::unknown], " unknown");
  line += fmt::format(", {:.0f} ms", result.milliseconds);
  const bool bad = weak[Severity::critical] + weak[Severity::high] > 0;
  const bool some = !parts.empty();
  std::string word = result.partial ? "PARTIAL" : bad || some ? "WEAK" : "HARDENED";
  return say(console.paint(bad ? Style::bad : some || result.partial ? Style::doubt : Style::good, word), "  ", line);
}

void print_rule(const audit::Rule& rule, Console& console) {
  console.print(say(console.paint(Style::strong, rule.id), "  (", name_of(rule.severity), ")"));
  print_labelled("weak if", rule.title, console);
  print_labelled("why", rule.why, console);
  print_labelled("seen by", rule.how, console);
  print_labelled("from",
                 rule.side == audit::Side::both     ? "inside and from the host"
                 : rule.side == audit::Side::inside ? "inside only"
                                                    : "the host only",
                 console);
  if (rule.confined == audit::Confined::by_user_namespace)
    print_labelled("severity", "one step less in a user namespace of the container's own", console);
  print_labelled("see", join(rule.references, "; "), console);
  const audit::Fix& fix = rule.fix;
  print_labelled("config.json", fix.oci, console);
  print_labelled("docker", fix.docker, console);
  print_labelled("podman", fix.podman.empty() ? fix.docker : fix.podman, console);
  print_labelled("kubernetes", fix.kubernetes, console);
  print_labelled("bwrap", fix.bwrap, console);
  print_labelled("host", fix.host, console);
  const audit::Spoil& spoil = rule.spoil;
  print_labelled("made weak by",
                 !spoil.impossible.empty() ? say("no sandbox here: ", spoil.impossible)
                 : !spoil.config.empty()   ? spoil.config
                                           : join(spoil.prepare, "; ") + join(spoil.wrap, " "),
                 console);
  print_labelled("run it", say("nsproof audit ", rule.id), console);
}

}  // namespace nsproof
