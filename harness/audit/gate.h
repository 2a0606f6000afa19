// The gate: what a profile, a baseline and waivers make of findings, and the exit status of that. Pure: it works on
// recorded findings as it does on fresh ones.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/audit/auditor.h"
#include "harness/audit/baseline.h"
#include "harness/audit/profile.h"
#include "harness/audit/waivers.h"

namespace nsproof::audit {

// Sets the standing of every weak finding, the name of the profile and the unused waivers. The first of these that
// applies: the profile excludes it, a waiver holds, a waiver is over, the baseline has it, it counts. A waiver that is
// over comes before the baseline: it could never end if an older report kept its finding quiet. `baseline` may be
// nullptr; `today` is an ISO date.
void judge_findings(AuditResult& result, const Profile& profile, const Baseline* baseline,
                    const std::vector<Waiver>& waivers, std::string_view today);

struct GateOptions {
  Severity fail_on = Severity::high;       // see fail_on_of()
  std::optional<std::size_t> max_unknown;  // no limit
};

// Exit statuses. 2 is for what was asked wrongly, and is never the result of an audit.
enum class AuditStatus {
  passed = 0,               // nothing that counts is weak at this severity
  failed = 1,               // something is
  could_not_audit = 3,      // interrupted, out of time, or too much is unknown
  nothing_established = 4,  // no rule that counts is weak or hardened
};

// Whether this finding makes the gate fail.
bool fails(const Finding& finding, Severity fail_on);

// Of judged findings. What is proven weak stays so, however much is unknown: 1 comes before 3. What the profile
// excludes neither is missed when it is unknown nor establishes anything.
AuditStatus audit_status(const AuditResult& result, const Profile& profile, const GateOptions& options);

// All that a command line names for a gate.
struct Gate {
  Profile profile;
  std::optional<Baseline> baseline;
  std::vector<Waiver> waivers;
  std::string today;
};

// gate_read.cc: an empty `profile` is "none", an empty `baseline` none at all. A file of one's own whose patterns match
// no rule is refused. Throws GateFileError.
Gate read_gate(const std::string& profile, const std::string& baseline, const std::vector<std::string>& waivers);
void judge_findings(AuditResult& result, const Gate& gate);

}  // namespace nsproof::audit
