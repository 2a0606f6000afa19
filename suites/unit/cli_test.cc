// The command line in this process: usage errors, help and the commands that need no bulkhead; and the words it prints.
#include "harness/cli/cli.h"

#include <gmock/gmock.h>
#include <signal.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "harness/catalogue/select.h"
#include "harness/cli/console.h"
#include "harness/cli/evidence.h"
#include "harness/cli/interrupt.h"
#include "harness/cli/rounds.h"
#include "harness/cli/summary.h"
#include "harness/support/text.h"
#include "reports/projection.h"

namespace nsproof {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct Answer {
  int status = 0;
  std::string out;
  std::string err;
};

Answer nsproof(std::vector<std::string> words) {
  words.insert(words.begin(), "nsproof");
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  const int status = run_cli(static_cast<int>(words.size()), argv.data());
  Answer answer{status, testing::internal::GetCapturedStdout(), testing::internal::GetCapturedStderr()};
  return answer;
}

TEST(Cli, UsageErrors) {
  struct Row {
    std::vector<std::string> words;
    const char* complaint;
  };
  const Row table[] = {
      {{}, "Usage"},
      {{"verfy"}, "did you mean verify?"},
      {{"--colour"}, "unknown option --colour"},
      {{"verify", "--jbos", "3"}, "did you mean --jobs?"},
      {{"verify", "--jbos=3"}, "did you mean --jobs?"},
      {{"verify", "--jobs", "0"}, "--jobs"},
      {{"verify", "--jobs", "many"}, "--jobs"},
      {{"verify", "--jobs"}, "--jobs"},
      {{"verify", "--repeat", "0"}, "--repeat"},
      {{"verify", "--call-timeout", "-5"}, "--call-timeout"},
      {{"verify", "--ns", "process"}, "write one or more of mnt,pid"},
      {{"verify", "--via", "fork"}, "write one or more of clone3"},
      {{"verify", "--shard", "3/2"}, "write I/N"},
      {{"verify", "--color", "blue"}, "write auto, always or never"},
      {{"verify", "-q", "-v"}, "contradict"},
      {{"verify", "--sweep", "--via", "all"}, "one way at a time"},
      {{"verify", "--report", "junit"}, "FORMAT=FILE"},
      {{"verify", "--report", "junit="}, "FORMAT=FILE"},
      {{"verify", "--report", "junti=x.xml"}, "FORMAT is one of json"},
      {{"verify", "--report", "junit=/nonexistent/x.xml"}, "not a directory"},
      {{"verify", "--report", "junit=/"}, "is a directory"},
      {{"verify", "--expect", "/nonexistent.toml"}, "cannot be read"},
      {{"verify", "no.such.property"}, "no property is called no.such.property"},
      {{"verify", "--not", "no.such.property"}, "no property is called no.such.property"},
      {{"verify", ""}, "no property is called"},
      {{"list", "--format", "yaml"}, "write text or json"},
      {{"list", "no.such.property"}, "no property is called"},
      {{"list", "--jobs", "3"}, "unknown option --jobs"},
      {{"explain"}, "ID is required"},
      {{"explain", "no.such.property"}, "no property is called"},
      {{"doctor", "please"}, "unexpected argument please"},
  };
  for (const Row& row : table) {
    const Answer answer = nsproof(row.words);
    EXPECT_EQ(answer.status, 2) << join(row.words, " ");
    EXPECT_THAT(answer.err, HasSubstr(row.complaint)) << join(row.words, " ");
    EXPECT_THAT(answer.out, IsEmpty()) << join(row.words, " ");
  }
}

TEST(Cli, HostileWordsAreEscapedInComplaints) {
  const Answer answer = nsproof({"verify", "\x1b[31m\r\n"});
  EXPECT_EQ(answer.status, 2);
  EXPECT_THAT(answer.err, Not(testing::AnyOf(HasSubstr("\x1b"), HasSubstr("\r"))));
}

TEST(Cli, NothingSelectedIsNothingEstablished) {
  for (const char* command : {"verify", "list", "explain"}) {
    const Answer answer = nsproof({command, "zz.*"});
    EXPECT_EQ(answer.status, 4) << command;
    EXPECT_THAT(answer.err, HasSubstr("no property matches zz.*")) << command;
  }
  EXPECT_EQ(nsproof({"verify", "zz.*", "--allow-none"}).status, 0);
}

TEST(Cli, HelpAndVersion) {
  EXPECT_EQ(nsproof({"--version"}).out, say("nsproof ", NSPROOF_VERSION, "\n"));
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"--help"}, {"verify", "--help"}, {"list", "--help"}, {"explain", "--help"}, {"doctor", "-h"}}) {
    const Answer answer = nsproof(words);
    EXPECT_EQ(answer.status, 0) << join(words, " ");
    EXPECT_THAT(answer.out, HasSubstr("Examples:")) << join(words, " ");
    EXPECT_THAT(answer.err, IsEmpty()) << join(words, " ");
  }
}

