#include "harness/audit/look.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>

#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/names.h"

namespace nsproof::audit {
namespace {

constexpr std::size_t kPiece = 4096;
// Of the first frame, and of those that follow: most files end in the first piece, which only a second read can tell,
// and to read the end of /proc/net/tcp once more is to look through all of its buckets again.
constexpr std::size_t kFirstPieces = 2;
constexpr std::size_t kPieces = 12;
constexpr std::size_t kShown = 400;

Arg here() { return named(static_cast<std::uint64_t>(AT_FDCWD), "AT_FDCWD"); }

std::string type_text(unsigned mode) {
  switch (mode & S_IFMT) {
    case S_IFREG: return "S_IFREG";
    case S_IFDIR: return "S_IFDIR";
    case S_IFLNK: return "S_IFLNK";
    case S_IFCHR: return "S_IFCHR";
    case S_IFBLK: return "S_IFBLK";
    case S_IFIFO: return "S_IFIFO";
    case S_IFSOCK: return "S_IFSOCK";
    default: return "?";
  }
}

std::string stat_text(const struct stat& seen) {
  char mode[16];
  std::snprintf(mode, sizeof mode, "0%o", seen.st_mode & 07777);
  const bool node = S_ISCHR(seen.st_mode) || S_ISBLK(seen.st_mode);
  return say("{st_mode=", type_text(seen.st_mode), "|", mode, ", st_uid=", seen.st_uid, ", st_gid=", seen.st_gid,
             node ? say(", st_rdev=", major(seen.st_rdev), ":", minor(seen.st_rdev)) : "",
             ", st_dev=", major(seen.st_dev), ":", minor(seen.st_dev), ", st_ino=", seen.st_ino, "}");
}

Reply close_quietly(Actor& actor, int fd) {
  Step made = step(SYS_close, "close", {num(fd)});
  made.plumbing = true;
  return actor.call(std::move(made));
}

// As many reads as one frame has room for; those past the end are not worth a line.
std::vector<Step> reads(int fd, std::size_t pieces) {
  std::vector<Step> steps;
  for (std::size_t i = 0; i < pieces; ++i) {
    Step made = step(SYS_read, "read", {num(fd), out(kPiece), num(kPiece)});
    made.send = wire::Send::as_returned;
    made.on_error = wire::OnError::stop;
    made.plumbing = i > 0;
    steps.push_back(std::move(made));
  }
  return steps;
}

}  // namespace

sys::Got<struct stat> look_at(Actor& actor, std::string_view name, Links links) {
  const int flags = links == Links::seen ? AT_SYMLINK_NOFOLLOW : 0;
  sys::Got<struct stat> got{actor.call(SYS_newfstatat, "newfstatat",
                                       {here(), path(name), out(sizeof(struct stat)),
                                        flags == 0 ? num(0) : named(AT_SYMLINK_NOFOLLOW, "AT_SYMLINK_NOFOLLOW")})};
  if (got.ok()) {
    got.value = out_as<struct stat>(got.reply);
    actor.shows(stat_text(got.value));
  }
  return got;
}

sys::Got<std::string> read_cautiously(Actor& actor, std::string_view name, std::size_t limit) {
  sys::Got<std::string> got;
  const sys::Got<struct stat> kind = look_at(actor, name, Links::followed);
  got.reply = kind.reply;
  if (!kind.ok()) return got;
  if (!S_ISREG(kind.value.st_mode)) {
    got.reply.value = -EINVAL;
    return got;
  }
  got.reply = sys::open(actor, name, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (!got.ok()) return got;
  const int fd = static_cast<int>(got.reply.value);
  for (bool more = true; more && got.value.size() < limit;) {
    std::vector<Reply> replies = actor.batch(reads(fd, got.value.empty() ? kFirstPieces : kPieces));
    for (Reply& reply : replies) {
      more = reply.ok() && reply.value > 0;
      if (more) got.value += out_bytes(reply, 0, 0);
      if (!reply.ok() && got.value.empty()) got.reply = std::move(reply);
      if (!more) break;
    }
  }
  if (got.ok()) {
    got.value.resize(std::min(got.value.size(), limit));
    actor.shows(quoted(got.value, kShown));
  }
  close_quietly(actor, fd);
  return got;
}

sys::Got<std::vector<std::string>> list_cautiously(Actor& actor, std::string_view name, std::size_t limit) {
  constexpr std::size_t kRoom = 32 * 1024;
  sys::Got<std::vector<std::string>> got{
      sys::open(actor, name, O_RDONLY | O_DIRECTORY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC)};
  if (!got.ok()) return got;
  const int fd = static_cast<int>(got.reply.value);
  while (got.value.size() < limit) {
    Step more = step(SYS_getdents64, "getdents64", {num(fd), out(kRoom), num(kRoom)});
    more.send = wire::Send::as_returned;
    const Reply reply = actor.call(std::move(more));
    if (!reply.ok() && got.value.empty()) got.reply = reply;
    if (!reply.ok() || reply.value == 0) break;
    const std::string_view entries = out_bytes(reply, 0, 0);
    for (std::size_t at = 0; at + offsetof(dirent64, d_name) < entries.size() && got.value.size() < limit;) {
      unsigned short length = 0;
      std::memcpy(&length, entries.data() + at + offsetof(dirent64, d_reclen), sizeof length);
      if (length <= offsetof(dirent64, d_name) || at + length > entries.size()) break;
      const std::string entry(
          entries.substr(at + offsetof(dirent64, d_name), length - offsetof(dirent64, d_name)).data());
      if (entry != "." && entry != "..") got.value.push_back(entry);
      at += length;
    }
    actor.shows(say("{", got.value.size(), " names so far}"));
  }
  close_quietly(actor, fd);
  return got;
}

Reply may_access(Actor& actor, std::string_view name, int mode) {
  constexpr long kFaccessat2 = 439;
  const std::string_view wish = mode == W_OK ? "W_OK" : mode == R_OK ? "R_OK" : mode == X_OK ? "X_OK" : "F_OK";
  const Arg how = named(static_cast<std::uint64_t>(mode), std::string(wish));
  Reply reply = actor.call(kFaccessat2, "faccessat2", {here(), path(name), how, named(AT_EACCESS, "AT_EACCESS")});
  if (reply.error() == ENOSYS) reply = actor.call(SYS_faccessat, "faccessat", {here(), path(name), how});
  return reply;
}

}  // namespace nsproof::audit
