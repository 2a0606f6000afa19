#include "reports/projection.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <unordered_map>

#include "harness/support/layout.h"
#include "harness/support/text.h"

namespace nsproof {
namespace {

void append_run(std::string& text, std::string_view role, const Run& run, std::string_view remark) {
  text += say("\n", role, "  ", run.world);
  if (!remark.empty()) text += say(" (", remark, ")");
  text += say(": ", name_of(run.observation.outcome));
  if (!run.observation.reason.empty()) text += say(", ", run.observation.reason);
  text += '\n';
  for (const Entry& entry : run.transcript.entries) text += say("  ", line_of(entry), "\n");
}

std::string expectation_text(const ExpectationNote& note) {
  return note.url.empty() ? note.reason : note.reason.empty() ? note.url : say(note.reason, " ", note.url);
}

std::vector<Group> grouped(const std::vector<Case>& cases, std::string Case::*name) {
  std::vector<Group> groups;
  std::unordered_map<std::string_view, std::size_t> index;
  for (const Case& one : cases) {
    const auto [found, is_new] = index.emplace(one.*name, groups.size());
    if (is_new) groups.push_back({one.*name, {}});
    groups[found->second].cases.push_back(&one);
  }
  return groups;
}

}  // namespace

Standing standing_of(const Case& one) {
  if (one.expectation.kind == Expectation::expected_failure) return Standing::expected_failure;
  if (one.expectation.kind == Expectation::unexpected_pass) return Standing::unexpected_pass;
  switch (one.verdict) {
    case Verdict::holds: return Standing::holds;
    case Verdict::violated: return Standing::violated;
    case Verdict::vacuous: return Standing::vacuous;
    case Verdict::unsupported: return Standing::unsupported;
    case Verdict::broken: break;
  }
  return Standing::broken;
}

bool is_red(Standing standing) {
  return standing == Standing::violated || standing == Standing::unexpected_pass || standing == Standing::vacuous ||
         standing == Standing::broken;
}

std::string reason_of(const Case& one) {
  const std::string note = expectation_text(one.expectation);
  switch (one.expectation.kind) {
    case Expectation::expected_failure: return note.empty() ? "XFAIL" : say("XFAIL ", note);
    case Expectation::unexpected_pass:
      return say("expected to fail, but it holds", note.empty() ? "" : " (", note, note.empty() ? "" : ")");
    case Expectation::expired: return say(one.reason, " (no longer expected since ", one.expectation.expires, ")");
    case Expectation::none: break;
  }
  if (one.verdict == Verdict::unsupported && !one.missing.empty()) return one.missing;
  return one.reason;
}

std::string evidence_of(const Case& one) {
  std::string text = say("claim    ", one.claim, "\n");
  if (!one.source.empty()) text += say("source   ", one.source, "\n");
  if (!one.file.empty()) text += say("row      ", one.file, ":", one.line, "\n");
  if (!one.target.empty()) text += say("target   ", one.target, "\n");
  if (const std::string runtime = runtime_text(one); !runtime.empty()) text += say("runtime  ", runtime, "\n");
  text += say("verdict  ", name_of(one.verdict), one.reason.empty() ? "" : ": ", one.reason, "\n");
  if (one.subject) append_run(text, "subject", *one.subject, "");
  if (one.control) append_run(text, "control", *one.control, one.control_differs);
  if (!one.reproduce.empty()) text += say("\nreproduce  ", one.reproduce, "\n");
  return text;
}

std::string runtime_text(const Case& one) {
  std::vector<std::string> parts;
  const auto add = [&parts](std::string_view label, const std::string& value) {
    if (!value.empty()) parts.push_back(say(label, value));
  };
  add("asked for ", one.requested);
  add("observed ", one.effective);
  add("demanded ", one.expected);
  if (!one.container.empty()) parts.push_back(one.container + " container");
  return join(parts, ", ");
}

std::vector<Group> areas_of(const std::vector<Case>& cases) { return grouped(cases, &Case::area); }

std::vector<Group> targets_of(const std::vector<Case>& cases) { return grouped(cases, &Case::target); }

bool has_targets(const std::vector<Case>& cases) {
  return std::any_of(cases.begin(), cases.end(), [](const Case& one) { return !one.target.empty(); });
}

Counts count(const Group& group) {
  Counts counts;
  for (const Case* one : group.cases) {
    switch (standing_of(*one)) {
      case Standing::holds: ++counts.holds; break;
      case Standing::violated: ++counts.violated; break;
      case Standing::vacuous: ++counts.vacuous; break;
      case Standing::broken: ++counts.broken; break;
      case Standing::unsupported: ++counts.unsupported; break;
      case Standing::expected_failure: ++counts.expected_failures; break;
      case Standing::unexpected_pass: ++counts.unexpected_passes; break;
    }
  }
  return counts;
}

std::string counts_text(const Counts& counts) {
  std::vector<std::string> parts;
  const auto add = [&](int number, std::string_view one, std::string_view many) {
    if (number > 0) parts.push_back(counted(number, one, many));
  };
  add(counts.violated, "violated", "violated");
  add(counts.unexpected_passes, "held unexpectedly", "held unexpectedly");
  add(counts.broken, "broken", "broken");
  add(counts.vacuous, "vacuous", "vacuous");
  add(counts.holds, "holds", "hold");
  add(counts.expected_failures, "violated as expected", "violated as expected");
  add(counts.unsupported, "unsupported", "unsupported");
  return parts.empty() ? "no case" : join(parts, ", ");
}

std::string seconds_text(double seconds) {
  if (!std::isfinite(seconds) || seconds < 0 || seconds > 1e12) seconds = 0;
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, seconds, std::chars_format::fixed, 3);
  return {text, end.ptr};
}

}  // namespace nsproof
