// The findings of an audit in the formats of others: a record that loses nothing a gate needs, JUnit XML for CI
// servers, SARIF for code scanning, a page for people. Each is a pure projection of the result; whatever a container
// could have chosen (what was observed, evidence, names) is shown so that it can forge neither a line nor markup.
#pragma once

#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

#include "harness/audit/auditor.h"

namespace nsproof::audit {

enum class AuditFormat {
  json,      // nsproof.audit.v1, described by schema/nsproof.audit.v1.schema.json
  junit,     // a suite for each area: what is weak fails, what is unknown, not applicable or set aside is skipped
  sarif,     // SARIF 2.1.0 (OASIS): what is weak, with fingerprints that are the same in every run
  markdown,  // for the summary page of a CI job
};

inline constexpr AuditFormat kAllAuditFormats[] = {AuditFormat::json, AuditFormat::junit, AuditFormat::sarif,
                                                   AuditFormat::markdown};

// "json", "junit", "sarif", "markdown".
std::string_view name_of(AuditFormat format);
std::optional<AuditFormat> audit_format_named(std::string_view name);

// Where why, how, references and fixes come from. What it does not know is left out of the report.
using RuleLookup = std::function<const Rule*(std::string_view id)>;

inline constexpr std::string_view kAuditSchema = "nsproof.audit.v1";

void write_audit_json(std::ostream& out, const AuditResult& result, const RuleLookup& rule_of = find_rule);
void write_audit_junit(std::ostream& out, const AuditResult& result, const RuleLookup& rule_of = find_rule);
void write_audit_sarif(std::ostream& out, const AuditResult& result, const RuleLookup& rule_of = find_rule);
// Never larger than kMarkdownLimit (markdown.h): what does not fit is counted.
void write_audit_markdown(std::ostream& out, const AuditResult& result, const RuleLookup& rule_of = find_rule);

// One of these by write_whole() (report.h): "-" is standard output. Throws std::runtime_error that names the path and
// the errno.
void write_audit_report(AuditFormat format, const std::string& path, const AuditResult& result,
                        const RuleLookup& rule_of = find_rule);

}  // namespace nsproof::audit
