// A value of a JSON document together with where it stands, so that every complaint about it can say so:
// "linux.uidMappings[1].size: is not an integer from 1 to 4294967295".
#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nsproof {

class JsonAt {
 public:
  JsonAt(const nlohmann::json& value, std::string where) : value_(&value), where_(std::move(where)) {}

  // Throws ConfigError.
  [[noreturn]] void fail(std::string_view what) const;

  // A member of an object. One that is null counts as absent: programs in Go write null for an empty list.
  [[nodiscard]] std::optional<JsonAt> find(const char* key) const;
  [[nodiscard]] JsonAt get(const char* key) const;

  [[nodiscard]] std::string text() const;
  [[nodiscard]] std::string absolute_path() const;
  [[nodiscard]] bool truth() const;
  template <std::unsigned_integral T>
  [[nodiscard]] T number(T least = 0, T most = std::numeric_limits<T>::max()) const {
    return static_cast<T>(number_within(least, most));
  }
  [[nodiscard]] std::int64_t signed_number(std::int64_t least, std::int64_t most) const;

  [[nodiscard]] std::vector<JsonAt> items() const;                              // of a list
  [[nodiscard]] std::vector<std::string> texts() const;                         // of a list of strings
  [[nodiscard]] std::vector<std::pair<std::string, JsonAt>> members() const;    // of an object
  [[nodiscard]] std::vector<std::string> texts_or_none(const char* key) const;  // of a list that may be absent

 private:
  [[nodiscard]] std::uint64_t number_within(std::uint64_t least, std::uint64_t most) const;

  const nlohmann::json* value_;
  std::string where_;
};

}  // namespace nsproof
