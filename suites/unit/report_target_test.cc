// What was judged besides the running kernel: runtimes and other kernels, as every format tells them apart.
#include <gmock/gmock.h>

#include <pugixml.hpp>

#include "harness/support/text.h"
#include "reports/json.h"
#include "reports/junit.h"
#include "reports/ktap.h"
#include "reports/markdown.h"
#include "reports/projection.h"
#include "suites/proof/sample_results.h"

namespace nsproof {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST(ReportTarget, IsPartOfTheName) {
  Case one = sample_case("uts.hostname.private", Verdict::holds);
  one.target = "linux 6.1";
  EXPECT_EQ(name_of(one), "uts.hostname.private@clone3 on linux 6.1");
  EXPECT_EQ(name_of(runtime_case("runc", "uts.hostname.private", "open", "open")), "uts.hostname.private@runc");
}

TEST(ReportTarget, TheRecordKeepsEveryColumn) {
  const Results before = runtime_results();
  const std::string text = render_json(before);
  const Results after = read_json(text);
  EXPECT_EQ(render_json(after), text);
  ASSERT_EQ(after.cases.size(), before.cases.size());
  for (std::size_t i = 0; i < before.cases.size(); ++i) {
    for (const auto field : {&Case::target, &Case::requested, &Case::effective, &Case::expected, &Case::container})
      EXPECT_EQ(after.cases[i].*field, before.cases[i].*field);
  }
  for (const char* key : {"\"target\"", "\"requested\"", "\"effective\"", "\"expected\"", "\"container\""}) {
    EXPECT_THAT(text, HasSubstr(key));
    EXPECT_THAT(render_json(sample_results()), Not(HasSubstr(key))) << "left out where it is empty";
  }
}

TEST(ReportTarget, JunitHasASuiteATarget) {
  for (const JunitProfile profile : {JunitProfile::jenkins, JunitProfile::strict}) {
    pugi::xml_document document;
    ASSERT_TRUE(document.load_string(render_junit(profile, runtime_results()).c_str()));
    std::vector<std::string> suites;
    std::vector<std::string> cases;
    for (const pugi::xml_node suite : document.child("testsuites")) {
      suites.push_back(say(suite.attribute("name").value(), " ", suite.attribute("tests").value()));
      for (const pugi::xml_node one : suite.children("testcase"))
        cases.push_back(say(one.attribute("classname").value(), " ", one.attribute("name").value()));
    }
    EXPECT_THAT(suites, ElementsAre("nsproof.this-kernel 1", "nsproof.runc 3", "nsproof.podman-rootless 3"));
    EXPECT_THAT(cases, testing::IsSupersetOf({"nsproof.this-kernel.uts hostname.private[clone3]",
                                              "nsproof.runc.net port.private[runc]"}));
  }
}

TEST(ReportTarget, MarkdownHasARowATarget) {
  const std::string text = render_markdown(runtime_results());
  EXPECT_THAT(text, HasSubstr("| target | holds |"));
  EXPECT_THAT(text, HasSubstr("| this kernel | 1 | 0 | 0 | 0 | 0 | 0 | 0 |\n"
                              "| runc | 1 | 1 | 0 | 0 | 1 | 0 | 0 |\n"));
  EXPECT_THAT(text, HasSubstr("runtime  asked for private, observed open, demanded isolated, shared container"));
}

TEST(ReportTarget, KtapSaysWhereATargetBegins) {
  std::vector<std::string> targets;
  for (const std::string& line : lines_of(render_ktap(runtime_results())))
    if (line.starts_with("# target ")) targets.push_back(line.substr(9));
  // Evidence has such a line, too, but not one without the spaces of a column.
  EXPECT_THAT(targets, ElementsAre("this kernel", "runc", "  runc", "podman-rootless"));
  EXPECT_THAT(render_ktap(sample_results()), Not(HasSubstr("# target")));
}

TEST(ReportTarget, RuntimeTextNamesOnlyWhatIsThere) {
  Case one;
  EXPECT_EQ(runtime_text(one), "");
  one.effective = "open";
  EXPECT_EQ(runtime_text(one), "observed open");
  one.container = "own";
  EXPECT_EQ(runtime_text(one), "observed open, own container");
}

}  // namespace
}  // namespace nsproof
