// Changes of a JSON document as text: a merge patch (RFC 7396) that can also add to arrays and take from them. Fixes
// and the fixtures of the golden matrix are written in it: {"process":{"noNewPrivileges":true},"+mounts":[{...}]}.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

namespace nsproof::audit {

// null removes a member. "+name" adds to the array `name` what it does not hold yet, and makes it where it is missing.
// "-name" takes from it every element that matches: one that is equal, or an object that has all these members.
void apply_change(nlohmann::json& document, const nlohmann::json& change);
// The same of a text. Throws std::invalid_argument if it is not JSON.
void apply_change_text(nlohmann::json& document, std::string_view change);

}  // namespace nsproof::audit
