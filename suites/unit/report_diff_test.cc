// Two runs compared: every kind of change, in its own list and in every format.
#include <gmock/gmock.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "harness/support/text.h"
#include "reports/diff.h"
#include "reports/escape.h"
#include "suites/proof/sample_results.h"

namespace nsproof {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::vector<std::string> names_of(const std::vector<CaseChange>& changes) {
  std::vector<std::string> names;
  for (const CaseChange& change : changes) names.push_back(change.name);
  return names;
}

// Two runs with one change of every kind.
struct Pair {
  Results a = sample_results();
  Results b = sample_results();
};

Pair every_change() {
  Pair runs;
  const auto both = [&](const char* id, Verdict a, Verdict b) {
    runs.a.cases.push_back(sample_case(id, a));
    runs.b.cases.push_back(sample_case(id, b));
  };
  runs.a.cases.clear();
  runs.b.cases.clear();
  both("uts.same", Verdict::holds, Verdict::holds);
  both("uts.worse", Verdict::holds, Verdict::violated);
  both("uts.gone", Verdict::holds, Verdict::unsupported);
  both("uts.better", Verdict::violated, Verdict::holds);
  both("uts.other", Verdict::vacuous, Verdict::broken);
  both("uts.errno", Verdict::holds, Verdict::holds);
  runs.b.cases.back().subject->transcript.entries[2].value = -22;
  runs.b.cases.back().reason = "because of another errno";
  both("uts.reason", Verdict::holds, Verdict::holds);
  runs.b.cases.back().reason = "outside sees something else";
  runs.a.cases.push_back(sample_case("uts.only-a", Verdict::violated));
  runs.b.cases.push_back(sample_case("uts.only-b", Verdict::holds));
  runs.b.environment.kernel_release = "6.18.44";
  return runs;
}

TEST(ReportDiff, EveryChangeIsInOneList) {
  const Pair runs = every_change();
  const Diff found = diff(runs.a, runs.b);
  EXPECT_THAT(names_of(found.worse), ElementsAre("uts.gone@clone3", "uts.worse@clone3"));
  EXPECT_THAT(names_of(found.better), ElementsAre("uts.better@clone3"));
  EXPECT_THAT(names_of(found.other), ElementsAre("uts.other@clone3"));
  EXPECT_THAT(names_of(found.errnos), ElementsAre("uts.errno@clone3"));
  EXPECT_THAT(names_of(found.reasons), ElementsAre("uts.reason@clone3"));
  EXPECT_THAT(names_of(found.only_a), ElementsAre("uts.only-a@clone3"));
  EXPECT_THAT(names_of(found.only_b), ElementsAre("uts.only-b@clone3"));
  EXPECT_EQ(found.same, 1);
  EXPECT_TRUE(got_worse(found));
}

TEST(ReportDiff, ARunIsTheSameAsItself) {
  for (const Results& run : {sample_results(), hostile_results(100), runtime_results(), Results{}}) {
    const Diff found = diff(run, run);
    EXPECT_EQ(found.same, static_cast<int>(run.cases.size()));
    EXPECT_FALSE(got_worse(found));
    for (const auto* list :
         {&found.worse, &found.better, &found.other, &found.errnos, &found.reasons, &found.only_a, &found.only_b})
      EXPECT_THAT(*list, IsEmpty());
  }
}

TEST(ReportDiff, LongNumbersInReasonsAreChance) {
  struct Row {
    const char* a;
    const char* b;
    int same;
  };
  const Row table[] = {{"in uts:[4026534293]", "in uts:[4026532341]", 1},
                       {"12345", "678901 ", 0},
                       {"1234", "99999", 1},
                       {"sees 3", "sees 4", 0},
                       {"after 13604.262257631 s", "after 1471.283352422 s", 1},
                       {"", "1234", 0},
                       {"gone 5555", "here 5555", 0}};
  for (const Row& row : table) {
    Pair runs;
    runs.a.cases = runs.b.cases = {sample_case("uts.a", Verdict::holds)};
    runs.a.cases[0].reason = row.a;
    runs.b.cases[0].reason = row.b;
    EXPECT_EQ(diff(runs.a, runs.b).same, row.same) << row.a << " and " << row.b;
  }
}

TEST(ReportDiff, WhatHeldAndIsGoneIsWorse) {
  Results a = sample_results();
  Results b;
  a.cases = {sample_case("uts.a", Verdict::violated)};
  EXPECT_FALSE(got_worse(diff(a, b)));
  a.cases = {sample_case("uts.a", Verdict::holds)};
  EXPECT_TRUE(got_worse(diff(a, b)));
  EXPECT_FALSE(got_worse(diff(b, a)));
}

TEST(ReportDiff, ErrnosAreComparedCallByCall) {
  Pair runs;
  runs.a.cases = runs.b.cases = {sample_case("uts.a", Verdict::holds)};
  auto& calls = runs.b.cases[0].control->transcript.entries;
  calls[1].value = 7;  // another success
  EXPECT_EQ(diff(runs.a, runs.b).same, 1);
  calls[2].value = std::numeric_limits<std::int64_t>::min();
  calls[2].call = "setns(4, CLONE_NEWUTS)";  // other arguments: the same call
  const Diff found = diff(runs.a, runs.b);
  ASSERT_EQ(found.errnos.size(), 1U);
  ASSERT_EQ(found.errnos[0].errnos.size(), 1U);
  EXPECT_EQ(found.errnos[0].errnos[0].role, "control");
  EXPECT_EQ(found.errnos[0].errnos[0].number, 3U);
  EXPECT_THAT(render_diff_text(found, runs.a, runs.b, unpainted),
              HasSubstr("control call 3, inside  setns(3, CLONE_NEWUTS)\n      EPERM -> -9223372036854775808\n"));

  for (const char* change : {"another call", "another actor", "one call less"}) {
    Results other = runs.b;
    auto& entries = other.cases[0].control->transcript.entries;
    if (std::string_view(change) == "another call") entries[0].call = "unshare(CLONE_NEWUTS)";
    if (std::string_view(change) == "another actor") entries[0].actor = "peer";
    if (std::string_view(change) == "one call less") entries.erase(entries.begin());
    EXPECT_EQ(diff(runs.a, other).same, 1) << change << ": nothing corresponds";
  }
}

TEST(ReportDiff, TwoRuntimesAreComparedPropertyByProperty) {
  Results runc;
  Results crun;
  runc.cases = {runtime_case("runc", "uts.hostname.private", "open", "isolated")};
  crun.cases = {runtime_case("crun", "uts.hostname.private", "isolated", "isolated")};
  const Diff found = diff(runc, crun);
  EXPECT_THAT(names_of(found.better), ElementsAre("uts.hostname.private"));
  EXPECT_THAT(render_diff_text(found, runc, crun, unpainted),
              HasSubstr("A  outside sees vm (asked for private, observed open, demanded isolated, shared container)"));
  EXPECT_THAT(heading_of(runc), testing::EndsWith("; target runc"));

  // What was observed counts even where the verdict and its reason are the same.
  crun.cases = {runtime_case("crun", "uts.hostname.private", "open", "isolated")};
  crun.cases[0].expected = "limited";
  EXPECT_THAT(names_of(diff(runc, crun).reasons), ElementsAre("uts.hostname.private"));

  // With several targets in a run the target tells the cases apart.
  EXPECT_THAT(names_of(diff(runtime_results(), runc).only_a), testing::Contains("time.offset.private@podman-rootless"));
}

TEST(ReportDiff, TextIsReadTopDown) {
  const Pair runs = every_change();
  const std::string text = render_diff_text(diff(runs.a, runs.b), runs.a, runs.b, unpainted);
  std::size_t place = 0;
  for (const char* part : {"A  Linux 6.1.0-18-amd64 x86_64, root, 8 cases, 2026-11-23T12:34:28\n",
                           "B  Linux 6.18.44 x86_64",
                           "\nworse: 2\n",
                           "  uts.gone@clone3    holds -> unsupported\n",
                           "    A  outside sees vm\n    B  the kernel has no time",
                           "  uts.worse@clone3   holds -> violated\n",
                           "\nbetter: 1\n",
                           "violated -> holds",
                           "\nanother verdict: 1\n",
                           "vacuous -> broken",
                           "\nanother errno: 1\n",
                           "    subject call 3, inside  setns(3, CLONE_NEWUTS)\n",
                           "      EPERM -> EINVAL\n",
                           "\nanother reason: 1\n",
                           "    B  outside sees something else\n",
                           "\nonly in A: 1\n",
                           "uts.only-a@clone3  violated\n",
                           "\nonly in B: 1\n",
                           "uts.only-b@clone3  holds\n",
                           "\n1 case is the same\n",
                           "Something that held in A does not in B.\n"}) {
    place = text.find(part, place);
    ASSERT_NE(place, std::string::npos) << part << "\n" << text;
  }
}

TEST(ReportDiff, MarkdownAndJsonSayTheSame) {
  const Pair runs = every_change();
  const Diff found = diff(runs.a, runs.b);
  const std::string markdown = render_diff_markdown(found, runs.a, runs.b);
  EXPECT_THAT(markdown, HasSubstr("### worse: 2\n\n| case | verdict | difference |\n"));
  EXPECT_THAT(markdown, HasSubstr("| <code>uts.errno&#64;clone3</code> | holds | "));

  const auto json = nlohmann::json::parse(render_diff_json(found, runs.a, runs.b));
  EXPECT_EQ(json["schema"], "nsproof.diff.v1");
  EXPECT_EQ(json["got_worse"], true);
  EXPECT_EQ(json["same"], 1);
  EXPECT_EQ(json["worse"][1]["name"], "uts.worse@clone3");
  EXPECT_EQ(json["worse"][1]["b"]["verdict"], "violated");
  EXPECT_EQ(json["other_errno"][0]["errnos"][0]["value_b"], -22);
  EXPECT_FALSE(json["only_a"][0].contains("b"));
  EXPECT_EQ(json["b"]["kernel_release"], "6.18.44");
}

TEST(ReportDiff, HostileBytesStayInTheirPlace) {
  const Results a = sample_results();
  const Results b = hostile_results(1000);
  const Diff found = diff(a, b);
  for (const std::string& text : {render_diff_text(found, a, b, unpainted), render_diff_markdown(found, a, b),
                                  render_diff_json(found, a, b), render_diff_text(diff(b, a), b, a, unpainted)})
    EXPECT_EQ(shown_text(text), text);
  for (const std::string& line : lines_of(render_diff_markdown(found, a, b))) {
    EXPECT_THAT(line, Not(HasSubstr("</script>")));
    EXPECT_THAT(line, Not(HasSubstr("@nobody")));
  }
}

}  // namespace
}  // namespace nsproof
