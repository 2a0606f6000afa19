// Reads expectation files (TOML) and lays them over cases.
#include "harness/catalogue/expectations.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <fstream>
#include <iterator>
#include <optional>

// The header-only form, whatever the package's own build options say: nsproof is linked statically.
#undef TOML_HEADER_ONLY
#undef TOML_SHARED_LIB
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

#include "harness/support/text.h"

namespace nsproof {
namespace {

constexpr std::string_view kKeys[] = {"id", "via", "reason", "url", "expires", "kernel"};

[[noreturn]] void fail(std::string_view file, const toml::source_region& place, std::string_view what) {
  throw ExpectationError(say(file, ":", place.begin.line, ": ", what));
}

// One [[expect]] table and the words to complain about it.
class Table {
 public:
  Table(const toml::table& table, std::string_view file) : table_(table), file_(file) {}

  [[nodiscard]] ExpectationRule rule() const {
    check_keys();
    ExpectationRule rule;
    rule.pattern = pattern_of(text("id", true));
    if (const std::string via = text("via", false); !via.empty()) {
      if (!rule.pattern.variant.empty()) complain("via", "the id has a variant behind its @ already");
      if (!way_named(via) && !combination_named(via))
        complain("via", say(nsproof::quoted(via),
                            " is no way of creation (clone3, unshare, setns, pidfd) and no combination"));
      rule.pattern.variant = via;
    }
    if (rule.pattern.id.empty()) complain("id", "names no property");
    rule.reason = text("reason", true);
    rule.url = text("url", true);
    if (!rule.url.starts_with("https://") && !rule.url.starts_with("http://"))
      complain("url", say(nsproof::quoted(rule.url), " does not begin with https:// or http://"));
    rule.expires = date("expires");
    rule.kernel = bounds("kernel");
    rule.where = say(file_, ":", table_.source().begin.line);
    return rule;
  }

 private:
  void check_keys() const {
    for (const auto& [key, node] : table_) {
      if (std::find(std::begin(kKeys), std::end(kKeys), key.str()) != std::end(kKeys)) continue;
      const std::vector<std::string> near = nearest_to(key.str(), {std::begin(kKeys), std::end(kKeys)});
      fail(file_, key.source(),
           say("unknown key ", nsproof::quoted(key.str()),
               near.empty() ? "" : say("; did you mean ", near.front(), "?")));
    }
  }

  [[noreturn]] void complain(std::string_view key, std::string_view what) const {
    const toml::node* node = table_.get(key);
    fail(file_, node != nullptr ? node->source() : table_.source(), say(key, ": ", what));
  }

  [[nodiscard]] std::string text(std::string_view key, bool mandatory) const {
    const toml::node* node = table_.get(key);
    if (node == nullptr) {
      if (mandatory) complain(key, "is missing; every expectation has an id, a reason and a url");
      return "";
    }
    const auto* value = node->as_string();
    if (value == nullptr) complain(key, "is not a string");
    std::string found = trim(value->get());
    if (found.empty()) complain(key, "is empty");
    return found;
  }

  [[nodiscard]] std::string date(std::string_view key) const {
    const toml::node* node = table_.get(key);
    if (node == nullptr) return "";
    const auto* value = node->as_date();
    if (value == nullptr) complain(key, "is not a date; write 2027-01-31, without quotes");
    const toml::date day = value->get();
    std::string iso = std::to_string(day.year);
    iso.insert(0, 4 - std::min<std::size_t>(4, iso.size()), '0');
    for (const unsigned part : {unsigned{day.month}, unsigned{day.day}}) iso += say(part < 10 ? "-0" : "-", part);
    return iso;
  }

  [[nodiscard]] std::vector<KernelBound> bounds(std::string_view key) const {
    const std::string range = text(key, false);
    if (range.empty()) return {};
    try {
      return kernel_bounds(range);
    } catch (const std::invalid_argument& error) {
      complain(key, error.what());
    }
  }

  const toml::table& table_;
  std::string_view file_;
};

KernelBound kernel_bound(std::string_view text) {
  using enum KernelBound::Relation;
  static constexpr std::pair<std::string_view, KernelBound::Relation> kRelations[] = {
      {"<=", at_most}, {">=", at_least}, {"==", equal}, {"<", less}, {">", greater}, {"=", equal}};
  const auto relation = std::find_if(std::begin(kRelations), std::end(kRelations),
                                     [&](const auto& one) { return text.starts_with(one.first); });
  const auto bad = [&] {
    return std::invalid_argument(say(nsproof::quoted(text), " is no bound such as >=6.1 or <6.5"));
  };
  if (relation == std::end(kRelations)) throw bad();
  const std::vector<std::string> numbers = split(trim(text.substr(relation->first.size())), '.');
  if (numbers.size() > 3) throw bad();
  int values[3] = {0, 0, 0};
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const char* end = numbers[i].data() + numbers[i].size();
    const auto [stop, error] = std::from_chars(numbers[i].data(), end, values[i]);
    if (error != std::errc{} || stop != end || values[i] < 0) throw bad();
  }
  return {relation->second, {values[0], values[1], values[2]}, static_cast<int>(numbers.size())};
}

bool in_range(KernelVersion kernel, const std::vector<KernelBound>& bounds) {
  return std::all_of(bounds.begin(), bounds.end(), [&](const KernelBound& bound) { return satisfies(kernel, bound); });
}

bool is_over(const ExpectationRule& rule, std::string_view today) {
  return !rule.expires.empty() && rule.expires < today;  // ISO dates sort as text
}

bool concerns(const ExpectationRule& rule, const Case& one) { return matches(rule.pattern, one.id, one.variant); }

}  // namespace

