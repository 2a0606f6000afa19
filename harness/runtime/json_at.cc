#include "harness/runtime/json_at.h"

#include <nlohmann/json.hpp>

#include "harness/runtime/oci_config.h"
#include "harness/support/text.h"

namespace nsproof {

void JsonAt::fail(std::string_view what) const {
  throw ConfigError(say(where_.empty() ? "the configuration" : where_, ": ", what));
}

std::optional<JsonAt> JsonAt::find(const char* key) const {
  if (!value_->is_object()) fail("is not an object");
  const auto found = value_->find(key);
  if (found == value_->end() || found->is_null()) return std::nullopt;
  return JsonAt(*found, where_.empty() ? key : say(where_, ".", key));
}

JsonAt JsonAt::get(const char* key) const {
  if (auto found = find(key)) return *std::move(found);
  fail(say("has no ", key));
}

std::string JsonAt::text() const {
  if (!value_->is_string()) fail("is not a string");
  return value_->get<std::string>();
}

std::string JsonAt::absolute_path() const {
  std::string path = text();
  if (!path.starts_with('/')) fail(say(nsproof::quoted(path), " is not an absolute path"));
  return path;
}

bool JsonAt::truth() const {
  if (!value_->is_boolean()) fail("is neither true nor false");
  return value_->get<bool>();
}

std::uint64_t JsonAt::number_within(std::uint64_t least, std::uint64_t most) const {
  const std::uint64_t number = value_->is_number_unsigned() ? value_->get<std::uint64_t>() : 0;
  if (!value_->is_number_unsigned() || number < least || number > most)
    fail(say("is not an integer from ", least, " to ", most));
  return number;
}

std::int64_t JsonAt::signed_number(std::int64_t least, std::int64_t most) const {
  const bool fits = value_->is_number_unsigned() ? std::in_range<std::int64_t>(value_->get<std::uint64_t>())
                                                 : value_->is_number_integer();
  const std::int64_t number = fits ? value_->get<std::int64_t>() : 0;
  if (!fits || number < least || number > most) fail(say("is not an integer from ", least, " to ", most));
  return number;
}

std::vector<JsonAt> JsonAt::items() const {
  if (!value_->is_array()) fail("is not a list");
  std::vector<JsonAt> all;
  for (std::size_t i = 0; i < value_->size(); ++i) all.emplace_back((*value_)[i], say(where_, "[", i, "]"));
  return all;
}

std::vector<std::string> JsonAt::texts() const {
  std::vector<std::string> all;
  for (const JsonAt& item : items()) all.push_back(item.text());
  return all;
}

std::vector<std::pair<std::string, JsonAt>> JsonAt::members() const {
  if (!value_->is_object()) fail("is not an object");
  std::vector<std::pair<std::string, JsonAt>> all;
  for (const auto& [key, value] : value_->items()) all.emplace_back(key, JsonAt(value, say(where_, ".", key)));
  return all;
}

std::vector<std::string> JsonAt::texts_or_none(const char* key) const {
  const std::optional<JsonAt> found = find(key);
  return found ? found->texts() : std::vector<std::string>();
}

}  // namespace nsproof
