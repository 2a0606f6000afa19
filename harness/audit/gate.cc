// Judges findings and says what exit status comes of them.
#include "harness/audit/gate.h"

#include <algorithm>

#include "harness/support/text.h"

namespace nsproof::audit {
namespace {

struct Judgement {
  Standing standing = Standing::counts;
  std::string reason;
};

Judgement judgement_of(const Finding& finding, const Profile& profile, const Baseline* baseline,
                       const std::vector<Waiver>& waivers, std::string_view today) {
  if (finding.answer != Answer::weak) return {};
  if (std::optional<std::string> why = exclusion_of(profile, finding)) return {Standing::excluded, *std::move(why)};
  if (const Waiver* waiver = waiver_of(finding.id, waivers, today)) {
    if (is_over(*waiver, today))
      return {Standing::expired, say("the waiver of ", waiver->owner, " ended on ", waiver->expires, " (",
                                     waiver->where, "): ", waiver->reason)};
    return {Standing::waived, say("waived by ", waiver->owner, " until ", waiver->expires, ": ", waiver->reason)};
  }
  if (baseline != nullptr && baseline->weak.contains(finding.id))
    return {Standing::known, say("weak already in ", baseline->where)};
  return {};
}

}  // namespace

void judge_findings(AuditResult& result, const Profile& profile, const Baseline* baseline,
                    const std::vector<Waiver>& waivers, std::string_view today) {
  result.profile = restricts(profile) ? pinned_name(profile) : "";
  for (Finding& finding : result.findings) {
    Judgement judgement = judgement_of(finding, profile, baseline, waivers, today);
    finding.standing = judgement.standing;
    finding.standing_reason = std::move(judgement.reason);
  }
  result.unused_waivers.clear();
  for (const Waiver& waiver : waivers)
    if (std::none_of(result.findings.begin(), result.findings.end(),
                     [&](const Finding& one) { return one.answer == Answer::weak && concerns(waiver, one.id); }))
      result.unused_waivers.push_back(waiver.pattern);
}

void judge_findings(AuditResult& result, const Gate& gate) {
  judge_findings(result, gate.profile, gate.baseline ? &*gate.baseline : nullptr, gate.waivers, gate.today);
}

bool fails(const Finding& finding, Severity fail_on) {
  const bool counts = finding.standing == Standing::counts || finding.standing == Standing::expired;
  return finding.answer == Answer::weak && counts && finding.severity >= fail_on;
}

AuditStatus audit_status(const AuditResult& result, const Profile& profile, const GateOptions& options) {
  std::size_t unknown = 0;
  std::size_t established = 0;
  bool failed = false;
  for (const Finding& finding : result.findings) {
    failed = failed || fails(finding, options.fail_on);
    if (exclusion_of(profile, finding)) continue;
    if (finding.answer == Answer::unknown) ++unknown;
    if (finding.answer == Answer::weak || finding.answer == Answer::hardened) ++established;
  }
  if (failed) return AuditStatus::failed;
  if (result.partial || (options.max_unknown && unknown > *options.max_unknown)) return AuditStatus::could_not_audit;
  return established == 0 ? AuditStatus::nothing_established : AuditStatus::passed;
}

}  // namespace nsproof::audit
