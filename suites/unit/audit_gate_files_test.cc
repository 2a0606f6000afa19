// The files that steer the gate of an audit: profiles, waivers and baselines, and the complaints about those that are
// not understood.
#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "harness/audit/gate.h"
#include "harness/runtime/target.h"
#include "harness/support/text.h"

namespace nsproof::audit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Finding finding(std::string id, Answer answer, Severity severity = Severity::high) {
  Finding one;
  one.id = std::move(id);
  one.answer = answer;
  one.severity = one.base_severity = severity;
  return one;
}

Profile profile(std::string_view text = "") { return parse_profile(text, "mine.toml"); }

Baseline baseline(std::string_view findings) {
  return parse_baseline(say(R"({"schema": "nsproof.audit.v1", "findings": )", findings, "}"), "old.json");
}

// The complaint of a file that is not understood.
template <class Read>
std::string complaint(Read read) {
  try {
    read();
  } catch (const GateFileError& error) {
    return error.what();
  }
  return "understood";
}

// A file for one test, gone after it.
class Written {
 public:
  explicit Written(std::string_view text) {
    char name[] = "/tmp/nsproof-gate-XXXXXX";
    directory_ = mkdtemp(name);
    std::ofstream(path()) << text;
  }
  ~Written() { std::filesystem::remove_all(directory_); }
  Written(const Written&) = delete;
  Written& operator=(const Written&) = delete;
  [[nodiscard]] std::string path() const { return directory_ + "/some.toml"; }

 private:
  std::string directory_;
};

TEST(AuditGateFiles, AllThatACommandLineNames) {
  const Written first("[[waive]]\nid = 'a'\nreason = 'r'\nowner = 'o'\nexpires = 2000-01-01");
  const Written second("[[waive]]\nid = 'b'\nreason = 'r'\nowner = 'o'\nexpires = 2999-01-01");
  const Written old(R"({"schema": "nsproof.audit.v1", "findings": [{"id": "b", "answer": "weak"}]})");
  const Gate gate = read_gate("pss-restricted", old.path(), {first.path(), second.path()});
  EXPECT_EQ(pinned_name(gate.profile), "pss-restricted@1.34");
  EXPECT_THAT(gate.baseline->weak, ElementsAre("b"));
  ASSERT_EQ(gate.waivers.size(), 2U);
  EXPECT_TRUE(is_over(gate.waivers[0], gate.today)) << gate.today;
  EXPECT_FALSE(is_over(gate.waivers[1], gate.today)) << gate.today;
  const Gate open = read_gate("", "", {});
  EXPECT_EQ(open.profile.name, "none");
  EXPECT_FALSE(open.baseline);
  AuditResult result;
  result.findings = {finding("b", Answer::weak)};
  judge_findings(result, gate);
  EXPECT_EQ(result.findings[0].standing, Standing::excluded);
  judge_findings(result, open);
  EXPECT_EQ(result.findings[0].standing, Standing::counts);
}

TEST(AuditGateFiles, AProfileOfOnesOwnThatMatchesNothingIsRefused) {
  const Written mine("require = ['zz.no.rule']");
  EXPECT_EQ(complaint([&] { read_gate(mine.path(), "", {}); }),
            say(mine.path(), ": some: require \"zz.no.rule\" matches no rule"));
}

