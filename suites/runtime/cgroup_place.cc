// Where a sandbox is among the host's cgroups, and whether it can leave its place there, and the limits with it.
#include <algorithm>

#include "harness/catalogue/property.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/mounts.h"
#include "harness/world/world.h"

namespace nsproof {
namespace {

constexpr const char* kCgroupRoot = "/sys/fs/cgroup";
constexpr const char* kHostGroup = "nsproof-host";

// Puts the layer's first process, from which runtimes are started, into a group of this name in every hierarchy where
// that is possible: some want to be configured before they take a process (cpusets).
void enter_host_group(World& w) {
  std::vector<std::string> trees = {kCgroupRoot};
  for (const std::string& name : must(sys::list_directory(w.outside(), kCgroupRoot)))
    trees.push_back(say(kCgroupRoot, "/", name));
  std::size_t entered = 0;
  for (const std::string& tree : trees) {
    if (!sys::access(w.outside(), tree + "/cgroup.procs").ok()) continue;
    const std::string group = say(tree, "/", kHostGroup);
    if (!sys::mkdir(w.outside(), group).ok()) continue;
    if (sys::write_file(w.outside(), group + "/cgroup.procs", "1").ok()) ++entered;
  }
  if (entered == 0) throw Broken("there is no cgroup in which the runtime could be started");
}

// The groups that a process is in, one line for each hierarchy.
std::string groups_of(World& w, int pid) { return must(sys::read_file(w.outside(), say("/proc/", pid, "/cgroup"))); }

// A path that inside and outside read alike is that of the host, unless it is the root of both.
Observation place_hidden(World& w) {
  enter_host_group(w);
  const int pid = w.inside().pid();
  if (pid == 0) return unknown("the payload is out of sight");
  const std::vector<std::string> host = lines_of(groups_of(w, pid));
  for (const std::string& line : lines_of(must(sys::read_file(w.inside(), "/proc/self/cgroup")))) {
    if (line.ends_with(":/")) continue;
    if (std::find(host.begin(), host.end(), line) != host.end() || line.find(kHostGroup) != std::string::npos)
      return leaked(say("/proc/self/cgroup shows the host's ", quoted(line)));
  }
  return isolated("no path of the host's is in /proc/self/cgroup");
}

// "/a/b" is in "/a" and in "/a/b", not in "/a/bc".
bool is_below(std::string_view path, std::string_view group) {
  return path == group || group == "/" || (path.starts_with(group) && path.substr(group.size()).starts_with('/'));
}

Observation stays_in_place(World& w) {
  enter_host_group(w);
  const int pid = w.inside().pid();
  if (pid == 0) return unknown("the payload is out of sight");
  const std::vector<std::string> before = lines_of(groups_of(w, pid));
  std::size_t tried = 0;
  for (const sys::MountInfo& mount : must(sys::mountinfo(w.inside()))) {
    if (mount.type != "cgroup" && mount.type != "cgroup2") continue;
    sys::write_file(w.inside(), mount.target + "/cgroup.procs", "0");
    ++tried;
  }
  for (const std::string& line : lines_of(groups_of(w, pid))) {
    const std::vector<std::string> now = split(line, ':');
    for (const std::string& earlier : before) {
      const std::vector<std::string> was = split(earlier, ':');
      if (now.size() != 3 || was.size() != 3 || now[0] != was[0]) continue;
      if (!is_below(now[2], was[2])) return leaked(say("inside has moved from ", was[2], " to ", now[2]));
    }
  }
  return isolated(say("inside is where it was, or below, after ", tried, " attempts"));
}

const RuntimeRows rows = {
    {
        .id = "cgroup.path.hidden",
        .claim = "The place of the sandbox among the host's cgroups cannot be read in its own /proc/self/cgroup.",
        .how = "The runtime is started in a group of its own; inside must read other paths than outside reads for it.",
        .source = "cgroup_namespaces(7)",
        .since = {4, 6, 0},
        .reach = Reach::any_alone,
        .check = place_hidden,
    },
    {
        .id = "cgroup.place.cannot-be-left",
        .claim = "A process of the sandbox cannot move itself out of the sandbox's cgroup and its limits.",
        .how = "Inside writes itself into the uppermost group of each cgroup mount that it sees; outside looks at its "
               "place.",
        .source = "cgroups(7), Delegation; cgroup_namespaces(7)",
        .since = {2, 6, 24},
        .reach = Reach::any_alone,
        .check = stays_in_place,
    },
};

}  // namespace
}  // namespace nsproof
