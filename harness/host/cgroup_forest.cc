#include "harness/host/cgroup_forest.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "harness/actor/transport.h"
#include "harness/support/host_file.h"
#include "harness/support/text.h"

namespace nsproof {
namespace {

// "4:memory:/a" and "0::/b" of /proc/PID/cgroup (cgroups(7)).
struct Membership {
  std::string controllers;
  std::string path;
};

std::vector<Membership> memberships(std::string_view text) {
  std::vector<Membership> all;
  for (const std::string& line : lines_of(text)) {
    const std::size_t first = line.find(':');
    const std::size_t second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos) continue;
    all.push_back({line.substr(first + 1, second - first - 1), line.substr(second + 1)});
  }
  return all;
}

std::vector<std::string> sorted_words(std::string_view list) {
  std::vector<std::string> words = split(list, ',');
  std::sort(words.begin(), words.end());
  return words;
}

// The super options of a line of mountinfo, which for version 1 name the controllers among other words (proc(5)).
bool names_controllers(const std::string& super_options, const std::string& controllers) {
  const std::vector<std::string> options = sorted_words(super_options);
  const std::vector<std::string> wanted = sorted_words(controllers);
  return std::includes(options.begin(), options.end(), wanted.begin(), wanted.end());
}

Fd open_or_throw(int at, const std::string& path, int flags) {
  Fd fd(::openat(at, path.c_str(), flags | O_CLOEXEC));
  if (!fd) throw Broken(say("opening ", path, ": ", errno_name(errno)));
  return fd;
}

// A new cpuset of version 1 admits no process before it has CPUs and memory nodes (cpuset(7)).
void copy_cpuset(int parent, const std::string& name) {
  for (const char* file : {"cpuset.cpus", "cpuset.mems"}) {
    char text[4096];
    const Fd from = open_or_throw(parent, file, O_RDONLY);
    const Fd to = open_or_throw(parent, say(name, "/", file), O_WRONLY);
    const ssize_t got = ::read(from.get(), text, sizeof text);
    if (got < 0 || ::write(to.get(), text, static_cast<std::size_t>(got)) != got)
      throw Broken(say("setting ", file, " of the cgroup ", name, ": ", errno_name(errno)));
  }
}

bool has_cpuset(const std::string& controllers) {
  const std::vector<std::string> words = split(controllers, ',');
  return std::find(words.begin(), words.end(), "cpuset") != words.end();
}

}  // namespace

std::vector<CgroupHierarchy> cgroup_hierarchies(std::string_view mountinfo, std::string_view cgroup) {
  std::vector<CgroupHierarchy> found;
  const std::vector<Membership> own = memberships(cgroup);
  for (const std::string& line : lines_of(mountinfo)) {
    const std::size_t dash = line.find(" - ");
    const std::vector<std::string> before = words_of(line.substr(0, dash));
    const std::vector<std::string> after =
        dash == std::string::npos ? std::vector<std::string>{} : words_of(line.substr(dash + 3));
    if (before.size() < 6 || after.size() < 3 || !after[0].starts_with("cgroup")) continue;
    const bool version2 = after[0] == "cgroup2";
    const auto member = std::find_if(own.begin(), own.end(), [&](const Membership& one) {
      return version2 ? one.controllers.empty()
                      : !one.controllers.empty() && names_controllers(after[2], one.controllers);
    });
    if (member == own.end() || member->path.starts_with("/..")) continue;
    const std::string root = before[3] == "/" ? "" : before[3];
    if (!member->path.starts_with(root)) continue;
    const std::string below = member->path.substr(root.size());
    const bool seen = std::any_of(found.begin(), found.end(), [&](const CgroupHierarchy& one) {
      return one.version2 == version2 && one.controllers == member->controllers;
    });
    if (!seen) found.push_back({version2, member->controllers, before[4], before[4] + (below == "/" ? "" : below)});
  }
  return found;
}

CgroupGrove::~CgroupGrove() {
  for (Tree& tree : trees_) {
    tree.processes.reset();
    remove_cgroup(tree.home, name_.c_str());  // what cannot be removed now is left to the janitor
  }
}

CgroupForest::CgroupForest()
    : hierarchies_(cgroup_hierarchies(host_file("/proc/self/mountinfo"), host_file("/proc/self/cgroup"))) {
  const std::string name = say("nsproof-", ::getpid(), "-runtimes");
  std::vector<Fd> parents;
  std::vector<int> numbers;
  for (const CgroupHierarchy& one : hierarchies_) {
    parents.push_back(open_or_throw(AT_FDCWD, one.directory, O_RDONLY | O_DIRECTORY));
    numbers.push_back(parents.back().get());
  }
  janitor_ = std::make_unique<CgroupJanitor>(numbers, name);
  for (std::size_t i = 0; i < hierarchies_.size(); ++i) {
    if (has_cpuset(hierarchies_[i].controllers)) copy_cpuset(numbers[i], name);
    homes_.push_back(open_or_throw(numbers[i], name, O_RDONLY | O_DIRECTORY));
  }
}

std::unique_ptr<CgroupGrove> CgroupForest::make_grove() {
  const std::string name = say("layer-", next_++);
  std::vector<CgroupGrove::Tree> trees;
  for (std::size_t i = 0; i < hierarchies_.size(); ++i) {
    const CgroupHierarchy& one = hierarchies_[i];
    const int home = homes_[i].get();
    if (::mkdirat(home, name.c_str(), 0755) != 0)
      throw Broken(say("making a cgroup below ", one.mount, ": ", errno_name(errno)));
    if (has_cpuset(one.controllers)) copy_cpuset(home, name);
    trees.push_back({one.version2, one.controllers, one.mount.substr(one.mount.rfind('/') + 1),
                     open_or_throw(home, name + "/cgroup.procs", O_WRONLY), home});
  }
  return std::make_unique<CgroupGrove>(std::move(trees), name);
}

std::unique_ptr<CgroupForest> forest_if_any() {
  try {
    return std::make_unique<CgroupForest>();
  } catch (const Broken&) {
    return nullptr;
  }
}

}  // namespace nsproof
