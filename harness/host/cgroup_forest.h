// Cgroups for foreign runtimes, which expect a hierarchy to work in: a group of the harness's own in every hierarchy of
// the machine, of either version, and in it a group for each layer. The machine's other groups are not touched.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/host/cgroup_janitor.h"
#include "harness/support/fd.h"

namespace nsproof {

// A mounted hierarchy and where the cgroup of this process is in it.
struct CgroupHierarchy {
  bool version2 = false;
  std::string controllers;  // "cpu,cpuacct", "name=systemd"; empty for version 2
  std::string mount;        // the mount point
  std::string directory;    // of this process's own cgroup
};

// By the texts of /proc/self/mountinfo and /proc/self/cgroup. Pure.
std::vector<CgroupHierarchy> cgroup_hierarchies(std::string_view mountinfo, std::string_view cgroup);

// One group in every hierarchy, for one layer.
class CgroupGrove {
 public:
  struct Tree {
    bool version2 = false;
    std::string controllers;
    std::string name;  // the last part of its mount point: "cpu,cpuacct"
    Fd processes;      // cgroup.procs, open for writing
    int home = -1;
  };

  CgroupGrove(std::vector<Tree> trees, std::string name) : trees_(std::move(trees)), name_(std::move(name)) {}
  CgroupGrove(const CgroupGrove&) = delete;
  CgroupGrove& operator=(const CgroupGrove&) = delete;
  ~CgroupGrove();

  [[nodiscard]] const std::vector<Tree>& trees() const { return trees_; }

 private:
  std::vector<Tree> trees_;
  std::string name_;
};

class CgroupForest {
 public:
  // Makes the group nsproof-PID-runtimes in every hierarchy. Call it before there are threads. Throws Broken.
  CgroupForest();

  // For any thread. Throws Broken.
  std::unique_ptr<CgroupGrove> make_grove();

 private:
  std::vector<CgroupHierarchy> hierarchies_;
  std::vector<Fd> homes_;
  std::unique_ptr<CgroupJanitor> janitor_;
  std::atomic<int> next_{0};
};

// None where an ordinary user has no cgroups to give; a runtime that cannot do without says so itself.
std::unique_ptr<CgroupForest> forest_if_any();

}  // namespace nsproof
