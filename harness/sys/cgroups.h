// Cgroups of the version 2 hierarchy as actors see and change them (cgroups(7)). Groups are named by their path below
// the mount that a layer has of its own cgroup.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/sys/sys.h"

namespace nsproof::sys {

// Where a layer that needs cgroups has its mount; the group of the layer is "/" there.
inline constexpr const char* kCgroupMount = "/sys/cgroup";

// "/a" of the line "0::/a" of /proc/PID/cgroup; nothing if there is no such line. Pure.
std::optional<std::string> cgroup2_path(std::string_view text);

// The path of a process as the reader sees it: from the root of the reader's cgroup namespace. A reply of EOPNOTSUPP
// if the process is in no version 2 hierarchy.
Got<std::string> cgroup_path(Actor& reader, std::string_view process = "self");

Reply make_cgroup(Actor& actor, std::string_view group);
// Writes the actor's own process into the group.
Reply enter_cgroup(Actor& actor, std::string_view group);
// Kills every process in the group and below (cgroup.kill, Linux 5.14).
Reply kill_cgroup(Actor& actor, std::string_view group);

// Whether the hierarchy was mounted with the option nsdelegate, which makes cgroup namespaces a boundary of delegation.
Got<bool> has_nsdelegate(Actor& actor);

}  // namespace nsproof::sys
