// The id maps of a contract, followed in both directions (user_namespaces(7)).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "harness/world/sandbox.h"

namespace nsproof {

inline std::optional<std::uint32_t> outer_id(const std::vector<Extent>& map, std::uint32_t inner) {
  for (const Extent& one : map)
    if (inner >= one.inside && inner - one.inside < one.count) return one.outside + (inner - one.inside);
  return std::nullopt;
}

inline std::optional<std::uint32_t> inner_id(const std::vector<Extent>& map, std::uint32_t outer) {
  for (const Extent& one : map)
    if (outer >= one.outside && outer - one.outside < one.count) return one.inside + (outer - one.outside);
  return std::nullopt;
}

}  // namespace nsproof
