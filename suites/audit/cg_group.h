// Where the control group of the audited process can be read, in a hierarchy of either version (cgroups(7)), and what
// its limit files say. The judgements are pure functions of text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/audit/view.h"

namespace nsproof::audit {

// The process's own group and those above it, up to the root of the mount they are seen through.
struct CgroupPlace {
  bool version2 = false;
  std::vector<std::string> directories;  // the own one first
  std::string trouble;                   // why there is none: no mount of the hierarchy, say
};

// By the texts of /proc/PID/mountinfo and /proc/PID/cgroup, as the same reader sees both. Pure.
CgroupPlace cgroup_place(const std::vector<sys::MountInfo>& mounts, std::string_view cgroup,
                         std::string_view controller);

// From the host its own hierarchy is taken, which shows all groups above; inside, the container's mount. Throws
// CouldNotLook if the group cannot be seen.
struct SeenCgroup {
  CgroupPlace place;
  bool by_host = false;
};
SeenCgroup cgroup_of(View& view, std::string_view controller);
// A file of one of its directories.
sys::Got<std::string> cgroup_file(View& view, const SeenCgroup& group, std::size_t level, std::string_view name);

// A file as a process outside sees it. Throws CouldNotLook where there is none.
sys::Got<std::string> host_file_of(View& view, const std::string& path);

// What a limit file says: nothing for "max", "-1" and the largest number of version 1 (a page less than 2^63).
std::optional<std::uint64_t> cgroup_limit(std::string_view text);

// The same file in the own group and in those above.
struct LimitReading {
  std::string directory;
  std::string text;
  int error = 0;  // ENOENT: the controller is not enabled for this group, or it is the root, which has no limits
};
// `complete`: the last directory is the root of the hierarchy, above which there is nothing.
Sight judge_limits(std::string_view file, const std::vector<LimitReading>& readings, bool complete);

// memory.stat of version 1 knows the least limit of all groups above, seen or not.
std::optional<std::uint64_t> hierarchical_limit(std::string_view memory_stat, std::string_view field);

// A group's bandwidth and weight: cpu.max or cpu.cfs_quota_us, and cpu.weight or cpu.shares. An empty text is a file
// that is not there.
Sight judge_cpu(bool version2, const std::vector<std::string>& quotas, std::string_view weight);

// devices.list of version 1: weak if it lets all devices of a kind be read or written.
Sight judge_device_list(std::string_view text);

}  // namespace nsproof::audit
