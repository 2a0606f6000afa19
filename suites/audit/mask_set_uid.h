// Files that give privileges to who executes them: a bounded walk through a root directory that finds them.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "harness/actor/actor.h"

namespace nsproof::audit {

struct PrivilegedFile {
  std::string path;
  std::string how;  // "set-uid", "set-gid", "file capabilities"
};

struct Walk {
  std::vector<PrivilegedFile> found;  // once there are a hundred, no more directories are visited
  std::size_t entries = 0;            // that were looked at
  bool complete = true;               // neither a limit nor a directory that cannot be listed was met
};

struct WalkLimits {
  std::size_t entries = 20'000;
  std::size_t depth = 16;
};

// From `root` down, through directories of its own mount only, following no link. Files are looked at with lstat and
// getxattr, and nothing but directories is opened. The calls are not in the transcript.
Walk find_privileged_files(Actor& actor, const std::string& root, const WalkLimits& limits);

}  // namespace nsproof::audit
