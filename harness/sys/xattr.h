// Remote calls about extended attributes (xattr(7)), file capabilities among them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/sys/sys.h"

namespace nsproof::sys {

Reply setxattr(Actor& actor, std::string_view path, std::string_view name, std::string_view value);
Got<std::string> getxattr(Actor& actor, std::string_view path, std::string_view name);

// What "security.capability" holds (capabilities(7), "File capability extended attribute versioning").
struct FileCapability {
  unsigned version = 0;
  std::uint64_t permitted = 0;
  std::uint32_t root_id = 0;  // the owner of the namespaces in which it counts; version 3 only
};
// Gives a file capabilities as version 2, the form without a root id.
Reply set_file_capability(Actor& actor, std::string_view path, std::uint64_t permitted);
Got<FileCapability> file_capability(Actor& actor, std::string_view path);

}  // namespace nsproof::sys