TEST(Cli, ListKnowsEveryRow) {
  const Answer text = nsproof({"list", "--color", "never"});
  EXPECT_EQ(text.status, 0);
  EXPECT_EQ(lines_of(text.out).size(), both_catalogues().size() + 1);
  EXPECT_THAT(text.out, Not(HasSubstr("\x1b")));

  const auto json = nlohmann::json::parse(nsproof({"list", "--format", "json"}).out);
  ASSERT_EQ(json.size(), both_catalogues().size());
  for (std::size_t i = 0; i < json.size(); ++i) {
    EXPECT_EQ(json[i]["id"], std::string_view(both_catalogues()[i].id));
    EXPECT_FALSE(json[i].contains("here")) << "nothing was tried";
  }
}

TEST(Cli, ExplainSaysWhatTheRowSays) {
  for (const Property& row : both_catalogues()) {
    const Answer answer = nsproof({"explain", std::string(row.id)});
    EXPECT_EQ(answer.status, 0) << row.id;
    const std::string flat = join(words_of(answer.out), " ");
    for (const std::string_view part : {std::string_view(row.id), row.claim, row.how, row.source})
      EXPECT_THAT(flat, HasSubstr(join(words_of(part), " "))) << row.id;
  }
}

TEST(Cli, ColourIsWantedInThisOrder) {
  struct Row {
    Color color;
    Surroundings surroundings;
    bool wanted;
  };
  const Row table[] = {
      {Color::automatic, {true, "", "", "xterm"}, true},   {Color::automatic, {false, "", "", "xterm"}, false},
      {Color::automatic, {true, "", "", "dumb"}, false},   {Color::automatic, {true, "", "", ""}, false},
      {Color::automatic, {true, "1", "", "xterm"}, false}, {Color::automatic, {true, "1", "1", "xterm"}, false},
      {Color::automatic, {false, "", "1", "dumb"}, true},  {Color::automatic, {false, "", "0", "xterm"}, false},
      {Color::always, {false, "1", "", "dumb"}, true},     {Color::never, {true, "", "1", "xterm"}, false},
  };
  int number = 0;
  for (const Row& row : table) EXPECT_EQ(wants_color(row.color, row.surroundings), row.wanted) << "row " << number++;
}

Case a_case(std::string id, std::string variant, Verdict verdict, Outcome outcome) {
  Case one;
  one.id = std::move(id);
  one.variant = std::move(variant);
  one.verdict = verdict;
  one.reason = "because";
  one.subject = Run{"uts via clone3", {outcome, "seen \x1b[31m"}, {}, 1};
  one.subject->transcript.entries.push_back({"inside", "uname()", 0, {}, "{nodename=\"\r\x9b\"}", 10});
  one.reproduce = "nsproof verify x";
  return one;
}

