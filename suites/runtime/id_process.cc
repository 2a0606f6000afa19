// Id maps by what they do to the container's process: who it is to the rest of the machine, and whom it cannot become.
#include <fcntl.h>

#include <algorithm>
#include <cerrno>

#include "harness/catalogue/property.h"
#include "harness/runtime/container.h"
#include "harness/runtime/contract.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/identity.h"
#include "harness/sys/ids.h"
#include "suites/runtime/cred_file.h"
#include "suites/runtime/id_map.h"

namespace nsproof {
namespace {

using Map = std::vector<Extent>;

// The four ids behind "Uid:" or "Gid:", in outside's numbers (proc_pid_status(5)).
std::vector<std::string> ids_outside(World& w, std::string_view field) {
  const std::string status = must(sys::read_file(w.outside(), say("/proc/", w.inside().pid(), "/status")));
  for (const std::string& line : lines_of(status))
    if (line.starts_with(field)) return words_of(line.substr(field.size()));
  throw Babbled(say("a status file has no ", field));
}

Observation seen_from_outside(World& w, std::string_view field, const sys::ThreeIds& own, const Map& map) {
  if (w.inside().pid() == 0) return unknown("outside does not see the process");
  const std::vector<std::string> outer = ids_outside(w, field);
  const std::optional<std::uint32_t> expected = outer_id(map, own.effective);
  if (!expected) return leaked(say("inside has the id ", own.effective, ", which its map does not name"));
  const bool right =
      std::all_of(outer.begin(), outer.end(), [&](const std::string& id) { return id == std::to_string(*expected); });
  const std::string text = say("id ", own.effective, " inside is ", join(outer, " "), " outside");
  return right ? isolated(text) : leaked(text);
}

Observation user_outside(World& w) {
  return seen_from_outside(w, "Uid:", must(sys::getresuid(w.inside())), *w.contract().uid_map);
}

Observation group_outside(World& w) {
  return seen_from_outside(w, "Gid:", must(sys::getresgid(w.inside())), *w.contract().gid_map);
}

// EINVAL is the answer for an id without a mapping (setresuid(2)); a filter or the lack of a capability may come first.
// The ids are those just behind an extent, which a map that is too long would have.
template <auto kSet>
Observation cannot_become(World& w, const Map& map) {
  std::vector<std::string> refusals;
  for (const Extent& one : map) {
    const std::uint32_t id = one.inside + one.count;
    if (outer_id(map, id) || id == ~0U) continue;
    const Reply set = kSet(w.inside(), id, id, id);
    if (set.ok()) return leaked(say("inside became ", id, ", which its map does not name"));
    refusals.push_back(say(id, " ", errno_name(set.error())));
  }
  return isolated(say("inside cannot become ", join(refusals, ", ")));
}

Observation unmapped_user(World& w) { return cannot_become<sys::setresuid>(w, *w.contract().uid_map); }
Observation unmapped_group(World& w) { return cannot_become<sys::setresgid>(w, *w.contract().gid_map); }

// A file that everybody may read but the members of one group, which outside is a usual way to shut somebody out.
Observation leaving_a_group(World& w) {
  constexpr std::uint32_t kNobodyInside = 4243;
  SharedFile file(w, "nsproof-shut-out", "for others", 0604);
  file.give_to(kNobodyInside, kPlantedGroup);
  const auto can_open = [&](Actor& actor) {
    must(sys::capset(actor, {}));  // else root reads what it likes
    const Reply opened = sys::open(actor, file.inside_path(), O_RDONLY | O_CLOEXEC);
    if (!opened.ok() && opened.error() != EACCES) must(opened);
    return opened.ok();
  };
  if (can_open(w.fork(w.inside(), "before")))
    return isolated("inside is in no group of the runtime that it could leave");
  const Reply left = sys::setgroups(w.inside(), {});
  if (!left.ok()) return isolated(say("inside cannot leave its groups: ", errno_name(left.error())));
  if (can_open(w.inside())) return leaked("inside left a group, and could read what the group may not");
  return isolated("inside left its groups, and still cannot read what they may not");
}

std::string first_of(const Map& map) { return say(map.front().inside, " is ", map.front().outside, ", and so on"); }

template <auto kMap, auto kId>
std::optional<std::string> asked_for_translation(const Contract& contract) {
  const std::optional<Map>& map = contract.*kMap;
  if (!map || map->empty()) return std::nullopt;
  // Processes of the layer are root, so root as root shows nothing.
  const std::optional<std::uint32_t> outer = outer_id(*map, (contract.*kId).value_or(map->front().inside));
  return outer == 0U ? std::nullopt : std::optional(first_of(*map));
}

template <auto kMap>
std::optional<std::string> asked_for_map(const Contract& contract) {
  const std::optional<Map>& map = contract.*kMap;
  return map && !map->empty() ? std::optional(first_of(*map)) : std::nullopt;
}

std::optional<std::string> asked_for_users(const Contract& contract) {
  return contract.namespaces.has(Ns::user) ? std::optional<std::string>("new user namespace") : std::nullopt;
}

constexpr std::string_view kSource = "OCI runtime-spec config-linux.md, User namespace mappings; user_namespaces(7)";

const RuntimeRows rows = {
    {
        .id = "id.process.user-outside",
        .claim = "To the machine the container's process is the user that the map says.",
        .how = "Inside reads its user ids, and outside the same process's in /proc.",
        .source = kSource,
        .since = {3, 8},
        .reach = Reach::any_sandbox,
        .check = user_outside,
        .asked = asked_for_translation<&Contract::uid_map, &Contract::uid>,
    },
    {
        .id = "id.process.group-outside",
        .claim = "To the machine the container's process has the group that the map says.",
        .how = "Inside reads its group ids, and outside the same process's in /proc.",
        .source = kSource,
        .since = {3, 8},
        .reach = Reach::any_sandbox,
        .check = group_outside,
        .asked = asked_for_translation<&Contract::gid_map, &Contract::gid>,
    },
    {
        .id = "id.unmapped.user-cannot-be-assumed",
        .claim = "No process of the container becomes a user that the map does not name.",
        .how = "Inside asks to be the user behind the end of each extent.",
        .source = kSource,
        .since = {3, 8},
        .reach = Reach::any_sandbox,
        .check = unmapped_user,
        .asked = asked_for_map<&Contract::uid_map>,
    },
    {
        .id = "id.unmapped.group-cannot-be-assumed",
        .claim = "No process of the container takes a group that the map does not name.",
        .how = "Inside asks for the group behind the end of each extent.",
        .source = kSource,
        .since = {3, 8},
        .reach = Reach::any_sandbox,
        .check = unmapped_group,
        .asked = asked_for_map<&Contract::gid_map>,
    },
    {
        .id = "id.setgroups.leaving-opens-nothing",
        .claim = "A process that is shut out by a group of the machine cannot leave that group inside.",
        .how = "The process that starts the runtime is in group 4242, whose members may not read a file that everybody "
               "else may; inside tries to read it, leaves its groups, drops its capabilities and tries again.",
        .source = "user_namespaces(7), The /proc/PID/setgroups file; CVE-2014-8989",
        .since = {3, 8},
        .reach = Reach::any_sandbox,
        .check = leaving_a_group,
        .asked = asked_for_users,
    },
};

}  // namespace
}  // namespace nsproof