bool satisfies(KernelVersion kernel, const KernelBound& bound) {
  if (bound.numbers < 3) kernel.patch = 0;
  if (bound.numbers < 2) kernel.minor = 0;
  switch (bound.relation) {
    case KernelBound::Relation::less: return kernel < bound.version;
    case KernelBound::Relation::at_most: return kernel <= bound.version;
    case KernelBound::Relation::equal: return kernel == bound.version;
    case KernelBound::Relation::at_least: return kernel >= bound.version;
    case KernelBound::Relation::greater: return kernel > bound.version;
  }
  return false;
}

std::vector<KernelBound> kernel_bounds(std::string_view text) {
  std::vector<KernelBound> bounds;
  for (const std::string& part : split(text, ',')) bounds.push_back(kernel_bound(trim(part)));
  return bounds;
}

std::vector<ExpectationRule> parse_expectations(std::string_view text, std::string_view file) {
  const toml::parse_result parsed = toml::parse(text, file);
  if (!parsed) fail(file, parsed.error().source(), parsed.error().description());
  std::vector<ExpectationRule> rules;
  for (const auto& [key, node] : parsed.table()) {
    if (key.str() != "expect")
      fail(file, key.source(), say("unknown key ", nsproof::quoted(key.str()), "; only [[expect]] is known"));
    const toml::array* entries = node.as_array();
    if (entries == nullptr) fail(file, node.source(), "expect is written [[expect]], with two brackets");
    for (const toml::node& entry : *entries) {
      const toml::table* table = entry.as_table();
      if (table == nullptr) fail(file, entry.source(), "an expectation is a table");
      rules.push_back(Table(*table, file).rule());
    }
  }
  return rules;
}

std::vector<ExpectationRule> read_expectations(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw ExpectationError(say(file, ": cannot be read"));
  std::string text;
  try {
    text.assign(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
  } catch (const std::ios_base::failure&) {  // a directory can be opened, but not read
    throw ExpectationError(say(file, ": cannot be read"));
  }
  return parse_expectations(text, file);
}

ExpectationNote expectation_of(const Case& one, const std::vector<ExpectationRule>& rules, std::string_view today,
                               KernelVersion kernel) {
  ExpectationNote note;
  if (one.verdict != Verdict::violated && one.verdict != Verdict::holds) return note;
  const bool holds = one.verdict == Verdict::holds;
  for (const ExpectationRule& rule : rules) {
    if (!concerns(rule, one) || !in_range(kernel, rule.kernel)) continue;
    const bool over = is_over(rule, today);
    if (over && (holds || note.kind != Expectation::none)) continue;
    const Expectation kind = over    ? Expectation::expired
                             : holds ? Expectation::unexpected_pass
                                     : Expectation::expected_failure;
    note = {kind, rule.reason, rule.url, rule.expires};
    if (!over) break;
  }
  return note;
}

std::vector<std::string> apply_expectations(std::vector<Case>& cases, const std::vector<ExpectationRule>& rules,
                                            std::string_view today, KernelVersion kernel) {
  for (Case& one : cases) one.expectation = expectation_of(one, rules, today, kernel);
  std::vector<std::string> warnings;
  for (const ExpectationRule& rule : rules) {
    if (!in_range(kernel, rule.kernel)) continue;
    const auto answers = [&](const Case& one) { return concerns(rule, one); };
    const auto holds = [&](const Case& one) { return answers(one) && one.verdict == Verdict::holds; };
    if (std::none_of(cases.begin(), cases.end(), answers)) {
      warnings.push_back(say(rule.where, ": no case answers to ", nsproof::quoted(rule.pattern.id, 200),
                             rule.pattern.variant.empty() ? "" : say(" via ", rule.pattern.variant)));
    } else if (is_over(rule, today) && std::any_of(cases.begin(), cases.end(), holds)) {
      warnings.push_back(say(rule.where, ": expired on ", rule.expires, ", and what it announced does not fail"));
    }
  }
  return warnings;
}

}  // namespace nsproof
