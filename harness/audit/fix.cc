#include "harness/audit/fix.h"

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "harness/audit/change.h"
#include "harness/audit/process_status.h"
#include "harness/audit/rule.h"
#include "harness/runtime/oci_config.h"

namespace nsproof::audit {
namespace {

using nlohmann::json;

// Applies what closes each weak finding, and says which have no such change.
std::vector<std::string> close_all(const std::vector<Finding>& findings, json& config) {
  std::vector<std::string> by_hand;
  for (const Finding& finding : findings) {
    if (finding.answer != Answer::weak) continue;
    const Rule* rule = find_rule(finding.id);
    if (rule == nullptr || rule->fix.oci.empty())
      by_hand.push_back(finding.id);
    else
      apply_change_text(config, rule->fix.oci);
  }
  return by_hand;
}

json names_of(std::uint64_t set) {
  json names = json::array();
  for (unsigned bit = 0; bit < 64; ++bit)
    if ((set >> bit & 1) != 0) names.push_back(capability_name(bit));
  return names;
}

// What of `after` is not in `before`: objects member by member, everything else as a whole.
json differing(const json& before, const json& after) {
  json different = json::object();
  for (const auto& [key, value] : after.items()) {
    if (before.contains(key) && before.at(key) == value) continue;
    const bool nested = value.is_object() && before.contains(key) && before.at(key).is_object();
    different[key] = nested ? differing(before.at(key), value) : value;
  }
  return different;
}

}  // namespace

OciFix patch_of_config(const std::vector<Finding>& findings, const std::string& config) {
  const json before = json::parse(config, nullptr, false);
  if (!before.is_object()) throw std::invalid_argument("the configuration is not a JSON object");
  json after = before;
  OciFix fix;
  fix.by_hand = close_all(findings, after);
  fix.patch = json::diff(before, after).dump(2);
  return fix;
}

OciFix merge_patch(const std::vector<Finding>& findings, const sys::CapabilitySets& held) {
  const json before = {{"process",
                        {{"capabilities",
                          {{"bounding", names_of(held.bounding)},
                           {"effective", names_of(held.effective)},
                           {"permitted", names_of(held.permitted)},
                           {"inheritable", names_of(held.inheritable)},
                           {"ambient", names_of(held.ambient)}}}}}};
  json after = before;
  OciFix fix;
  fix.by_hand = close_all(findings, after);
  fix.patch = differing(before, after).dump(2);
  return fix;
}

}  // namespace nsproof::audit
