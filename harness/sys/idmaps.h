// Remote calls about the files that describe a user namespace: /proc/PID/uid_map, gid_map, projid_map and setgroups
// (user_namespaces(7)).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/sys/sys.h"

namespace nsproof::sys {

enum class MapFile { uid, gid, projid };

// Writes "inside outside count" lines to the map of a process, whose number is the writer's.
Reply write_map(Actor& writer, int pid, MapFile file, std::string_view lines);
// The same at another place in the file: lseek(2), write(2). The reply is that of the first call that failed, or of the
// write.
Reply write_map_at(Actor& writer, int pid, MapFile file, std::string_view lines, std::int64_t offset);
// The lines as the reader is shown them, with single blanks.
Got<std::string> read_map(Actor& reader, int pid, MapFile file);

// uid_map and gid_map with the same lines; the first error of the two.
Reply map_ids(Actor& writer, int pid, std::string_view lines);

// The descriptor of a map, opened for writing.
Reply open_map(Actor& writer, int pid, MapFile file);

Reply write_setgroups(Actor& writer, int pid, std::string_view word);
// "allow" or "deny".
Got<std::string> read_setgroups(Actor& reader, int pid);

// mount_setattr(2) with MOUNT_ATTR_IDMAP: a detached mount shows owners by the maps of this user namespace.
Reply map_mount(Actor& actor, int mount, int user_namespace);

// The id that stands for every id without a mapping: /proc/sys/kernel/overflowuid.
Got<std::int64_t> overflow_uid(Actor& actor);

}  // namespace nsproof::sys
