// What an audit's reports say, and that nothing a container chose can make them say more.
#include "reports/audit_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <pugixml.hpp>
#include <set>
#include <sstream>

#include "harness/audit/baseline.h"
#include "harness/support/text.h"
#include "reports/audit_words.h"
#include "reports/markdown.h"
#include "suites/proof/sample_audits.h"

namespace nsproof::audit {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::string rendered(AuditFormat format, const AuditResult& result, const RuleLookup& rule_of = sample_rule) {
  std::ostringstream out;
  switch (format) {
    case AuditFormat::json: write_audit_json(out, result, rule_of); break;
    case AuditFormat::junit: write_audit_junit(out, result, rule_of); break;
    case AuditFormat::sarif: write_audit_sarif(out, result, rule_of); break;
    case AuditFormat::markdown: write_audit_markdown(out, result, rule_of); break;
  }
  return std::move(out).str();
}

json json_of(AuditFormat format, const AuditResult& result, const RuleLookup& rule_of = sample_rule) {
  return json::parse(rendered(format, result, rule_of));
}

pugi::xml_document xml_of(const AuditResult& result) {
  pugi::xml_document document;
  const pugi::xml_parse_result parsed = document.load_string(rendered(AuditFormat::junit, result).c_str());
  EXPECT_TRUE(parsed) << parsed.description();
  return document;
}

pugi::xml_node test_case(const pugi::xml_document& document, std::string_view area, std::string_view name) {
  const pugi::xml_node suite =
      document.child("testsuites").find_child_by_attribute("name", say("nsproof.audit.", area).c_str());
  return suite.find_child_by_attribute("testcase", "name", std::string(name).c_str());
}

const json& finding_of(const json& record, std::string_view id) {
  for (const json& finding : record.at("findings"))
    if (finding.at("id") == id) return finding;
  throw std::runtime_error("no such finding");
}

// Of the one run of a SARIF log.
json sarif_run(const AuditResult& result) { return json_of(AuditFormat::sarif, result).at("runs").at(0); }

json fingerprints(const AuditResult& result) {
  const json run = sarif_run(result);
  json all = json::array();
  for (const json& one : run["results"]) all.push_back(one["partialFingerprints"]);
  return all;
}

TEST(AuditReport, EveryFormatHasANameAndIsWritten) {
  for (const AuditFormat format : kAllAuditFormats) {
    EXPECT_EQ(audit_format_named(name_of(format)), format);
    const std::string path = say(testing::TempDir(), "audit-report.", getpid());
    write_audit_report(format, path, sample_audit(), sample_rule);
    std::ostringstream written;
    written << std::ifstream(path, std::ios::binary).rdbuf();
    EXPECT_EQ(std::move(written).str(), rendered(format, sample_audit()));
    std::filesystem::remove(path);
  }
  for (const char* name : {"", "JSON", "xml", "junit-strict"}) EXPECT_EQ(audit_format_named(name), std::nullopt);
}

TEST(AuditReport, CountsEveryFindingOnce) {
  const AuditCounts counts = count(sample_audit().findings);
  EXPECT_EQ(counts.total(), 10);
  EXPECT_EQ(counts.counting, 3);
  EXPECT_EQ(counts.set_aside, 3);
  EXPECT_EQ(counts.hardened, 2);
  EXPECT_EQ(counts.not_applicable, 1);
  EXPECT_EQ(counts.unknown, 1);
  EXPECT_EQ(counts.severities.at(Severity::high), 2) << "the expired waiver counts";
  EXPECT_EQ(counts.severities.at(Severity::critical), 0) << "its severity was lowered";
  EXPECT_EQ(counts.severities.at(Severity::medium), 1) << "what is known does not count";
}

TEST(AuditReport, RecordHasAllThatIsKnown) {
  const json record = json_of(AuditFormat::json, sample_audit());
  EXPECT_EQ(record["schema"], "nsproof.audit.v1");
  EXPECT_EQ(record["subject"], "the container of process 4711");
  EXPECT_EQ(record["counts"]["weak"], 6);
  EXPECT_EQ(record["counts"]["severities"]["high"], 2);
  EXPECT_EQ(record["unused_waivers"], json({"caps.*"}));
  const json& lowered = finding_of(record, "mount.proc.writable");
  EXPECT_EQ(lowered["severity"], "high");
  EXPECT_EQ(lowered["base_severity"], "critical");
  EXPECT_EQ(lowered["severity_reason"], "uid 0 is nobody");
  EXPECT_EQ(lowered["fix"], json({{"kubernetes", "securityContext:\n  procMount: Default\n  privileged: false"}}));
  const json& pids = finding_of(record, "cgroup.pids.unlimited");
  EXPECT_EQ(pids["fix"]["podman"], "--pids-limit=512") << "as docker's";
  EXPECT_EQ(pids["evidence"],
            json({"inside  readlink(\"/proc/self/ns/pid\") = 17 \"pid:[4026531836]\"",
                  "inside  open(\"/sys/fs/cgroup/pids.max\") = -1 ENOENT (No such file or directory)"}));
  EXPECT_FALSE(finding_of(record, "seccomp.filter.unheard").contains("why"));
}

TEST(AuditReport, RecordIsABaseline) {
  const Baseline baseline = parse_baseline(rendered(AuditFormat::json, sample_audit()), "old.json");
  EXPECT_THAT(baseline.weak, ElementsAre("cgroup.pids.unlimited", "mount.dev.host", "mount.proc.writable",
                                         "mount.root.writable", "ns.ipc.host", "ns.pid.host"));
}

TEST(AuditReport, EvidenceIsCutAndSaysSo) {
  const json record = json_of(AuditFormat::json, hostile_audit());
  const json& loud = record["findings"][0];
  EXPECT_EQ(loud["evidence"].size(), kEvidenceLines);
  EXPECT_EQ(loud["evidence_left_out"], 20);
  for (const json& finding : record["findings"])
    for (const json& line : finding["evidence"]) {
      EXPECT_LE(line.get<std::string>().size(), kEvidenceLineLimit + 3);
      EXPECT_THAT(line.get<std::string>(), Not(HasSubstr("\n")));
    }
  EXPECT_THAT(rendered(AuditFormat::junit, hostile_audit()), HasSubstr("\n  and 20 more calls\n"));
}

TEST(AuditReport, JunitFailsOnlyWhatCounts) {
  const pugi::xml_document document = xml_of(sample_audit());
  const pugi::xml_node root = document.child("testsuites");
  EXPECT_STREQ(root.attribute("tests").value(), "10");
  EXPECT_STREQ(root.attribute("failures").value(), "3");
  std::vector<std::string> suites;
  for (const pugi::xml_node suite : root.children("testsuite")) suites.emplace_back(suite.attribute("name").value());
  EXPECT_THAT(suites, ElementsAre("nsproof.audit.caps", "nsproof.audit.cgroup", "nsproof.audit.mount",
                                  "nsproof.audit.ns", "nsproof.audit.seccomp"));

  const pugi::xml_node weak = test_case(document, "cgroup", "pids.unlimited").child("failure");
  EXPECT_STREQ(weak.attribute("type").value(), "medium");
  EXPECT_STREQ(weak.attribute("message").value(), "The container may start any number of processes. pids.max is max");
  EXPECT_THAT(weak.text().get(), HasSubstr("fix       docker: --pids-limit=512\n"));
  EXPECT_STREQ(test_case(document, "ns", "pid.host").child("failure").attribute("type").value(), "high") << "expired";

  const auto skipped = [&](std::string_view area, std::string_view name) {
    const pugi::xml_node one = test_case(document, area, name);
    EXPECT_FALSE(one.child("failure"));
    return std::string(one.child("skipped").attribute("message").value());
  };
  EXPECT_EQ(skipped("mount", "dev.host"), "waived by ops until 2027-01-31: moved next year (/dev is the host's)");
  EXPECT_EQ(skipped("mount", "root.writable"), "excluded: docker-default@29 does not ask for it (/ is rw)");
  EXPECT_EQ(skipped("ns", "ipc.host"), "known: weak already in old.json (ipc is shared)");
  EXPECT_EQ(skipped("ns", "time.host"), "not-applicable: the kernel has no time namespaces");
  EXPECT_EQ(skipped("seccomp", "filter.unheard"), "unknown: only a process inside can tell");
  EXPECT_TRUE(test_case(document, "ns", "user.host"));
  EXPECT_FALSE(test_case(document, "ns", "user.host").first_child()) << "hardened";
}

TEST(AuditReport, SarifHasWeakFindingsOnly) {
  const json run = sarif_run(sample_audit());
  std::vector<std::string> seen;
  for (const json& one : run["results"])
    seen.push_back(say(one["ruleId"].get<std::string>(), " ", one["level"].get<std::string>(), " ",
                       one["suppressions"].empty() ? "counts" : one["suppressions"][0]["status"].get<std::string>()));
  EXPECT_THAT(seen, ElementsAre("cgroup.pids.unlimited warning counts", "mount.dev.host error accepted",
                                "mount.proc.writable error counts", "mount.root.writable note accepted",
                                "ns.ipc.host warning accepted", "ns.pid.host error counts"));
  const json& rules = run["tool"]["driver"]["rules"];
  EXPECT_EQ(rules.size(), 10U);
  for (const json& one : run["results"]) EXPECT_EQ(rules[one["ruleIndex"].get<std::size_t>()]["id"], one["ruleId"]);
  EXPECT_EQ(rules[3]["properties"]["security-severity"], "9.5") << "the rule's own";
  EXPECT_EQ(run["results"][2]["properties"]["security-severity"], "8.0") << "after what was seen";
  EXPECT_THAT(rules[1]["help"]["text"].get<std::string>(), HasSubstr("Fix with docker:\n--pids-limit=512\n"));
  EXPECT_FALSE(rules[9].contains("help")) << "of no catalogue";
  EXPECT_EQ(run["results"][5]["locations"][0]["logicalLocations"][0]["fullyQualifiedName"], "container/ns/pid");
  const json& notices = run["invocations"][0]["toolExecutionNotifications"];
  ASSERT_EQ(notices.size(), 2U);
  EXPECT_EQ(notices[0]["associatedRule"]["id"], "seccomp.filter.unheard");
  EXPECT_EQ(notices[1]["descriptor"]["id"], "unused-waiver");
  EXPECT_EQ(run["automationDetails"]["id"], "nsproof-audit/the container of process N/");
}

TEST(AuditReport, FingerprintsAreOfTheRuleAndTheKindOfSubject) {
  const AuditResult result = sample_audit();
  const json before = fingerprints(result);
  EXPECT_EQ(std::set<json>(before.begin(), before.end()).size(), before.size()) << "each finding has its own";
  EXPECT_EQ(before[5]["nsproofFinding/v1"], "3a5d07774f9dc029") << "another value would open every alert anew";

  AuditResult later = result;
  later.subject = "the container of process 98";
  later.started = "2027-01-01T00:00:00";
  later.kernel = "6.2";
  later.tool_version = "0.2.0";
  for (Finding& finding : later.findings) {
    finding.observed = "inode 4026532999, process 98";
    finding.severity = Severity::low;
    finding.evidence.clear();
  }
  EXPECT_EQ(fingerprints(later), before);

  later.subject = "a sandbox of bwrap";
  EXPECT_NE(fingerprints(later)[0], before[0]);
}

TEST(AuditReport, SubjectKindHasNoPidAndNoContainerId) {
  EXPECT_EQ(subject_kind("the container of process 4711"), "the container of process N");
  EXPECT_EQ(subject_kind("container 3f2a9c0d1e4b (web)"), "container N (web)");
  EXPECT_EQ(subject_kind("a sandbox of lxc5 4"), "a sandbox of lxc5 N");
  EXPECT_EQ(subject_kind("a\nb"), "a\\x0ab");
  EXPECT_EQ(subject_kind(""), "");
}

TEST(AuditReport, MarkdownHasTheWorstFirst) {
  const std::string page = rendered(AuditFormat::markdown, sample_audit());
  EXPECT_THAT(page, HasSubstr("**Weak: 2 high, 1 medium.**"));
  EXPECT_LT(page.find("| high | <code>mount.proc.writable"), page.find("| medium | <code>cgroup.pids.unlimited"));
  EXPECT_THAT(page, HasSubstr("| docker: <code>--pids-limit=512</code> |"));
  EXPECT_THAT(page,
              HasSubstr("### Unknown\n\n- only a process inside can tell: <code>seccomp.filter.unheard</code>\n"));
  EXPECT_THAT(page, HasSubstr("<summary>Hardened: 2</summary>"));
  EXPECT_THAT(page, HasSubstr("waived by ops until 2027-01-31: moved next year"));
  AuditResult nothing;
  EXPECT_THAT(rendered(AuditFormat::markdown, nothing), HasSubstr("not everything was seen"));
  nothing.findings = {sample_finding("ns.user.host", hardened("own"), Severity::high)};
  EXPECT_THAT(rendered(AuditFormat::markdown, nothing), HasSubstr("**Nothing weak was found.**"));
  nothing.findings.push_back(sample_finding("ns.pid.host", unknown("no"), Severity::high));
  EXPECT_THAT(rendered(AuditFormat::markdown, nothing), HasSubstr("not everything was seen"));
}

// A line of a table begins with | and has as many cells as its head, whatever was observed.
TEST(AuditReport, HostileBytesForgeNeitherLinesNorMarkup) {
  const AuditResult hostile = hostile_audit();
  for (const AuditFormat format : kAllAuditFormats) {
    const std::string text = rendered(format, hostile);
    for (const char c : text) ASSERT_TRUE(c == '\n' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f));
    for (const std::string& line : lines_of(text))
      EXPECT_FALSE(line.starts_with("::error") || line.starts_with("not ok") || line.starts_with("| forged")) << line;
  }
  const std::string page = rendered(AuditFormat::markdown, hostile);
  bool fenced = false;
  int rows = 0;
  for (const std::string& line : lines_of(page)) {
    if (line.starts_with("```")) fenced = !fenced;
    if (fenced) continue;
    EXPECT_THAT(line, Not(HasSubstr("<script")));
    EXPECT_THAT(line, Not(HasSubstr("</script")));
    EXPECT_THAT(line, Not(HasSubstr("](")));
    const bool weak = line.starts_with("| high |") || line.starts_with("| medium |") || line.starts_with("| info |");
    rows += weak ? 1 : 0;
    EXPECT_TRUE(!weak || std::count(line.begin(), line.end(), '|') == 6) << line;
  }
  EXPECT_EQ(rows, count(hostile.findings).counting);
  const json run = sarif_run(hostile);
  for (const json& one : run["results"]) EXPECT_THAT(one["message"]["text"].get<std::string>(), Not(HasSubstr("](")));
  xml_of(hostile);
}

TEST(AuditReport, MarkdownIsNeverTooLarge) {
  AuditResult many = hostile_audit();
  const std::vector<Finding> some = many.findings;
  for (int copy = 0; copy < 30; ++copy) many.findings.insert(many.findings.end(), some.begin(), some.end());
  many.unused_waivers.resize(500, hostile_text());
  const std::string page = rendered(AuditFormat::markdown, many);
  EXPECT_LE(page.size(), kMarkdownLimit);
  EXPECT_THAT(page, HasSubstr(" more, which the full report has\n"));
}

TEST(AuditReport, AnAuditOfNothingIsStillAReport) {
  EXPECT_EQ(json_of(AuditFormat::json, {})["findings"], json::array());
  EXPECT_EQ(sarif_run({})["results"], json::array());
  EXPECT_STREQ(xml_of({}).child("testsuites").attribute("tests").value(), "0");
}

}  // namespace
}  // namespace nsproof::audit
