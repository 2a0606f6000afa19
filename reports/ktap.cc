#include "reports/ktap.h"

#include "harness/support/text.h"
#include "reports/escape.h"
#include "reports/projection.h"

namespace nsproof {
namespace {

constexpr std::size_t kLineLimit = 4096;           // bytes of a name or a reason
constexpr std::size_t kEvidenceLimit = 16 * 1024;  // bytes of one case's evidence, which only red cases show

// '#' begins a directive, so no description may hold one.
std::string description(std::string_view bytes) {
  std::string text;
  for (const char c : shown_line(bytes, kLineLimit)) text += c == '#' ? std::string("\\x23") : std::string(1, c);
  return text;
}

struct Line {
  std::string_view result;
  std::string_view directive;  // empty: none
};

Line line_for(Standing standing) {
  switch (standing) {
    case Standing::holds: return {"ok", ""};
    case Standing::violated:
    case Standing::unexpected_pass: return {"not ok", ""};
    case Standing::vacuous:
    case Standing::broken: return {"not ok", "ERROR"};
    case Standing::unsupported: return {"ok", "SKIP"};
    case Standing::expected_failure: return {"ok", "XFAIL"};
  }
  return {"not ok", "ERROR"};
}

std::string directive_text(const Case& one, std::string_view directive) {
  const std::string reason = description(reason_of(one));
  if (one.expectation.kind == Expectation::expected_failure) return say(" # ", reason);  // begins with XFAIL
  return say(" # ", directive, reason.empty() ? "" : " ", reason);
}

}  // namespace

std::string render_ktap(const Results& results) {
  const Environment& environment = results.environment;
  std::string text = say("KTAP version 1\n1..", results.cases.size(), "\n");
  text += say("# nsproof ", shown_line(environment.tool_version), ", kernel ", shown_line(environment.kernel_release),
              " ", shown_line(environment.machine), ", ", shown_line(environment.user), "\n");
  if (results.partial) text += "# interrupted: later cases did not run\n";
  std::size_t number = 0;
  const std::string* target = nullptr;
  const bool targets = has_targets(results.cases);
  for (const Case& one : results.cases) {
    if (targets && (target == nullptr || *target != one.target))
      text += say("# target ", one.target.empty() ? "this kernel" : shown_line(one.target, kLineLimit), "\n");
    target = &one.target;
    const Standing standing = standing_of(one);
    const Line line = line_for(standing);
    if (is_red(standing)) {
      if (one.expectation.kind != Expectation::none) text += say("# ", shown_line(reason_of(one), kLineLimit), "\n");
      for (const std::string& row : lines_of(shown_text(evidence_of(one), kEvidenceLimit)))
        text += say("#", row.empty() ? "" : " ", row, "\n");
    }
    text += say(line.result, " ", ++number, " ", description(name_of(one)));
    if (!line.directive.empty()) text += directive_text(one, line.directive);
    text += '\n';
  }
  return text;
}

}  // namespace nsproof
