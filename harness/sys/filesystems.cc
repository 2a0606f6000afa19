// statfs(2), statx(2), fallocate(2) and utimensat(2), made remotely.
#include "harness/sys/filesystems.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/vfs.h>

#include "harness/support/text.h"
#include "harness/sys/names.h"

namespace nsproof::sys {
namespace {

constexpr std::uint64_t kMountRoot = 0x2000;  // STATX_ATTR_MOUNT_ROOT

Arg here() { return named(static_cast<std::uint64_t>(AT_FDCWD), "AT_FDCWD"); }

}  // namespace

Got<FileSystem> statfs(Actor& actor, std::string_view name) {
  static constexpr FlagName kFlags[] = {
      {ST_RDONLY, "ST_RDONLY"},         {ST_NOSUID, "ST_NOSUID"},           {ST_NODEV, "ST_NODEV"},
      {ST_NOEXEC, "ST_NOEXEC"},         {ST_SYNCHRONOUS, "ST_SYNCHRONOUS"}, {ST_NOATIME, "ST_NOATIME"},
      {ST_NODIRATIME, "ST_NODIRATIME"}, {ST_RELATIME, "ST_RELATIME"},       {0x20, "ST_VALID"}};
  Got<FileSystem> got{actor.call(SYS_statfs, "statfs", {path(name), out(sizeof(struct ::statfs))})};
  if (!got.ok()) return got;
  const auto seen = out_as<struct ::statfs>(got.reply);
  got.value.type = static_cast<std::uint64_t>(seen.f_type);
  got.value.flags = static_cast<std::uint64_t>(seen.f_flags);
  got.value.bytes = static_cast<std::uint64_t>(seen.f_bsize) * seen.f_blocks;
  actor.shows(say("{f_type=", hex(got.value.type).text, ", f_flags=", flags_text(got.value.flags, kFlags),
                  ", bytes=", got.value.bytes, "}"));
  return got;
}

Got<bool> is_mount_root(Actor& actor, std::string_view name) {
  Got<bool> got{actor.call(
      SYS_statx, "statx",
      {here(), path(name), num(0), named(STATX_BASIC_STATS, "STATX_BASIC_STATS"), out(sizeof(struct statx))})};
  if (!got.ok()) return got;
  const auto seen = out_as<struct statx>(got.reply);
  if ((seen.stx_attributes_mask & kMountRoot) == 0) throw Babbled("statx(2) does not tell roots of mounts");
  got.value = (seen.stx_attributes & kMountRoot) != 0;
  actor.shows(got.value ? "{STATX_ATTR_MOUNT_ROOT}" : "{no root of a mount}");
  return got;
}

Reply fallocate(Actor& actor, int fd, std::int64_t bytes) {
  return actor.call(SYS_fallocate, "fallocate", {num(fd), num(0), num(0), num(bytes)});
}

Reply set_times(Actor& actor, std::string_view name, std::int64_t accessed, std::int64_t modified) {
  const struct timespec times[] = {{accessed, 0}, {modified, 0}};
  return actor.call(
      SYS_utimensat, "utimensat",
      {here(), path(name), record(raw(times), say("[{", accessed, ", 0}, {", modified, ", 0}]")), num(0)});
}

}  // namespace nsproof::sys
