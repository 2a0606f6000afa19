// Reads waivers (TOML) and finds the one of a rule.
#include "harness/audit/waivers.h"

#include "harness/audit/toml_table.h"
#include "harness/catalogue/select.h"

namespace nsproof::audit {

std::vector<Waiver> parse_waivers(std::string_view text, std::string_view file) {
  constexpr std::string_view kAll = "every [[waive]] has an id, a reason, an owner and expires, a date";
  const toml::table parsed = parsed_toml(text, file);
  std::vector<Waiver> waivers;
  for (const TomlTable& one : TomlTable(parsed, file, {"waive"}).tables("waive", {"id", "reason", "owner", "expires"}))
    waivers.push_back({one.text("id", kAll), one.text("reason", kAll), one.text("owner", kAll),
                       one.date("expires", kAll), one.where()});
  return waivers;
}

std::vector<Waiver> read_waivers(const std::string& file) { return parse_waivers(text_of_gate_file(file), file); }

bool concerns(const Waiver& waiver, std::string_view id) { return matches_id(Pattern{waiver.pattern, ""}, id); }

bool is_over(const Waiver& waiver, std::string_view today) { return waiver.expires < today; }  // ISO: sorts as text

const Waiver* waiver_of(std::string_view id, const std::vector<Waiver>& waivers, std::string_view today) {
  const Waiver* over = nullptr;
  for (const Waiver& one : waivers) {
    if (!concerns(one, id)) continue;
    if (!is_over(one, today)) return &one;
    if (over == nullptr) over = &one;
  }
  return over;
}

}  // namespace nsproof::audit
