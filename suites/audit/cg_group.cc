// Finding the control group of a process by its mounts, and reading what its files say.
#include "suites/audit/cg_group.h"

#include <algorithm>
#include <cerrno>
#include <charconv>

#include "harness/audit/look.h"
#include "harness/support/text.h"

namespace nsproof::audit {
namespace {

constexpr std::uint64_t kCgroupMagic = 0x27e0eb;
constexpr std::uint64_t kCgroup2Magic = 0x63677270;

bool lists(std::string_view comma_separated, std::string_view word) {
  const std::vector<std::string> words = split(comma_separated, ',');
  return std::find(words.begin(), words.end(), word) != words.end();
}

struct Line {
  bool version2 = false;
  std::string path;
};

// The line of the hierarchy that has the controller: "4:memory:/a" of version 1, or "0::/a".
std::optional<Line> line_of_controller(std::string_view cgroup, std::string_view controller) {
  std::optional<Line> unified;
  for (const std::string& line : lines_of(cgroup)) {
    const std::size_t first = line.find(':');
    const std::size_t second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    if (lists(controllers, controller)) return Line{false, line.substr(second + 1)};
    if (controllers.empty() && line.starts_with("0:")) unified = Line{true, line.substr(second + 1)};
  }
  return unified;
}

std::vector<std::string> upwards(const std::string& top, std::string below) {
  std::vector<std::string> directories;
  for (; !below.empty() && below != "/"; below.resize(below.rfind('/'))) directories.push_back(top + below);
  directories.push_back(top);
  return directories;
}

}  // namespace

CgroupPlace cgroup_place(const std::vector<sys::MountInfo>& mounts, std::string_view cgroup,
                         std::string_view controller) {
  CgroupPlace place;
  const std::optional<Line> line = line_of_controller(cgroup, controller);
  if (!line) {
    place.trouble = say("/proc/PID/cgroup names no group for ", controller);
    return place;
  }
  place.version2 = line->version2;
  place.trouble = say("no cgroup file system with the controller ", controller, " is mounted in the container");
  for (auto mount = mounts.rbegin(); mount != mounts.rend(); ++mount) {
    if (mount->type != (line->version2 ? "cgroup2" : "cgroup")) continue;
    if (!line->version2 && !lists(mount->super_options, controller)) continue;
    const std::string root = mount->root == "/" ? "" : mount->root;
    const std::string path = line->path == "/" ? "" : line->path;
    const bool below = path == root || path.starts_with(root + "/");
    if (!below || path.find("/..") != std::string::npos || root.find("/..") != std::string::npos) {
      place.trouble = say("the mount at ", mount->target, " does not show the group of the process");
      continue;
    }
    place.directories = upwards(mount->target, path.substr(root.size()));
    place.trouble.clear();
    break;
  }
  return place;
}

sys::Got<std::string> host_file_of(View& view, const std::string& path) {
  const Reply& reply = view.host_call(say("file ", path), [&](Actor& actor) {
    sys::Got<std::string> got = read_cautiously(actor, path, 256 * 1024);
    got.reply.outs = {std::move(got.value)};
    return std::move(got.reply);
  });
  return {reply, reply.ok() && !reply.outs.empty() ? reply.outs.front() : ""};
}

SeenCgroup cgroup_of(View& view, std::string_view controller) {
  const sys::Got<std::string>& groups = view.process_file("cgroup");
  if (!groups.ok()) throw CouldNotLook(say("/proc/PID/cgroup: ", errno_name(groups.error())));
  if (view.from_host()) {
    const sys::Got<std::string> mounts = host_file_of(view, "/proc/self/mountinfo");
    SeenCgroup seen{cgroup_place(sys::parse_mountinfo(mounts.value), groups.value, controller), true};
    if (seen.place.trouble.empty()) return seen;
  }
  SeenCgroup seen{cgroup_place(view.mounts(), groups.value, controller), false};
  if (!seen.place.trouble.empty()) throw CouldNotLook(seen.place.trouble);
  // Something else may be mounted over it.
  const sys::Got<sys::FileSystem>& kind = view.file_system(seen.place.directories.front());
  if (!kind.ok() || kind.value.type != (seen.place.version2 ? kCgroup2Magic : kCgroupMagic))
    throw CouldNotLook(say(seen.place.directories.front(), " is out of sight: no cgroup file system is there"));
  return seen;
}

sys::Got<std::string> cgroup_file(View& view, const SeenCgroup& group, std::size_t level, std::string_view name) {
  const std::string path = say(group.place.directories.at(level), "/", name);
  return group.by_host ? host_file_of(view, path) : view.file(path);
}

std::optional<std::uint64_t> cgroup_limit(std::string_view text) {
  const std::vector<std::string> words = words_of(text);
  if (words.empty()) return std::nullopt;
  std::uint64_t value = 0;
  const std::string& word = words.front();
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc{} || end != word.data() + word.size() || value >= std::uint64_t{1} << 62) return std::nullopt;
  return value;
}

