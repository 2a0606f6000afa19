#include "harness/host/cgroup_home.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "harness/actor/transport.h"
#include "harness/support/host_file.h"
#include "harness/support/text.h"
#include "harness/sys/cgroups.h"
#include "harness/sys/mounts.h"

namespace nsproof {
namespace {

Fd open_or_throw(int at, const std::string& path, int flags) {
  Fd fd(::openat(at, path.c_str(), flags | O_CLOEXEC));
  if (!fd) throw Broken(say("opening ", path, ": ", errno_name(errno)));
  return fd;
}

}  // namespace

std::optional<std::string> cgroup_directory(std::string_view mountinfo, std::string_view cgroup) {
  const std::optional<std::string> own = sys::cgroup2_path(cgroup);
  if (!own || own->starts_with("/..")) return std::nullopt;
  for (const sys::MountInfo& mount : sys::parse_mountinfo(mountinfo)) {
    if (mount.type != "cgroup2") continue;
    const std::string root = mount.root == "/" ? "" : mount.root;
    if (*own == root) return mount.target;
    if (own->starts_with(root + "/")) return *own == "/" ? mount.target : mount.target + own->substr(root.size());
  }
  return std::nullopt;
}

CgroupGroup::CgroupGroup(int home, std::string name) : home_(home), name_(std::move(name)) {
  if (::mkdirat(home_, name_.c_str(), 0755) != 0)
    throw Broken(say("making the cgroup ", name_, ": ", errno_name(errno)));
  try {
    processes_ = open_or_throw(home_, name_ + "/cgroup.procs", O_WRONLY);
  } catch (const Broken&) {
    ::unlinkat(home_, name_.c_str(), AT_REMOVEDIR);
    throw;
  }
}

CgroupGroup::~CgroupGroup() {
  processes_.reset();
  // What cannot be removed now is left to the janitor.
  remove_cgroup(home_, name_.c_str());
}

CgroupHome::CgroupHome() {
  const auto own = cgroup_directory(host_file("/proc/self/mountinfo"), host_file("/proc/self/cgroup"));
  if (!own) throw Broken("no mount of cgroup2 shows the cgroup of this process");
  const Fd parent = open_or_throw(AT_FDCWD, *own, O_RDONLY | O_DIRECTORY);
  const std::string name = say("nsproof-", ::getpid());
  const int parents[] = {parent.get()};
  janitor_ = std::make_unique<CgroupJanitor>(parents, name);
  directory_ = open_or_throw(parent.get(), name, O_RDONLY | O_DIRECTORY);
}

std::unique_ptr<CgroupGroup> CgroupHome::make_group() {
  return std::make_unique<CgroupGroup>(directory_.get(), say("layer-", next_++));
}

}  // namespace nsproof
