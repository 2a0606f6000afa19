// The set of system calls that a filter lets through, as a short text to compare: two containers with the same filter
// on the same machine have the same, and whatever changes in a profile changes it.
#pragma once

#include <string>
#include <vector>

namespace nsproof::audit {

// 16 hex digits: FNV-1a of the numbers in decimal, each followed by a space. `numbers` ascend.
std::string fingerprint(const std::vector<long>& numbers);

// "0-3 5 7-9", cut after `limit` bytes with how many numbers are left out. `numbers` ascend.
std::string ranges(const std::vector<long>& numbers, std::size_t limit);

}  // namespace nsproof::audit
