// The formats of an audit by name, and one report into its file.
#include "reports/audit_report.h"

#include <sstream>
#include <utility>

#include "reports/report.h"

namespace nsproof::audit {

std::string_view name_of(AuditFormat format) {
  switch (format) {
    case AuditFormat::json: return "json";
    case AuditFormat::junit: return "junit";
    case AuditFormat::sarif: return "sarif";
    case AuditFormat::markdown: return "markdown";
  }
  return "?";
}

std::optional<AuditFormat> audit_format_named(std::string_view name) {
  for (const AuditFormat format : kAllAuditFormats)
    if (name_of(format) == name) return format;
  return std::nullopt;
}

void write_audit_report(AuditFormat format, const std::string& path, const AuditResult& result,
                        const RuleLookup& rule_of) {
  std::ostringstream out;
  switch (format) {
    case AuditFormat::json: write_audit_json(out, result, rule_of); break;
    case AuditFormat::junit: write_audit_junit(out, result, rule_of); break;
    case AuditFormat::sarif: write_audit_sarif(out, result, rule_of); break;
    case AuditFormat::markdown: write_audit_markdown(out, result, rule_of); break;
  }
  write_whole(path, std::move(out).str());
}

}  // namespace nsproof::audit
