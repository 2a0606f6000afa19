// The words of the record that writer and reader must agree on.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "harness/catalogue/result.h"

namespace nsproof {

inline constexpr std::array<std::pair<const char*, std::string Environment::*>, 11> kEnvironmentFields = {{
    {"tool_version", &Environment::tool_version},
    {"kernel_release", &Environment::kernel_release},
    {"kernel_version", &Environment::kernel_version},
    {"machine", &Environment::machine},
    {"host_name", &Environment::host_name},
    {"user", &Environment::user},
    {"capabilities", &Environment::capabilities},
    {"security_modules", &Environment::security_modules},
    {"cgroup_mode", &Environment::cgroup_mode},
    {"command_line", &Environment::command_line},
    {"started", &Environment::started},
}};

// Optional words of a case: left out where they are empty.
inline constexpr std::array<std::pair<const char*, std::string Case::*>, 6> kOptionalCaseFields = {{
    {"target", &Case::target},
    {"missing", &Case::missing},
    {"requested", &Case::requested},
    {"effective", &Case::effective},
    {"expected", &Case::expected},
    {"container", &Case::container},
}};

inline constexpr Outcome kAllOutcomes[] = {Outcome::isolated, Outcome::leaked, Outcome::unknown};
inline constexpr Expectation kAllExpectations[] = {Expectation::none, Expectation::expected_failure,
                                                   Expectation::unexpected_pass, Expectation::expired};

constexpr std::string_view name_of(Expectation kind) {
  switch (kind) {
    case Expectation::none: return "none";
    case Expectation::expected_failure: return "expected_failure";
    case Expectation::unexpected_pass: return "unexpected_pass";
    case Expectation::expired: return "expired";
  }
  return "?";
}

// Two lower-case digits a byte.
std::string hex_of(std::string_view bytes);
std::optional<std::string> bytes_of_hex(std::string_view digits);

}  // namespace nsproof
