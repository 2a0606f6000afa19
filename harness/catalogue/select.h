// Which cases a command line asks for: patterns over ids, namespaces, ways of creation, sweeps and shards become a
// list of tasks. Pure: the same rows and the same wishes always give the same tasks in the same order.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/catalogue/property.h"
#include "harness/world/runner.h"

namespace nsproof {

// A pattern is ID or ID@VARIANT; both parts may hold * and ?. An id without wildcards also means everything below it:
// "uts" and "uts.hostname" are "uts.*" and "uts.hostname.*".
struct Pattern {
  std::string id;
  std::string variant;  // empty: every variant
};

Pattern pattern_of(std::string_view text);
bool has_wildcard(std::string_view text);
bool matches_id(const Pattern& pattern, std::string_view id);
// A variant is the name of a way or of a combination ("pid+mnt" means "mnt+pid").
bool matches(const Pattern& pattern, std::string_view id, std::string_view variant);

// One of several machines that share the work; `index` counts from 1.
struct Shard {
  int index = 1;
  int count = 1;
};

enum class Mode {
  claims,  // every property against its control
  sweep,   // every isolation claim in all combinations of namespace types
};

struct Selector {
  std::vector<std::string> filters = {};  // none: everything
  std::vector<std::string> excluded = {};
  NsSet namespaces = {};       // by area or by what isolates; none: all
  std::vector<Way> ways = {};  // none: clone3, unless a filter names a way
  Mode mode = Mode::claims;
  Shard shard = {};
};

// A pattern that no property answers to. Without wildcards it is a slip of the keyboard.
struct Unmatched {
  std::string pattern;
  std::vector<std::string> nearest;
};

struct Selection {
  std::vector<Task> tasks;
  std::vector<Unmatched> unknown;  // exact ids that do not exist: a usage error
  std::vector<Unmatched> idle;     // globs that match nothing
};

Selection select_tasks(const std::vector<Property>& rows, const Selector& selector);

// The rows that a list of patterns means; variants do not count. `unknown` and `idle` are filled likewise.
struct RowSelection {
  std::vector<const Property*> rows;
  std::vector<Unmatched> unknown;
  std::vector<Unmatched> idle;
};

RowSelection select_rows(const std::vector<Property>& rows, const std::vector<std::string>& filters);

// The rows about the kernel and the rows about runtimes, sorted by id.
const std::vector<Property>& both_catalogues();
bool is_about_runtimes(const Property& property);

// What the sandbox of this task is called in its case: the way, or the combination.
std::string variant_of(const Task& task);

// "mnt+pid", "none", "all": the reverse of text_of(NsSet), in any order.
std::optional<NsSet> combination_named(std::string_view text);
// "pid,user"
std::optional<NsSet> namespaces_named(std::string_view list);
// "clone3,setns" or "all"
std::optional<std::vector<Way>> ways_named(std::string_view list);
// "2/4"
std::optional<Shard> shard_named(std::string_view text);

// How many letters must be put in, taken out or changed to turn one word into the other (Levenshtein).
std::size_t edit_distance(std::string_view one, std::string_view other);

// Up to three candidates that somebody who typed `word` may have meant, the nearest first.
std::vector<std::string> nearest_to(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace nsproof
