// Reads target files (TOML). Anything that is not understood is an error, for a slip of the keyboard must not turn a
// promise into silence.
#include <algorithm>
#include <fstream>
#include <iterator>

// The header-only form, whatever the package's own build options say: nsproof is linked statically.
#undef TOML_HEADER_ONLY
#undef TOML_SHARED_LIB
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

#include "harness/catalogue/select.h"
#include "harness/runtime/embedded.h"
#include "harness/runtime/oci_config.h"
#include "harness/runtime/target.h"
#include "harness/support/text.h"

namespace nsproof {
namespace {

using Words = std::vector<std::string>;

// A table of the file, its known keys, and the words to complain about it.
class Table {
 public:
  Table(const toml::table& table, std::string_view file, std::initializer_list<std::string_view> keys)
      : table_(table), file_(file) {
    for (const auto& [key, node] : table_) {
      if (std::find(keys.begin(), keys.end(), key.str()) != keys.end()) continue;
      const Words near = nearest_to(key.str(), Words(keys.begin(), keys.end()));
      fail(key.source(),
           say("unknown key ", quoted(key.str()), near.empty() ? "" : say("; did you mean ", near.front(), "?")));
    }
  }

  [[noreturn]] void fail(const toml::source_region& place, std::string_view what) const {
    throw TargetError(say(file_, ":", place.begin.line, ": ", what));
  }
  [[noreturn]] void fail(std::string_view key, std::string_view what) const {
    const toml::node* node = table_.get(key);
    fail(node != nullptr ? node->source() : table_.source(), say(key, ": ", what));
  }

  [[nodiscard]] bool has(std::string_view key) const { return table_.contains(key); }
  [[nodiscard]] const toml::node* node(std::string_view key) const { return table_.get(key); }

  [[nodiscard]] std::string text(std::string_view key) const {
    const toml::node* node = table_.get(key);
    if (node == nullptr) return "";
    if (node->as_string() == nullptr) fail(key, "is not a string");
    return node->as_string()->get();
  }

  [[nodiscard]] std::optional<bool> truth(std::string_view key) const {
    const toml::node* node = table_.get(key);
    if (node == nullptr) return std::nullopt;
    if (node->as_boolean() == nullptr) fail(key, "is neither true nor false");
    return node->as_boolean()->get();
  }

  [[nodiscard]] Words words(std::string_view key) const {
    const toml::node* node = table_.get(key);
    return node == nullptr ? Words{} : words_of_node(key, *node);
  }

  // A list of lists of strings.
  [[nodiscard]] std::vector<Words> commands(std::string_view key) const {
    std::vector<Words> all;
    const toml::node* node = table_.get(key);
    if (node == nullptr) return all;
    if (node->as_array() == nullptr) fail(key, "is not a list of commands");
    for (const toml::node& one : *node->as_array()) all.push_back(words_of_node(key, one));
    return all;
  }

  [[nodiscard]] std::vector<std::vector<std::int64_t>> numbers(std::string_view key) const {
    std::vector<std::vector<std::int64_t>> all;
    if (node(key)->as_array() == nullptr) fail(key, "is not a list of lists of numbers");
    for (const toml::node& row : *node(key)->as_array()) {
      if (row.as_array() == nullptr) fail(key, "is not a list of lists of numbers");
      all.emplace_back();
      for (const toml::node& one : *row.as_array()) {
        if (one.as_integer() == nullptr) fail(key, "is not a list of lists of numbers");
        all.back().push_back(one.as_integer()->get());
      }
    }
    return all;
  }

  [[nodiscard]] const toml::table* table(std::string_view key) const {
    const toml::node* node = table_.get(key);
    if (node != nullptr && node->as_table() == nullptr) fail(key, "is not a table");
    return node != nullptr ? node->as_table() : nullptr;
  }

 private:
  [[nodiscard]] Words words_of_node(std::string_view key, const toml::node& node) const {
    Words words;
    if (node.as_array() == nullptr) fail(key, "is not a list of strings");
    for (const toml::node& one : *node.as_array()) {
      if (one.as_string() == nullptr) fail(key, "is not a list of strings");
      words.push_back(one.as_string()->get());
    }
    return words;
  }

