// The record of an audit, nsproof.audit.v1.
#include <cmath>
#include <nlohmann/json.hpp>
#include <ostream>

#include "reports/audit_report.h"
#include "reports/audit_words.h"
#include "reports/escape.h"

namespace nsproof::audit {
namespace {

using Json = nlohmann::ordered_json;

void put(Json& object, const char* key, std::string_view bytes) { object[key] = shown_line(bytes); }

void put_unless_empty(Json& object, const char* key, std::string_view bytes) {
  if (!bytes.empty()) put(object, key, bytes);
}

Json lines_json(const std::vector<std::string>& lines) {
  Json list = Json::array();
  for (const std::string& line : lines) list.push_back(shown_line(line));
  return list;
}

Json counts_json(const AuditCounts& counts) {
  Json severities = Json::object();
  for (const Severity severity : kSeverities)
    severities[std::string(name_of(severity))] = counts.severities.at(severity);
  return {{"total", counts.total()},     {"weak", counts.weak()},
          {"counting", counts.counting}, {"set_aside", counts.set_aside},
          {"hardened", counts.hardened}, {"not_applicable", counts.not_applicable},
          {"unknown", counts.unknown},   {"severities", std::move(severities)}};
}

// Fixes are text of several lines.
Json fix_json(const Fix& fix) {
  Json object = Json::object();
  for (const auto& [name, member] : kFixFields)
    if (const std::string& text = fix_text(fix, member); !text.empty()) object[name] = shown_text(text);
  return object;
}

Json finding_json(const Finding& finding, const Rule* rule) {
  Json object = Json::object();
  put(object, "id", finding.id);
  put(object, "title", finding.title);
  object["answer"] = name_of(finding.answer);
  object["severity"] = name_of(finding.severity);
  object["base_severity"] = name_of(finding.base_severity);
  put_unless_empty(object, "severity_reason", finding.severity_reason);
  put(object, "observed", finding.observed);
  object["standing"] = name_of(finding.standing);
  put_unless_empty(object, "standing_reason", finding.standing_reason);
  if (rule != nullptr) {
    put(object, "why", rule->why);
    put(object, "how", rule->how);
    object["references"] = lines_json(rule->references);
    object["fix"] = fix_json(rule->fix);
  }
  const Evidence evidence = evidence_of(finding);
  object["evidence"] = lines_json(evidence.lines);
  if (evidence.left_out > 0) object["evidence_left_out"] = evidence.left_out;
  return object;
}

}  // namespace

void write_audit_json(std::ostream& out, const AuditResult& result, const RuleLookup& rule_of) {
  Json root = {{"schema", kAuditSchema}};
  Json& tool = root["tool"] = {{"name", "nsproof"}};
  put(tool, "version", result.tool_version);
  put(root, "subject", result.subject);
  put(root, "kernel", result.kernel);
  put(root, "started", result.started);
  put_unless_empty(root, "profile", result.profile);
  root["partial"] = result.partial;
  root["milliseconds"] = std::isfinite(result.milliseconds) ? result.milliseconds : 0;  // JSON has no other word
  root["counts"] = counts_json(count(result.findings));
  Json& findings = root["findings"] = Json::array();
  for (const Finding& finding : result.findings) findings.push_back(finding_json(finding, rule_of(finding.id)));
  root["unused_waivers"] = lines_json(result.unused_waivers);
  out << root.dump(1) << "\n";
}

}  // namespace nsproof::audit
