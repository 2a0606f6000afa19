// What the audit says of one hardening rule: an answer, a severity, and in a sentence what was seen. Plain data and
// pure functions, so that every report and every gate works on recorded findings as it does on fresh ones.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/actor/transcript.h"

namespace nsproof::audit {

enum class Answer {
  weak,
  hardened,
  not_applicable,  // the kernel lacks what could be weak, or there is nothing to harden: a fact
  unknown,         // could not look, and why; never hardened
};

// The rule that gives each: critical is one step to the host; high is a boundary removed or a known chain; medium is
// depth, denial of service or another tenant; low is a leak or hygiene; info is a fact.
enum class Severity { info, low, medium, high, critical };

std::string_view name_of(Answer answer);      // "weak", "not-applicable"
std::string_view name_of(Severity severity);  // "critical"
std::optional<Answer> answer_named(std::string_view name);
std::optional<Severity> severity_named(std::string_view name);

// What a look at the container found.
struct Sight {
  Answer answer = Answer::unknown;
  std::string observed;
  // Where what was seen makes the rule's own severity wrong: another, and why.
  std::optional<Severity> severity;
  std::string severity_reason;
};

Sight weak(std::string observed);
Sight weak(std::string observed, Severity severity, std::string reason);
Sight hardened(std::string observed);
Sight not_applicable(std::string observed);
Sight unknown(std::string why);

// weak() if the condition is true, else hardened(): for rules that ask one question.
Sight weak_if(bool condition, std::string observed);

// What a gate made of a finding.
enum class Standing {
  counts,    // against the gate, if it is weak and severe enough
  excluded,  // by the profile
  known,     // it is in the baseline
  waived,    // with a reason and an owner
  expired,   // it was waived, and the waiver is past its date: it counts
};

std::string_view name_of(Standing standing);

struct Finding {
  std::string id;
  std::string title;
  Answer answer = Answer::unknown;
  Severity severity = Severity::info;       // after everything that was seen
  Severity base_severity = Severity::info;  // the rule's own
  std::string severity_reason;              // why they differ
  std::string observed;
  // The calls that prove it. Several rules may look at the same file, which is read once.
  std::vector<std::shared_ptr<const Transcript>> evidence;
  Standing standing = Standing::counts;
  std::string standing_reason;  // of the waiver, the profile or the baseline
};

// "ns" of "ns.pid.host".
std::string area_of(std::string_view id);

}  // namespace nsproof::audit
