// Every way in which a guest can go wrong, told to the host's side byte by byte: what did not come whole never holds.
#include <gmock/gmock.h>

#include <functional>

#include "harness/catalogue/property.h"
#include "harness/guest/session.h"
#include "harness/support/text.h"

namespace nsproof::guest {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

Observation nothing(World&) { return {}; }

Property claim(Id id) {
  return {.id = id,
          .claim = "A claim.",
          .how = "Somehow.",
          .source = "uts_namespaces(7)",
          .since = {},
          .isolated_by = Ns::uts,
          .check = nothing};
}

Finished holding(std::uint32_t task) {
  Finished finished;
  finished.task = task;
  finished.found.verdict = Verdict::holds;
  finished.found.subject.emplace(nsproof::Run{"uts via clone3", isolated("hidden"), {}, 1});
  finished.found.control.emplace(nsproof::Run{"none via clone3", leaked("seen"), {}, 1});
  finished.found.reason = judge(finished.found.subject->observation, finished.found.control->observation).reason;
  return finished;
}

// A guest with three tasks, and what it says.
class GuestSession : public testing::Test {
 protected:
  void say_hello(const std::string& bulkhead = "") { send(FrameKind::hello, encode(Hello{{}, bulkhead, "", {}})); }
  void begin(std::uint32_t task) { send(FrameKind::began, encode(Began{task})); }
  void finish(const Finished& finished) { send(FrameKind::finished, encode(finished)); }
  void run(std::uint32_t task) {
    begin(task);
    finish(holding(task));
  }
  void end(const Trouble& trouble = {}) { send(FrameKind::end, encode(End{3, trouble})); }
  void send(FrameKind kind, const std::string& body) { session_.results(pack({kind, sequence_++, body})); }

  std::vector<Case> conclude(const std::string& how = "QEMU ended") {
    session_.conclude(how);
    std::vector<Case> cases;
    for (std::optional<Case>& one : session_.take_cases()) cases.push_back(one.value());
    return cases;
  }

  Property rows_[3] = {claim("uts.a.private"), claim("uts.b.private"), claim("uts.c.private")};
  std::vector<Task> tasks_ = {{&rows_[0]}, {&rows_[1]}, {&rows_[2]}};
  int finished_ = 0;
  Session session_{tasks_, {nullptr, nullptr, [this](std::size_t, const Case&) { ++finished_; }}};
  std::uint32_t sequence_ = 0;
};

TEST_F(GuestSession, ThatEndsWellHolds) {
  say_hello();
  for (const std::uint32_t task : {0U, 1U, 2U}) run(task);
  end();
  EXPECT_TRUE(session_.over());
  EXPECT_EQ(session_.fault(), "");
  for (const Case& one : conclude()) EXPECT_EQ(one.verdict, Verdict::holds) << one.reason;
  EXPECT_EQ(finished_, 3);
}

TEST_F(GuestSession, ThatFallsSilentNamesTheLastPropertyBegunAndQuotesTheConsole) {
  say_hello();
  run(0);
  session_.console("[    1.0] something ordinary\r\n");
  begin(1);
  const std::vector<Case> cases = conclude("it was silent for 90 s");
  EXPECT_EQ(cases[0].verdict, Verdict::holds);
  EXPECT_EQ(cases[1].verdict, Verdict::broken);
  EXPECT_THAT(cases[1].reason, AllOf(HasSubstr("silent for 90 s"), HasSubstr("something ordinary")));
  EXPECT_EQ(cases[2].verdict, Verdict::broken);
  EXPECT_THAT(cases[2].reason, AllOf(HasSubstr("not reached"), HasSubstr("during uts.b.private@clone3")));
}

TEST_F(GuestSession, ThatPanicsViolatesThePropertyWithTheKernelsWords) {
  session_.console("[    0.5] BUG: at boot, long before\n");
  say_hello();
  run(0);
  begin(1);
  session_.console("[    2.0] Kernel panic - not syncing: Attempted to kill init!\n[    2.0] CPU: 0 PID: 1\n");
  const std::vector<Case> cases = conclude();
  EXPECT_EQ(cases[1].verdict, Verdict::violated);
  EXPECT_THAT(cases[1].reason,
              AllOf(HasSubstr("Attempted to kill init"), HasSubstr("CPU: 0"), Not(HasSubstr("at boot"))));
  EXPECT_EQ(cases[2].verdict, Verdict::broken);
}

TEST_F(GuestSession, ThatNeverComesUpIsBrokenWithTheKernelsWords) {
  session_.console("[    0.9] Kernel panic - not syncing: No working init found.\n");
  const std::vector<Case> cases = conclude();
  for (const Case& one : cases) {
    EXPECT_EQ(one.verdict, Verdict::broken);
    EXPECT_THAT(one.reason, HasSubstr("before nsproof was up"));
  }
  EXPECT_THAT(cases[0].reason, HasSubstr("No working init")) << "once is enough";
}

TEST_F(GuestSession, AWarningDuringAPropertyIsItsViolation) {
  say_hello();
  begin(0);
  Finished finished = holding(0);
  finished.trouble = {"warned", "WARNING: CPU: 0 PID: 99 at fs/namespace.c:1"};
  finish(finished);
  run(1);
  run(2);
  end();
  const std::vector<Case> cases = conclude();
  EXPECT_EQ(cases[0].verdict, Verdict::violated);
  EXPECT_THAT(cases[0].reason, AllOf(HasSubstr("fs/namespace.c:1"), HasSubstr("warned")));
  EXPECT_EQ(cases[1].verdict, Verdict::holds);
}

TEST_F(GuestSession, WhatTheKernelSaysAfterTheLastPropertyIsItsViolation) {
  say_hello();
  for (const std::uint32_t task : {0U, 1U, 2U}) run(task);
  end({"oopsed", ""});
  EXPECT_EQ(conclude()[2].verdict, Verdict::violated);
}

TEST_F(GuestSession, AGuestThatDiesAfterTheLastCaseDoesNotHold) {
  say_hello();
  for (const std::uint32_t task : {0U, 1U, 2U}) run(task);
  EXPECT_FALSE(session_.over());
  const std::vector<Case> cases = conclude();
  EXPECT_EQ(cases[1].verdict, Verdict::holds);
  EXPECT_EQ(cases[2].verdict, Verdict::broken);
}

TEST_F(GuestSession, WithoutABulkheadEverythingIsUnsupported) {
  say_hello("clone3: -1 EPERM");
  send(FrameKind::end, encode(End{0, {}}));
  for (const Case& one : conclude()) {
    EXPECT_EQ(one.verdict, Verdict::unsupported);
    EXPECT_THAT(one.missing, HasSubstr("EPERM"));
  }
}

// The whole stream of a good guest, cut off anywhere: what was cut off never holds.
TEST_F(GuestSession, EveryTruncationLeavesOnlyWholeCases) {
  std::vector<std::string> frames = {pack({FrameKind::hello, 0, encode(Hello{})})};
  for (const std::uint32_t task : {0U, 1U, 2U}) {
    frames.push_back(pack({FrameKind::began, 2 * task + 1, encode(Began{task})}));
    frames.push_back(pack({FrameKind::finished, 2 * task + 2, encode(holding(task))}));
  }
  const std::string bytes = join(frames, "");
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    std::size_t whole = 0;
    for (std::size_t at = 0, frame = 0; frame < frames.size(); ++frame) {
      at += frames[frame].size();
      if (at <= length && frame > 0 && frame % 2 == 0) ++whole;
    }
    Session session(tasks_, {});
    session.results(std::string_view(bytes).substr(0, length));
    session.conclude("cut");
    std::size_t held = 0;
    for (const auto& one : session.take_cases()) held += one.value().verdict == Verdict::holds ? 1 : 0;
    EXPECT_EQ(held, whole) << length << " bytes";
  }
}

