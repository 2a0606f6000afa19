// Properties against targets: which columns there are, what a cell says, and how the table looks.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "harness/support/text.h"
#include "reports/escape.h"
#include "reports/matrix.h"
#include "suites/proof/sample_results.h"

namespace nsproof {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::vector<std::string> columns_of(const MatrixTable& table) {
  std::vector<std::string> names;
  for (const MatrixColumn& column : table.columns) names.push_back(column.name);
  return names;
}

TEST(ReportMatrix, ColumnsAreTargetsOrKernels) {
  EXPECT_THAT(columns_of(matrix_of(runtime_results())), ElementsAre("Linux 6.1.0-18-amd64", "runc", "podman-rootless"));
  Results other = sample_results();
  other.environment.kernel_release = "6.18.44";
  Results nobody = sample_results();
  nobody.environment.user = "uid 1000";
  const Results root = sample_results();
  EXPECT_THAT(columns_of(matrix_of({&root, &other})), ElementsAre("Linux 6.1.0-18-amd64", "Linux 6.18.44"));
  EXPECT_THAT(columns_of(matrix_of({&root, &root})), ElementsAre("Linux 6.1.0-18-amd64"));
  EXPECT_THAT(columns_of(matrix_of({&root, &nobody, &other})),
              ElementsAre("Linux 6.1.0-18-amd64, root", "Linux 6.1.0-18-amd64, uid 1000", "Linux 6.18.44"));
}

TEST(ReportMatrix, OfSeveralCasesTheWorstIsShown) {
  Results run = sample_results();
  run.cases = {sample_case("uts.a", Verdict::holds), sample_case("uts.a", Verdict::violated),
               sample_case("uts.a", Verdict::unsupported)};
  const MatrixTable table = matrix_of(run);
  ASSERT_EQ(table.areas.size(), 1U);
  ASSERT_EQ(table.areas[0].rows.size(), 1U);
  const auto& cell = table.areas[0].rows[0].cells[0];
  ASSERT_TRUE(cell);
  EXPECT_EQ(cell->standing, Standing::violated);
  EXPECT_EQ(cell->cases, 3);
  EXPECT_EQ(table.columns[0].counts.violated, 1);
  EXPECT_EQ(table.columns[0].counts.total(), 1) << "properties are counted, not cases";
}

TEST(ReportMatrix, TextHasAMarkACellAndALegend) {
  EXPECT_EQ(render_matrix_text(matrix_of(runtime_results()), unpainted),
            "                        Linux 6.1.0-18-amd64\n"
            "                        |  runc\n"
            "                        |  |  podman-rootless\n"
            "net\n"
            "  net.port.private      .  o  o\n"
            "\n"
            "time\n"
            "  time.offset.private   .  -  -\n"
            "\n"
            "uts\n"
            "  uts.hostname.private  +  o! #\n"
            "\n"
            "legend\n"
            "  #  isolated\n"
            "  o  open\n"
            "  +  holds\n"
            "  -  unsupported: a need is missing\n"
            "  .  not run\n"
            "  !  not what is expected there\n"
            "\n"
            "properties\n"
            "  Linux 6.1.0-18-amd64  1 holds\n"
            "  runc                  1 violated, 1 holds, 1 unsupported\n"
            "  podman-rootless       2 hold, 1 unsupported\n");
  EXPECT_EQ(render_matrix_text(matrix_of(Results{}), unpainted), "no case\n");
}

TEST(ReportMatrix, EveryStandingHasItsMark) {
  const std::string text = render_matrix_text(matrix_of(sample_results()), unpainted);
  for (const char* row : {"uts.hostname.private           +\n", "uts.domainname.private         X\n",
                          "pid.kill.cannot-reach-outside  v\n", "pid.init.reaps                 ?\n",
                          "time.offset.private            -\n", "mnt.propagation.slave          x\n",
                          "net.port.private               U\n", "ipc.queue.private              X\n"})
    EXPECT_THAT(text, HasSubstr(row));
  for (const char* meaning :
       {"X  violated\n", "x  violated as expected\n", "U  holds unexpectedly", "v  vacuous", "?  broken"})
    EXPECT_THAT(text, HasSubstr(meaning));
  EXPECT_THAT(text, Not(HasSubstr("not run"))) << "the legend has what occurs";
}

TEST(ReportMatrix, ColourAddsNothingToTheWords) {
  const MatrixTable table = matrix_of(runtime_results());
  const Paint loud = [](Tone tone, std::string_view text) {
    return tone == Tone::plain ? std::string(text) : say("<", text, ">");
  };
  std::string painted = render_matrix_text(table, loud);
  EXPECT_THAT(painted, HasSubstr("<o!>"));
  std::erase_if(painted, [](char c) { return c == '<' || c == '>'; });
  EXPECT_EQ(painted, render_matrix_text(table, unpainted));
}

TEST(ReportMatrix, WhatCouldNotBeJudgedShowsItsVerdict) {
  Results run;
  run.cases = {runtime_case("runc", "uts.a", "isolated", "isolated")};
  run.cases[0].verdict = Verdict::vacuous;
  EXPECT_THAT(render_matrix_text(matrix_of(run), unpainted), HasSubstr("  uts.a  v\n"));
  run.cases[0].verdict = Verdict::holds;
  run.cases[0].effective = "limited";
  run.cases[0].expected = "";
  EXPECT_THAT(render_matrix_text(matrix_of(run), unpainted), HasSubstr("  uts.a  *\n"));
  EXPECT_THAT(render_matrix_markdown(matrix_of(run)), HasSubstr("| limited |"));
}

TEST(ReportMatrix, MarkdownSaysItInWords) {
  const std::string text = render_matrix_markdown(matrix_of(runtime_results()));
  EXPECT_THAT(text, HasSubstr("### uts\n\n| property | Linux 6.1.0-18-amd64 | runc | podman-rootless |\n"
                              "| :--- | :--- | :--- | :--- |\n"));
  EXPECT_THAT(text, HasSubstr("| holds | **open** (expected: isolated) | isolated |\n"));
  EXPECT_THAT(text, HasSubstr("| not run | unsupported | unsupported |\n"));
  EXPECT_THAT(render_matrix_markdown(matrix_of(sample_results())), HasSubstr("| **holds unexpectedly** |\n"));
}

TEST(ReportMatrix, JsonKeepsEverything) {
  const auto json = nlohmann::json::parse(render_matrix_json(matrix_of(runtime_results())));
  EXPECT_EQ(json["schema"], "nsproof.matrix.v1");
  EXPECT_EQ(json["columns"][1]["name"], "runc");
  EXPECT_EQ(json["columns"][1]["deviations"], 1);
  EXPECT_EQ(json["rows"][2]["id"], "uts.hostname.private");
  EXPECT_EQ(json["rows"][2]["cells"][1], nlohmann::json::parse(R"({"standing": "violated", "deviates": true, "cases": 1,
    "effective": "open", "expected": "isolated"})"));
  EXPECT_TRUE(json["rows"][0]["cells"][0].is_null());
}

TEST(ReportMatrix, HostileRecordsStayBounded) {
  Results run = hostile_results(1000);
  const MatrixTable table = matrix_of(run);
  for (const std::string& text :
       {render_matrix_text(table, unpainted), render_matrix_markdown(table), render_matrix_json(table)})
    EXPECT_EQ(shown_text(text), text);
  run.cases.clear();
  for (std::size_t i = 0; i <= kMatrixColumns; ++i)
    run.cases.push_back(runtime_case(say("t", i), "uts.a", "open", "open"));
  EXPECT_THROW(matrix_of(run), std::runtime_error);
}

}  // namespace
}  // namespace nsproof
