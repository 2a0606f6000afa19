#include "harness/sys/idmaps.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <charconv>
#include <vector>

#include "harness/support/text.h"
#include "harness/sys/files.h"

namespace nsproof::sys {
namespace {

std::string path_of(int pid, MapFile file) {
  constexpr std::string_view kNames[] = {"uid_map", "gid_map", "projid_map"};
  return say("/proc/", pid, "/", kNames[static_cast<unsigned>(file)]);
}

std::string setgroups_path(int pid) { return say("/proc/", pid, "/setgroups"); }

}  // namespace

Reply write_map(Actor& writer, int pid, MapFile file, std::string_view lines) {
  return write_file(writer, path_of(pid, file), lines);
}

Reply write_map_at(Actor& writer, int pid, MapFile file, std::string_view lines, std::int64_t offset) {
  Reply opened = open_map(writer, pid, file);
  if (!opened.ok()) return opened;
  const int fd = static_cast<int>(opened.value);
  // pwrite64(2) is ESPIPE for these files, whatever the offset.
  Reply reply = writer.call(SYS_lseek, "lseek", {num(fd), num(offset), named(SEEK_SET, "SEEK_SET")});
  if (reply.ok()) reply = write(writer, fd, lines);
  close(writer, fd);
  return reply;
}

Got<std::string> read_map(Actor& reader, int pid, MapFile file) {
  Got<std::string> got = read_file(reader, path_of(pid, file));
  std::vector<std::string> lines;
  for (const std::string& line : lines_of(got.value)) lines.push_back(join(words_of(line), " "));
  got.value = trim(join(lines, "\n"));
  return got;
}

Reply map_ids(Actor& writer, int pid, std::string_view lines) {
  Reply users = write_map(writer, pid, MapFile::uid, lines);
  if (!users.ok()) return users;
  return write_map(writer, pid, MapFile::gid, lines);
}

Reply open_map(Actor& writer, int pid, MapFile file) { return open(writer, path_of(pid, file), O_WRONLY | O_CLOEXEC); }

Reply write_setgroups(Actor& writer, int pid, std::string_view word) {
  return write_file(writer, setgroups_path(pid), word);
}

Got<std::string> read_setgroups(Actor& reader, int pid) {
  Got<std::string> got = read_file(reader, setgroups_path(pid));
  got.value = trim(got.value);
  return got;
}

Reply map_mount(Actor& actor, int mount, int user_namespace) {
  // struct mount_attr of linux/mount.h, which does not go together with sys/mount.h.
  struct Attributes {
    std::uint64_t set = 0x00100000;  // MOUNT_ATTR_IDMAP
    std::uint64_t clear = 0;
    std::uint64_t propagation = 0;
    std::uint64_t userns_fd = 0;
  } attributes;
  attributes.userns_fd = static_cast<std::uint64_t>(user_namespace);
  return actor.call(SYS_mount_setattr, "mount_setattr",
                    {num(mount), str(""), named(AT_EMPTY_PATH, "AT_EMPTY_PATH"),
                     record(raw(attributes), say("{attr_set=MOUNT_ATTR_IDMAP, userns_fd=", user_namespace, "}")),
                     num(sizeof attributes)});
}

Got<std::int64_t> overflow_uid(Actor& actor) {
  Got<std::string> text = read_file(actor, "/proc/sys/kernel/overflowuid");
  Got<std::int64_t> got{std::move(text.reply)};
  if (!got.ok()) return got;
  const std::string number = trim(text.value);
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), got.value);
  if (error != std::errc{} || end != number.data() + number.size())
    throw Babbled("/proc/sys/kernel/overflowuid holds no number");
  return got;
}

}  // namespace nsproof::sys
