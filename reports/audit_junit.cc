// An audit for CI servers: each finding is a test case, a suite for each area. The reason of a skip is in
// skipped/@message, which is where Jenkins, Sonobuoy and GitLab look.
#include <algorithm>
#include <ostream>
#include <pugixml.hpp>
#include <set>

#include "harness/support/text.h"
#include "reports/audit_report.h"
#include "reports/audit_words.h"
#include "reports/escape.h"
#include "reports/projection.h"

namespace nsproof::audit {
namespace {

using Node = pugi::xml_node;

constexpr std::size_t kAttributeLimit = 4096;  // bytes; no name and no reason is longer for a good purpose
constexpr std::size_t kNameLimit = 1024;

void attribute(Node node, const char* name, std::string_view bytes) {
  node.append_attribute(name) = shown_line(bytes, kAttributeLimit).c_str();
}

void text(Node node, const std::string& shown) { node.append_child(pugi::node_pcdata).set_value(shown.c_str()); }

// Schemas ask for a name of at least one character that is no space.
std::string name_or_unnamed(std::string_view bytes) {
  const std::string name = trim(shown_line(bytes, kNameLimit));
  return name.empty() ? "unnamed" : name;
}

struct Area {
  std::string name;
  std::vector<const Finding*> findings;
};

// In the order of their first finding.
std::vector<Area> areas_of(const std::vector<Finding>& findings) {
  std::vector<Area> areas;
  for (const Finding& finding : findings) {
    const std::string name = name_or_unnamed(area_of(finding.id));
    auto area = std::find_if(areas.begin(), areas.end(), [&](const Area& one) { return one.name == name; });
    if (area == areas.end()) area = areas.insert(area, {.name = name, .findings = {}});
    area->findings.push_back(&finding);
  }
  return areas;
}

struct Totals {
  int tests = 0;
  int failures = 0;
  int skipped = 0;
};

Totals totals_of(const AuditCounts& counts) {
  return {.tests = counts.total(),
          .failures = counts.counting,
          .skipped = counts.set_aside + counts.not_applicable + counts.unknown};
}

void add_counts(Node node, const Totals& totals) {
  node.append_attribute("tests") = totals.tests;
  node.append_attribute("failures") = totals.failures;
  node.append_attribute("errors") = 0;
}

void add_properties(Node suite, const AuditResult& result) {
  Node properties = suite.append_child("properties");
  const auto add = [&](const char* name, std::string_view value) {
    Node property = properties.append_child("property");
    attribute(property, "name", name);
    attribute(property, "value", value);
  };
  add("nsproof.version", result.tool_version);
  add("nsproof.schema", kAuditSchema);
  add("nsproof.partial", result.partial ? "true" : "false");
  add("subject", result.subject);
  add("kernel.release", result.kernel);
  add("profile", result.profile.empty() ? "none" : result.profile);
  for (const std::string& pattern : result.unused_waivers) add("unused_waiver", pattern);
}

// "pid.host" of "ns.pid.host": the area is in the class name already. GitLab keeps only the first case of a name.
std::string unique_name(const Finding& finding, std::set<std::string>& taken) {
  const std::string::size_type point = finding.id.find('.');
  const std::string wanted = name_or_unnamed(point == std::string::npos ? finding.id : finding.id.substr(point + 1));
  std::string name = wanted;
  for (int number = 2; !taken.insert(name).second; ++number) name = say(wanted, "#", number);
  return name;
}

std::string skip_reason(const Finding& finding) {
  if (is_set_aside(finding)) return say(standing_text(finding), " (", finding.observed, ")");
  return say(name_of(finding.answer), ": ", finding.observed);
}

void add_case(Node suite, const std::string& classname, const std::string& name, const Finding& finding,
              const Rule* rule) {
  Node testcase = suite.append_child("testcase");
  attribute(testcase, "classname", classname);
  attribute(testcase, "name", name);
  if (finding.answer == Answer::hardened) return;
  const std::string details = join(explained(finding, rule), "\n") + "\n";
  if (counts_against(finding)) {
    Node failure = testcase.append_child("failure");
    attribute(failure, "message", say(finding.title, " ", finding.observed));
    attribute(failure, "type", name_of(finding.severity));
    return text(failure, details);
  }
  attribute(testcase.append_child("skipped"), "message", skip_reason(finding));
  if (finding.answer == Answer::weak) text(testcase.append_child("system-out"), details);
}

void add_suite(Node root, const AuditResult& result, const Area& area, const RuleLookup& rule_of) {
  const Totals totals = totals_of(count(area.findings));
  const std::string name = "nsproof.audit." + area.name;
  Node suite = root.append_child("testsuite");
  attribute(suite, "name", name);
  if (is_time(result.started)) attribute(suite, "timestamp", result.started);
  add_counts(suite, totals);
  suite.append_attribute("skipped") = totals.skipped;
  add_properties(suite, result);
  std::set<std::string> taken;
  for (const Finding* finding : area.findings)
    add_case(suite, name, unique_name(*finding, taken), *finding, rule_of(finding->id));
}

}  // namespace

void write_audit_junit(std::ostream& out, const AuditResult& result, const RuleLookup& rule_of) {
  pugi::xml_document document;
  Node declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "UTF-8";
  Node root = document.append_child("testsuites");
  attribute(root, "name", "nsproof audit");
  add_counts(root, totals_of(count(result.findings)));
  attribute(root, "time", seconds_text(result.milliseconds / 1000));
  for (const Area& area : areas_of(result.findings)) add_suite(root, result, area, rule_of);
  document.save(out, "  ", pugi::format_default, pugi::encoding_utf8);
}

}  // namespace nsproof::audit
