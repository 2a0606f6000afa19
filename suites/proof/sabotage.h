// Sandboxes with one fault each, made from a hardened configuration that asks for nearly everything: the contract stays
// as it was, and what the runtime does is wrong in one place.
#pragma once

#include <iosfwd>
#include <nlohmann/json_fwd.hpp>
#include <string_view>
#include <vector>

#include "harness/runtime/target.h"

namespace nsproof {

struct Fault {
  std::string_view name;
  std::string_view base;  // the target that is spoilt
  // One of the two: what is wrong in the config.json, or in the command line.
  void (*config)(nlohmann::json& config) = nullptr;
  void (*command)(Target& target) = nullptr;
  // Patterns of the properties that it must turn from holding to violated, and no other.
  std::vector<std::string_view> turns = {};
};

const std::vector<Fault>& faults_of_oci();
const std::vector<Fault>& faults_of_bwrap();

// For the messages of a test.
void PrintTo(const Fault& fault, std::ostream* out);

// The target with its fault in it.
Target spoilt(const Fault& fault);

}  // namespace nsproof
