// Named profiles that a target can be held to beside what it was asked for: what Docker and podman promise by default,
// or full isolation. A profile demands a contract; what is expected of a target is the stricter of both.
#pragma once

#include <span>
#include <string_view>

#include "harness/runtime/contract.h"

namespace nsproof {

struct Policy {
  std::string_view name;     // "docker-default"
  std::string_view summary;  // one line for people
  Contract demands;
};

// The first is as-requested, which demands nothing.
std::span<const Policy> policies();

// nullptr if there is none of this name.
const Policy* policy_named(std::string_view name);

// The stricter of both, field by field: the union of namespaces and paths, the intersection of capabilities, devices
// and allowed system calls, the lower limits. Where neither is stricter (names, id maps, clocks, sysctls, ids) the
// request counts, and the policy fills in what is not requested. A namespace that the policy wants new is not joined.
Contract expected_of(const Contract& requested, const Policy& policy);

}  // namespace nsproof
