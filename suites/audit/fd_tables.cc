// Reads descriptors of the audited process, and the tables of its network namespace.
#include "suites/audit/fd_tables.h"

#include <fcntl.h>

#include <algorithm>
#include <charconv>

#include "harness/audit/look.h"
#include "harness/audit/view.h"
#include "harness/support/text.h"
#include "harness/sys/xattr.h"

namespace nsproof::audit {
namespace {

constexpr std::size_t kMost = 256;

template <class T>
T number(std::string_view text, int base = 10) {
  T value{};
  std::from_chars(text.data(), text.data() + text.size(), value, base);
  return value;
}

// system.sockprotoname (sockfs): what lsof(8) asks for. The socket itself is not touched.
std::string protocol_of(View& view, const std::string& path) {
  const sys::Got<std::string>& name = view.ask(
      say("protocol of ", path), [&](Actor& actor) { return sys::getxattr(actor, path, "system.sockprotoname"); });
  return name.value.substr(0, name.value.find('\0'));
}

// What is behind a descriptor, by the name that it has in the container; stat(2) opens nothing. Who may not look, or
// cannot see the process there, learns nothing.
void look_behind(View& view, Descriptor& descriptor) {
  if (view.status().pids.empty()) return;
  const std::string path = say("/proc/", view.status().pids.back(), "/fd/", descriptor.number);
  const Reply& reply =
      view.call(say("stat ", path), [&](Actor& actor) { return look_at(actor, path, Links::followed).reply; });
  if (!reply.ok()) return;
  const auto seen = out_as<struct stat>(reply);
  descriptor.mode = seen.st_mode & S_IFMT;
  descriptor.device = seen.st_rdev;
  if (descriptor.mode == S_IFSOCK) descriptor.protocol = protocol_of(view, path);
}

}  // namespace

DescriptorInfo parse_fdinfo(std::string_view text) {
  DescriptorInfo info;
  for (const std::string& line : lines_of(text)) {
    const std::vector<std::string> words = words_of(line);
    if (words.size() < 2) continue;
    if (words[0] == "mnt_id:") info.mount = number<int>(words[1]);
    if (words[0] == "flags:") info.close_on_exec = (number<unsigned>(words[1], 8) & O_CLOEXEC) != 0;
  }
  return info;
}

std::vector<Descriptor> inherited_descriptors(View& view) {
  const sys::Got<std::vector<std::string>>& names = view.process_names("fd");
  if (!names.ok()) throw CouldNotLook(say("/proc/PID/fd: ", errno_name(names.error())));
  std::vector<Descriptor> all;
  for (const std::string& name : names.value) {
    Descriptor one;
    one.number = number<int>(name);
    // The standard streams are given on purpose; those of a sandbox that is made for the audit are the channel of the
    // process in it, and a file for errors.
    if (one.number <= 2) continue;
    const sys::Got<std::string>& info = view.process_file("fdinfo/" + name);
    if (!info.ok()) continue;  // closed meanwhile
    const DescriptorInfo parsed = parse_fdinfo(info.value);
    // What came through an execve(2) does not have O_CLOEXEC. What has it was opened by the program itself, such as
    // the channels of who looks, and will not be handed on.
    if (parsed.close_on_exec) continue;
    one.mount = parsed.mount;
    one.link = view.process_link("fd/" + name).value;
    if (all.size() == kMost) throw CouldNotLook(say("more than ", kMost, " descriptors"));
    look_behind(view, one);
    all.push_back(std::move(one));
  }
  std::sort(all.begin(), all.end(), [](const Descriptor& a, const Descriptor& b) { return a.number < b.number; });
  return all;
}

std::vector<UnixSocket> parse_unix_sockets(std::string_view text) {
  constexpr unsigned kAccepts = 0x10000;  // SO_ACCEPTCON of include/uapi/linux/net.h
  std::vector<UnixSocket> sockets;
  for (const std::string& line : lines_of(text)) {
    const std::vector<std::string> words = words_of(line);
    if (words.size() < 7 || words[0] == "Num") continue;
    UnixSocket one;
    one.listening = (number<unsigned>(words[3], 16) & kAccepts) != 0;
    one.inode = number<std::uint64_t>(words[6]);
    // A name may have blanks: it is the rest of the line.
    if (words.size() > 7) one.path = line.substr(line.find(words[6], line.find(words[5])) + words[6].size() + 1);
    sockets.push_back(std::move(one));
  }
  return sockets;
}

std::vector<std::uint64_t> inodes_of_table(std::string_view text) {
  std::vector<std::uint64_t> inodes;
  bool first = true;
  bool last_column =
      false;  // of netlink and packet; in tcp, udp and raw it is the tenth, whatever the header looks like
  for (const std::string& line : lines_of(text)) {
    const std::vector<std::string> words = words_of(line);
    if (first) last_column = !words.empty() && words.back() == "Inode";
    const std::size_t column = last_column ? words.size() - 1 : 9;
    if (!first && column < words.size()) inodes.push_back(number<std::uint64_t>(words[column]));
    first = false;
  }
  return inodes;
}

}  // namespace nsproof::audit
