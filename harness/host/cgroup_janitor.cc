#include "harness/host/cgroup_janitor.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include "harness/actor/transport.h"
#include "harness/support/text.h"

namespace nsproof {
namespace {

constexpr int kDeepest = 32;
constexpr int kTries = 300;
constexpr std::size_t kMostParents = 32;  // cgroup hierarchies; there are some 15 controllers
constexpr timespec kPause{0, 10'000'000};

int open_group(int parent, const char* name) {
  const int fd = ::openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return fd;
  struct statfs kind {};
  if (::fstatfs(fd, &kind) == 0 && (kind.f_type == CGROUP2_SUPER_MAGIC || kind.f_type == CGROUP_SUPER_MAGIC)) return fd;
  ::close(fd);
  errno = EXDEV;
  return -1;
}

// Calls act(fd, name) for every directory in this one.
template <class Act>
void for_each_child(int fd, Act act) {
  alignas(dirent64) char buffer[2048];
  ::lseek(fd, 0, SEEK_SET);
  for (;;) {
    const long got = ::syscall(SYS_getdents64, fd, buffer, sizeof buffer);
    if (got <= 0) return;
    for (long at = 0; at < got;) {
      const auto* entry = reinterpret_cast<const dirent64*>(buffer + at);
      at += entry->d_reclen;
      const bool self = std::strcmp(entry->d_name, ".") == 0 || std::strcmp(entry->d_name, "..") == 0;
      if (entry->d_type == DT_DIR && !self) act(fd, entry->d_name);
    }
  }
}

// Whether the process is (still) a member of this group.
bool is_member(int group, int pid) {
  const int fd = ::openat(group, "cgroup.procs", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  long number = 0;
  char text[512];
  bool found = false;
  for (long got = 0; !found && (got = ::read(fd, text, sizeof text)) > 0;) {
    for (long i = 0; i < got; ++i) {
      if (text[i] == '\n') {
        found |= number == pid;
        number = 0;
      } else {
        number = number * 10 + (text[i] - '0');
      }
    }
  }
  ::close(fd);
  return found;
}

// A pid may be somebody else's by the time it is read; a pidfd whose process is still a member is not.
void kill_member(int group, int pid) {
  const int pidfd = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  if (pidfd < 0) return;
  if (is_member(group, pid)) ::syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, nullptr, 0);
  ::close(pidfd);
}

// Before Linux 5.14 there is no cgroup.kill.
void kill_members_one_by_one(int group, int depth) {
  const int fd = ::openat(group, "cgroup.procs", O_RDONLY | O_CLOEXEC);
  char text[512];
  int number = 0;
  for (long got = 0; fd >= 0 && (got = ::read(fd, text, sizeof text)) > 0;) {
    for (long i = 0; i < got; ++i) {
      if (text[i] == '\n') {
        if (number > 1) kill_member(group, number);
        number = 0;
      } else {
        number = number * 10 + (text[i] - '0');
      }
    }
  }
  if (fd >= 0) ::close(fd);
  if (depth == 0) return;
  for_each_child(group, [depth](int parent, const char* name) {
    const int child = open_group(parent, name);
    if (child < 0) return;
    kill_members_one_by_one(child, depth - 1);
    ::close(child);
  });
}

void kill_members(int group) {
  const int fd = ::openat(group, "cgroup.kill", O_WRONLY | O_CLOEXEC);
  const bool killed = fd >= 0 && ::write(fd, "1", 1) == 1;
  if (fd >= 0) ::close(fd);
  if (!killed) kill_members_one_by_one(group, kDeepest);
}

void remove_directories(int parent, const char* name, int depth) {
  const int fd = open_group(parent, name);
  if (fd < 0) return;
  if (depth > 0)
    for_each_child(fd, [depth](int group, const char* child) { remove_directories(group, child, depth - 1); });
  ::close(fd);
  ::unlinkat(parent, name, AT_REMOVEDIR);
}

// Makes the group everywhere or nowhere. Returns 0 or the errno.
int make_groups(int first, int count, const char* name) {
  for (int i = 0; i < count; ++i) {
    if (::mkdirat(first + i, name, 0755) == 0) continue;
    const int error = errno;
    while (i-- > 0) ::unlinkat(first + i, name, AT_REMOVEDIR);
    return error;
  }
  return 0;
}

bool remove_groups(int first, int count, const char* name) {
  bool removed = true;
  for (int i = 0; i < count; ++i) removed &= remove_cgroup(first + i, name);
  return removed;
}

// Runs in a copy of the harness: raw calls and no allocation from here on.
[[noreturn]] void serve(int channel, const Fd* parents, int count, const char* name) {
  sigset_t all;
  ::sigfillset(&all);
  ::sigprocmask(SIG_SETMASK, &all, nullptr);
  ::setsid();
  ::prctl(PR_SET_NAME, "nsproof-janitor");
  // The descriptors that are needed, away from where they may be in each other's way, then from 0 on.
  constexpr int kFirst = 1;
  constexpr int kAway = 100;
  int far[1 + kMostParents];
  far[0] = ::fcntl(channel, F_DUPFD, kAway);
  for (int i = 0; i < count; ++i) far[kFirst + i] = ::fcntl(parents[i].get(), F_DUPFD, kAway);
  for (int i = 0; i <= count; ++i)
    if (::dup2(far[i], i) != i) ::_exit(1);
  const int end = kFirst + count;
  if (::syscall(SYS_close_range, static_cast<unsigned>(end), ~0U, 0) != 0)
    for (int fd = end; fd < 4096; ++fd) ::close(fd);  // before Linux 5.9
  if (::chdir("/") != 0) ::_exit(1);

  const int made = make_groups(kFirst, count, name);
  if (::write(0, &made, sizeof made) != static_cast<ssize_t>(sizeof made) && made != 0) ::_exit(1);
  if (made != 0) ::_exit(0);
  // A word of the harness that it is done, or its end. Every signal is blocked, so nothing else ends this.
  char word = 0;
  while (::read(0, &word, 1) < 0 && errno == EINTR) {
  }
  ::_exit(remove_groups(kFirst, count, name) ? 0 : 1);
}

}  // namespace

bool remove_cgroup(int parent, const char* name) {
  for (int i = 0; i < kTries; ++i) {
    const int group = open_group(parent, name);
    if (group < 0) return errno == ENOENT;
    kill_members(group);
    ::close(group);
    remove_directories(parent, name, kDeepest);
    // A process that is killed leaves its group in its own time.
    if (::faccessat(parent, name, F_OK, 0) != 0 && errno == ENOENT) return true;
    ::nanosleep(&kPause, nullptr);
  }
  return false;
}

CgroupJanitor::CgroupJanitor(std::span<const int> parents, const std::string& name) : name_(name) {
  if (parents.size() > kMostParents) throw Broken(say("there are ", parents.size(), " cgroup hierarchies"));
  for (const int parent : parents) parents_.emplace_back(::fcntl(parent, F_DUPFD_CLOEXEC, 0));
  ChannelPair pair = channel_pair();
  pid_ = ::fork();
  if (pid_ == 0) serve(pair.theirs.get(), parents_.data(), static_cast<int>(parents_.size()), name.c_str());
  if (pid_ < 0) throw Broken(say("fork: ", errno_name(errno)));
  pair.theirs.reset();
  channel_ = std::move(pair.ours);
  int error = 0;
  ssize_t got = 0;
  do {
    got = ::read(channel_.get(), &error, sizeof error);
  } while (got < 0 && errno == EINTR);
  if (got == static_cast<ssize_t>(sizeof error) && error == 0) return;
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  if (got != static_cast<ssize_t>(sizeof error)) throw Broken("the janitor of the cgroups is gone");
  throw Broken(say("making the cgroup ", name, ": ", errno_name(error)));
}

CgroupJanitor::~CgroupJanitor() {
  // A word, because a child of the harness that has not executed anything yet may hold the channel, too.
  const char done = 'd';
  while (::send(channel_.get(), &done, 1, MSG_NOSIGNAL) < 0 && errno == EINTR) {
  }
  channel_.reset();
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  // Somebody has killed the janitor: its work is ours then.
  if (WIFEXITED(status)) return;
  for (const Fd& parent : parents_) remove_cgroup(parent.get(), name_.c_str());
}

}  // namespace nsproof
