// name_to_handle_at(2) and open_by_handle_at(2), made remotely.
#include "harness/sys/file_handles.h"

#include <fcntl.h>
#include <sys/syscall.h>

#include <cstdint>
#include <cstring>

#include "harness/support/text.h"
#include "harness/sys/names.h"

namespace nsproof::sys {
namespace {

constexpr unsigned kMostBytes = 128;  // MAX_HANDLE_SZ

// The fixed part of struct file_handle.
struct Header {
  std::uint32_t bytes = 0;
  std::int32_t type = 0;
};

}  // namespace

Got<FileHandle> name_to_handle_at(Actor& actor, std::string_view name) {
  std::string room = raw(Header{kMostBytes, 0});
  room.append(kMostBytes, '\0');
  Got<FileHandle> got{actor.call(SYS_name_to_handle_at, "name_to_handle_at",
                                 {named(static_cast<std::uint64_t>(AT_FDCWD), "AT_FDCWD"), path(name),
                                  in_out(room, say("{handle_bytes=", kMostBytes, "}")), out(sizeof(int)), num(0)})};
  if (!got.ok()) return got;
  const auto header = out_as<Header>(got.reply);
  if (header.bytes > kMostBytes) throw Babbled("a file handle is longer than it may be");
  got.value = {header.type,
               std::string(out_bytes(got.reply, 0, sizeof header + header.bytes).substr(sizeof header, header.bytes))};
  actor.shows(say("{handle_type=", header.type, ", ", header.bytes, " bytes}"));
  return got;
}

Reply open_by_handle_at(Actor& actor, int mount, const FileHandle& handle, int flags) {
  const Header header{static_cast<std::uint32_t>(handle.bytes.size()), handle.type};
  return actor.call(SYS_open_by_handle_at, "open_by_handle_at",
                    {num(mount), record(raw(header) + handle.bytes, say("{handle_type=", handle.type, "}")),
                     named(static_cast<std::uint64_t>(flags), open_flags_text(static_cast<std::uint64_t>(flags)))});
}

}  // namespace nsproof::sys
