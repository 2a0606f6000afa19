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

}  // namespace nsproof
