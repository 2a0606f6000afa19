// How a file of the kernel, below /proc or /sys, stands in a container: whether its contents can be had, and if not,
// what keeps them away. A mask is proven by its effect and by its mount; that a file opens proves nothing, for masks
// open, too.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/audit/finding.h"
#include "harness/sys/mounts.h"

namespace nsproof::audit {

class View;

// What was seen at such a path. Written ones are judged in the unit tests.
struct KernelPath {
  std::string path = {};
  int stat_error = 0;
  unsigned mode = 0;                         // of lstat(2)
  std::string node = {};                     // "1:3" of a device
  std::string device = {};                   // "0:23", of st_dev
  std::uint64_t magic = 0;                   // of statfs(2)
  bool read_only = false;                    // its mount
  bool writable = false;                     // faccessat(2)
  std::optional<sys::MountInfo> mount = {};  // the line of mountinfo for exactly this path
  int open_error = 0;                        // of a regular file, for reading; of a directory, for listing
  std::size_t size = 0;                      // of a regular file: st_size; of a directory: how many names
  // Only where there is no such path.
  std::string hidden_by = {};  // what stands where the kernel's directory should: "a tmpfs at /sys/kernel"
};

struct Exposure {
  enum class How {
    absent,     // the kernel has no such file
    empty,      // a directory of the kernel with nothing in it
    hidden,     // a mount further up is in the way
    masked,     // by /dev/null, an empty directory, an empty or unreadable file
    refused,    // bare, but permissions or capabilities keep the audited process out
    open,       // can be read
    forged,     // something else is mounted over it
    undecided,  // could not look
  };
  How how = How::undecided;
  std::string text;
};

// Pure. Magic numbers are of linux/magic.h.
Exposure judge(const KernelPath& seen);
// Several paths that are one weakness: weak if one is open; not applicable if the kernel has none of them.
Sight judge_readable(const std::vector<std::pair<std::string, Exposure>>& seen);
// A mount over a path that is neither a mask nor the kernel's own file again. Empty if there is none.
std::string forgery(const KernelPath& seen);

KernelPath look_at_kernel_path(View& view, const std::string& path);
Exposure exposure(View& view, const std::string& path);
Sight readable(View& view, const std::vector<std::string>& paths);

// "a tmpfs at /sys/kernel" where a mount keeps this path, which does not exist, from showing what the kernel has;
// empty where it is the kernel that lacks it.
std::string what_hides(View& view, const std::string& path);

}  // namespace nsproof::audit
