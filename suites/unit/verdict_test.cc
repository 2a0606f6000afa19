// What follows from two observations, and what follows from all verdicts together.
#include "harness/catalogue/verdict.h"

#include <gmock/gmock.h>

#include <set>

#include "harness/catalogue/result.h"

namespace nsproof {
namespace {

TEST(Verdict, EveryPairOfObservations) {
  struct Row {
    Outcome subject;
    Outcome control;
    Verdict verdict;
  };
  constexpr Row kTable[] = {
      {Outcome::isolated, Outcome::leaked, Verdict::holds},   {Outcome::leaked, Outcome::leaked, Verdict::violated},
      {Outcome::unknown, Outcome::leaked, Verdict::broken},   {Outcome::isolated, Outcome::isolated, Verdict::vacuous},
      {Outcome::leaked, Outcome::isolated, Verdict::vacuous}, {Outcome::unknown, Outcome::isolated, Verdict::broken},
      {Outcome::isolated, Outcome::unknown, Verdict::broken}, {Outcome::leaked, Outcome::unknown, Verdict::broken},
      {Outcome::unknown, Outcome::unknown, Verdict::broken},
  };
  for (const Row& row : kTable) {
    const Judgement judgement = judge({row.subject, "subject says"}, {row.control, "control says"});
    EXPECT_EQ(judgement.verdict, row.verdict) << name_of(row.subject) << ' ' << name_of(row.control);
    EXPECT_THAT(judgement.reason, testing::HasSubstr(" says"));
  }
}

TEST(Verdict, TheReasonIsThatOfTheGuiltyWorld) {
  EXPECT_EQ(judge(leaked("subject"), leaked("control")).reason, "subject");
  EXPECT_EQ(judge(isolated("subject"), unknown("control")).reason, "control: control");
  EXPECT_THAT(judge(isolated("subject"), isolated("control")).reason, testing::HasSubstr("control"));
}

TEST(Verdict, RulesAreClaimsToo) {
  EXPECT_EQ(judge(refused("EPERM"), allowed("done")).verdict, Verdict::holds);
  EXPECT_EQ(judge(allowed("done"), allowed("done")).verdict, Verdict::violated);
  EXPECT_EQ(judge(refused("EPERM"), refused("EPERM")).verdict, Verdict::vacuous);
}

TEST(Verdict, TheTruthTableKnowsNoThirdAnswer) {
  struct Row {
    Outcome seen;
    bool must_isolate;
    Verdict verdict;
  };
  constexpr Row kTable[] = {
      {Outcome::isolated, true, Verdict::holds},     {Outcome::leaked, true, Verdict::violated},
      {Outcome::isolated, false, Verdict::violated}, {Outcome::leaked, false, Verdict::holds},
      {Outcome::unknown, true, Verdict::broken},     {Outcome::unknown, false, Verdict::broken},
  };
  for (const Row& row : kTable)
    EXPECT_EQ(judge_combination({row.seen, "why"}, row.must_isolate).verdict, row.verdict)
        << name_of(row.seen) << ' ' << row.must_isolate;
}

TEST(Verdict, NamesAreDistinct) {
  std::set<std::string_view> names;
  for (const Verdict verdict : kAllVerdicts) names.insert(name_of(verdict));
  EXPECT_EQ(names.size(), std::size(kAllVerdicts));
  EXPECT_FALSE(names.contains("?"));
}

TEST(Verdict, ExitStatus) {
  struct Row {
    Counts counts;
    ExitStatus status;
  };
  const Row table[] = {
      {{}, ExitStatus::nothing_established},
      {{.unsupported = 5}, ExitStatus::nothing_established},
      {{.holds = 1, .unsupported = 5}, ExitStatus::good},
      {{.expected_failures = 1}, ExitStatus::good},
      {{.holds = 9, .violated = 1}, ExitStatus::violated},
      {{.holds = 9, .unexpected_passes = 1}, ExitStatus::violated},
      {{.holds = 9, .vacuous = 1}, ExitStatus::cannot_judge},
      {{.holds = 9, .broken = 1}, ExitStatus::cannot_judge},
      {{.vacuous = 1}, ExitStatus::cannot_judge},
      {{.violated = 1, .vacuous = 1, .broken = 1}, ExitStatus::violated},
  };
  for (const Row& row : table) EXPECT_EQ(exit_status(row.counts), row.status);
}

TEST(Verdict, EveryCaseIsCountedOnce) {
  std::vector<Case> cases;
  for (const Verdict verdict : kAllVerdicts)
    for (const Expectation kind :
         {Expectation::none, Expectation::expired, Expectation::expected_failure, Expectation::unexpected_pass}) {
      Case one;
      one.verdict = verdict;
      one.expectation.kind = kind;
      cases.push_back(one);
    }
  const Counts counts = count(cases);
  EXPECT_EQ(counts.total(), static_cast<int>(cases.size()));
  EXPECT_EQ(counts.violated, 2) << "an expired expectation excuses nothing";
  EXPECT_EQ(counts.expected_failures, 5);
  EXPECT_EQ(counts.unexpected_passes, 5);
}

}  // namespace
}  // namespace nsproof
