// Remote calls about what a path is mounted from: kind and flags of the file system, roots of mounts, space, times.
#pragma once

#include <cstdint>
#include <string_view>

#include "harness/sys/sys.h"

namespace nsproof::sys {

// statfs(2). The flags are those of statvfs(3): ST_RDONLY, ST_NOSUID and so on of this very mount.
struct FileSystem {
  std::uint64_t type = 0;  // PROC_SUPER_MAGIC ...
  std::uint64_t flags = 0;
  std::uint64_t bytes = 0;  // its size; 0 if it has none
};
Got<FileSystem> statfs(Actor& actor, std::string_view path);

// Whether a path is the root of a mount: STATX_ATTR_MOUNT_ROOT of statx(2), Linux 5.8.
Got<bool> is_mount_root(Actor& actor, std::string_view path);

// fallocate(2) of the first `bytes` of a file.
Reply fallocate(Actor& actor, int fd, std::int64_t bytes);

// utimensat(2): times of last access and modification in seconds since 1970.
Reply set_times(Actor& actor, std::string_view path, std::int64_t accessed, std::int64_t modified);

}  // namespace nsproof::sys
