// What a test run must leave as it found it: everything of the machine that a namespace suite could change.
// Two snapshots are compared by text, so that a difference names itself.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

namespace nsproof {

// Kind ("mounts", "sysctls", ...) to its lines.
using HostSnapshot = std::map<std::string, std::set<std::string>>;

HostSnapshot take_snapshot();

// "mounts: + ..." and "mounts: - ..." for what came and went. Lines whose key (kind and the text before " = ") is
// ignored are passed over.
std::vector<std::string> differences(const HostSnapshot& before, const HostSnapshot& after,
                                     const std::set<std::string>& ignored_keys);

// The keys whose values change by themselves, found by comparing snapshots between which nothing was done.
std::set<std::string> volatile_keys(const HostSnapshot& one, const HostSnapshot& other);

// The state of the machine before something, to be compared with what is there after it.
class HostWatch {
 public:
  HostWatch();
  // The differences that stay. What the kernel clears away after the last process is gone takes its time, and values
  // that change by themselves now and then are found by looking again; what is still there after ten seconds is left.
  std::vector<std::string> what_is_left();

 private:
  HostSnapshot before_;
  std::set<std::string> ignored_;
};

}  // namespace nsproof
