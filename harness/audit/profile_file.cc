// Reads profiles (TOML).
#include "harness/audit/profile.h"
#include "harness/audit/toml_table.h"
#include "harness/support/text.h"

namespace nsproof::audit {
namespace {

constexpr std::string_view kPatterns = "write a list of rule ids or patterns: [\"ns.pid.host\", \"cap.*.held\"]";

Severity severity_at(const TomlTable& table, std::string_view key) {
  constexpr std::string_view kSeverities = "write \"info\", \"low\", \"medium\", \"high\" or \"critical\"";
  const std::string name = table.text(key, kSeverities);
  const std::optional<Severity> severity = severity_named(name);
  if (!severity) table.fail(key, say(nsproof::quoted(name), " is no severity; ", kSeverities));
  return *severity;
}

std::string base_name(std::string_view file) {
  std::string name(file.substr(file.rfind('/') == std::string_view::npos ? 0 : file.rfind('/') + 1));
  if (name.ends_with(".toml")) name.resize(name.size() - 5);
  return name;
}

}  // namespace

Profile parse_profile(std::string_view text, std::string_view file) {
  const toml::table parsed = parsed_toml(text, file);
  const TomlTable table(parsed, file, {"name", "version", "title", "fail-on", "require", "require-severity", "allow"});
  Profile profile;
  profile.name = table.has("name") ? table.text("name", "write name = \"my-profile\"") : base_name(file);
  if (profile.name.find('@') != std::string::npos)
    table.fail("name", "what stands behind the @ is written version = \"...\"");
  if (table.has("version")) profile.version = table.text("version", "write version = \"1\", with quotes");
  if (table.has("title")) profile.title = table.text("title", "write a sentence");
  if (table.has("fail-on")) profile.fail_on = severity_at(table, "fail-on");
  if (table.has("require")) profile.require = table.texts("require", kPatterns);
  if (table.has("require-severity")) profile.require_severity = severity_at(table, "require-severity");
  for (const TomlTable& one : table.tables("allow", {"ids", "reason"}))
    profile.allow.push_back({one.texts("ids", kPatterns),
                             one.text("reason", "say why this may be weak: an allowance has ids and a reason")});
  return profile;
}

Profile read_profile(const std::string& file) { return parse_profile(text_of_gate_file(file), file); }

}  // namespace nsproof::audit