  const toml::table& table_;
  std::string_view file_;
};

std::vector<Extent> extents(const Table& table, std::string_view key) {
  std::vector<Extent> all;
  for (const std::vector<std::int64_t>& row : table.numbers(key)) {
    if (row.size() != 3 || std::any_of(row.begin(), row.end(), [](auto n) { return n < 0 || n > 0xffffffff; }))
      table.fail(key, "an extent is [inside, outside, count] (user_namespaces(7))");
    all.push_back(
        {static_cast<std::uint32_t>(row[0]), static_cast<std::uint32_t>(row[1]), static_cast<std::uint32_t>(row[2])});
  }
  return all;
}

sys::CapabilitySets capability_sets(const Table& table, std::string_view key) {
  std::uint64_t mask = 0;
  for (const std::string& name : table.words(key)) {
    const std::optional<unsigned> bit = capability_named(name);
    if (!bit) table.fail(key, say(quoted(name), " is no capability (capabilities(7))"));
    mask |= std::uint64_t{1} << *bit;
  }
  return {0, mask, mask, mask, 0};
}

// [requests]: the contract of a target that has no config.json.
Contract contract_of(const Table& table) {
  Contract contract;
  const Words names = table.words("namespaces");
  for (const std::string& name : names) {
    const std::optional<Ns> type = ns_named(name);
    if (!type) table.fail("namespaces", say(quoted(name), " is none of mnt, pid, net, user, ipc, uts, cgroup, time"));
    contract.namespaces = contract.namespaces.with(*type);
  }
  contract.private_root = table.truth("private-root").value_or(true);
  contract.readonly_root = table.truth("readonly-root");
  contract.no_new_privs = table.truth("no-new-privs");
  contract.only_standard_descriptors = table.truth("only-standard-descriptors").value_or(false);
  if (table.has("hostname")) contract.hostname = table.text("hostname");
  if (table.has("uid-map")) contract.uid_map = extents(table, "uid-map");
  if (table.has("gid-map")) contract.gid_map = extents(table, "gid-map");
  if (table.has("capabilities")) contract.capabilities = capability_sets(table, "capabilities");
  if (table.has("environment")) contract.environment = table.words("environment");
  contract.masked_paths = table.words("masked-paths");
  contract.readonly_paths = table.words("readonly-paths");
  return contract;
}

std::vector<KnownLeak> read_known(const Table& table, std::string_view file) {
  std::vector<KnownLeak> known;
  const toml::node* node = table.node("known");
  if (node == nullptr) return known;
  if (node->as_array() == nullptr) table.fail("known", "is no list of tables");
  for (const toml::node& one : *node->as_array()) {
    if (one.as_table() == nullptr) table.fail("known", "is no list of tables");
    const Table leak(*one.as_table(), file, {"ids", "targets", "reason", "url", "cgroups"});
    known.push_back(
        {leak.words("ids"), leak.words("targets"), leak.text("reason"), leak.text("url"), leak.text("cgroups")});
    if (known.back().ids.empty()) leak.fail("ids", "is missing; a known leak has ids, a reason and a url");
    if (known.back().reason.empty()) leak.fail("reason", "is missing; a known leak has ids, a reason and a url");
    if (known.back().url.empty()) leak.fail("url", "is missing; a known leak has ids, a reason and a url");
  }
  return known;
}

toml::table parse_table(std::string_view text, std::string_view file) {
  toml::parse_result parsed = toml::parse(text, file);
  if (parsed) return std::move(parsed).table();
  const toml::parse_error& error = parsed.error();
  throw TargetError(say(file, ":", error.source().begin.line, ": ", error.description()));
}

// The leaks of the built-in targets are in one table: most are common to several.
constexpr std::string_view kKnownLeaks = "known-leaks.toml";

void add_known_leaks(std::vector<Target>& targets) {
  const EmbeddedFile* file = find_embedded(kKnownLeaks);
  if (file == nullptr) return;
  const toml::table parsed = parse_table(file->text, file->name);
  for (const KnownLeak& leak : read_known(Table(parsed, file->name, {"known"}), file->name))
    for (const std::string& name : leak.targets) {
      const auto target =
          std::find_if(targets.begin(), targets.end(), [&](const Target& one) { return one.name == name; });
      if (target == targets.end()) throw TargetError(say(kKnownLeaks, ": there is no target ", name));
      target->known.push_back(leak);
    }
}

// "oci:NAME" is a configuration that nsproof brings along; anything else is a file beside the target file.
std::string read_config(const Table& table, std::string_view file) {
  const std::string name = table.text("config");
  if (name.starts_with("oci:")) {
    const EmbeddedFile* found = find_embedded(name.substr(4) + ".json");
    if (found == nullptr) table.fail("config", say("there is no ", name));
    return std::string(found->text);
  }
  const std::string directory(file.substr(0, file.rfind('/') == std::string_view::npos ? 0 : file.rfind('/') + 1));
  const std::string path = name.starts_with('/') ? name : directory + name;
  std::ifstream stream(path, std::ios::binary);
  if (!stream) table.fail("config", say("cannot read ", path));
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::string base_name(std::string_view file) {
  std::string name(file.substr(file.rfind('/') == std::string_view::npos ? 0 : file.rfind('/') + 1));
  if (name.ends_with(".toml")) name.resize(name.size() - 5);
  return name;
}

}  // namespace

Target parse_target(std::string_view text, std::string_view file) {
  const toml::table parsed = parse_table(text, file);
  const Table table(parsed, file,
                    {"title", "programs", "package", "version", "run-as", "command", "prepare", "cleanup",
                     "environment", "files", "joins", "copies-root", "config", "requests", "known"});
  Target target;
  target.name = base_name(file);
  target.where = file;
  target.title = table.text("title");
  target.needs = {table.words("programs"), table.text("package")};
  target.version = table.words("version");
  if (const std::string who = table.text("run-as"); !who.empty()) {
    if (who != "root" && who != "user") table.fail("run-as", "is neither \"root\" nor \"user\"");
    target.run_as = who == "user" ? RunAs::user : RunAs::root;
  }
  target.command = table.words("command");
  if (target.command.empty()) table.fail("command", "is missing; it starts the probe: [\"tool\", \"{probe}\"]");
  target.prepare = table.commands("prepare");
  target.cleanup = table.commands("cleanup");
  target.environment = table.words("environment");
  target.joins = table.text("joins");
  target.copies_root = table.truth("copies-root").value_or(false);
  if (const toml::table* files = table.table("files"))
    for (const auto& [name, node] : *files) {
      if (node.as_string() == nullptr) table.fail("files", say(quoted(name.str()), " is not a string"));
      target.files.push_back(say(name.str(), "=", node.as_string()->get()));
    }
  if (table.has("config") == table.has("requests"))
    table.fail("requests", "exactly one of config (OCI) and [requests] says what the target is asked for");
  if (table.has("config")) {
    target.config = read_config(table, file);
    target.requested = contract_of_oci_config(target.config);
  } else {
    const Table requests(
        *table.table("requests"), file,
        {"namespaces", "private-root", "readonly-root", "no-new-privs", "only-standard-descriptors", "hostname",
         "uid-map", "gid-map", "capabilities", "environment", "masked-paths", "readonly-paths"});
    target.requested = contract_of(requests);
  }
  target.known = read_known(table, file);
  return target;
}

Target read_target(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw TargetError(say("cannot read ", file));
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  Target target = parse_target(text, file);
  target.option = say("--target ", file);
  return target;
}

std::vector<std::string> words_of_command(std::string_view command) {
  std::vector<std::string> words;
  std::string word;
  bool begun = false;
  char quote = '\0';
  for (const char c : command) {
    if (quote != '\0' ? c == quote : c == '\'' || c == '"') {
      quote = quote != '\0' ? '\0' : c;
      begun = true;
    } else if (quote == '\0' && (c == ' ' || c == '\t' || c == '\n')) {
      if (begun) words.push_back(std::move(word));
      word.clear();
      begun = false;
    } else {
      word += c;
      begun = true;
    }
  }
  if (quote != '\0') throw TargetError("a quote of the command is not closed");
  if (begun) words.push_back(std::move(word));
  if (words.empty()) throw TargetError("the command is empty");
  return words;
}

Target target_of_command(std::string_view command) {
  Target target;
  target.name = "launch";
  target.title = command;
  target.where = "--launch";
  target.option = say("--launch '", command, "'");
  target.command = words_of_command(command);
  const bool rooted =
      command.find("{rootfs}") != std::string_view::npos || command.find("{bundle}") != std::string_view::npos;
  if (command.find("probe}") == std::string_view::npos && command.find("{bundle}") == std::string_view::npos)
    throw TargetError("--launch: the command does not start {probe} (or {outside-probe}, where there is no {rootfs})");
  target.requested.private_root = rooted;
  target.needs.programs = {target.command.front()};
  return target;
}

const std::vector<Target>& builtin_targets() {
  static const std::vector<Target> targets = [] {
    std::vector<Target> all;
    for (const EmbeddedFile& file : embedded_files())
      if (file.directory == "targets" && file.name != kKnownLeaks) all.push_back(parse_target(file.text, file.name));
    for (Target& target : all) target.option = say("--runtime ", target.name);
    std::sort(all.begin(), all.end(), [](const Target& a, const Target& b) { return a.name < b.name; });
    add_known_leaks(all);
    return all;
  }();
  return targets;
}

const Target* builtin_target(std::string_view name) {
  const std::vector<Target>& all = builtin_targets();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Target& one) { return one.name == name; });
  return found != all.end() ? &*found : nullptr;
}

}  // namespace nsproof
