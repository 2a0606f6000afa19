// Boost.Process v2 once more, with the traps that program.cc names; here the program goes on while nsproof does.
#include <boost/optional.hpp>
#include <boost/type_traits.hpp>
#define BOOST_PROCESS_USE_STD_FS 1
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <boost/asio/io_context.hpp>
#include <boost/process/v2/environment.hpp>
#include <boost/process/v2/process.hpp>
#include <cerrno>
#include <csignal>

#include "harness/launch/confine.h"
#include "harness/launch/running_program.h"
#include "harness/support/text.h"

namespace nsproof {
namespace {

namespace asio = boost::asio;
namespace process = boost::process::v2;

struct Setting {
  int in;
  int out;
  int err;
  const std::vector<int>& inherited;
  Confinement confinement;

  template <class Launcher>
  boost::system::error_code on_setup(Launcher& launcher, const process::filesystem::path& /*program*/,
                                     const char* const*& /*arguments*/) {
    launcher.fd_whitelist.insert(launcher.fd_whitelist.end(), inherited.begin(), inherited.end());
    return {};
  }

  template <class Launcher>
  boost::system::error_code on_exec_setup(Launcher& /*launcher*/, const process::filesystem::path& /*program*/,
                                          const char* const*& /*arguments*/) {
    const auto failure = [](int error) { return boost::system::error_code(error, boost::system::system_category()); };
    // A group of its own: Ctrl-C is for nsproof, which ends the program in its own time.
    if (::setpgid(0, 0) != 0 || ::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return failure(errno);
    if (::dup2(in, 0) < 0 || ::dup2(out, 1) < 0 || ::dup2(err, 2) < 0) return failure(errno);
    for (const int fd : inherited)
      if (::fcntl(fd, F_SETFD, 0) != 0) return failure(errno);
    if (confinement == Confinement::namespaces)
      if (const int error = confine_child(); error != 0) return failure(error);
    return {};
  }
};

struct Pipe {
  Fd read;
  Fd write;
};

Pipe make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe2");
  // Only ours: the program's end stays as programs expect it.
  ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
  return {Fd(ends[0]), Fd(ends[1])};
}

process::filesystem::path program_named(const std::string& name) {
  if (name.find('/') != std::string::npos) return name;
  const auto found = process::environment::find_executable(name);
  if (found.empty()) throw std::system_error(ENOENT, std::generic_category(), name);
  return found;
}

}  // namespace

RunningProgram::RunningProgram(const std::vector<std::string>& arguments, const std::vector<int>& inherited,
                               Confinement confinement) {
  const Fd null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  Pipe out = make_pipe();
  start(arguments, inherited, confinement, null.get(), out.write.get());
  output_ = std::move(out.read);
}

RunningProgram::RunningProgram(const std::vector<std::string>& arguments, int channel) {
  start(arguments, {}, Confinement::none, channel, channel);
}

void RunningProgram::start(const std::vector<std::string>& arguments, const std::vector<int>& inherited,
                           Confinement confinement, int in, int out) {
  Pipe err = make_pipe();
  asio::io_context context;
  process::process child(context, program_named(arguments.at(0)),
                         std::vector<std::string>(arguments.begin() + 1, arguments.end()),
                         Setting{in, out, err.write.get(), inherited, confinement});
  pid_ = child.id();
  child.detach();
  errors_ = std::move(err.read);
  end_ = Fd(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
}

RunningProgram::~RunningProgram() {
  if (status()) return;
  ::kill(pid_, SIGKILL);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

std::optional<int> RunningProgram::status() {
  int status = 0;
  if (!status_ && ::waitpid(pid_, &status, WNOHANG) == pid_) status_ = status;
  return status_;
}

std::string status_text(int status) {
  if (WIFEXITED(status)) return say("exited with status ", WEXITSTATUS(status));
  return say("was ended by signal ", WTERMSIG(status));
}

}  // namespace nsproof