TEST(AuditWaivers, Complaints) {
  struct Row {
    const char* text;
    const char* expected;
  };
  const Row table[] = {
      {"[[waive]]\nid = 'a'\nreason = 'r'\nowner = 'o'", "waivers.toml:1: expires: is missing; every [[waive]] has"},
      {"[[waive]]\nreason = 'r'\nowner = 'o'\nexpires = 2027-01-01", "waivers.toml:1: id: is missing"},
      {"[[waive]]\nid = 'a'\nowner = 'o'\nexpires = 2027-01-01", "waivers.toml:1: reason: is missing"},
      {"[[waive]]\nid = 'a'\nreason = 'r'\nexpires = 2027-01-01", "waivers.toml:1: owner: is missing"},
      {"[[waive]]\nid = 'a'\nreason = ' '\nowner = 'o'\nexpires = 2027-01-01", "waivers.toml:3: reason: is empty"},
      {"[[waive]]\nid = 7", "waivers.toml:2: id: is not a string"},
      {"[[waive]]\nid = 'a'\nreason = 'r'\nowner = 'o'\nexpires = '2027-01-01'",
       "waivers.toml:5: expires: is not a date; write 2027-01-31, without quotes"},
      {"[[waive]]\nid = 'a'\nresaon = 'r'", "waivers.toml:3: unknown key \"resaon\"; did you mean reason?"},
      {"\n[[waiver]]\nid = 'a'", "waivers.toml:2: unknown key \"waiver\"; did you mean waive?"},
      {"zebra = 1", "waivers.toml:1: unknown key \"zebra\"; known are waive"},
      {"[waive]\nid = 'a'", "waivers.toml:1: waive: is written [[waive]], with two brackets"},
      {"waive = ['a']", "waivers.toml:1: waive: is written [[waive]]"},
      {"[[waive]\n", "waivers.toml:1: "},
  };
  for (const Row& row : table)
    EXPECT_THAT(complaint([&] { parse_waivers(row.text, "waivers.toml"); }), HasSubstr(row.expected)) << row.text;
}

TEST(AuditWaivers, AFileOfSeveral) {
  EXPECT_THAT(parse_waivers("", "waivers.toml"), IsEmpty());
  const auto read = read_waivers(NSPROOF_SOURCE_DIR "/suites/unit/fixtures/audit_waivers.toml");
  ASSERT_EQ(read.size(), 2U);
  EXPECT_EQ(read[0].pattern, "ns.user.none");
  EXPECT_EQ(read[0].owner, "platform team");
  EXPECT_EQ(read[0].expires, "2027-03-31");
  EXPECT_THAT(read[1].where, testing::EndsWith("audit_waivers.toml:8"));
}

TEST(AuditGateFiles, ThatCannotBeRead) {
  for (const char* file : {"/nonexistent/x.toml", "/"}) {
    const std::string expected = say(file, ": cannot be read");
    EXPECT_EQ(complaint([&] { read_waivers(file); }), expected);
    EXPECT_EQ(complaint([&] { read_baseline(file); }), expected);
    EXPECT_EQ(complaint([&] { chosen_profile(file); }), expected);
  }
}

TEST(AuditBaseline, Complaints) {
  const auto said = [](std::string_view text) { return complaint([&] { parse_baseline(text, "old.json"); }); };
  EXPECT_EQ(said("{"), "old.json: is not JSON; a baseline is the JSON report of an audit");
  EXPECT_THAT(said(R"({"schema": "nsproof.v1"})"),
              HasSubstr(R"(its schema is "nsproof.v1" and not "nsproof.audit.v1")"));
  for (const char* text : {"[]", "7", "{}", R"({"schema": 7})"})
    EXPECT_THAT(said(text), HasSubstr("its schema is \"\""));
  EXPECT_THAT(said(R"({"schema": "nsproof.audit.v1"})"), HasSubstr("has no list of findings"));
  EXPECT_THAT(complaint([] { baseline("{}"); }), HasSubstr("has no list of findings"));
  EXPECT_THAT(complaint([] { baseline(R"([{"id": "a", "answer": "weak"}, {"answer": "weak"}])"); }),
              HasSubstr("finding 2 has no id"));
  EXPECT_THAT(complaint([] { baseline("[7]"); }), HasSubstr("finding 1 has no id"));
  EXPECT_THAT(complaint([] { baseline(R"([{"id": "a.b.c", "answer": "waek"}])"); }),
              HasSubstr(R"(the answer of "a.b.c" is "waek")"));
  EXPECT_THAT(complaint([] { baseline(R"([{"id": "a.b.c"}])"); }), HasSubstr(R"(the answer of "a.b.c" is "")"));
}

