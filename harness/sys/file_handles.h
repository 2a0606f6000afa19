// Remote calls about file handles, by which a file is opened without a path to it (open_by_handle_at(2)).
#pragma once

#include <string>
#include <string_view>

#include "harness/sys/sys.h"

namespace nsproof::sys {

struct FileHandle {
  int type = 0;
  std::string bytes;
};
Got<FileHandle> name_to_handle_at(Actor& actor, std::string_view path);

// `mount` is a descriptor of any file of the file system; the value is a new descriptor.
Reply open_by_handle_at(Actor& actor, int mount, const FileHandle& handle, int flags);

}  // namespace nsproof::sys
