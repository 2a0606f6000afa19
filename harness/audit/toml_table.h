// One table of a TOML file: its known keys, its values, and the words to complain about it. Brings toml++ along: only
// for the sources that read profiles and waivers.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

// The header-only form, whatever the package's own build options say: nsproof is linked statically.
#undef TOML_HEADER_ONLY
#undef TOML_SHARED_LIB
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

namespace nsproof::audit {

// Everything here throws GateFileError on what it does not understand.
class TomlTable {
 public:
  TomlTable(const toml::table& table, std::string_view file, std::initializer_list<std::string_view> keys);

  [[noreturn]] void fail(std::string_view key, std::string_view what) const;
  [[nodiscard]] bool has(std::string_view key) const { return table_.contains(key); }
  // "waivers.toml:12"
  [[nodiscard]] std::string where() const;

  // Without spaces around it, and not empty. `missing` says what is to be written.
  [[nodiscard]] std::string text(std::string_view key, std::string_view missing) const;
  // Not empty, and no empty string in it.
  [[nodiscard]] std::vector<std::string> texts(std::string_view key, std::string_view missing) const;
  // "2027-01-31" of a TOML date.
  [[nodiscard]] std::string date(std::string_view key, std::string_view missing) const;
  // The tables of [[key]]; none if the key is not there.
  [[nodiscard]] std::vector<TomlTable> tables(std::string_view key, std::initializer_list<std::string_view> keys) const;

 private:
  const toml::node& present(std::string_view key, std::string_view missing) const;

  const toml::table& table_;
  std::string_view file_;
};

toml::table parsed_toml(std::string_view text, std::string_view file);

}  // namespace nsproof::audit
