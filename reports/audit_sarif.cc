// The weak findings of an audit as SARIF 2.1.0 (OASIS, "Static Analysis Results Interchange Format"). A container has
// no source line: a finding is at a logical location (section 3.33 there).
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <ostream>

#include "harness/support/text.h"
#include "reports/audit_report.h"
#include "reports/audit_words.h"
#include "reports/escape.h"

namespace nsproof::audit {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kIdLimit = 200;     // bytes
constexpr std::size_t kTextLimit = 1000;  // bytes of a description; code scanning takes 1024 characters

// What the tool says of its own run (section 3.58); an unknown finding is no result.
enum class Notice { unknown, partial, unused_waiver };
struct NoticeWords {
  const char* id;
  const char* text;
};
constexpr NoticeWords kNotices[] = {{"unknown", "Whether the container is weak there could not be seen."},
                                    {"partial", "The audit ended before every rule was asked."},
                                    {"unused-waiver", "A waiver that concerns no weak finding."}};

// A viewer makes a link of `[text](place)` in plain text, too (section 3.11.6): what was observed must not be able to.
std::string unlinked(std::string_view bytes, std::size_t limit) {
  std::string text = shown_line(bytes, limit);
  for (std::size_t at = text.find("]("); at != std::string::npos; at = text.find("](", at)) text.insert(at + 1, 1, ' ');
  return text;
}

Json message(std::string_view bytes, std::size_t limit = kObservedLimit) { return {{"text", unlinked(bytes, limit)}}; }

std::string id_of(const Finding& finding) { return shown_line(finding.id, kIdLimit); }

const char* level_of(Severity severity) {
  if (severity >= Severity::high) return "error";
  return severity == Severity::medium ? "warning" : "note";
}

// Code scanning has its own words for these ranges: above 9 is critical, from 7 high, from 4 medium.
const char* security_severity(Severity severity) {
  switch (severity) {
    case Severity::critical: return "9.5";
    case Severity::high: return "8.0";
    case Severity::medium: return "5.5";
    case Severity::low: return "2.0";
    case Severity::info: return "0.0";
  }
  return "0.0";
}

Json help_json(const Rule& rule) {
  std::string plain = say(shown_line(rule.why), "\nHow it is seen: ", shown_line(rule.how), "\n");
  std::string markdown = say(markdown_line(rule.why), "\n\n**How it is seen:** ", markdown_line(rule.how), "\n\n");
  for (const auto& [name, member] : kFixFields) {
    const std::string& fix = fix_text(rule.fix, member);
    if (fix.empty()) continue;
    plain += say("Fix with ", name, ":\n", shown_text(fix), "\n");
    markdown += say("**Fix with ", name, ":**\n\n", markdown_block(fix), "\n");
  }
  const std::string references = join(rule.references, "; ");
  plain += say("See ", shown_line(references), "\n");
  markdown += say("See ", markdown_line(references), "\n");
  return {{"text", std::move(plain)}, {"markdown", std::move(markdown)}};
}

Json rule_json(const Finding& finding, const Rule* rule) {
  Json object = {{"id", id_of(finding)}, {"shortDescription", message(finding.title, kTextLimit)}};
  if (rule != nullptr) {
    object["fullDescription"] = message(rule->why, kTextLimit);
    object["help"] = help_json(*rule);
  }
  object["defaultConfiguration"] = {{"level", level_of(finding.base_severity)}};
  object["properties"] = {{"tags", {"security", "container", shown_line(area_of(finding.id), kIdLimit)}},
                          {"precision", "high"},
                          {"security-severity", security_severity(finding.base_severity)}};
  return object;
}

// FNV-1a, 64 bits: no secret, but the same in every run and on every machine.
std::string digest(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  std::string digits;
  for (int shift = 60; shift >= 0; shift -= 4) digits += "0123456789abcdef"[(hash >> shift) & 15];
  return digits;
}

// Made of nothing that was observed, so that a finding stays the same finding while processes and inodes come and go.
Json fingerprints(const Finding& finding, const std::string& kind) {
  const std::string value = digest(say(finding.id, "\n", kind));
  return {{"nsproofFinding/v1", value}, {"primaryLocationLineHash", value + ":1"}};
}

// container/ns/pid of ns.pid.host.
Json location(const Finding& finding) {
  const std::vector<std::string> parts = split(id_of(finding), '.');
  const std::string& name = parts.size() > 1 ? parts[1] : parts[0];
  Json logical = {{"name", name}, {"fullyQualifiedName", say("container/", parts[0], "/", name)}, {"kind", "resource"}};
  return {{"logicalLocations", Json::array({std::move(logical)})}};
}

// Of all results or of none (section 3.27.23).
Json suppressions(const Finding& finding) {
  Json list = Json::array();
  if (is_set_aside(finding))
    list.push_back({{"kind", "external"},
                    {"status", "accepted"},
                    {"justification", shown_line(standing_text(finding), kObservedLimit)}});
  return list;
}

Json result_json(const Finding& finding, std::size_t rule_index, const std::string& kind) {
  Json object = {{"ruleId", id_of(finding)},
                 {"ruleIndex", rule_index},
                 {"kind", "fail"},
                 {"level", level_of(finding.severity)},
                 {"message", message(say(finding.title, " ", finding.observed))},
                 {"locations", Json::array({location(finding)})},
                 {"partialFingerprints", fingerprints(finding, kind)},
                 {"suppressions", suppressions(finding)}};
  Json& properties = object["properties"] = {{"security-severity", security_severity(finding.severity)},
                                             {"severity", name_of(finding.severity)},
                                             {"standing", name_of(finding.standing)}};
  if (!finding.severity_reason.empty())
    properties["severityReason"] = shown_line(finding.severity_reason, kObservedLimit);
  if (!finding.standing_reason.empty())
    properties["standingReason"] = shown_line(finding.standing_reason, kObservedLimit);
  return object;
}

Json notice(Notice which, const char* level, std::string_view bytes) {
  const auto index = static_cast<std::size_t>(which);
  return {
      {"descriptor", {{"id", kNotices[index].id}, {"index", index}}}, {"level", level}, {"message", message(bytes)}};
}

Json notices_json(const AuditResult& result, const std::map<std::string, std::size_t>& rule_indices) {
  Json list = Json::array();
  for (const Finding& finding : result.findings) {
    if (finding.answer != Answer::unknown) continue;
    Json one = notice(Notice::unknown, "warning", say(finding.id, ": ", finding.observed));
    one["associatedRule"] = {{"id", id_of(finding)}, {"index", rule_indices.at(id_of(finding))}};
    list.push_back(std::move(one));
  }
  if (result.partial) list.push_back(notice(Notice::partial, "error", kNotices[1].text));
  for (const std::string& pattern : result.unused_waivers)
    list.push_back(notice(Notice::unused_waiver, "note", say("The waiver of ", pattern, " is not needed any more.")));
  return list;
}

Json invocation_json(const AuditResult& result, Json notices) {
  Json object = {{"executionSuccessful", !result.partial}};
  if (is_time(result.started)) object["startTimeUtc"] = result.started + "Z";
  object["toolExecutionNotifications"] = std::move(notices);
  return object;
}

Json descriptors_of_notices() {
  Json list = Json::array();
  for (const NoticeWords& words : kNotices)
    list.push_back({{"id", words.id}, {"shortDescription", {{"text", words.text}}}});
  return list;
}

// Code scanning keeps apart what has another category, which is all before the last slash.
std::string category(std::string kind) {
  for (char& c : kind)
    if (c == '/') c = '-';
  return say("nsproof-audit/", kind, "/");
}

}  // namespace