TEST(AuditProfiles, AFileOfOnesOwn) {
  const Profile mine = parse_profile(
      "name = 'web'\nversion = '3'\ntitle = 'T'\nfail-on = 'medium'\nrequire = ['ns', 'cap.*.held']\n"
      "require-severity = 'critical'\n[[allow]]\nids = ['ns.time']\nreason = 'r'\n",
      "/etc/mine.toml");
  EXPECT_EQ(pinned_name(mine), "web@3");
  EXPECT_EQ(mine.title, "T");
  EXPECT_EQ(mine.fail_on, Severity::medium);
  EXPECT_THAT(mine.require, ElementsAre("ns", "cap.*.held"));
  EXPECT_EQ(mine.require_severity, Severity::critical);
  ASSERT_EQ(mine.allow.size(), 1U);
  EXPECT_THAT(mine.allow[0].patterns, ElementsAre("ns.time"));
  EXPECT_EQ(pinned_name(parse_profile("", "/etc/other.toml")), "other");
}

TEST(AuditProfiles, Complaints) {
  struct Row {
    const char* text;
    const char* expected;
  };
  const Row table[] = {
      {"requires = ['ns']", "mine.toml:1: unknown key \"requires\"; did you mean require?"},
      {"\nrequire = 'ns'", "mine.toml:2: require: is not a list of strings; write a list of rule ids or patterns"},
      {"require = []", "mine.toml:1: require: is empty; write a list"},
      {"require = ['ns',\n 7]", "mine.toml:2: require: is not a list of strings"},
      {"require = ['ns', ' ']", "mine.toml:1: require: holds an empty string"},
      {"require-severity = 'hihg'", "\"hihg\" is no severity; write \"info\", \"low\", \"medium\", \"high\""},
      {"fail-on = 3", "mine.toml:1: fail-on: is not a string; write \"info\""},
      {"version = 29", "mine.toml:1: version: is not a string; write version = \"1\", with quotes"},
      {"name = 'a@1'", "mine.toml:1: name: what stands behind the @ is written version"},
      {"[[allow]]\nids = ['ns']", "mine.toml:1: reason: is missing; say why this may be weak"},
      {"[[allow]]\nreason = 'r'", "mine.toml:1: ids: is missing; write a list"},
      {"[[allow]]\nid = 'ns'\nreason = 'r'", "mine.toml:2: unknown key \"id\"; did you mean ids?"},
      {"[allow]\nids = ['ns']\nreason = 'r'", "mine.toml:1: allow: is written [[allow]]"},
      {"require = [", "mine.toml:1: "},
  };
  for (const Row& row : table) EXPECT_THAT(complaint([&] { profile(row.text); }), HasSubstr(row.expected)) << row.text;
}

TEST(AuditProfiles, Lookup) {
  std::vector<Profile> known;
  for (const char* version : {"1.9", "1.34", "1.10"})
    known.push_back(parse_profile(say("name = 'pss'\nversion = '", version, "'"), "x.toml"));
  known.push_back(parse_profile("", "none.toml"));
  EXPECT_EQ(profile_named("pss", known).version, "1.34");
  EXPECT_EQ(profile_named("pss@1.9", known).version, "1.9");
  EXPECT_EQ(profile_named("none", known).name, "none");
  EXPECT_EQ(complaint([&] { profile_named("pss@2", known); }),
            "there is no profile pss@2, but pss@1.9, pss@1.34, pss@1.10");
  EXPECT_EQ(complaint([&] { profile_named("pss@", known); }),
            "there is no profile pss@, but pss@1.9, pss@1.34, pss@1.10");
  EXPECT_EQ(complaint([&] { profile_named("nnoe", known); }), "there is no profile \"nnoe\"; did you mean none?");
  EXPECT_EQ(complaint([&] { profile_named("zebrafish", known); }),
            "there is no profile \"zebrafish\"; known are pss@1.9, pss@1.34, pss@1.10, none, and files that end in "
            ".toml");
}