TEST(Cli, EvidenceIsCompleteAndHarmless) {
  Case one = a_case("uts.a.b", "clone3", Verdict::violated, Outcome::leaked);
  one.control = one.subject;
  one.control_differs = "without";
  std::FILE* file = std::tmpfile();
  ASSERT_NE(file, nullptr);
  {
    const Console console(file, Color::never);
    const std::string text = join(evidence(one, console), "\n");
    for (const char* part : {"violated", "uts.a.b@clone3", "because", "without", "subject (uts via clone3): leaked",
                             "control (uts via clone3)", "inside  uname() = 0", "reproduce  nsproof verify x"})
      EXPECT_THAT(text, HasSubstr(part));
    for (const char* bad : {"\x1b", "\r", "\x9b"}) EXPECT_THAT(text, Not(HasSubstr(bad)));
  }
  std::fclose(file);
}

TEST(Cli, RoundsKeepTheWorst) {
  Rounds rounds;
  const Case good = a_case("uts.a.b", "clone3", Verdict::holds, Outcome::isolated);
  const Case bad = a_case("uts.a.b", "clone3", Verdict::violated, Outcome::leaked);
  const Case other = a_case("uts.a.c", "clone3", Verdict::holds, Outcome::isolated);
  rounds.add({good, other});
  rounds.add({bad, other});
  rounds.add({good});
  const std::vector<Case> worst = rounds.take_worst();
  ASSERT_EQ(worst.size(), 2U);
  EXPECT_EQ(worst[0].verdict, Verdict::violated);
  EXPECT_EQ(worst[0].reason, "in 1 of 3 rounds: because");
  EXPECT_EQ(worst[1].verdict, Verdict::holds);
  EXPECT_EQ(worst[1].reason, "because");
}

TEST(Cli, TruthTableCountsEveryCombination) {
  std::vector<Case> cases = {
      a_case("uts.a.b", "uts", Verdict::holds, Outcome::isolated),
      a_case("uts.a.b", "mnt+uts", Verdict::holds, Outcome::isolated),
      a_case("uts.a.b", "none", Verdict::holds, Outcome::leaked),
      a_case("uts.a.b", "all", Verdict::violated, Outcome::leaked),
      a_case("uts.a.b", "pid", Verdict::unsupported, Outcome::unknown),
      a_case("uts.a.b", "clone3", Verdict::holds, Outcome::isolated),
  };
  const std::vector<TruthRow> rows = truth_table(cases);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].isolated, 2);
  EXPECT_EQ(rows[0].leaked, 1);
  EXPECT_EQ(rows[0].unsupported, 1);
  EXPECT_THAT(rows[0].deviations, ElementsAre(&cases[3]));
}

TEST(Cli, Counts) {
  EXPECT_EQ(counts_text({}), "no case");
  EXPECT_EQ(counts_text({.holds = 1}), "1 holds");
  EXPECT_EQ(counts_text({.holds = 2, .violated = 1, .unsupported = 3}), "1 violated, 2 hold, 3 unsupported");
}

TEST(Cli, AnInterruptIsAFlag) {
  const Interrupt interrupt;
  EXPECT_FALSE(interrupt.stop());
  raise(SIGTERM);
  EXPECT_TRUE(interrupt.stop());
  EXPECT_EQ(interrupt.signal(), SIGTERM);
}

TEST(CliDeathTest, ASecondInterruptEndsTheProcess) {
  EXPECT_EXIT(
      {
        const Interrupt interrupt;
        raise(SIGTERM);
        usleep(600'000);
        raise(SIGTERM);
      },
      testing::ExitedWithCode(128 + SIGTERM), "");
}

TEST(Cli, TwoSignalsAtOnceAreOneWish) {
  const Interrupt interrupt;
  raise(SIGINT);
  raise(SIGTERM);
  EXPECT_TRUE(interrupt.stop());
}

}  // namespace
}  // namespace nsproof
