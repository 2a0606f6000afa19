#include "harness/sys/files.h"

#include <dirent.h>
#include <sys/syscall.h>

#include <cstddef>
#include <cstring>

#include "harness/support/text.h"
#include "harness/sys/names.h"

namespace nsproof::sys {
namespace {

constexpr std::size_t kWholeFile = 32 * 1024;

Arg directory(int fd) { return fd == AT_FDCWD ? named(static_cast<std::uint64_t>(fd), "AT_FDCWD") : num(fd); }

Arg mode_arg(unsigned mode) {
  char octal[16];
  std::snprintf(octal, sizeof octal, "0%o", mode);
  return named(mode, octal);
}

Step open_step(int at, std::string_view name, int flags, unsigned mode) {
  std::vector<Arg> args = {
      directory(at), path(name),
      named(static_cast<std::uint64_t>(flags), open_flags_text(static_cast<std::uint64_t>(flags)))};
  if ((flags & O_CREAT) != 0) args.push_back(mode_arg(mode));
  return step(SYS_openat, "openat", std::move(args));
}

// open, one call on the descriptor, close; what the first failing one of them said.
std::vector<Reply> with_open_file(Actor& actor, Step open, Step act) {
  open.on_error = wire::OnError::stop;
  std::vector<Step> steps;
  steps.push_back(std::move(open));
  steps.push_back(std::move(act));
  steps.push_back(step(SYS_close, "close", {result_of(0)}));
  return actor.batch(std::move(steps));
}

Reply act_on_file(Actor& actor, Step open, Step act) {
  std::vector<Reply> replies = with_open_file(actor, std::move(open), std::move(act));
  for (Reply& reply : replies)
    if (!reply.ok()) return std::move(reply);
  return std::move(replies.at(1));
}

Step read_step(Arg fd, std::size_t bytes) {
  Step made = step(SYS_read, "read", {std::move(fd), out(bytes), num(static_cast<std::int64_t>(bytes))});
  made.send = wire::Send::as_returned;
  return made;
}

Step write_step(Arg fd, std::string_view data) {
  return step(SYS_write, "write", {std::move(fd), bytes(data), num(static_cast<std::int64_t>(data.size()))});
}

Got<struct stat> stat_result(Actor& actor, Reply reply) {
  Got<struct stat> got{std::move(reply)};
  if (got.ok()) {
    got.value = out_as<struct stat>(got.reply);
    char mode[16];
    std::snprintf(mode, sizeof mode, "0%o", got.value.st_mode);
    actor.shows(say("{st_dev=", got.value.st_dev, ", st_ino=", got.value.st_ino, ", st_mode=", mode,
                    ", st_uid=", got.value.st_uid, ", st_gid=", got.value.st_gid, "}"));
  }
  return got;
}

}  // namespace

Got<std::string> call_for_bytes(Actor& actor, Step step) {
  step.send = wire::Send::as_returned;
  Got<std::string> got{actor.call(std::move(step))};
  if (got.ok()) {
    got.value = out_bytes(got.reply, 0, 0);
    actor.shows(quoted(got.value));
  }
  return got;
}

Reply open(Actor& actor, std::string_view path, int flags, unsigned mode) {
  return openat(actor, AT_FDCWD, path, flags, mode);
}

Reply openat(Actor& actor, int at, std::string_view path, int flags, unsigned mode) {
  return actor.call(open_step(at, path, flags, mode));
}

Reply close(Actor& actor, int fd) { return actor.call(SYS_close, "close", {num(fd)}); }

Got<std::string> read(Actor& actor, int fd, std::size_t bytes) {
  return call_for_bytes(actor, read_step(num(fd), bytes));
}

Reply write(Actor& actor, int fd, std::string_view data) { return actor.call(write_step(num(fd), data)); }

Reply dup3(Actor& actor, int from, int to, int flags) {
  return actor.call(SYS_dup3, "dup3", {num(from), num(to), num(flags)});
}

Got<Pair> pipe(Actor& actor, int flags) {
  Got<Pair> got{actor.call(SYS_pipe2, "pipe2",
                           {out(sizeof(Pair)), named(static_cast<std::uint64_t>(flags),
                                                     open_flags_text(static_cast<std::uint64_t>(flags)))})};
  if (got.ok()) {
    got.value = out_as<Pair>(got.reply);
    actor.shows(say("[", got.value.first, ", ", got.value.second, "]"));
  }
  return got;
}

Got<std::string> read_file(Actor& actor, std::string_view path) {
  Got<std::string> got{
      act_on_file(actor, open_step(AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0), read_step(result_of(0), kWholeFile))};
  if (got.ok()) {
    got.value = out_bytes(got.reply, 0, 0);
    actor.shows(quoted(got.value, 512), 1);
  }
  return got;
}

Reply write_file(Actor& actor, std::string_view path, std::string_view data) {
  return act_on_file(actor, open_step(AT_FDCWD, path, O_WRONLY | O_CLOEXEC, 0), write_step(result_of(0), data));
}

Reply make_file(Actor& actor, std::string_view path, std::string_view data, unsigned mode) {
  return act_on_file(actor, open_step(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode),
                     write_step(result_of(0), data));
}

Reply mkdir(Actor& actor, std::string_view name, unsigned mode) {
  return actor.call(SYS_mkdirat, "mkdirat", {directory(AT_FDCWD), path(name), mode_arg(mode)});
}

Reply rmdir(Actor& actor, std::string_view name) {
  return actor.call(SYS_unlinkat, "unlinkat", {directory(AT_FDCWD), path(name), named(AT_REMOVEDIR, "AT_REMOVEDIR")});
}

Reply unlink(Actor& actor, std::string_view name) {
  return actor.call(SYS_unlinkat, "unlinkat", {directory(AT_FDCWD), path(name), num(0)});
}

Reply rename(Actor& actor, std::string_view from, std::string_view to) {
  return actor.call(SYS_renameat2, "renameat2",
                    {directory(AT_FDCWD), path(from), directory(AT_FDCWD), path(to), num(0)});
}

Reply symlink(Actor& actor, std::string_view target, std::string_view name) {
  return actor.call(SYS_symlinkat, "symlinkat", {path(target), directory(AT_FDCWD), path(name)});
}

Reply chdir(Actor& actor, std::string_view name) { return actor.call(SYS_chdir, "chdir", {path(name)}); }
Reply fchdir(Actor& actor, int fd) { return actor.call(SYS_fchdir, "fchdir", {num(fd)}); }
Reply chroot(Actor& actor, std::string_view name) { return actor.call(SYS_chroot, "chroot", {path(name)}); }

Reply chmod(Actor& actor, std::string_view name, unsigned mode) {
  return actor.call(SYS_fchmodat, "fchmodat", {directory(AT_FDCWD), path(name), mode_arg(mode)});
}

Reply chown(Actor& actor, std::string_view name, std::int64_t user, std::int64_t group) {
  return actor.call(SYS_fchownat, "fchownat", {directory(AT_FDCWD), path(name), num(user), num(group), num(0)});
}

Reply mknod(Actor& actor, std::string_view name, unsigned mode, std::uint64_t device) {
  return actor.call(SYS_mknodat, "mknodat", {directory(AT_FDCWD), path(name), mode_arg(mode), hex(device)});
}

Reply access(Actor& actor, std::string_view name, int mode) {
  return actor.call(SYS_faccessat, "faccessat", {directory(AT_FDCWD), path(name), num(mode)});
}

Got<struct stat> stat(Actor& actor, std::string_view name) {
  return stat_result(actor, actor.call(SYS_newfstatat, "newfstatat",
                                       {directory(AT_FDCWD), path(name), out(sizeof(struct stat)), num(0)}));
}

Got<struct stat> fstat(Actor& actor, int fd) {
  return stat_result(actor, actor.call(SYS_fstat, "fstat", {num(fd), out(sizeof(struct stat))}));
}

Got<std::string> readlink(Actor& actor, std::string_view name) {
  constexpr std::size_t kPath = 4096;
  Step made = step(SYS_readlinkat, "readlinkat", {directory(AT_FDCWD), path(name), out(kPath), num(kPath)});
  return call_for_bytes(actor, std::move(made));
}

Got<std::vector<std::string>> list_directory(Actor& actor, std::string_view name) {
  Step list = step(SYS_getdents64, "getdents64", {result_of(0), out(kWholeFile), num(kWholeFile)});
  list.send = wire::Send::as_returned;
  Got<std::vector<std::string>> got{
      act_on_file(actor, open_step(AT_FDCWD, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0), std::move(list))};
  if (!got.ok()) return got;
  const std::string_view data = out_bytes(got.reply, 0, 0);
  // struct linux_dirent64 of getdents(2); the bytes come from a probe, so every length is checked.
  constexpr std::size_t kNameOffset = offsetof(dirent64, d_name);
  for (std::size_t at = 0; at + kNameOffset < data.size();) {
    std::uint16_t length = 0;
    std::memcpy(&length, data.data() + at + offsetof(dirent64, d_reclen), sizeof length);
    if (length <= kNameOffset || at + length > data.size()) throw Babbled("a directory entry with a wrong length");
    const char* entry = data.data() + at + kNameOffset;
    const std::string text(entry, ::strnlen(entry, length - kNameOffset));
    if (text != "." && text != "..") got.value.push_back(text);
    at += length;
  }
  actor.shows(say("[", join(got.value, " "), "]"), 1);
  return got;
}

}  // namespace nsproof::sys