Sight judge_limits(std::string_view file, const std::vector<LimitReading>& readings, bool complete) {
  const LimitReading* least = nullptr;
  const LimitReading* said = nullptr;
  for (const LimitReading& one : readings) {
    if (one.error != 0 && one.error != ENOENT)
      return unknown(say(one.directory, "/", file, ": ", errno_name(one.error)));
    if (one.error != 0) continue;
    if (said == nullptr) said = &one;
    const std::optional<std::uint64_t> limit = cgroup_limit(one.text);
    if (limit && (least == nullptr || *limit < *cgroup_limit(least->text))) least = &one;
  }
  if (least != nullptr) return hardened(say(file, " of ", least->directory, " is ", *cgroup_limit(least->text)));
  if (said != nullptr)
    return weak(say(file, " of ", said->directory, " is ", quoted(trim(said->text)),
                    readings.size() > 1 ? " and no group above that can be seen has a limit" : ""));
  if (complete) return weak(say("no group from the process's own to the root has ", file));
  return unknown(say("the container's group has no ", file, ", and the groups above are out of sight"));
}

std::optional<std::uint64_t> hierarchical_limit(std::string_view memory_stat, std::string_view field) {
  for (const std::string& line : lines_of(memory_stat)) {
    const std::vector<std::string> words = words_of(line);
    if (words.size() == 2 && words[0] == field) return cgroup_limit(words[1]);
  }
  return std::nullopt;
}

Sight judge_cpu(bool version2, const std::vector<std::string>& quotas, std::string_view weight) {
  const std::string_view quota_file = version2 ? "cpu.max" : "cpu.cfs_quota_us";
  for (const std::string& quota : quotas)
    if (cgroup_limit(quota)) return hardened(say(quota_file, " is ", quoted(trim(quota))));
  const std::string_view weight_file = version2 ? "cpu.weight" : "cpu.shares";
  const std::uint64_t usual = version2 ? 100 : 1024;
  const std::optional<std::uint64_t> value = cgroup_limit(weight);
  if (value && *value < usual)
    return hardened(say("no quota, but ", weight_file, " is ", *value, ", less than the usual ", usual));
  if (!value && std::all_of(quotas.begin(), quotas.end(), [](const std::string& one) { return one.empty(); }))
    return weak("the process is in a group that has no limits of CPU time");
  return weak(say("no quota", value ? say(", and ", weight_file, " is ", *value) : ""));
}

Sight judge_device_list(std::string_view text) {
  for (const std::string& line : lines_of(text)) {
    const std::vector<std::string> words = words_of(line);
    if (words.size() == 3 && words[1] == "*:*" && words[2].find_first_of("rw") != std::string::npos)
      return weak(say("devices.list has ", quoted(line)));
  }
  return hardened(say("devices.list has ", lines_of(text).size(), " lines, none for all devices"));
}

}  // namespace nsproof::audit
