// What a mount table tells beyond its lines: which mounts can be reached by a path, and where each comes from. Pure
// functions, because the table of a hostile container is read by them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/audit/finding.h"
#include "harness/sys/mounts.h"

namespace nsproof::audit {

using Mount = sys::MountInfo;
using Mounts = std::vector<sys::MountInfo>;

// Those that no other mount hides, as a walk from the root directory finds them, in the order of the table.
std::vector<const Mount*> visible(const Mounts& mounts);

// "ro" of "rw,nosuid", or a value: "64k" of "rw,size=64k" for "size", "" for a word without one.
std::optional<std::string> option_of(std::string_view options, std::string_view name);
// Neither the mount nor its file system is read-only.
bool is_writable(const Mount& mount);
// The path is the directory, or in it.
bool is_below(std::string_view path, std::string_view directory);
// A call on it may wait for a server that does not answer: FUSE, NFS and the like.
bool may_hang(const Mount& mount);

enum class Origin {
  root,          // the container's root file system, or a part of it
  kernel,        // procfs, cgroups and others whose files the kernel makes up
  device,        // a device node, or what masks a file
  memory,        // a tmpfs that is seen as a whole
  runtime_file,  // what a runtime binds by itself: /etc/hosts
  volume,        // a directory that an engine keeps for the container, or a file system of its own
  host_path,     // any other directory of the host
  sensitive,     // one that holds the host's configuration, keys, logs or programs
};
Origin origin_of(const Mount& mount, const Mounts& mounts);

// `"/mnt" is "/etc" of overlay (rw)`, and several of these: the first four, and how many more.
std::string described(const Mount& mount);
std::string some_of(const std::vector<std::string>& items);

// --- Judgements of a whole table.
Sight judge_sensitive(const Mounts& mounts);
Sight judge_host_paths(const Mounts& mounts);
Sight judge_fuse(const Mounts& mounts);
Sight judge_overlay_paths(const Mounts& mounts);
Sight judge_devtmpfs(const Mounts& mounts);
// A second instance of `type` ("proc") that shows what mounts below `place` ("/proc") hide.
Sight judge_twin(const Mounts& mounts, std::string_view type, std::string_view place);

}  // namespace nsproof::audit
