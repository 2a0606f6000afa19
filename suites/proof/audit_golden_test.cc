// The golden matrix: on one hardened sandbox no rule is weak, and one change for every rule turns exactly that rule
// and what follows from it. The table change x rule is printed, with its coverage.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "harness/audit/auditor.h"
#include "harness/audit/change.h"
#include "harness/catalogue/select.h"
#include "harness/support/text.h"

namespace nsproof::audit {

void PrintTo(const Rule& rule, std::ostream* out) { *out << rule.id; }

namespace {

using nlohmann::json;

// The base is the configuration with every protection, and what an audit asks for besides.
const Target& quiet() {
  static const Target target = [] {
    Target made = *builtin_target("crun-hardened");
    json config = json::parse(made.config);
    std::ifstream file(NSPROOF_QUIET);
    apply_change(config, json::parse(file));
    made.config = config.dump();
    return made;
  }();
  return target;
}

Target spoilt(const Spoil& spoil) {
  Target target = quiet();
  if (!spoil.config.empty()) {
    json config = json::parse(target.config);
    apply_change_text(config, spoil.config);
    target.config = config.dump();
  }
  for (const std::string& line : spoil.prepare) target.prepare.push_back({"sh", "-ec", line});
  target.command.insert(target.command.begin(), spoil.wrap.begin(), spoil.wrap.end());
  return target;
}

std::map<std::string, Finding> audited(const Target& target) {
  static const AuditLayer layer;
  const AuditOptions options;
  std::vector<std::string> unmatched;
  const std::atomic<bool> stop{false};
  const std::unique_ptr<Subject> subject = audit_target(target, layer);
  std::map<std::string, Finding> findings;
  for (Finding& one : audit(*subject, choose_rules(options, unmatched), options, stop).findings)
    findings.emplace(one.id, std::move(one));
  return findings;
}

const std::map<std::string, Finding>& base() {
  static const std::map<std::string, Finding> findings = audited(quiet());
  return findings;
}

// Rules that no sandbox on this machine can be quiet about, because they are about the machine; and why.
bool of_the_machine(const Rule& rule) { return !rule.spoil.impossible.empty(); }

TEST(AuditGolden, NothingIsWeakOnTheHardenedSandbox) {
  for (const Rule& rule : rules()) {
    const Finding& finding = base().at(rule.id);
    if (of_the_machine(rule)) continue;
    EXPECT_NE(finding.answer, Answer::weak) << rule.id << ": " << finding.observed;
    if (rule.side == Side::host) continue;
    EXPECT_NE(finding.answer, Answer::unknown) << rule.id << ": " << finding.observed;
  }
}

// A line of the table: the change of each rule, and what it turned.
struct Table final : testing::Environment {
  static inline int exact = 0;
  static inline int fixtures = 0;
  void TearDown() override {
    const auto impossible = std::count_if(rules().begin(), rules().end(), of_the_machine);
    std::cout << "golden matrix: " << exact << " of " << fixtures << " fixtures turn exactly their rule; "
              << rules().size() << " rules, " << impossible << " of them without a fixture on this machine\n";
  }
};
const testing::Environment* const table = testing::AddGlobalTestEnvironment(new Table);

class AuditFixture : public testing::TestWithParam<Rule> {};

TEST_P(AuditFixture, TurnsItsRuleAndNoOther) {
  const Rule& rule = GetParam();
  const std::map<std::string, Finding> findings = audited(spoilt(rule.spoil));
  std::set<std::string> turned;
  for (const auto& [id, finding] : findings)
    if (finding.answer == Answer::weak && base().at(id).answer != Answer::weak) turned.insert(id);
  EXPECT_TRUE(turned.contains(rule.id)) << name_of(findings.at(rule.id).answer) << ": "
                                        << findings.at(rule.id).observed;
  for (const std::string& id : turned)
    EXPECT_TRUE(id == rule.id || std::any_of(rule.spoil.also.begin(), rule.spoil.also.end(),
                                             [&](const std::string& one) {
                                               return matches_id(Pattern{one, ""}, id);
                                             }))
        << "it also turns " << id << ": " << findings.at(id).observed;
  for (const std::string& pattern : rule.spoil.also)
    EXPECT_TRUE(std::any_of(turned.begin(), turned.end(),
                            [&](const std::string& id) {
                              return matches_id(Pattern{pattern, ""}, id);
                            }))
        << "it does not turn " << pattern;
  ++Table::fixtures;
  Table::exact += HasFailure() ? 0 : 1;
  std::cout << (HasFailure() ? "WRONG  " : "exact  ") << rule.id << ": "
            << join(std::vector<std::string>(turned.begin(), turned.end()), " ") << "\n";
}

std::vector<Rule> with_fixture() {
  std::vector<Rule> chosen;
  for (const Rule& rule : rules())
    if (!of_the_machine(rule) && rule.severity != Severity::info && rule.side != Side::host) chosen.push_back(rule);
  return chosen;
}

std::string test_name(const testing::TestParamInfo<Rule>& info) {
  std::string name = info.param.id;
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == '.' || c == '-'; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Rules, AuditFixture, testing::ValuesIn(with_fixture()), test_name);

TEST(AuditRules, HaveNoDefects) { EXPECT_EQ(join(defects(rules()), "\n"), ""); }

}  // namespace
}  // namespace nsproof::audit
