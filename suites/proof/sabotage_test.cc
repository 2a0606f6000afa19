// Whether the suite notices: each fault must turn exactly the properties that it should. The table fault x property is
// printed, with the score.
#include "suites/proof/sabotage.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cctype>
#include <iostream>
#include <map>
#include <set>

#include "harness/catalogue/select.h"
#include "harness/host/facts.h"
#include "harness/runtime/target_runner.h"
#include "harness/support/text.h"

namespace nsproof {

void PrintTo(const Fault& fault, std::ostream* out) { *out << fault.base << ", " << fault.name; }

namespace {

class Unobserved final : public Observer {
  void began(const Task& /*task*/) override {}
  void finished(const Case& /*one*/) override {}
};

using Verdicts = std::map<std::string, Case>;

std::vector<const Property*> every_row() {
  std::vector<const Property*> rows;
  for (const Property& row : runtime_suite()) rows.push_back(&row);
  return rows;
}

Verdicts judged(const Target& target, const std::vector<const Property*>& rows = every_row()) {
  static const HostReport host = examine_host();
  std::vector<Task> tasks;
  for (const Property* row : rows) tasks.push_back({row, Way::clone3, std::nullopt, &target});
  RunOptions options;
  options.jobs = 2;
  options.call_deadline = Milliseconds{4'000};
  Unobserved observer;
  const std::atomic<bool> stop{false};
  Verdicts verdicts;
  for (Case& one : run_target_tasks(tasks, host.facts, *policy_named("as-requested"), options, observer, stop))
    verdicts.emplace(one.id, std::move(one));
  return verdicts;
}

const Verdicts& healthy(std::string_view base) {
  static std::map<std::string, Verdicts, std::less<>> all;
  auto found = all.find(base);
  if (found == all.end()) found = all.emplace(std::string(base), judged(*builtin_target(base))).first;
  return found->second;
}

// The ids that hold in the healthy sandbox and not in the spoilt one. Anything else that changed is a failure of its
// own.
std::set<std::string> turned_by(const Fault& fault) {
  std::set<std::string> turned;
  const Verdicts spoilt_verdicts = judged(spoilt(fault));
  for (const auto& [id, before] : healthy(fault.base)) {
    const Case& after = spoilt_verdicts.at(id);
    if (after.verdict == before.verdict) continue;
    const bool noticed = before.verdict == Verdict::holds && after.verdict == Verdict::violated;
    EXPECT_TRUE(noticed) << fault.name << ": " << id << " was " << name_of(before.verdict) << " and is "
                         << name_of(after.verdict) << ": " << after.reason;
    if (noticed) turned.insert(id);
  }
  return turned;
}

bool matched(const std::vector<std::string_view>& patterns, const std::string& id) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](std::string_view one) { return matches_id(pattern_of(one), id); });
}

bool needed(std::string_view pattern, const std::set<std::string>& ids) {
  return std::any_of(ids.begin(), ids.end(),
                     [&](const std::string& id) { return matches_id(pattern_of(pattern), id); });
}

// The table, a line a fault, and how many of them were noticed by exactly those that should.
struct Score final : testing::Environment {
  static inline int noticed = 0;
  static inline int faults = 0;
  void TearDown() override { std::cout << "score: " << noticed << " of " << faults << " faults\n"; }
};
const testing::Environment* const score = testing::AddGlobalTestEnvironment(new Score);

class Sabotage : public testing::TestWithParam<Fault> {};

TEST_P(Sabotage, TurnsWhatItShouldAndNothingElse) {
  const Fault& fault = GetParam();
  for (const auto& [id, one] : healthy(fault.base))
    ASSERT_TRUE(one.verdict != Verdict::broken && one.verdict != Verdict::vacuous) << id << ": " << one.reason;
  const std::set<std::string> turned = turned_by(fault);
  for (const std::string& id : turned) EXPECT_TRUE(matched(fault.turns, id)) << "it also turns " << id;
  for (const std::string_view pattern : fault.turns)
    EXPECT_TRUE(needed(pattern, turned)) << "it does not turn " << pattern;
  EXPECT_FALSE(turned.empty()) << "nobody noticed";
  ++Score::faults;
  Score::noticed += HasFailure() ? 0 : 1;
  std::cout << (HasFailure() ? "MISSED   " : "noticed  ") << fault.base << ", " << fault.name << ": "
            << join(std::vector<std::string>(turned.begin(), turned.end()), " ") << "\n";
}

std::string name_of_fault(const testing::TestParamInfo<Fault>& info) {
  std::string name(info.param.name);
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Oci, Sabotage, testing::ValuesIn(faults_of_oci()), name_of_fault);
INSTANTIATE_TEST_SUITE_P(Bwrap, Sabotage, testing::ValuesIn(faults_of_bwrap()), name_of_fault);

// What is no fault of the sandbox but of the talk with it is broken, and never a verdict.
struct Trouble {
  const char* name;
  const char* command;
  const char* told;  // what the reason must say
};
void PrintTo(const Trouble& trouble, std::ostream* out) { *out << trouble.command; }

class Talk : public testing::TestWithParam<Trouble> {};

TEST_P(Talk, IsBrokenAndSaysHow) {
  const Target target = target_of_command(GetParam().command);
  for (const char* id : {"env.inherited.hidden", "uts.hostname.inside-change-hidden"}) {
    const Case one = judged(target, {find_property(id)}).at(id);
    EXPECT_EQ(one.verdict, Verdict::broken) << id << ": " << one.reason;
    EXPECT_NE(one.reason.find(GetParam().told), std::string::npos) << id << ": " << one.reason;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Unheard, Talk,
    testing::Values(Trouble{"SwallowedOutput", "sh -c 'exec {outside-probe} >/dev/null'", "did not answer"},
                    Trouble{"WrappedOutput", "sh -c 'echo welcome; exec {outside-probe}'", "welcome"},
                    Trouble{"NoStart", "sh -c 'echo no such option >&2; exit 42; {outside-probe}'", "no such option"},
                    Trouble{"NoTool", "/no/such/tool {outside-probe}", "/no/such/tool"}),
    [](const auto& one) { return std::string(one.param.name); });

}  // namespace
}  // namespace nsproof
