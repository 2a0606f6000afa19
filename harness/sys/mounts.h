// Remote calls about mounts: the classic ones of mount(2) and the descriptor-based ones of Linux 5.2.
#pragma once

#include <sys/mount.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/sys/sys.h"

namespace nsproof::sys {

// mount(2). Empty strings are passed as NULL.
Reply mount(Actor& actor, std::string_view source, std::string_view target, std::string_view type,
            std::uint64_t flags = 0, std::string_view data = {});
Reply umount(Actor& actor, std::string_view target, int flags = 0);
Reply pivot_root(Actor& actor, std::string_view new_root, std::string_view put_old);

// A new instance of a file system as a detached mount: fsopen(2), fsconfig(2), fsmount(2). The value is its descriptor.
Reply new_mount(Actor& actor, std::string_view type);
Reply open_tree(Actor& actor, int directory, std::string_view path, unsigned flags);
// move_mount(2) of a detached mount onto a path.
Reply attach_mount(Actor& actor, int mount, std::string_view target);

// One line of /proc/PID/mountinfo (proc(5)).
struct MountInfo {
  int id = 0;
  int parent = 0;
  std::string root;    // within its file system
  std::string target;  // mount point, relative to the reader's root
  std::string options;
  std::vector<std::string> tags;  // "shared:1", "master:2", "propagate_from:3", "unbindable"
  std::string type;
  std::string device;  // "0:23", of st_dev
  std::string source;
  std::string super_options;
};

std::vector<MountInfo> parse_mountinfo(std::string_view text);
Got<std::vector<MountInfo>> mountinfo(Actor& actor, std::string_view process = "self");

// The uppermost mount at this mount point, if there is one.
std::optional<MountInfo> mount_at(const std::vector<MountInfo>& mounts, std::string_view target);

}  // namespace nsproof::sys
