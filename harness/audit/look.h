// Calls that look at what a stranger controls: regular files and procfs are read within limits, and nothing else is
// opened. A device could arm a watchdog, a FIFO would wait, a directory may have no end.
#pragma once

#include <sys/stat.h>

#include <string>
#include <string_view>
#include <vector>

#include "harness/sys/sys.h"

namespace nsproof::audit {

// At most `limit` bytes; EINVAL, without opening it, for what is no regular file.
sys::Got<std::string> read_cautiously(Actor& actor, std::string_view path, std::size_t limit);
// The first `limit` names without "." and "..".
sys::Got<std::vector<std::string>> list_cautiously(Actor& actor, std::string_view path, std::size_t limit);
// lstat(2), or stat(2).
enum class Links { followed, seen };
sys::Got<struct stat> look_at(Actor& actor, std::string_view path, Links links);
// faccessat2(2) with AT_EACCESS, or where that is unknown faccessat(2): 0, or the errno. Nothing is opened.
Reply may_access(Actor& actor, std::string_view path, int mode);

}  // namespace nsproof::audit
