#include "harness/launch/first_probe.h"

#include <fcntl.h>
#include <linux/sched.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "harness/launch/probe_image.h"
#include "harness/support/text.h"

namespace nsproof {
namespace {

// Runs between clone3 and execve in a copy of a process that may have threads: raw system calls only, no allocation
// (signal-safety(7)). The harness writes one byte when the id maps are in place.
[[noreturn]] void become_probe(int channel, int image) {
  char go = 0;
  while (::syscall(SYS_read, channel, &go, 1) < 0 && errno == EINTR) {
  }
  // The channel on 0 and 1, the image on 2 until it is executed, and not one descriptor more: neither those of the
  // harness nor those that whoever started it had left open.
  constexpr int kImage = 2;
  ::syscall(SYS_dup3, channel, 0, 0);
  ::syscall(SYS_dup3, channel, 1, 0);
  ::syscall(SYS_dup3, image, kImage, O_CLOEXEC);
  if (::syscall(SYS_close_range, kImage + 1, ~0U, 0) != 0)
    for (int fd = kImage + 1; fd < 4096; ++fd) ::syscall(SYS_close, fd);  // before Linux 5.9
  const char* arguments[] = {"nsprobe", nullptr};
  const char* environment[] = {nullptr};
  ::syscall(SYS_execveat, kImage, "", arguments, environment, AT_EMPTY_PATH);
  ::syscall(SYS_exit_group, errno);
  __builtin_unreachable();
}

void write_map(int pid, const char* file, const std::string& text) {
  const std::string path = say("/proc/", pid, "/", file);
  const Fd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!fd || ::write(fd.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    throw Broken(say("writing ", path, ": ", errno_name(errno)));
}

void map_own_ids_to_root(int pid) {
  write_map(pid, "setgroups", "deny");
  write_map(pid, "uid_map", say("0 ", ::geteuid(), " 1"));
  write_map(pid, "gid_map", say("0 ", ::getegid(), " 1"));
}

}  // namespace

FirstProbe start_first_probe(std::uint64_t flags, int* error) {
  const Fd image = probe_memfd();
  ChannelPair pair = channel_pair();
  clone_args args{};
  args.flags = flags;
  args.exit_signal = SIGCHLD;
  const long pid = ::syscall(SYS_clone3, &args, sizeof args);
  if (pid == 0) become_probe(pair.theirs.get(), image.get());
  if (pid < 0) {
    if (error != nullptr) *error = errno;
    throw Broken(say("clone3 of the bulkhead: ", errno_name(errno)));
  }
  FirstProbe probe{static_cast<int>(pid), nullptr};
  try {
    if ((flags & CLONE_NEWUSER) != 0) map_own_ids_to_root(probe.pid);
  } catch (const Broken&) {
    ::kill(probe.pid, SIGKILL);
    ::waitpid(probe.pid, nullptr, 0);
    throw;
  }
  pair.theirs.reset();
  const char go = 'g';
  if (::write(pair.ours.get(), &go, 1) != 1) throw Broken("the bulkhead's first process is gone before it began");
  probe.transport = live_transport(std::move(pair.ours));
  return probe;
}

}  // namespace nsproof