// Bodies that have the right checksums and lie.
TEST_F(GuestSession, LiesEndTheSession) {
  const auto lie = [this](const std::function<void()>& tell) {
    session_ = Session(tasks_, {});
    sequence_ = 0;
    say_hello();
    tell();
    EXPECT_NE(session_.fault(), "");
    for (const Case& one : conclude()) EXPECT_NE(one.verdict, Verdict::holds);
  };
  lie([&] { finish(holding(0)); });  // a case that was not begun
  lie([&] { begin(1); });            // out of turn
  lie([&] { begin(7); });            // of no task
  lie([&] { say_hello(); });         // twice
  lie([&] { end(); });               // before anything ran
  lie([&] {                          // holds, although the control was isolated too
    begin(0);
    Finished finished = holding(0);
    finished.found.control->observation = isolated("too");
    finish(finished);
  });
  lie([&] {  // holds, without a run
    begin(0);
    Finished finished = holding(0);
    finished.found.subject.reset();
    finish(finished);
  });
  lie([&] {  // unsupported, without a reason
    begin(0);
    Finished finished;
    finished.found.verdict = Verdict::unsupported;
    finish(finished);
  });
  lie([&] { session_.results(std::string(64, 'x')); });  // noise
}

TEST_F(GuestSession, AnInterruptedOneLeavesOutWhatDidNotRun) {
  say_hello();
  run(0);
  const std::vector<std::optional<Case>> cases = session_.take_cases();
  EXPECT_TRUE(cases[0].has_value());
  EXPECT_FALSE(cases[1].has_value());
}

TEST(GuestConsole, KeepsTheEndOfAFlood) {
  ConsoleLog log;
  for (int i = 0; i < 20'000; ++i) log.take(std::string(100, 'x') + "\n");
  log.take("the last line\n");
  const std::string words = log.last_words(0, 2);
  EXPECT_THAT(words, HasSubstr("the last line"));
  EXPECT_LT(words.size(), 300U);
  EXPECT_THAT(log.since(log.total()), testing::IsEmpty());
}

}  // namespace
}  // namespace nsproof::guest
