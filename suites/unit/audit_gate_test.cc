// The gate of an audit: what profiles, baselines and waivers make of findings, and every exit status.
#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "harness/audit/gate.h"
#include "harness/runtime/target.h"
#include "harness/support/text.h"

namespace nsproof::audit {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kToday = "2026-11-23";

Finding finding(std::string id, Answer answer, Severity severity = Severity::high) {
  Finding one;
  one.id = std::move(id);
  one.answer = answer;
  one.severity = one.base_severity = severity;
  return one;
}

AuditResult result_with(std::vector<Finding> findings) {
  AuditResult result;
  result.findings = std::move(findings);
  return result;
}

Profile profile(std::string_view text = "") { return parse_profile(text, "mine.toml"); }

std::vector<Waiver> waivers(std::string_view id, std::string_view expires) {
  return parse_waivers(
      say("[[waive]]\nid = \"", id, "\"\nreason = \"why\"\nowner = \"ops\"\nexpires = ", expires, "\n"),
      "waivers.toml");
}

Baseline baseline(std::string_view findings) {
  return parse_baseline(say(R"({"schema": "nsproof.audit.v1", "findings": )", findings, "}"), "old.json");
}

// What the gate makes of one weak finding.
Finding judged(const Profile& by, const Baseline* known, const std::vector<Waiver>& waived) {
  AuditResult result = result_with({finding("ns.pid.host", Answer::weak)});
  judge_findings(result, by, known, waived, kToday);
  return result.findings[0];
}

TEST(AuditGate, WhatStandsAgainstNothingCounts) {
  const Finding one = judged(profile(), nullptr, {});
  EXPECT_EQ(one.standing, Standing::counts);
  EXPECT_EQ(one.standing_reason, "");
}

TEST(AuditGate, TheProfileExcludes) {
  const Finding other = judged(profile("version = '2'\nrequire = ['cap', 'ns.*.none']"), nullptr, {});
  EXPECT_EQ(other.standing, Standing::excluded);
  EXPECT_EQ(other.standing_reason, "not required by mine@2");
  const Finding allowed = judged(profile("[[allow]]\nids = ['ns.pid']\nreason = 'by design'"), nullptr, {});
  EXPECT_EQ(allowed.standing, Standing::excluded);
  EXPECT_EQ(allowed.standing_reason, "left open by mine: by design");
}

TEST(AuditGate, WhatAProfileRequires) {
  struct Row {
    const char* text;
    Severity severity;
    bool counts;
  };
  const Row table[] = {
      {"", Severity::info, true},
      {"require = ['ns.pid.host']", Severity::low, true},
      {"require = ['ns.pid']", Severity::low, true},
      {"require = ['ns']", Severity::low, true},
      {"require = ['*.host']", Severity::low, true},
      {"require = ['ns.pi']", Severity::critical, false},
      {"require = ['cap']", Severity::critical, false},
      {"require-severity = 'high'", Severity::high, true},
      {"require-severity = 'high'", Severity::medium, false},
      {"require-severity = 'high'\nrequire = ['ns.pid']", Severity::low, true},
      {"require-severity = 'high'\nrequire = ['cap']", Severity::critical, true},
      {"require-severity = 'high'\nrequire = ['cap']", Severity::medium, false},
      {"require = ['ns']\n[[allow]]\nids = ['ns.pid']\nreason = 'r'", Severity::critical, false},
      {"[[allow]]\nids = ['cap', 'ns.net']\nreason = 'r'", Severity::low, true},
  };
  for (const Row& row : table)
    EXPECT_EQ(!exclusion_of(profile(row.text), finding("ns.pid.host", Answer::weak, row.severity)), row.counts)
        << row.text;
}

TEST(AuditGate, TheSeverityAfterAllThatWasSeenIsWhatAProfileRequires) {
  Finding one = finding("cap.mknod.held", Answer::weak, Severity::high);
  one.severity = Severity::medium;
  EXPECT_TRUE(exclusion_of(profile("require-severity = 'high'"), one));
}

TEST(AuditGate, WaiversHoldUntilTheirLastDay) {
  const Finding waived = judged(profile(), nullptr, waivers("ns.*.host", "2026-11-23"));
  EXPECT_EQ(waived.standing, Standing::waived);
  EXPECT_EQ(waived.standing_reason, "waived by ops until 2026-11-23: why");
  const Finding expired = judged(profile(), nullptr, waivers("ns.pid", "2026-11-22"));
  EXPECT_EQ(expired.standing, Standing::expired);
  EXPECT_EQ(expired.standing_reason, "the waiver of ops ended on 2026-11-22 (waivers.toml:1): why");
  EXPECT_EQ(judged(profile(), nullptr, waivers("ns.net.host", "2099-01-01")).standing, Standing::counts);
}

TEST(AuditGate, AWaiverThatHoldsWinsOverOneThatIsOver) {
  auto both = waivers("ns", "2020-01-01");
  both.push_back(waivers("ns", "2027-01-01")[0]);
  EXPECT_EQ(judged(profile(), nullptr, both).standing, Standing::waived);
  std::swap(both[0], both[1]);
  EXPECT_EQ(judged(profile(), nullptr, both).standing, Standing::waived);
}

TEST(AuditGate, TheBaselineKnowsWhatWasWeak) {
  const Baseline weak = baseline(R"([{"id": "ns.pid.host", "answer": "weak"}])");
  const Finding known = judged(profile(), &weak, {});
  EXPECT_EQ(known.standing, Standing::known);
  EXPECT_EQ(known.standing_reason, "weak already in old.json");
  const Baseline another = baseline(R"([{"id": "ns.net.host", "answer": "weak"}])");
  EXPECT_EQ(judged(profile(), &another, {}).standing, Standing::counts);
  for (const char* answer : {"hardened", "unknown", "not-applicable"}) {
    const Baseline other = baseline(say(R"([{"id": "ns.pid.host", "answer": ")", answer, R"("}])"));
    EXPECT_EQ(judged(profile(), &other, {}).standing, Standing::counts) << answer;
  }
}

TEST(AuditGate, WhichStandingComesFirst) {
  const Baseline known = baseline(R"([{"id": "ns.pid.host", "answer": "weak"}])");
  const auto holds = waivers("ns.pid.host", "2027-01-01");
  const auto over = waivers("ns.pid.host", "2026-01-01");
  EXPECT_EQ(judged(profile("require = ['cap']"), &known, holds).standing, Standing::excluded);
  EXPECT_EQ(judged(profile("require = ['cap']"), &known, over).standing, Standing::excluded);
  EXPECT_EQ(judged(profile(), &known, holds).standing, Standing::waived);
  EXPECT_EQ(judged(profile(), &known, over).standing, Standing::expired);
}

TEST(AuditGate, OnlyWeakFindingsAreJudged) {
  const Baseline known = baseline(R"([{"id": "a.b.c", "answer": "weak"}])");
  for (const Answer answer : {Answer::hardened, Answer::unknown, Answer::not_applicable}) {
    AuditResult result = result_with({finding("a.b.c", answer)});
    judge_findings(result, profile("require = ['x']"), &known, waivers("a.b.c", "2020-01-01"), kToday);
    EXPECT_EQ(result.findings[0].standing, Standing::counts) << name_of(answer);
    EXPECT_FALSE(fails(result.findings[0], Severity::info)) << name_of(answer);
  }
}

TEST(AuditGate, UnusedWaiversAreNamed) {
  auto list = waivers("ns", "2027-01-01");
  list.push_back(waivers("cap.*", "2027-01-01")[0]);
  list.push_back(waivers("dev.block.usable", "2020-01-01")[0]);
  AuditResult result =
      result_with({finding("ns.pid.host", Answer::weak), finding("dev.block.usable", Answer::hardened)});
  judge_findings(result, profile(), nullptr, list, kToday);
  EXPECT_THAT(result.unused_waivers, ElementsAre("cap.*", "dev.block.usable"));
}

TEST(AuditGate, JudgingAgainForgetsTheFirstJudgement) {
  AuditResult result = result_with({finding("ns.pid.host", Answer::weak)});
  judge_findings(result, profile("require = ['x']"), nullptr, waivers("y", "2027-01-01"), kToday);
  EXPECT_EQ(result.profile, "mine");
  judge_findings(result, profile(), nullptr, {}, kToday);
  EXPECT_EQ(result.findings[0].standing, Standing::counts);
  EXPECT_EQ(result.findings[0].standing_reason, "");
  EXPECT_THAT(result.unused_waivers, IsEmpty());
  EXPECT_EQ(result.profile, "");
}

TEST(AuditGate, WhichFindingsFail) {
  for (const Standing standing :
       {Standing::counts, Standing::excluded, Standing::known, Standing::waived, Standing::expired}) {
    Finding one = finding("a.b.c", Answer::weak, Severity::medium);
    one.standing = standing;
    EXPECT_EQ(fails(one, Severity::medium), standing == Standing::counts || standing == Standing::expired)
        << name_of(standing);
    EXPECT_FALSE(fails(one, Severity::high)) << name_of(standing);
  }
}

AuditStatus status(std::vector<Finding> findings, GateOptions options = {}, const Profile& by = profile(),
                   bool partial = false) {
  AuditResult result = result_with(std::move(findings));
  result.partial = partial;
  judge_findings(result, by, nullptr, {}, kToday);
  return audit_status(result, by, options);
}

TEST(AuditStatus, Passed) {
  EXPECT_EQ(status({finding("a.b.c", Answer::hardened)}), AuditStatus::passed);
  EXPECT_EQ(status({finding("a.b.c", Answer::weak, Severity::medium)}), AuditStatus::passed);
  EXPECT_EQ(status({finding("a.b.c", Answer::hardened), finding("a.b.d", Answer::unknown)}), AuditStatus::passed);
  EXPECT_EQ(static_cast<int>(AuditStatus::passed), 0);
}

TEST(AuditStatus, Failed) {
  EXPECT_EQ(status({finding("a.b.c", Answer::weak, Severity::high)}), AuditStatus::failed);
  EXPECT_EQ(status({finding("a.b.c", Answer::weak, Severity::critical)}), AuditStatus::failed);
  EXPECT_EQ(status({finding("a.b.c", Answer::weak, Severity::low)}, {Severity::low, {}}), AuditStatus::failed);
  EXPECT_EQ(static_cast<int>(AuditStatus::failed), 1);
}

TEST(AuditStatus, CouldNotAudit) {
  const std::vector<Finding> some = {finding("a.b.c", Answer::hardened), finding("a.b.d", Answer::unknown)};
  EXPECT_EQ(status(some, {Severity::high, 0}), AuditStatus::could_not_audit);
  EXPECT_EQ(status(some, {Severity::high, 1}), AuditStatus::passed);
  EXPECT_EQ(status({finding("a.b.c", Answer::hardened)}, {}, profile(), true), AuditStatus::could_not_audit);
  EXPECT_EQ(status({}, {}, profile(), true), AuditStatus::could_not_audit);
  EXPECT_EQ(static_cast<int>(AuditStatus::could_not_audit), 3);
}

TEST(AuditStatus, NothingEstablished) {
  EXPECT_EQ(status({}), AuditStatus::nothing_established);
  EXPECT_EQ(status({finding("a.b.c", Answer::unknown), finding("a.b.d", Answer::not_applicable)}),
            AuditStatus::nothing_established);
  EXPECT_EQ(static_cast<int>(AuditStatus::nothing_established), 4);
}

TEST(AuditStatus, AProvenWeaknessComesBeforeWhatIsUnknown) {
  const std::vector<Finding> both = {finding("a.b.c", Answer::weak), finding("a.b.d", Answer::unknown)};
  EXPECT_EQ(status(both, {Severity::high, 0}), AuditStatus::failed);
  EXPECT_EQ(status(both, {}, profile(), true), AuditStatus::failed);
}

TEST(AuditStatus, WhatTheProfileExcludesNeitherFailsNorEstablishes) {
  const Profile capabilities = profile("require = ['cap']");
  EXPECT_EQ(
      status({finding("ns.pid.host", Answer::hardened), finding("cap.mknod.held", Answer::unknown)}, {}, capabilities),
      AuditStatus::nothing_established);
  EXPECT_EQ(
      status({finding("ns.pid.host", Answer::weak), finding("cap.mknod.held", Answer::hardened)}, {}, capabilities),
      AuditStatus::passed);
  EXPECT_EQ(status({finding("ns.pid.host", Answer::unknown), finding("cap.mknod.held", Answer::hardened)},
                   {Severity::high, 0}, capabilities),
            AuditStatus::passed);
}

TEST(AuditStatus, WaiversAndTheBaselinePassUntilTheyEnd) {
  const Baseline known = baseline(R"([{"id": "ns.pid.host", "answer": "weak"}])");
  const auto gate = [](const Baseline* old, const std::vector<Waiver>& waived) {
    AuditResult result = result_with({finding("ns.pid.host", Answer::weak)});
    judge_findings(result, profile(), old, waived, kToday);
    return audit_status(result, profile(), {});
  };
  EXPECT_EQ(gate(&known, {}), AuditStatus::passed);
  EXPECT_EQ(gate(nullptr, waivers("ns", "2026-11-23")), AuditStatus::passed);
  EXPECT_EQ(gate(nullptr, waivers("ns", "2026-11-22")), AuditStatus::failed);
  EXPECT_EQ(gate(&known, waivers("ns", "2026-11-22")), AuditStatus::failed);
}

TEST(AuditStatus, TheProfileSaysWhatFailsWhereNobodyElseDoes) {
  EXPECT_EQ(fail_on_of(profile(), {}), Severity::high);
  EXPECT_EQ(fail_on_of(profile("fail-on = 'low'"), {}), Severity::low);
  EXPECT_EQ(fail_on_of(profile("fail-on = 'low'"), Severity::critical), Severity::critical);
}

}  // namespace
}  // namespace nsproof::audit
