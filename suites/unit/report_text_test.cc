// KTAP and Markdown: golden lines for every standing, and what hostile bytes or very many cases make of them.
#include <gtest/gtest.h>

#include "harness/support/text.h"
#include "reports/escape.h"
#include "reports/ktap.h"
#include "reports/markdown.h"
#include "reports/projection.h"
#include "suites/proof/sample_results.h"

namespace nsproof {
namespace {

std::vector<std::string> results_of(const std::string& ktap) {
  std::vector<std::string> found;
  for (const std::string& line : lines_of(ktap))
    if (!line.starts_with('#')) found.push_back(line);
  return found;
}

TEST(ReportKtap, GoldenOfEveryStanding) {
  const std::vector<std::string> expected = {
      "KTAP version 1",
      "1..8",
      "ok 1 uts.hostname.private@clone3",
      "not ok 2 uts.domainname.private@clone3",
      "not ok 3 pid.kill.cannot-reach-outside@clone3 # ERROR outside sees vm",
      "not ok 4 pid.init.reaps@clone3 # ERROR outside sees vm",
      "ok 5 time.offset.private@clone3 # SKIP the kernel has no time namespaces (CONFIG_TIME_NS)",
      "ok 6 mnt.propagation.slave@clone3 # XFAIL known https://example.org/7",
      "not ok 7 net.port.private@clone3",
      "not ok 8 ipc.queue.private@clone3",
  };
  EXPECT_EQ(results_of(render_ktap(sample_results())), expected);
  EXPECT_EQ(results_of(render_ktap(Results{})), (std::vector<std::string>{"KTAP version 1", "1..0"}));
}

TEST(ReportKtap, AReasonKeepsItsFirstWord) {
  Results results = sample_results();
  results.cases = {results.cases[3], results.cases[5]};
  results.cases[0].reason = "ERRORS were seen";
  results.cases[1].expectation = {.kind = Expectation::expected_failure, .reason = "", .url = "", .expires = ""};
  EXPECT_EQ(
      results_of(render_ktap(results)),
      (std::vector<std::string>{"KTAP version 1", "1..2", "not ok 1 pid.init.reaps@clone3 # ERROR ERRORS were seen",
                                "ok 2 mnt.propagation.slave@clone3 # XFAIL"}));
}

TEST(ReportKtap, NothingInsideCanForgeALine) {
  const std::string text = render_ktap(hostile_results());
  EXPECT_EQ(shown_text(text), text);
  const auto lines = results_of(text);
  ASSERT_EQ(lines.size(), 12U);
  for (std::size_t i = 2; i < lines.size(); ++i) {
    EXPECT_TRUE(lines[i].starts_with(say("ok ", i - 1, " ")) || lines[i].starts_with(say("not ok ", i - 1, " ")));
    const std::string_view line = lines[i];
    const std::size_t directive = line.find('#');
    EXPECT_TRUE(directive == std::string_view::npos || line.find('#', directive + 1) == std::string_view::npos);
  }
  EXPECT_NE(text.find("\n# interrupted: later cases did not run\n"), std::string::npos);
}

TEST(ReportMarkdown, TableAndDetails) {
  const std::string text = render_markdown(sample_results());
  EXPECT_TRUE(
      text.starts_with("## nsproof\n\n**Isolation is violated**: 8 cases in 0.457 s.\n\n"
                       "nsproof 0.1.0 · kernel 6.1.0-18-amd64 x86_64 · root · "))
      << text;
  EXPECT_NE(text.find("| uts | 1 | 1 | 0 | 0 | 0 | 0 | 0 |\n| pid | 0 | 0 | 1 | 1 | 0 | 0 | 0 |\n"), std::string::npos);
  EXPECT_NE(text.find("| **all** | 1 | 2 | 1 | 1 | 1 | 1 | 1 |\n"), std::string::npos);
  const std::vector<std::string> in_order = {
      "<b>violated</b> <code>uts.domainname.private&#64;clone3</code> outside sees vm</summary>",
      "<b>violated</b> <code>ipc.queue.private&#64;clone3</code> outside sees vm (no longer expected since 2026-01-31)",
      "<b>unexpected pass</b> <code>net.port.private&#64;clone3</code> expected to fail, but it holds",
      "<b>broken</b> <code>pid.init.reaps&#64;clone3</code>",
      "<b>vacuous</b> <code>pid.kill.cannot-reach-outside&#64;clone3</code>",
      "Fails as expected: 1</summary>",
      "Not testable here: 1</summary>",
      "CONFIG_TIME_NS",
  };
  std::size_t place = 0;
  for (const std::string& part : in_order) {
    place = text.find(part, place);
    ASSERT_NE(place, std::string::npos) << part;
  }
  EXPECT_EQ(text.find("uts.hostname.private&#64;"), std::string::npos) << "what holds needs nobody's eyes";
}

TEST(ReportMarkdown, SaysWhatFollows) {
  const auto begins = [](std::vector<std::size_t> which, std::string_view sentence) {
    Results results = sample_results();
    const std::vector<Case> all = std::move(results.cases);
    results.cases.clear();
    for (const std::size_t index : which) results.cases.push_back(all[index]);
    return render_markdown(results).starts_with(say("## nsproof\n\n**", sentence, "**: "));
  };
  EXPECT_TRUE(begins({0}, "Every property that could be judged holds"));
  EXPECT_TRUE(begins({0, 4}, "Every property that could be judged holds"));
  EXPECT_TRUE(begins({0, 5}, "Every property that could be judged holds, or fails as expected"));
  EXPECT_TRUE(begins({0, 1}, "Isolation is violated"));
  EXPECT_TRUE(begins({0, 6}, "A property that was expected to fail holds"));
  EXPECT_TRUE(begins({0, 2}, "Some properties could not be judged"));
  EXPECT_TRUE(begins({4}, "Nothing was established"));
  EXPECT_TRUE(begins({}, "Nothing was established"));
}

TEST(ReportMarkdown, HostileBytesStayInTheirPlace) {
  const std::string text = render_markdown(hostile_results());
  EXPECT_EQ(shown_text(text), text);
  EXPECT_LE(text.size(), kMarkdownLimit);
  bool fenced = false;
  std::string fence;
  for (const std::string& line : lines_of(text)) {
    if (!fenced && line.ends_with("text") && line.starts_with("```")) {
      fenced = true;
      fence = line.substr(0, line.size() - 4);
    } else if (fenced && line == fence) {
      fenced = false;
    } else if (!fenced) {
      EXPECT_EQ(line.find("</script>"), std::string::npos) << line;
      EXPECT_EQ(line.find('@'), std::string::npos) << line;
      EXPECT_EQ(line.find('`'), std::string::npos) << line;
    }
  }
  EXPECT_FALSE(fenced);
}

TEST(ReportMarkdown, VeryManyCasesStayWithinTheLimitAndAreCounted) {
  for (const std::size_t which : {std::size_t{1}, std::size_t{4}, std::size_t{5}}) {
    Results results = sample_results();
    const Case one = results.cases[which];
    results.cases.assign(5'000, one);
    for (std::size_t i = 0; i < results.cases.size(); ++i) results.cases[i].area = say("area", i);
    const std::string text = render_markdown(results);
    EXPECT_LE(text.size(), kMarkdownLimit);
    EXPECT_NE(text.find("5000 cases"), std::string::npos);
    EXPECT_NE(text.find(" more"), std::string::npos);
  }
}

TEST(ReportProjection, EveryCaseStandsWhereItIsCounted) {
  const Results results = sample_results();
  const Counts whole = count(results.cases);
  EXPECT_EQ(whole.total(), 8);
  Counts sum;
  for (const Group& area : areas_of(results.cases)) {
    const Counts part = count(area);
    sum.holds += part.holds;
    sum.violated += part.violated;
    sum.vacuous += part.vacuous;
    sum.broken += part.broken;
    sum.unsupported += part.unsupported;
    sum.expected_failures += part.expected_failures;
    sum.unexpected_passes += part.unexpected_passes;
  }
  EXPECT_EQ(sum.holds, whole.holds);
  EXPECT_EQ(sum.violated, whole.violated);
  EXPECT_EQ(sum.vacuous, whole.vacuous);
  EXPECT_EQ(sum.broken, whole.broken);
  EXPECT_EQ(sum.unsupported, whole.unsupported);
  EXPECT_EQ(sum.expected_failures, whole.expected_failures);
  EXPECT_EQ(sum.unexpected_passes, whole.unexpected_passes);
  bool any_red = false;
  for (const Case& one : results.cases) any_red |= is_red(standing_of(one));
  EXPECT_TRUE(any_red);
}

}  // namespace
}  // namespace nsproof
