// Id maps by what they do to the owners of files: outside gives a file away, and inside looks whose it is.
#include <algorithm>

#include "harness/catalogue/property.h"
#include "harness/runtime/contract.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/idmaps.h"
#include "suites/runtime/cred_file.h"
#include "suites/runtime/id_map.h"

namespace nsproof {
namespace {

using Map = std::vector<Extent>;

// The ends of every extent, in outside's numbers: what an extent too many, too few or too short would show.
std::vector<std::uint32_t> ends_of(const Map& map) {
  std::vector<std::uint32_t> ends;
  for (const Extent& one : map) {
    ends.push_back(one.outside);
    if (one.count > 1) ends.push_back(one.outside + one.count - 1);
  }
  return ends;
}

// Their neighbours that no extent has, and an id that no map of a container is likely to have.
std::vector<std::uint32_t> unmapped_of(const Map& map) {
  std::vector<std::uint32_t> ids = {4'000'000'000};
  for (const Extent& one : map) {
    if (one.outside > 0) ids.push_back(one.outside - 1);
    ids.push_back(one.outside + one.count);
  }
  std::erase_if(ids, [&](std::uint32_t id) { return inner_id(map, id).has_value() || id == ~0U; });
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

struct Kind {
  std::optional<Map> Contract::*map;
  std::string_view name;
  bool user;
};
constexpr Kind kUser = {&Contract::uid_map, "user", true};
constexpr Kind kGroup = {&Contract::gid_map, "group", false};

std::uint32_t owner_inside(World& w, SharedFile& file, const Kind& kind, std::uint32_t outer) {
  file.give_to(kind.user ? outer : 0, kind.user ? 0 : outer);
  const struct stat seen = must(sys::stat(w.inside(), file.inside_path()));
  return kind.user ? seen.st_uid : seen.st_gid;
}

template <const Kind& kKind>
Observation mapped_owners(World& w) {
  const Map& map = *(w.contract().*kKind.map);
  SharedFile file(w, "nsproof-owned", "", 0644);
  std::vector<std::string> shown;
  bool right = true;
  for (const std::uint32_t outer : ends_of(map)) {
    const std::uint32_t seen = owner_inside(w, file, kKind, outer);
    right = right && seen == *inner_id(map, outer);
    shown.push_back(say(outer, " is ", seen));
  }
  const std::string text = say("inside, ", kKind.name, " ", join(shown, ", "));
  return right ? isolated(text) : leaked(text);
}

template <const Kind& kKind>
Observation unmapped_owners(World& w) {
  const Map& map = *(w.contract().*kKind.map);
  const auto overflow = static_cast<std::uint32_t>(must(sys::overflow_uid(w.outside())));  // overflowgid is the same
  SharedFile file(w, "nsproof-owned", "", 0644);
  std::vector<std::string> shown;
  bool right = true;
  for (const std::uint32_t outer : unmapped_of(map)) {
    const std::uint32_t seen = owner_inside(w, file, kKind, outer);
    right = right && seen == overflow;
    shown.push_back(say(outer, " is ", seen));
  }
  const std::string text = say("inside, ", kKind.name, " ", join(shown, ", "));
  return right ? isolated(text) : leaked(text);
}

std::string text_of(const Map& map) {
  std::vector<std::string> lines;
  for (const Extent& one : map) lines.push_back(say(one.inside, " is ", one.outside, " for ", one.count));
  return join(lines, ", ");
}

template <const Kind& kKind>
std::optional<std::string> asked_for_map(const Contract& contract) {
  const std::optional<Map>& map = contract.*kKind.map;
  return map ? std::optional(text_of(*map)) : std::nullopt;
}

// Ids that are the same on both sides show nothing.
template <const Kind& kKind>
std::optional<std::string> asked_for_translation(const Contract& contract) {
  const std::optional<Map>& map = contract.*kKind.map;
  if (!map || std::all_of(map->begin(), map->end(), [](const Extent& one) { return one.inside == one.outside; }))
    return std::nullopt;
  return text_of(*map);
}

constexpr std::string_view kSource = "OCI runtime-spec config-linux.md, User namespace mappings; user_namespaces(7)";
constexpr std::string_view kMappedHow =
    "Outside gives a file to the first and the last id of each extent; inside sees it as the id that it asked for.";
constexpr std::string_view kUnmappedHow =
    "Outside gives a file to the ids beside the extents; inside sees them all as the overflow id.";

const RuntimeRows rows = {
    {
        .id = "id.files.mapped-users",
        .claim = "Files of the users that the map names have the users inside that it says, in every extent.",
        .how = kMappedHow,
        .source = kSource,
        .since = {3, 8},
        .reach = Reach::any_sandbox,
        .check = mapped_owners<kUser>,
        .asked = asked_for_translation<kUser>,
    },
    {
        .id = "id.files.mapped-groups",
        .claim = "Files of the groups that the map names have the groups inside that it says, in every extent.",
        .how = kMappedHow,
        .source = kSource,
        .since = {3, 8},
        .reach = Reach::any_sandbox,
        .check = mapped_owners<kGroup>,
        .asked = asked_for_translation<kGroup>,
    },
    {
        .id = "id.files.unmapped-users",
        .claim = "Files of users that the map does not name belong to nobody inside.",
        .how = kUnmappedHow,
        .source = kSource,
        .since = {3, 8},
        .reach = Reach::any_sandbox,
        .check = unmapped_owners<kUser>,
        .asked = asked_for_map<kUser>,
    },
    {
        .id = "id.files.unmapped-groups",
        .claim = "Files of groups that the map does not name belong to no group inside.",
        .how = kUnmappedHow,
        .source = kSource,
        .since = {3, 8},
        .reach = Reach::any_sandbox,
        .check = unmapped_owners<kGroup>,
        .asked = asked_for_map<kGroup>,
    },
};

}  // namespace
}  // namespace nsproof
