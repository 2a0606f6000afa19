// Filters, sweeps and shards as plain functions over the rows of the catalogue.
#include "harness/catalogue/select.h"

#include <algorithm>
#include <charconv>
#include <numeric>

#include "harness/support/text.h"

namespace nsproof {
namespace {

constexpr std::size_t kSuggestions = 3;

// What a pattern without wildcards may name: ids and areas.
std::vector<std::string> names_of(const std::vector<Property>& rows) {
  std::vector<std::string> names;
  for (const Property& row : rows) {
    names.emplace_back(row.id);
    names.emplace_back(area_of(row));
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

// Sorts patterns that no id answers to into slips of the keyboard and idle globs.
void note_unmatched(const std::vector<Property>& rows, const std::vector<std::string>& patterns,
                    std::vector<Unmatched>& unknown, std::vector<Unmatched>& idle) {
  for (const std::string& text : patterns) {
    const Pattern pattern = pattern_of(text);
    if (std::any_of(rows.begin(), rows.end(), [&](const Property& row) { return matches_id(pattern, row.id); }))
      continue;
    (has_wildcard(pattern.id) ? idle : unknown).push_back({text, nearest_to(pattern.id, names_of(rows))});
  }
}

bool concerns(const Property& row, NsSet namespaces) {
  if (namespaces.empty()) return true;
  const std::optional<Ns> area = ns_named(area_of(row));
  return (area && namespaces.has(*area)) || (row.isolated_by && namespaces.has(*row.isolated_by));
}

// The patterns of one row. A case must match one filter (if there are any) and nothing that is excluded.
class Wishes {
 public:
  Wishes(const Property& row, const std::vector<std::string>& filters, const std::vector<std::string>& excluded)
      : id_(row.id), any_filter_(!filters.empty()) {
    for (const std::string& text : filters) keep(pattern_of(text), filters_);
    for (const std::string& text : excluded) keep(pattern_of(text), excluded_);
  }

  [[nodiscard]] bool wants(std::string_view variant) const {
    return (!any_filter_ || any(filters_, variant)) && !any(excluded_, variant);
  }
  // Whether a filter asks for this variant by a pattern of its own, as "uts.hostname.private@setns" does.
  [[nodiscard]] bool names(std::string_view variant) const {
    return wants(variant) && std::any_of(filters_.begin(), filters_.end(), [&](const Pattern& pattern) {
             return !pattern.variant.empty() && matches(pattern, id_, variant);
           });
  }
  // The combinations that filters ask for outright ("...@mnt+pid"), which needs no --sweep.
  [[nodiscard]] std::vector<NsSet> named_combinations() const {
    std::vector<NsSet> found;
    for (const Pattern& pattern : filters_)
      if (const auto combination = combination_named(pattern.variant)) found.push_back(*combination);
    return found;
  }

 private:
  void keep(Pattern pattern, std::vector<Pattern>& where) const {
    if (matches_id(pattern, id_)) where.push_back(std::move(pattern));
  }
  [[nodiscard]] bool any(const std::vector<Pattern>& patterns, std::string_view variant) const {
    return std::any_of(patterns.begin(), patterns.end(),
                       [&](const Pattern& pattern) { return matches(pattern, id_, variant); });
  }

  std::string_view id_;
  bool any_filter_;
  std::vector<Pattern> filters_;
  std::vector<Pattern> excluded_;
};

void add_claims(const Property& row, const Wishes& wishes, const std::vector<Way>& ways, std::vector<Task>& tasks) {
  for (const Way way : kAllWays) {
    const bool asked = ways.empty() ? way == Way::clone3 || wishes.names(name_of(way))
                                    : std::find(ways.begin(), ways.end(), way) != ways.end();
    if (asked && shown_by(row, way) && wishes.wants(name_of(way))) tasks.push_back({&row, way, std::nullopt});
  }
}

void add_combinations(const Property& row, const Wishes& wishes, const Selector& selector, std::vector<Task>& tasks) {
  if (!can_sweep(row)) return;
  const Way way = selector.ways.empty() ? Way::clone3 : selector.ways.front();
  if (!shown_by(row, way)) return;
  std::vector<bool> seen(256, false);
  const auto add = [&](NsSet combination) {
    // The sandbox's own namespaces are always there, so several combinations come to the same world.
    const NsSet types = combination.with(row.sandbox.namespaces);
    if (seen[types.bits()]) return;
    seen[types.bits()] = true;
    tasks.push_back({&row, way, types});
  };
  if (selector.mode == Mode::sweep) {
    for (unsigned bits = 0; bits < 256; ++bits) {
      const NsSet combination = NsSet::from_bits(static_cast<std::uint8_t>(bits));
      if (wishes.wants(text_of(combination.with(row.sandbox.namespaces)))) add(combination);
    }
  }
  for (const NsSet combination : wishes.named_combinations())
    if (wishes.wants(text_of(combination))) add(combination);
}

std::vector<Task> share_of(const std::vector<Task>& tasks, Shard shard) {
  std::vector<Task> share;
  for (std::size_t i = static_cast<std::size_t>(shard.index - 1); i < tasks.size();
       i += static_cast<std::size_t>(shard.count))
    share.push_back(tasks[i]);
  return share;
}

}  // namespace

bool has_wildcard(std::string_view text) { return text.find_first_of("*?") != std::string_view::npos; }

Pattern pattern_of(std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos) return {std::string(text), ""};
  return {std::string(text.substr(0, at)), std::string(text.substr(at + 1))};
}

bool matches_id(const Pattern& pattern, std::string_view id) {
  if (pattern.id.empty()) return false;
  if (glob_match(pattern.id, id)) return true;
  return !has_wildcard(pattern.id) && id.starts_with(pattern.id) && id.substr(pattern.id.size()).starts_with('.');
}

bool matches(const Pattern& pattern, std::string_view id, std::string_view variant) {
  if (!matches_id(pattern, id)) return false;
  if (pattern.variant.empty() || glob_match(pattern.variant, variant)) return true;
  const auto wanted = combination_named(pattern.variant);
  return wanted && wanted == combination_named(variant);
}

Selection select_tasks(const std::vector<Property>& rows, const Selector& selector) {
  Selection selection;
  note_unmatched(rows, selector.filters, selection.unknown, selection.idle);
  note_unmatched(rows, selector.excluded, selection.unknown, selection.idle);
  std::vector<Task> tasks;
  for (const Property& row : rows) {
    if (!concerns(row, selector.namespaces)) continue;
    const Wishes wishes(row, selector.filters, selector.excluded);
    if (selector.mode == Mode::claims) add_claims(row, wishes, selector.ways, tasks);
    add_combinations(row, wishes, selector, tasks);
  }
  selection.tasks = share_of(tasks, selector.shard);
  return selection;
}

const std::vector<Property>& both_catalogues() {
  static const std::vector<Property> both = [] {
    std::vector<Property> rows = catalogue();
    rows.insert(rows.end(), runtime_catalogue().begin(), runtime_catalogue().end());
    std::sort(rows.begin(), rows.end(),
              [](const Property& a, const Property& b) { return std::string_view(a.id) < std::string_view(b.id); });
    return rows;
  }();
  return both;
}

bool is_about_runtimes(const Property& property) {
  const auto& rows = runtime_catalogue();
  return std::any_of(rows.begin(), rows.end(),
                     [&](const Property& row) { return std::string_view(row.id) == std::string_view(property.id); });
}

RowSelection select_rows(const std::vector<Property>& rows, const std::vector<std::string>& filters) {
  RowSelection selection;
  note_unmatched(rows, filters, selection.unknown, selection.idle);
  for (const Property& row : rows) {
    const auto means = [&](const std::string& text) { return matches_id(pattern_of(text), row.id); };
    if (filters.empty() || std::any_of(filters.begin(), filters.end(), means)) selection.rows.push_back(&row);
  }
  return selection;
}

std::string variant_of(const Task& task) {
  return task.combination ? text_of(*task.combination) : std::string(name_of(task.way));
}

std::optional<NsSet> combination_named(std::string_view text) {
  if (text == "none") return NsSet{};
  if (text == "all") return NsSet::all();
  NsSet types;
  for (const std::string& name : split(text, '+')) {
    const auto type = ns_named(name);
    if (!type) return std::nullopt;
    types = types.with(*type);
  }
  return types;
}

std::optional<NsSet> namespaces_named(std::string_view list) {
  NsSet types;
  for (const std::string& name : split(list, ',')) {
    const auto type = ns_named(trim(name));
    if (!type) return std::nullopt;
    types = types.with(*type);
  }
  return types;
}

std::optional<std::vector<Way>> ways_named(std::string_view list) {
  if (list == "all") return std::vector<Way>(std::begin(kAllWays), std::end(kAllWays));
  std::vector<Way> ways;
  for (const std::string& name : split(list, ',')) {
    const auto way = way_named(trim(name));
    if (!way) return std::nullopt;
    if (std::find(ways.begin(), ways.end(), *way) == ways.end()) ways.push_back(*way);
  }
  return ways;
}

std::optional<Shard> shard_named(std::string_view text) {
  const auto number = [](std::string_view digits) -> std::optional<int> {
    int value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    return value;
  };
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto index = number(text.substr(0, slash));
  const auto count = number(text.substr(slash + 1));
  if (!index || !count || *index < 1 || *index > *count) return std::nullopt;
  return Shard{*index, *count};
}

std::size_t edit_distance(std::string_view one, std::string_view other) {
  std::vector<std::size_t> row(other.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= one.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= other.size(); ++j) {
      const std::size_t change = diagonal + (one[i - 1] == other[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
    }
  }
  return row.back();
}

std::vector<std::string> nearest_to(std::string_view word, const std::vector<std::string>& candidates) {
  // A word of which more than a third would have to change is another word.
  const std::size_t limit = std::max<std::size_t>(2, word.size() / 3);
  std::vector<std::pair<std::size_t, std::string>> near;
  for (const std::string& candidate : candidates) {
    const std::size_t distance = edit_distance(word, candidate);
    // "hostname" is far from "uts.hostname.private" in letters, and yet likely meant.
    const bool contained = word.size() >= 3 && candidate.find(word) != std::string::npos;
    if (distance <= limit || contained) near.emplace_back(distance, candidate);
  }
  std::sort(near.begin(), near.end());
  std::vector<std::string> names;
  for (const auto& [distance, name] : near)
    if (names.size() < kSuggestions) names.push_back(name);
  return names;
}

}  // namespace nsproof