void write_audit_sarif(std::ostream& out, const AuditResult& result, const RuleLookup& rule_of) {
  const std::string kind = subject_kind(result.subject);
  Json rules = Json::array();
  std::map<std::string, std::size_t> indices;
  for (const Finding& finding : result.findings)
    if (indices.try_emplace(id_of(finding), rules.size()).second)
      rules.push_back(rule_json(finding, rule_of(finding.id)));
  Json results = Json::array();
  for (const Finding& finding : result.findings)
    if (finding.answer == Answer::weak) results.push_back(result_json(finding, indices.at(id_of(finding)), kind));

  Json driver = {{"name", "nsproof"}};
  if (!result.tool_version.empty()) driver["version"] = shown_line(result.tool_version, kIdLimit);
  driver["notifications"] = descriptors_of_notices();
  driver["rules"] = std::move(rules);
  Json run = {{"tool", {{"driver", std::move(driver)}}}, {"automationDetails", {{"id", category(kind)}}}};
  run["invocations"] = Json::array({invocation_json(result, notices_json(result, indices))});
  run["results"] = std::move(results);
  run["properties"] = {{"subject", shown_line(result.subject, kObservedLimit)},
                       {"kernel", shown_line(result.kernel, kObservedLimit)},
                       {"profile", result.profile.empty() ? "none" : shown_line(result.profile, kObservedLimit)}};
  Json log = {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"}, {"version", "2.1.0"}};
  log["runs"] = Json::array({std::move(run)});
  out << log.dump(1) << "\n";
}

}  // namespace nsproof::audit
