#include "harness/audit/change.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "harness/support/text.h"

namespace nsproof::audit {
namespace {

using nlohmann::json;

bool matches(const json& element, const json& pattern) {
  if (!pattern.is_object() || !element.is_object()) return element == pattern;
  return std::all_of(pattern.items().begin(), pattern.items().end(), [&](const auto& member) {
    return element.contains(member.key()) && element.at(member.key()) == member.value();
  });
}

void add(json& array, const json& elements) {
  if (!array.is_array()) array = json::array();
  for (const json& one : elements)
    if (std::find(array.begin(), array.end(), one) == array.end()) array.push_back(one);
}

void take(json& array, const json& patterns) {
  if (!array.is_array()) return;
  json left = json::array();
  for (json& element : array)
    if (std::none_of(patterns.begin(), patterns.end(), [&](const json& pattern) { return matches(element, pattern); }))
      left.push_back(std::move(element));
  array = std::move(left);
}

}  // namespace

void apply_change(json& document, const json& change) {
  if (!change.is_object()) {
    document = change;
    return;
  }
  if (!document.is_object()) document = json::object();
  for (const auto& [key, value] : change.items()) {
    if (value.is_null()) {
      document.erase(key);
    } else if (key.starts_with('+')) {
      add(document[key.substr(1)], value);
    } else if (key.starts_with('-')) {
      if (document.contains(key.substr(1))) take(document[key.substr(1)], value);
    } else {
      apply_change(document[key], value);
    }
  }
}

void apply_change_text(json& document, std::string_view change) {
  const json parsed = json::parse(change, nullptr, false);
  if (parsed.is_discarded()) throw std::invalid_argument(say("no JSON: ", change));
  apply_change(document, parsed);
}

}  // namespace nsproof::audit
