#include "harness/sys/cgroups.h"

#include <algorithm>
#include <cerrno>

#include "harness/support/text.h"
#include "harness/sys/files.h"

namespace nsproof::sys {
namespace {

std::string file_of(std::string_view group, std::string_view file) {
  return say(kCgroupMount, group == "/" ? "" : group, "/", file);
}

}  // namespace

std::optional<std::string> cgroup2_path(std::string_view text) {
  for (const std::string& line : lines_of(text))
    if (line.starts_with("0::/")) return line.substr(3);
  return std::nullopt;
}

Got<std::string> cgroup_path(Actor& reader, std::string_view process) {
  Got<std::string> text = read_file(reader, say("/proc/", process, "/cgroup"));
  Got<std::string> got{std::move(text.reply)};
  if (!got.ok()) return got;
  const auto path = cgroup2_path(text.value);
  if (!path) got.reply.value = -EOPNOTSUPP;
  got.value = path.value_or("");
  return got;
}

Reply make_cgroup(Actor& actor, std::string_view group) { return mkdir(actor, say(kCgroupMount, group)); }
Reply enter_cgroup(Actor& actor, std::string_view group) {
  return write_file(actor, file_of(group, "cgroup.procs"), "0");
}
Reply kill_cgroup(Actor& actor, std::string_view group) {
  return write_file(actor, file_of(group, "cgroup.kill"), "1");
}

Got<bool> has_nsdelegate(Actor& actor) {
  Got<std::string> text = read_file(actor, "/proc/self/mountinfo");
  Got<bool> got{std::move(text.reply)};
  if (!got.ok()) return got;
  for (const std::string& line : lines_of(text.value)) {
    // Behind the dash stand type, source and the options of the file system (proc(5)).
    const std::size_t dash = line.find(" - cgroup2 ");
    if (dash == std::string::npos) continue;
    const std::vector<std::string> words = words_of(std::string_view(line).substr(dash));
    const std::vector<std::string> options = words.empty() ? words : split(words.back(), ',');
    got.value |= std::find(options.begin(), options.end(), "nsdelegate") != options.end();
  }
  return got;
}

}  // namespace nsproof::sys
