// What ids, password files and rules of sudo amount to, as pure functions of texts: rules and their unit tests share
// it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/audit/finding.h"

namespace nsproof::audit {

class View;

// One line of /proc/PID/uid_map or gid_map (user_namespaces(7)).
struct IdRange {
  std::uint32_t inside = 0;
  std::uint32_t outside = 0;
  std::uint64_t count = 0;
};
std::vector<IdRange> parse_id_map(std::string_view text);
// What an id of the map's reader is called inside; nothing if it has no name there.
std::optional<std::uint32_t> id_inside(const std::vector<IdRange>& map, std::uint32_t outside);
// Whether two maps lead to a common id outside.
bool overlap(const std::vector<IdRange>& one, const std::vector<IdRange>& other);

// The ids of the audited process as it is called in its own user namespace, wherever one looks from.
struct InsideIds {
  std::uint32_t uid = 0;  // effective
  std::uint32_t gid = 0;
  std::vector<std::uint32_t> groups;  // supplementary
  int nameless_groups = 0;            // that the map does not lead to, or that cannot be told from those
};
InsideIds ids_inside(View& view);

// "root::" at the beginning of /etc/shadow: no password. `beginning` is no more than that many bytes of it.
Sight judge_shadow(std::string_view beginning);

// The first line of a sudoers(5) file that lets somebody in without a password; empty if there is none.
std::string line_without_password(std::string_view sudoers);

}  // namespace nsproof::audit
