// The cgroups of a run: one group of the harness's own in the cgroup2 hierarchy, and in it a group for every layer that
// needs one. The machine's other groups are not touched.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "harness/host/cgroup_janitor.h"
#include "harness/support/fd.h"

namespace nsproof {

// Where the cgroup of a process is in the file system, by the texts of its /proc/PID/mountinfo and /proc/PID/cgroup;
// nothing if no cgroup2 mount shows it. Pure.
std::optional<std::string> cgroup_directory(std::string_view mountinfo, std::string_view cgroup);

// A group for one layer. It is removed with everything in it when this object ends.
class CgroupGroup {
 public:
  CgroupGroup(int home, std::string name);
  CgroupGroup(const CgroupGroup&) = delete;
  CgroupGroup& operator=(const CgroupGroup&) = delete;
  ~CgroupGroup();

  // Its cgroup.procs, open for writing.
  [[nodiscard]] int processes() const { return processes_.get(); }

 private:
  int home_;
  std::string name_;
  Fd processes_;
};

class CgroupHome {
 public:
  // Makes the group nsproof-PID below the harness's own. Call it before there are threads. Throws Broken.
  CgroupHome();

  // For any thread. Throws Broken.
  std::unique_ptr<CgroupGroup> make_group();

 private:
  std::unique_ptr<CgroupJanitor> janitor_;
  Fd directory_;
  std::atomic<int> next_{0};
};

}  // namespace nsproof
