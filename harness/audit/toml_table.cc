// Reads values of a TOML table, and complains with file and line.
#include "harness/audit/toml_table.h"

#include <algorithm>

#include "harness/audit/gate_file.h"
#include "harness/catalogue/select.h"
#include "harness/support/text.h"

namespace nsproof::audit {
namespace {

[[noreturn]] void fail_at(std::string_view file, const toml::source_region& place, std::string_view what) {
  throw GateFileError(say(file, ":", place.begin.line, ": ", what));
}

}  // namespace

TomlTable::TomlTable(const toml::table& table, std::string_view file, std::initializer_list<std::string_view> keys)
    : table_(table), file_(file) {
  for (const auto& [key, node] : table_) {
    if (std::find(keys.begin(), keys.end(), key.str()) != keys.end()) continue;
    const std::vector<std::string> known(keys.begin(), keys.end());
    const std::vector<std::string> near = nearest_to(key.str(), known);
    fail_at(file_, key.source(),
            say("unknown key ", nsproof::quoted(key.str()),
                near.empty() ? say("; known are ", join(known, ", ")) : say("; did you mean ", near.front(), "?")));
  }
}

void TomlTable::fail(std::string_view key, std::string_view what) const {
  const toml::node* node = table_.get(key);
  fail_at(file_, node != nullptr ? node->source() : table_.source(), say(key, ": ", what));
}

std::string TomlTable::where() const { return say(file_, ":", table_.source().begin.line); }

const toml::node& TomlTable::present(std::string_view key, std::string_view missing) const {
  const toml::node* node = table_.get(key);
  if (node == nullptr) fail(key, say("is missing; ", missing));
  return *node;
}

std::string TomlTable::text(std::string_view key, std::string_view missing) const {
  const auto* value = present(key, missing).as_string();
  if (value == nullptr) fail(key, say("is not a string; ", missing));
  std::string found = trim(value->get());
  if (found.empty()) fail(key, say("is empty; ", missing));
  return found;
}

std::vector<std::string> TomlTable::texts(std::string_view key, std::string_view missing) const {
  const toml::array* list = present(key, missing).as_array();
  if (list == nullptr) fail(key, say("is not a list of strings; ", missing));
  if (list->empty()) fail(key, say("is empty; ", missing));
  std::vector<std::string> found;
  for (const toml::node& one : *list) {
    const auto* value = one.as_string();
    if (value == nullptr) fail_at(file_, one.source(), say(key, ": is not a list of strings; ", missing));
    found.push_back(trim(value->get()));
    if (found.back().empty()) fail_at(file_, one.source(), say(key, ": holds an empty string; ", missing));
  }
  return found;
}

std::string TomlTable::date(std::string_view key, std::string_view missing) const {
  const auto* value = present(key, missing).as_date();
  if (value == nullptr) fail(key, "is not a date; write 2027-01-31, without quotes");
  const toml::date day = value->get();
  std::string iso = std::to_string(day.year);
  iso.insert(0, 4 - std::min<std::size_t>(4, iso.size()), '0');
  for (const unsigned part : {unsigned{day.month}, unsigned{day.day}}) iso += say(part < 10 ? "-0" : "-", part);
  return iso;
}

std::vector<TomlTable> TomlTable::tables(std::string_view key, std::initializer_list<std::string_view> keys) const {
  std::vector<TomlTable> found;
  const toml::node* node = table_.get(key);
  if (node == nullptr) return found;
  const toml::array* list = node->as_array();
  if (list == nullptr) fail(key, say("is written [[", key, "]], with two brackets"));
  for (const toml::node& one : *list) {
    if (one.as_table() == nullptr) fail_at(file_, one.source(), say(key, ": is written [[", key, "]]"));
    found.emplace_back(*one.as_table(), file_, keys);
  }
  return found;
}

toml::table parsed_toml(std::string_view text, std::string_view file) {
  toml::parse_result parsed = toml::parse(text, file);
  if (!parsed) fail_at(file, parsed.error().source(), parsed.error().description());
  return std::move(parsed).table();
}

}  // namespace nsproof::audit
