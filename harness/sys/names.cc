#include "harness/sys/names.h"

#include <fcntl.h>
#include <linux/sched.h>
#include <sys/mount.h>

#include <cstring>

#include "harness/actor/step.h"
#include "harness/support/text.h"

namespace nsproof::sys {
namespace {

constexpr FlagName kMountFlags[] = {
    {MS_RDONLY, "MS_RDONLY"},
    {MS_NOSUID, "MS_NOSUID"},
    {MS_NODEV, "MS_NODEV"},
    {MS_NOEXEC, "MS_NOEXEC"},
    {MS_REMOUNT, "MS_REMOUNT"},
    {MS_NOATIME, "MS_NOATIME"},
    {MS_BIND, "MS_BIND"},
    {MS_MOVE, "MS_MOVE"},
    {MS_REC, "MS_REC"},
    {MS_UNBINDABLE, "MS_UNBINDABLE"},
    {MS_PRIVATE, "MS_PRIVATE"},
    {MS_SLAVE, "MS_SLAVE"},
    {MS_SHARED, "MS_SHARED"},
    {MS_RELATIME, "MS_RELATIME"},
    {MS_STRICTATIME, "MS_STRICTATIME"},
};

constexpr FlagName kCloneFlags[] = {
    {CLONE_NEWNS, "CLONE_NEWNS"},
    {CLONE_NEWPID, "CLONE_NEWPID"},
    {CLONE_NEWNET, "CLONE_NEWNET"},
    {CLONE_NEWUSER, "CLONE_NEWUSER"},
    {CLONE_NEWIPC, "CLONE_NEWIPC"},
    {CLONE_NEWUTS, "CLONE_NEWUTS"},
    {CLONE_NEWCGROUP, "CLONE_NEWCGROUP"},
    {CLONE_NEWTIME, "CLONE_NEWTIME"},
    {CLONE_VM, "CLONE_VM"},
    {CLONE_FS, "CLONE_FS"},
    {CLONE_FILES, "CLONE_FILES"},
    {CLONE_SIGHAND, "CLONE_SIGHAND"},
    {CLONE_PIDFD, "CLONE_PIDFD"},
    {CLONE_VFORK, "CLONE_VFORK"},
    {CLONE_PARENT, "CLONE_PARENT"},
    {CLONE_THREAD, "CLONE_THREAD"},
    {CLONE_SYSVSEM, "CLONE_SYSVSEM"},
    {CLONE_SETTLS, "CLONE_SETTLS"},
    {CLONE_PARENT_SETTID, "CLONE_PARENT_SETTID"},
    {CLONE_CHILD_CLEARTID, "CLONE_CHILD_CLEARTID"},
    {CLONE_CHILD_SETTID, "CLONE_CHILD_SETTID"},
    {CLONE_CLEAR_SIGHAND, "CLONE_CLEAR_SIGHAND"},
    {CLONE_INTO_CGROUP, "CLONE_INTO_CGROUP"},
};

constexpr FlagName kOpenFlags[] = {
    {O_WRONLY, "O_WRONLY"},       {O_RDWR, "O_RDWR"},       {O_CREAT, "O_CREAT"},       {O_EXCL, "O_EXCL"},
    {O_TRUNC, "O_TRUNC"},         {O_APPEND, "O_APPEND"},   {O_NONBLOCK, "O_NONBLOCK"}, {O_NOFOLLOW, "O_NOFOLLOW"},
    {O_DIRECTORY, "O_DIRECTORY"}, {O_CLOEXEC, "O_CLOEXEC"}, {O_PATH, "O_PATH"},         {O_NOCTTY, "O_NOCTTY"},
};

}  // namespace

std::string flags_text(std::uint64_t flags, std::span<const FlagName> names) {
  std::string text;
  for (const FlagName& row : names) {
    if ((flags & row.flag) != row.flag || row.flag == 0) continue;
    if (!text.empty()) text += '|';
    text += row.name;
    flags &= ~row.flag;
  }
  if (flags != 0) {
    if (!text.empty()) text += '|';
    text += hex(flags).text;
  }
  return text.empty() ? "0" : text;
}

std::string signal_text(int signal) {
  const char* name = sigabbrev_np(signal);
  return name != nullptr ? say("SIG", name) : std::to_string(signal);
}

std::string mount_flags_text(std::uint64_t flags) { return flags_text(flags, kMountFlags); }
std::string clone_flags_text(std::uint64_t flags) { return flags_text(flags, kCloneFlags); }

std::string open_flags_text(std::uint64_t flags) {
  const std::string text = flags_text(flags, kOpenFlags);
  if ((flags & O_ACCMODE) != O_RDONLY) return text;
  return text == "0" ? "O_RDONLY" : "O_RDONLY|" + text;
}

}  // namespace nsproof::sys
