#include "harness/sys/mounts.h"

#include <fcntl.h>
#include <sys/syscall.h>

#include <charconv>

#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/names.h"

namespace nsproof::sys {
namespace {

Arg text_or_null(std::string_view text) { return text.empty() ? null() : path(text); }

int number(std::string_view text) {
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// mountinfo writes space, tab, newline and backslash as \ooo (proc(5)).
std::string unescaped(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 3 < text.size()) {
      int code = 0;
      const auto [end, error] = std::from_chars(text.data() + i + 1, text.data() + i + 4, code, 8);
      if (error == std::errc{} && end == text.data() + i + 4) {
        plain += static_cast<char>(code);
        i += 3;
        continue;
      }
    }
    plain += text[i];
  }
  return plain;
}

}  // namespace

Reply mount(Actor& actor, std::string_view source, std::string_view target, std::string_view type, std::uint64_t flags,
            std::string_view data) {
  return actor.call(SYS_mount, "mount",
                    {text_or_null(source), path(target), text_or_null(type), named(flags, mount_flags_text(flags)),
                     text_or_null(data)});
}

Reply umount(Actor& actor, std::string_view target, int flags) {
  static constexpr FlagName kFlags[] = {{MNT_FORCE, "MNT_FORCE"},
                                        {MNT_DETACH, "MNT_DETACH"},
                                        {MNT_EXPIRE, "MNT_EXPIRE"},
                                        {UMOUNT_NOFOLLOW, "UMOUNT_NOFOLLOW"}};
  const auto bits = static_cast<std::uint64_t>(flags);
  return actor.call(SYS_umount2, "umount2", {path(target), named(bits, flags_text(bits, kFlags))});
}

Reply pivot_root(Actor& actor, std::string_view new_root, std::string_view put_old) {
  return actor.call(SYS_pivot_root, "pivot_root", {path(new_root), path(put_old)});
}

Reply new_mount(Actor& actor, std::string_view type) {
  std::vector<Step> steps;
  steps.push_back(step(SYS_fsopen, "fsopen", {str(type), named(1, "FSOPEN_CLOEXEC")}));
  steps.push_back(
      step(SYS_fsconfig, "fsconfig", {result_of(0), named(6, "FSCONFIG_CMD_CREATE"), null(), null(), num(0)}));
  steps.push_back(step(SYS_fsmount, "fsmount", {result_of(0), named(1, "FSMOUNT_CLOEXEC"), num(0)}));
  steps.push_back(step(SYS_close, "close", {result_of(0)}));
  for (Step& one : steps) one.on_error = wire::OnError::stop;
  std::vector<Reply> replies = actor.batch(std::move(steps));
  if (!replies.back().ok()) return std::move(replies.back());
  return std::move(replies.at(2));
}

Reply open_tree(Actor& actor, int directory, std::string_view name, unsigned flags) {
  static constexpr FlagName kFlags[] = {{1, "OPEN_TREE_CLONE"},
                                        {O_CLOEXEC, "OPEN_TREE_CLOEXEC"},
                                        {AT_RECURSIVE, "AT_RECURSIVE"},
                                        {AT_EMPTY_PATH, "AT_EMPTY_PATH"}};
  return actor.call(SYS_open_tree, "open_tree",
                    {directory == AT_FDCWD ? named(static_cast<std::uint64_t>(directory), "AT_FDCWD") : num(directory),
                     path(name), named(flags, flags_text(flags, kFlags))});
}

Reply attach_mount(Actor& actor, int mount, std::string_view target) {
  return actor.call(SYS_move_mount, "move_mount",
                    {num(mount), str(""), named(static_cast<std::uint64_t>(AT_FDCWD), "AT_FDCWD"), path(target),
                     named(4, "MOVE_MOUNT_F_EMPTY_PATH")});
}

std::vector<MountInfo> parse_mountinfo(std::string_view text) {
  std::vector<MountInfo> mounts;
  for (const std::string& line : lines_of(text)) {
    const std::vector<std::string> words = words_of(line);
    if (words.size() < 7) continue;
    MountInfo mount{number(words[0]),
                    number(words[1]),
                    unescaped(words[3]),
                    unescaped(words[4]),
                    words[5],
                    {},
                    {},
                    words[2],
                    {},
                    {}};
    std::size_t i = 6;
    for (; i < words.size() && words[i] != "-"; ++i) mount.tags.push_back(words[i]);
    if (i + 1 < words.size()) mount.type = words[i + 1];
    if (i + 2 < words.size()) mount.source = unescaped(words[i + 2]);
    if (i + 3 < words.size()) mount.super_options = unescaped(words[i + 3]);
    mounts.push_back(std::move(mount));
  }
  return mounts;
}

Got<std::vector<MountInfo>> mountinfo(Actor& actor, std::string_view process) {
  Got<std::string> text = read_file(actor, say("/proc/", process, "/mountinfo"));
  Got<std::vector<MountInfo>> got{std::move(text.reply)};
  if (got.ok()) got.value = parse_mountinfo(text.value);
  return got;
}

std::optional<MountInfo> mount_at(const std::vector<MountInfo>& mounts, std::string_view target) {
  for (auto mount = mounts.rbegin(); mount != mounts.rend(); ++mount)
    if (mount->target == target) return *mount;
  return std::nullopt;
}

}  // namespace nsproof::sys