TEST(AuditProfiles, BuiltIn) {
  std::vector<std::string> names;
  for (const Profile& one : builtin_profiles()) {
    names.push_back(pinned_name(one));
    EXPECT_NE(one.title, "") << names.back();
  }
  EXPECT_THAT(names, ElementsAre("docker-default@29", "isolated@1", "none", "podman-default@4", "pss-baseline@1.34",
                                 "pss-restricted@1.34"));
  EXPECT_EQ(pinned_name(chosen_profile("docker-default")), "docker-default@29");
  EXPECT_EQ(pinned_name(chosen_profile("pss-restricted@1.34")), "pss-restricted@1.34");
  EXPECT_FALSE(restricts(chosen_profile("none")));
  EXPECT_THAT(complaint([] { chosen_profile("docker-defualt@29"); }), HasSubstr("did you mean docker-default@29"));
}

TEST(AuditProfiles, AreNoTargets) {
  EXPECT_NE(builtin_target("runc"), nullptr);
  for (const Target& target : builtin_targets()) EXPECT_FALSE(target.command.empty()) << target.name;
  for (const char* name : {"none", "isolated-1", "docker-default-29"}) EXPECT_EQ(builtin_target(name), nullptr);
}

TEST(AuditProfiles, RestrictedAsksForAllThatBaselineAsksFor) {
  const Profile restricted = chosen_profile("pss-restricted");
  for (const Rule& rule : rules()) {
    const Finding one = finding(rule.id, Answer::weak, rule.severity);
    if (!exclusion_of(chosen_profile("pss-baseline"), one)) {
      EXPECT_FALSE(exclusion_of(restricted, one)) << rule.id;
    }
  }
}

// Where only some of the rules are linked in, as under the sanitizers, there is nothing to compare the profiles with.
TEST(AuditProfiles, BuiltInOnesMatchTheRules) {
  if (find_rule("ns.pid.host") == nullptr) GTEST_SKIP() << "the rules are not part of this program";
  for (const Profile& one : builtin_profiles()) EXPECT_THAT(defects_of(one, rules()), IsEmpty());
}

TEST(AuditProfiles, RulesThatNameAStandardAreRequiredByIt) {
  const std::pair<std::string_view, std::string_view> kLevels[] = {
      {"PSS baseline", "pss-baseline"}, {"PSS baseline", "pss-restricted"}, {"PSS restricted", "pss-restricted"}};
  for (const auto& [reference, name] : kLevels) {
    const Profile level = profile_named(name, builtin_profiles());
    for (const Rule& rule : rules()) {
      const bool named = std::any_of(rule.references.begin(), rule.references.end(),
                                     [&](const std::string& one) { return one.starts_with(reference); });
      const bool allowed = rule.id == "cap.net-bind-service.held";
      if (named && !allowed) {
        EXPECT_FALSE(exclusion_of(level, finding(rule.id, Answer::weak, rule.severity))) << rule.id << " " << name;
      }
    }
  }
}

TEST(AuditProfiles, Defects) {
  std::vector<Rule> some(2);
  some[0].id = "ns.pid.host";
  some[1].id = "cap.mknod.held";
  const Profile good = profile("require = ['ns', 'cap.*']\n[[allow]]\nids = ['cap.mknod']\nreason = 'r'");
  EXPECT_THAT(defects_of(good, some), IsEmpty());
  const Profile bad = profile("require = ['ns.pid.hots']\n[[allow]]\nids = ['ns', 'zz*']\nreason = 'r'");
  EXPECT_THAT(defects_of(bad, some),
              ElementsAre("mine: require \"ns.pid.hots\" matches no rule; did you mean ns.pid.host?",
                          "mine: allow \"zz*\" matches no rule"));
}

}  // namespace
}  // namespace nsproof::audit
