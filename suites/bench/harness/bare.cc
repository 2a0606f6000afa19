#include "suites/bench/harness/bare.h"

#include <fcntl.h>
#include <linux/sched.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <string>
#include <system_error>

namespace nsproof::bench {
namespace {

constexpr std::size_t kHelloBytes = 40;

long checked(long result, const char* what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), what);
  return result;
}

void read_all(int fd, char* data, std::size_t bytes) {
  while (bytes > 0) {
    const auto got = static_cast<std::size_t>(checked(::read(fd, data, bytes), "read"));
    if (got == 0) throw std::system_error(EPIPE, std::generic_category(), "read");
    data += got;
    bytes -= got;
  }
}

}  // namespace

double bare_launch(int image, std::uint64_t flags) {
  char hello[kHelloBytes];
  const auto start = std::chrono::steady_clock::now();
  int ends[2];
  checked(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), "socketpair");
  clone_args args{};
  args.flags = flags;
  args.exit_signal = SIGCHLD;
  const long pid = checked(::syscall(SYS_clone3, &args, sizeof args), "clone3");
  if (pid == 0) {
    ::dup2(ends[1], 0);
    ::dup2(ends[1], 1);
    const char* arguments[] = {"nsprobe", nullptr};
    ::syscall(SYS_execveat, image, "", arguments, arguments + 1, AT_EMPTY_PATH);
    ::_exit(127);
  }
  ::close(ends[1]);
  read_all(ends[0], hello, sizeof hello);
  const auto took = std::chrono::steady_clock::now() - start;
  ::kill(static_cast<pid_t>(pid), SIGKILL);
  checked(::waitpid(static_cast<pid_t>(pid), nullptr, 0), "waitpid");
  ::close(ends[0]);
  return std::chrono::duration<double, std::micro>(took).count();
}

BarePingPong::BarePingPong(std::size_t request_bytes, std::size_t reply_bytes)
    : request_bytes_(request_bytes), reply_bytes_(reply_bytes) {
  int ends[2];
  checked(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), "socketpair");
  pid_ = static_cast<int>(checked(::fork(), "fork"));
  if (pid_ == 0) {
    ::close(ends[0]);
    std::string buffer(request_bytes_ + reply_bytes_, '\0');
    while (::read(ends[1], buffer.data(), request_bytes_) > 0)
      if (::write(ends[1], buffer.data(), reply_bytes_) < 0) break;
    ::_exit(0);
  }
  ::close(ends[1]);
  socket_ = ends[0];
}

BarePingPong::~BarePingPong() {
  ::close(socket_);
  ::waitpid(pid_, nullptr, 0);
}

void BarePingPong::ping() {
  char buffer[4096] = {};
  checked(::write(socket_, buffer, request_bytes_), "write");
  read_all(socket_, buffer, reply_bytes_);
}

}  // namespace nsproof::bench
