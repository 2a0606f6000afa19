#include "harness/sys/xattr.h"

#include <linux/capability.h>
#include <sys/syscall.h>

#include <cstring>

#include "harness/support/text.h"

namespace nsproof::sys {
namespace {

constexpr std::string_view kCapability = "security.capability";

}  // namespace

Reply setxattr(Actor& actor, std::string_view file, std::string_view name, std::string_view value) {
  return actor.call(SYS_setxattr, "setxattr",
                    {path(file), str(name), bytes(value), num(static_cast<std::int64_t>(value.size())), num(0)});
}

Got<std::string> getxattr(Actor& actor, std::string_view file, std::string_view name) {
  constexpr std::size_t kValue = 1024;
  Step made = step(SYS_getxattr, "getxattr", {path(file), str(name), out(kValue), num(kValue)});
  return call_for_bytes(actor, std::move(made));
}

Reply set_file_capability(Actor& actor, std::string_view file, std::uint64_t permitted) {
  vfs_cap_data data{};
  data.magic_etc = VFS_CAP_REVISION_2;
  data.data[0].permitted = static_cast<std::uint32_t>(permitted);
  data.data[1].permitted = static_cast<std::uint32_t>(permitted >> 32);
  return setxattr(actor, file, kCapability, raw(data));
}

Got<FileCapability> file_capability(Actor& actor, std::string_view file) {
  Got<std::string> value = getxattr(actor, file, kCapability);
  Got<FileCapability> got{std::move(value.reply)};
  if (!got.ok()) return got;
  vfs_ns_cap_data data{};
  if (value.value.size() < sizeof(vfs_cap_data)) throw Babbled("a file capability that is too short");
  std::memcpy(&data, value.value.data(), std::min(value.value.size(), sizeof data));
  got.value = {data.magic_etc >> VFS_CAP_REVISION_SHIFT,
               data.data[0].permitted | static_cast<std::uint64_t>(data.data[1].permitted) << 32, data.rootid};
  actor.shows(say("{version=", got.value.version, ", rootid=", got.value.root_id, "}"));
  return got;
}

}  // namespace nsproof::sys
