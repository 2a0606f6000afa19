// The janitor: a small process that makes the harness's cgroup and removes it again when the harness has ended, however
// it ended. Cgroups are the one thing that the kernel does not clean up with the bulkhead.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "harness/support/fd.h"

namespace nsproof {

// Kills whatever is in this cgroup of either version and below, and removes its directories from the bottom up:
// rmdir(2) only, on directories of a cgroup file system only. Tries for a few seconds; false if something is left.
// Makes no allocation, so that it may run in a forked process (signal-safety(7)).
bool remove_cgroup(int parent, const char* name);

class CgroupJanitor {
 public:
  // Forks the janitor, which makes the group `name` in each of these directories. Call it before there are threads.
  // Throws Broken if there can be no group.
  CgroupJanitor(std::span<const int> parents, const std::string& name);
  CgroupJanitor(const CgroupJanitor&) = delete;
  CgroupJanitor& operator=(const CgroupJanitor&) = delete;
  // Lets it clean up and waits for it.
  ~CgroupJanitor();

  [[nodiscard]] int pid() const { return pid_; }

 private:
  std::vector<Fd> parents_;
  std::string name_;
  Fd channel_;  // whose end tells the janitor of ours
  int pid_ = 0;
};

}  // namespace nsproof
