#include "harness/launch/confine.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>

namespace nsproof {
namespace {

constexpr int kNamespaces = CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWNET | CLONE_NEWUTS;

bool write_file(const char* path, const char* text, int length) {
  const int fd = ::open(path, O_WRONLY | O_CLOEXEC);
  const bool written = fd >= 0 && ::write(fd, text, static_cast<std::size_t>(length)) == length;
  ::close(fd);
  return written;
}

// The one map that every caller may write: its own ids onto themselves (user_namespaces(7)).
bool map_own_ids(unsigned uid, unsigned gid) {
  char line[64];
  int length = std::snprintf(line, sizeof line, "%u %u 1", uid, uid);
  if (!write_file("/proc/self/setgroups", "deny", 4) || !write_file("/proc/self/uid_map", line, length)) return false;
  length = std::snprintf(line, sizeof line, "%u %u 1", gid, gid);
  return write_file("/proc/self/gid_map", line, length);
}

// Waits for everything that becomes its child, and ends as `child` does.
[[noreturn]] void wait_for(pid_t child) {
  // The exec's error pipe is among them, and must not be held open.
  ::close_range(0, ~0U, 0);
  for (;;) {
    int status = 0;
    const pid_t ended = ::waitpid(-1, &status, 0);
    if (ended < 0 && errno == ECHILD) ::_exit(127);
    if (ended == child) ::_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
  }
}

}  // namespace

int confine_child() {
  const unsigned uid = ::geteuid();
  const unsigned gid = ::getegid();
  // Root that may make no user namespace does without: everything else it may do anyway.
  const bool user = ::unshare(CLONE_NEWUSER | kNamespaces) == 0;
  if (!user && ::unshare(kNamespaces) != 0) return errno;
  if (user && !map_own_ids(uid, gid)) return errno;
  if (::mount("", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return errno;
  if (::mount("tmpfs", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV, nullptr) != 0) return errno;
  for (int generation = 0; generation < 2; ++generation) {
    const pid_t child = ::fork();
    if (child < 0) return errno;
    if (child > 0) wait_for(child);
    // Not inherited by fork(2), and cleared by what unshare(2) does to the credentials.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  }
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  return 0;
}

}  // namespace nsproof
