// JUnit XML as a reader sees it: one golden element for every standing, counts, names, times and limits.
#include <gtest/gtest.h>

#include <clocale>
#include <limits>
#include <pugixml.hpp>
#include <set>
#include <sstream>

#include "harness/support/text.h"
#include "reports/escape.h"
#include "reports/junit.h"
#include "reports/projection.h"
#include "suites/proof/sample_results.h"

namespace nsproof {
namespace {

constexpr JunitProfile kProfiles[] = {JunitProfile::jenkins, JunitProfile::strict};

pugi::xml_document parsed(JunitProfile profile, const Results& results) {
  pugi::xml_document document;
  const pugi::xml_parse_result result = document.load_string(render_junit(profile, results).c_str());
  EXPECT_TRUE(result) << result.description();
  return document;
}

Results only(std::size_t index) {
  Results results = sample_results();
  results.cases = {results.cases.at(index)};
  return results;
}

// The test case as text, without what is evidence.
std::string golden(JunitProfile profile, std::size_t index) {
  const pugi::xml_document document = parsed(profile, only(index));
  pugi::xml_document copy;
  copy.append_copy(document.child("testsuites").child("testsuite").child("testcase"));
  for (const char* element : {"failure", "error", "system-out"}) {
    pugi::xml_node child = copy.child("testcase").child(element);
    EXPECT_TRUE(!child || std::string_view(child.text().get()).starts_with("claim    A host name")) << element;
    child.remove_children();
  }
  std::ostringstream out;
  copy.save(out, "", pugi::format_raw | pugi::format_no_declaration);
  return std::move(out).str();
}

std::string testcase(std::string_view area, std::string_view name, std::string_view content) {
  const std::string head =
      say(R"(<testcase classname="nsproof.)", area, R"(" name=")", name, R"([clone3]" time="0.012")");
  return content.empty() ? head + "/>" : say(head, ">", content, "</testcase>");
}

TEST(ReportJunit, GoldenOfEveryStanding) {
  const auto jenkins = [](std::size_t index) { return golden(JunitProfile::jenkins, index); };
  EXPECT_EQ(jenkins(0), testcase("uts", "hostname.private", ""));
  EXPECT_EQ(jenkins(1), testcase("uts", "domainname.private",
                                 R"xml(<failure message="outside sees vm" type="nsproof.violated"/>)xml"));
  EXPECT_EQ(jenkins(2), testcase("pid", "kill.cannot-reach-outside",
                                 R"xml(<error message="outside sees vm" type="nsproof.vacuous"/>)xml"));
  EXPECT_EQ(jenkins(3),
            testcase("pid", "init.reaps", R"xml(<error message="outside sees vm" type="nsproof.broken"/>)xml"));
  EXPECT_EQ(jenkins(4), testcase("time", "offset.private",
                                 R"xml(<skipped message="the kernel has no time namespaces (CONFIG_TIME_NS)"/>)xml"));
  EXPECT_EQ(jenkins(5), testcase("mnt", "propagation.slave",
                                 R"xml(<skipped message="XFAIL known https://example.org/7"/><system-out/>)xml"));
  EXPECT_EQ(jenkins(6), testcase("net", "port.private",
                                 R"xml(<failure message="expected to fail, but it holds (was broken in 5.10)" )xml"
                                 R"xml(type="nsproof.unexpected_pass"/>)xml"));
  EXPECT_EQ(jenkins(7), testcase("ipc", "queue.private",
                                 R"xml(<failure message="outside sees vm (no longer expected since 2026-01-31)" )xml"
                                 R"xml(type="nsproof.violated"/>)xml"));
}

TEST(ReportJunit, StrictSkipsInTextAndWithoutOutput) {
  EXPECT_EQ(
      golden(JunitProfile::strict, 4),
      testcase("time", "offset.private", "<skipped>the kernel has no time namespaces (CONFIG_TIME_NS)</skipped>"));
  EXPECT_EQ(golden(JunitProfile::strict, 5),
            testcase("mnt", "propagation.slave", "<skipped>XFAIL known https://example.org/7</skipped>"));
  const auto document = parsed(JunitProfile::strict, sample_results());
  EXPECT_TRUE(document.child("testsuites").attributes().empty());
  int id = 0;
  for (const pugi::xml_node suite : document.child("testsuites")) EXPECT_EQ(suite.attribute("id").as_int(-1), id++);
  EXPECT_EQ(id, 6);
}

TEST(ReportJunit, EvidenceShowsBothWorlds) {
  const auto document = parsed(JunitProfile::jenkins, only(1));
  const std::string text = document.child("testsuites").child("testsuite").child("testcase").child_value("failure");
  EXPECT_NE(text.find("\nsubject  no namespace via clone3: leaked, outside sees vm\n"
                      "  inside  sethostname(\"nsproof\", 7) = 0\n"
                      "  outside  uname() = 0 {nodename=\"vm\"}\n"
                      "  inside  setns(3, CLONE_NEWUTS) = -1 EPERM (Operation not permitted)\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("\ncontrol  no namespace via clone3 (without a uts namespace): leaked"), std::string::npos);
  EXPECT_NE(text.find("\nreproduce  nsproof verify --only 'uts.domainname.private@clone3'\n"), std::string::npos);
}

TEST(ReportJunit, CountsMatchAndNamesAreUnique) {
  for (const JunitProfile profile : kProfiles) {
    for (const Results& results : {sample_results(), hostile_results(), Results{}}) {
      const auto document = parsed(profile, results);
      std::set<std::string> names;
      int all = 0;
      for (const pugi::xml_node suite : document.child("testsuites")) {
        int tests = 0;
        int failures = 0;
        int errors = 0;
        for (const pugi::xml_node one : suite.children("testcase")) {
          ++tests;
          failures += one.child("failure") ? 1 : 0;
          errors += one.child("error") ? 1 : 0;
          EXPECT_TRUE(
              std::string_view(one.attribute("classname").value()).starts_with(suite.attribute("name").value()));
          EXPECT_TRUE(names.insert(say(one.attribute("classname").value(), " ", one.attribute("name").value())).second);
        }
        EXPECT_EQ(suite.attribute("tests").as_int(), tests);
        EXPECT_EQ(suite.attribute("failures").as_int(), failures);
        EXPECT_EQ(suite.attribute("errors").as_int(), errors);
        all += tests;
      }
      EXPECT_EQ(all, static_cast<int>(results.cases.size()));
      EXPECT_EQ(document.child("testsuites").attribute("tests").as_int(all), all);
    }
  }
}

TEST(ReportJunit, RepeatedNamesAreNumbered) {
  Results results = only(0);
  results.cases.push_back(results.cases[0]);
  results.cases.push_back(results.cases[0]);
  const auto document = parsed(JunitProfile::jenkins, results);
  std::string names;
  for (const pugi::xml_node one : document.child("testsuites").child("testsuite").children("testcase"))
    names += say(one.attribute("name").value(), " ");
  EXPECT_EQ(names, "hostname.private[clone3] hostname.private[clone3]#2 hostname.private[clone3]#3 ");
}

TEST(ReportJunit, OutputIsCappedWithHeadAndTail) {
  Results results = only(1);
  auto& entries = results.cases[0].subject->transcript.entries;
  entries.resize(100'000, entries[0]);
  const auto document = parsed(JunitProfile::jenkins, results);
  const std::string text = document.child("testsuites").child("testsuite").child("testcase").child_value("failure");
  EXPECT_LE(text.size(), kJunitOutputLimit + 100);
  EXPECT_GT(text.size(), kJunitOutputLimit / 2);
  EXPECT_TRUE(text.starts_with("claim"));
  EXPECT_TRUE(text.ends_with("@clone3'\n"));
  EXPECT_NE(text.find(" bytes left out]\n"), std::string::npos);
}

TEST(ReportJunit, HostileBytesLeaveNoControlByte) {
  for (const JunitProfile profile : kProfiles) {
    const std::string text = render_junit(profile, hostile_results());
    EXPECT_EQ(shown_text(text), text);
    EXPECT_EQ(text.find("</script>"), std::string::npos);
    EXPECT_EQ(text.find("&#1;"), std::string::npos);
  }
}

TEST(ReportJunit, HostAndTimeAreNeverEmptyOrForeign) {
  for (const char* started : {"", "yesterday", "2026-11-23T12:34:28Z", "2026-13-23T12:34:28", "    -  -  T  :  :  "}) {
    Results results = only(0);
    results.environment.started = started;
    results.environment.host_name = " ";
    const auto document = parsed(JunitProfile::strict, results);
    const pugi::xml_node suite = document.child("testsuites").child("testsuite");
    EXPECT_STREQ(suite.attribute("timestamp").value(), "1970-01-01T00:00:00") << started;
    EXPECT_STREQ(suite.attribute("hostname").value(), "localhost");
  }
}

TEST(ReportJunit, TimesHaveThreeDecimalsWhateverTheLocale) {
  std::setlocale(LC_ALL, "de_DE.UTF-8");  // where it is installed
  EXPECT_EQ(seconds_text(0), "0.000");
  EXPECT_EQ(seconds_text(0.0123456), "0.012");
  EXPECT_EQ(seconds_text(1234.5), "1234.500");
  EXPECT_EQ(seconds_text(-1), "0.000");
  EXPECT_EQ(seconds_text(std::numeric_limits<double>::infinity()), "0.000");
  EXPECT_EQ(seconds_text(std::numeric_limits<double>::quiet_NaN()), "0.000");
  EXPECT_EQ(seconds_text(1e300), "0.000");
  std::setlocale(LC_ALL, "C");
}

}  // namespace
}  // namespace nsproof
