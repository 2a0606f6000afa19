// Boost.Process v2 of Boost 1.81, and its traps kept in this one file: <boost/optional.hpp> has to come first, bind_fd
// crashes when optimised (hence Stdio below), and a failed exec is reported by an exception but leaves a zombie.
#include <boost/optional.hpp>
#include <boost/type_traits.hpp>
#define BOOST_PROCESS_USE_STD_FS 1
#include <sys/wait.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/process/v2/environment.hpp>
#include <boost/process/v2/process.hpp>

#include "harness/launch/program.h"
#include "harness/support/fd.h"

namespace nsproof {
namespace {

namespace asio = boost::asio;
namespace process = boost::process::v2;

struct Pipe {
  Fd read;
  Fd write;
};

Pipe make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe2");
  return {Fd(ends[0]), Fd(ends[1])};
}

// Puts three descriptors where the program expects them, everything else of ours being close-on-exec, and gives it its
// environment (process_environment is declared in this version, but not defined).
struct Setting {
  int in;
  int out;
  int err;
  const char* const* environment;

  template <class Launcher>
  boost::system::error_code on_setup(Launcher& launcher, const process::filesystem::path& /*program*/,
                                     const char* const*& /*arguments*/) {
    launcher.env = environment;
    return {};
  }

  template <class Launcher>
  boost::system::error_code on_exec_setup(Launcher& /*launcher*/, const process::filesystem::path& /*program*/,
                                          const char* const*& /*arguments*/) {
    if (::dup2(in, 0) < 0 || ::dup2(out, 1) < 0 || ::dup2(err, 2) < 0) return {errno, boost::system::system_category()};
    return {};
  }
};

// Reads a stream to its end, keeping no more than the limit.
class Collector {
 public:
  Collector(asio::io_context& context, Fd fd, std::string& text, std::size_t limit)
      : stream_(context, ::dup(fd.get())), text_(text), limit_(limit) {}

  void start() {
    stream_.async_read_some(asio::buffer(buffer_), [this](boost::system::error_code error, std::size_t bytes) {
      text_.append(buffer_.data(), std::min(bytes, limit_ - std::min(limit_, text_.size())));
      if (!error) start();
    });
  }
  void stop() { stream_.close(); }

 private:
  asio::posix::stream_descriptor stream_;
  std::string& text_;
  std::size_t limit_;
  std::array<char, 4096> buffer_{};
};

// What is added comes first, so that it wins (getenv(3) finds the first). `added` must outlive the result.
std::vector<const char*> whole_environment(const std::vector<std::string>& added) {
  std::vector<const char*> all;
  for (const std::string& one : added) all.push_back(one.c_str());
  for (char** one = ::environ; *one != nullptr; ++one) all.push_back(*one);
  all.push_back(nullptr);
  return all;
}

}  // namespace

bool ProgramResult::exited_with(int code) const { return WIFEXITED(status) && WEXITSTATUS(status) == code; }

int ProgramResult::exit_code() const {
  if (WIFEXITED(status)) return WEXITSTATUS(status);
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : 255;
}

ProgramResult run_program(const std::vector<std::string>& arguments, const ProgramOptions& options) {
  ProgramResult result;
  asio::io_context context;
  const Fd null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  Pipe out = make_pipe();
  Pipe err = make_pipe();
  const std::string& name = arguments.at(0);
  const auto program = name.find('/') != std::string::npos ? process::filesystem::path(name)
                                                           : process::environment::find_executable(name);
  if (program.empty()) throw std::system_error(ENOENT, std::generic_category(), name);
  const std::vector<const char*> environment = whole_environment(options.environment);
  process::process child(context, program, std::vector<std::string>(arguments.begin() + 1, arguments.end()),
                         Setting{null.get(), out.write.get(), err.write.get(), environment.data()});
  out.write.reset();
  err.write.reset();
  Collector output(context, std::move(out.read), result.output, options.output_limit);
  Collector errors(context, std::move(err.read), result.errors, options.output_limit);
  asio::steady_timer deadline(context, options.deadline);
  deadline.async_wait([&](boost::system::error_code error) {
    if (error) return;
    result.timed_out = true;
    boost::system::error_code ignored;
    child.terminate(ignored);
    output.stop();
    errors.stop();
  });
  child.async_wait([&](boost::system::error_code /*error*/, int /*exit_code*/) { deadline.cancel(); });
  output.start();
  errors.start();
  context.run();
  result.status = child.native_exit_code();
  return result;
}

}  // namespace nsproof
