// Files of expected failures: what is understood, what is refused, and what the rules make of a case.
#include "harness/catalogue/expectations.h"

#include <gmock/gmock.h>

#include "harness/support/text.h"

namespace nsproof {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr KernelVersion kKernel = {6, 5, 3};
constexpr std::string_view kToday = "2026-11-23";

std::vector<ExpectationRule> rules(std::string_view extra, std::string_view id = "pid.kill.*") {
  return parse_expectations(
      say("[[expect]]\nid = \"", id, "\"\nreason = \"why\"\nurl = \"https://bugs.example/1\"\n", extra), "known.toml");
}

Case case_with(Verdict verdict) {
  Case one;
  one.id = "pid.kill.hidden";
  one.variant = "setns";
  one.verdict = verdict;
  return one;
}

Expectation kind(Verdict verdict, std::string_view extra) {
  return expectation_of(case_with(verdict), rules(extra), kToday, kKernel).kind;
}

TEST(Expectations, Verdicts) {
  struct Row {
    Verdict verdict;
    const char* extra;
    Expectation expected;
  };
  const Row table[] = {
      {Verdict::violated, "", Expectation::expected_failure},
      {Verdict::holds, "", Expectation::unexpected_pass},
      {Verdict::vacuous, "", Expectation::none},
      {Verdict::broken, "", Expectation::none},
      {Verdict::unsupported, "", Expectation::none},
      {Verdict::violated, "expires = 2026-11-22", Expectation::expired},
      {Verdict::violated, "expires = 2026-11-23", Expectation::expected_failure},
      {Verdict::holds, "expires = 2026-11-22", Expectation::none},
      {Verdict::vacuous, "expires = 2026-11-22", Expectation::none},
      {Verdict::violated, "kernel = '>=6.1, <6.5'", Expectation::none},
      {Verdict::violated, "kernel = '>=6.1, <6.6'", Expectation::expected_failure},
      {Verdict::holds, "kernel = '<6.1'", Expectation::none},
      {Verdict::violated, "via = 'setns'", Expectation::expected_failure},
      {Verdict::violated, "via = 'clone3'", Expectation::none},
  };
  for (const Row& row : table)
    EXPECT_EQ(kind(row.verdict, row.extra), row.expected) << name_of(row.verdict) << row.extra;
}

TEST(Expectations, TheNoteSaysWhatTheFileSays) {
  const ExpectationNote note =
      expectation_of(case_with(Verdict::violated), rules("expires = 2027-01-02"), kToday, kKernel);
  EXPECT_EQ(note.reason, "why");
  EXPECT_EQ(note.url, "https://bugs.example/1");
  EXPECT_EQ(note.expires, "2027-01-02");
}

TEST(Expectations, ALiveRuleWinsOverAnExpiredOne) {
  auto both = rules("expires = 2020-01-01");
  for (const ExpectationRule& rule : rules("")) both.push_back(rule);
  EXPECT_EQ(expectation_of(case_with(Verdict::violated), both, kToday, kKernel).kind, Expectation::expected_failure);
  std::swap(both[0], both[1]);
  EXPECT_EQ(expectation_of(case_with(Verdict::violated), both, kToday, kKernel).kind, Expectation::expected_failure);
}

TEST(Expectations, CombinationsOfASweep) {
  Case one = case_with(Verdict::violated);
  one.variant = "mnt+pid";
  EXPECT_EQ(expectation_of(one, rules("via = 'pid+mnt'"), kToday, kKernel).kind, Expectation::expected_failure);
  EXPECT_EQ(expectation_of(one, rules("", "pid.*@mnt+*"), kToday, kKernel).kind, Expectation::expected_failure);
  EXPECT_EQ(expectation_of(one, rules("via = 'pid'"), kToday, kKernel).kind, Expectation::none);
}

TEST(Expectations, WarnsOfWhatIsNotUsed) {
  const auto warnings = [](std::vector<ExpectationRule> all, Verdict verdict) {
    std::vector<Case> cases = {case_with(verdict)};
    return apply_expectations(cases, all, kToday, kKernel);
  };
  EXPECT_THAT(warnings(rules(""), Verdict::violated), IsEmpty());
  EXPECT_THAT(warnings(rules(""), Verdict::broken), IsEmpty()) << "it answers, though nothing can be said";
  EXPECT_THAT(warnings(rules("", "mnt.*"), Verdict::violated), ElementsAre(HasSubstr("known.toml:1: no case answers")));
  EXPECT_THAT(warnings(rules("kernel = '<5'", "mnt.*"), Verdict::violated), IsEmpty()) << "not for this kernel";
  EXPECT_THAT(warnings(rules("expires = 2020-01-01"), Verdict::holds), ElementsAre(HasSubstr("expired on 2020-01-01")));
}

TEST(Expectations, RefusesWhatItDoesNotUnderstand) {
  struct Row {
    const char* text;
    const char* complaint;
  };
  const Row table[] = {
      {"[[expect]]\nid = 'a'\nurl = 'https://b'\n", "known.toml:1: reason: is missing"},
      {"[[expect]]\nid = 'a'\nreason = 'r'\n", "known.toml:1: url: is missing"},
      {"[[expect]]\nreason = 'r'\nurl = 'https://b'\n", "known.toml:1: id: is missing"},
      {"[[expect]]\nid = 'a'\nreason = ' '\nurl = 'https://b'\n", "known.toml:3: reason: is empty"},
      {"[[expect]]\nid = '@x'\nreason = 'r'\nurl = 'https://b'\n", "known.toml:2: id: names no property"},
      {"[[expect]]\nid = 1\nreason = 'r'\nurl = 'https://b'\n", "known.toml:2: id: is not a string"},
      {"[[expect]]\nid = 'a'\nreason = 'r'\nurl = 'b'\n", "known.toml:4: url: \"b\" does not begin"},
      {"[[expect]]\nid = 'a'\nresaon = 'r'\nurl = 'https://b'\n",
       "known.toml:3: unknown key \"resaon\"; did you mean reason?"},
      {"[[expect]]\nid = 'a'\nreason = 'r'\nurl = 'https://b'\nexpires = '2026-01-01'\n",
       "known.toml:5: expires: is not a date"},
      {"[[expect]]\nid = 'a'\nreason = 'r'\nurl = 'https://b'\nkernel = '6.1'\n",
       "known.toml:5: kernel: \"6.1\" is no bound"},
      {"[[expect]]\nid = 'a'\nreason = 'r'\nurl = 'https://b'\nvia = 'fork'\n",
       "known.toml:5: via: \"fork\" is no way"},
      {"[[expect]]\nid = 'a@setns'\nreason = 'r'\nurl = 'https://b'\nvia = 'setns'\n", "known.toml:5: via: the id has"},
      {"[expect]\nid = 'a'\n", "known.toml:1: expect is written [[expect]]"},
      {"expect = [1]\n", "known.toml:1: an expectation is a table"},
      {"[[expected]]\nid = 'a'\n", "known.toml:1: unknown key \"expected\""},
      {"[[expect]\n", "known.toml:1: "},
      {"\n[[expect]]\nid = 'a'\nid = 'b'\n", "known.toml:4: "},
      {"[[expect]]\nid = 'a'\nreason = 'r'\nurl = 'https://b'\nexpires = 2026-02-30\n", "known.toml:5: "},
  };
  for (const Row& row : table) {
    try {
      parse_expectations(row.text, "known.toml");
      ADD_FAILURE() << "accepted: " << row.text;
    } catch (const ExpectationError& error) {
      EXPECT_THAT(error.what(), testing::StartsWith(row.complaint)) << row.text;
    }
  }
}

TEST(Expectations, FilesThatAreNotThere) {
  EXPECT_THROW(read_expectations("/nonexistent/known.toml"), ExpectationError);
  EXPECT_THROW(read_expectations("/"), ExpectationError);
  EXPECT_THAT(parse_expectations("", "empty.toml"), IsEmpty());
}

TEST(Expectations, KernelBoundsAreAsPreciseAsTheyAreWritten) {
  struct Row {
    const char* bounds;
    KernelVersion kernel;
    bool inside;
  };
  const Row table[] = {
      {">=6.1", {6, 1, 0}, true},        {">=6.1", {6, 0, 19}, false}, {"<6.5", {6, 5, 0}, false},
      {"<6.5", {6, 4, 99}, true},        {"<=6.5", {6, 5, 7}, true},   {">6.5", {6, 5, 7}, false},
      {">6.5", {6, 6, 0}, true},         {"=6.5", {6, 5, 7}, true},    {"==6.5.7", {6, 5, 7}, true},
      {"=6.5.6", {6, 5, 7}, false},      {"<=6", {6, 18, 44}, true},   {">= 6.1 , <7", {6, 18, 0}, true},
      {">=6.1,<6.5", {6, 18, 0}, false},
  };
  for (const Row& row : table) {
    bool inside = true;
    for (const KernelBound& bound : kernel_bounds(row.bounds)) inside = inside && satisfies(row.kernel, bound);
    EXPECT_EQ(inside, row.inside) << row.bounds << ' ' << text_of(row.kernel);
  }
  for (const char* bad : {"", "6.1", ">=", ">=6.", ">=x", ">=6.1.2.3", ">=6.1,", "~6", ">=-1"})
    EXPECT_THROW(kernel_bounds(bad), std::invalid_argument) << bad;
}

}  // namespace
}  // namespace nsproof
