// What the rules about seccomp filters make of answers, without a filter.
#include <gtest/gtest.h>

#include "suites/audit/seccomp_calls.h"
#include "suites/audit/seccomp_fingerprint.h"
#include "suites/audit/seccomp_terminal.h"

namespace nsproof::audit {
namespace {

constexpr Reached kThrough{Reached::How::reached, 0};
constexpr Reached kKilled{Reached::How::killed, 0};
Reached refused(int error) { return {Reached::How::refused, error}; }

TEST(SeccompOutcome, SaysWhatCameThroughAndHowTheRestWasRefused) {
  const std::vector<Trial> trials = {trial(1, "one"), trial(2, "two"), trial(3, "three"), trial(4, "four"),
                                     labelled("five(5)", trial(5, "five", {5}))};
  const Outcome outcome = outcome_of(trials, {refused(1), kThrough, refused(38), refused(1), kKilled});
  EXPECT_EQ(outcome.text(), "through: two; EPERM: one, four; ENOSYS: three; killed: five(5)");
  EXPECT_EQ(outcome.through, std::vector<std::string>{"two"});
}

TEST(SeccompOutcome, IsBounded) {
  EXPECT_EQ(some_of({"a", "b", "c"}, 3), "a, b, c");
  EXPECT_EQ(some_of({"a", "b", "c", "d"}, 2), "a, b and 2 more");
  EXPECT_EQ(some_of({}, 2), "");
  const std::vector<Trial> trials(400, trial(1, "name"));
  EXPECT_LT(outcome_of(trials, std::vector<Reached>(400, kThrough)).text().size(), 120U);
}

TEST(SeccompFingerprint, IsTheSameForTheSameSetOnly) {
  // FNV-1a of no bytes is its offset basis.
  EXPECT_EQ(fingerprint({}), "cbf29ce484222325");
  EXPECT_EQ(fingerprint({0, 1, 2}), fingerprint({0, 1, 2}));
  EXPECT_NE(fingerprint({0, 1, 2}), fingerprint({0, 1, 3}));
  EXPECT_NE(fingerprint({1, 2}), fingerprint({12}));
  EXPECT_NE(fingerprint({}), fingerprint({0}));
  EXPECT_EQ(fingerprint({0}).size(), 16U);
}

TEST(SeccompFingerprint, RangesAreShortAndBounded) {
  EXPECT_EQ(ranges({}, 100), "");
  EXPECT_EQ(ranges({7}, 100), "7");
  EXPECT_EQ(ranges({0, 1, 2, 5, 7, 8}, 100), "0-2 5 7-8");
  EXPECT_EQ(ranges({0, 2, 4, 6, 8}, 3), "0 2 and 3 more");
}

TEST(SeccompTerminal, ReadsTheSessionPastAHostileName) {
  const auto plain = session_in("17 (sh) S 1 17 17 34816 17 4194304 99 0 0 0\n");
  ASSERT_TRUE(plain.has_value());
  EXPECT_EQ(plain->leader, 17);
  EXPECT_EQ(plain->terminal, 34816);
  const auto hostile = session_in("17 (a) S 1 2 3 4 (b) R 1 1 0 34816 17\n");
  ASSERT_TRUE(hostile.has_value());
  EXPECT_EQ(hostile->leader, 0);
  EXPECT_EQ(hostile->terminal, 34816);
  EXPECT_FALSE(session_in("").has_value());
  EXPECT_FALSE(session_in("17 (sh) S 1").has_value());
  EXPECT_FALSE(session_in("17 (sh) S 1 17 x y").has_value());
}

// As bwrap without --new-session shows it: 136:0, and a session whose leader has no number in here.
TerminalFacts of_bwrap() {
  return {.session = {.leader = 0, .terminal = 34816},
          .leader_inside = {},
          .through = {"TIOCSTI", "TIOCLINUX"},
          .legacy = 1,
          .host_admin = false};
}

TEST(SeccompTerminal, ASessionOutsideIsWeak) {
  EXPECT_EQ(judge_terminal(of_bwrap()).answer, Answer::weak);
  TerminalFacts older = of_bwrap();
  older.legacy.reset();
  EXPECT_EQ(judge_terminal(older).answer, Answer::weak);
  TerminalFacts visible = of_bwrap();
  visible.session.leader = 4711;
  visible.leader_inside = false;
  EXPECT_EQ(judge_terminal(visible).answer, Answer::weak);
}

TEST(SeccompTerminal, EachRemedyIsHardened) {
  TerminalFacts facts = of_bwrap();
  facts.session.terminal = 0;
  EXPECT_EQ(judge_terminal(facts).answer, Answer::hardened);
  facts = of_bwrap();
  facts.session.leader = 1;
  facts.leader_inside = true;
  EXPECT_EQ(judge_terminal(facts).answer, Answer::hardened);
  facts = of_bwrap();
  facts.through.clear();
  EXPECT_EQ(judge_terminal(facts).answer, Answer::hardened);
  facts = of_bwrap();
  facts.legacy = 0;
  EXPECT_EQ(judge_terminal(facts).answer, Answer::hardened);
  // The switch does not bind the host's administrator.
  facts.host_admin = true;
  EXPECT_EQ(judge_terminal(facts).answer, Answer::weak);
}

TEST(SeccompTerminal, ALeaderThatCannotBeLookedAtIsUnknown) {
  TerminalFacts facts = of_bwrap();
  facts.session.leader = 4711;
  EXPECT_EQ(judge_terminal(facts).answer, Answer::unknown);
}

}  // namespace
}  // namespace nsproof::audit
