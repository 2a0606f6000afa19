// Remote calls about mounts that came after mount(2): mount_setattr(2), move_mount(2) with all its flags, statmount(2),
// listmount(2) and the unique ids that these two speak of.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/sys/sys.h"

namespace nsproof::sys {

inline constexpr unsigned kMoveMountEmptyFrom = 0x4;  // MOVE_MOUNT_F_EMPTY_PATH
inline constexpr unsigned kMoveMountBeneath = 0x200;  // MOVE_MOUNT_BENEATH, Linux 6.5

// move_mount(2) of the mount that `from` is a descriptor of. The flag for the empty path is added.
Reply move_mount(Actor& actor, int from, std::string_view to, unsigned flags = 0);

inline constexpr std::uint64_t kMountAttrReadOnly = 0x1;  // MOUNT_ATTR_RDONLY

// mount_setattr(2), Linux 5.12, without an id map. `directory` may be AT_FDCWD; an empty path means the directory
// itself.
struct MountAttributes {
  std::uint64_t set = 0;
  std::uint64_t clear = 0;
  std::uint64_t propagation = 0;  // MS_PRIVATE and so on, 0 to leave it
};
Reply mount_setattr(Actor& actor, int directory, std::string_view path, const MountAttributes& attributes);

// The id of the mount that holds this path, which the kernel never uses again: statx(2) with STATX_MNT_ID_UNIQUE,
// Linux 6.8. Throws Babbled if the kernel did not fill it in.
Got<std::uint64_t> unique_mount_id(Actor& actor, std::string_view path);

// statmount(2), Linux 6.8: what one mount is. A namespace id of 0 is the caller's own; others need Linux 6.11.
struct MountStatus {
  std::uint64_t id = 0;
  std::uint64_t parent = 0;
  int old_id = 0;  // as in mountinfo
  int old_parent = 0;
  std::string root;
  std::string target;
  std::string type;
};
Got<MountStatus> statmount(Actor& actor, std::uint64_t mount, std::uint64_t ns = 0);

// listmount(2), Linux 6.8: the ids of at most `limit` mounts below `mount`, those after `after` only.
inline constexpr std::uint64_t kListFromRoot = ~std::uint64_t{0};  // LSMT_ROOT
struct Listing {
  std::uint64_t mount = kListFromRoot;
  std::uint64_t after = 0;
  std::size_t limit = 512;
  std::uint64_t ns = 0;
};
Got<std::vector<std::uint64_t>> listmount(Actor& actor, const Listing& listing = {});

// The id of the mount namespace behind a file of nsfs: open(2), ioctl(2) with NS_GET_MNTNS_ID (Linux 6.11), close(2).
Got<std::uint64_t> mount_namespace_id(Actor& actor, std::string_view ns_file);

// poll(2) without waiting on a descriptor of /proc/PID/mountinfo: true if mounts changed since the last look (proc(5)).
Got<bool> mounts_changed(Actor& actor, int mountinfo);

}  // namespace nsproof::sys
