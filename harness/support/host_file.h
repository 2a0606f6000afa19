// Reads files of the machine that nsproof runs on, for facts about it; never for a verdict.
#pragma once

#include <string>

namespace nsproof {

// The whole file; empty if it cannot be read, which for the files of /proc and /sys means that there is no such thing.
std::string host_file(const std::string& path);

}  // namespace nsproof
