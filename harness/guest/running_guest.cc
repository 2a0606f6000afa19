#include "harness/guest/running_guest.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "harness/support/text.h"

namespace nsproof::guest {
namespace {

using namespace std::chrono_literals;

// Where KVM does not work although it seems to be there, QEMU may hang without a word.
constexpr Milliseconds kKvmSilence{20s};
// Debian's kernel takes three seconds under TCG; a kernel with every debugging option on a busy machine, a minute.
constexpr Milliseconds kBoot{120s};

// Kept in the file of the console, and of what QEMU says itself.
constexpr std::size_t kConsoleFileBytes = 64U * 1024 * 1024;
constexpr std::size_t kErrorBytes = 4096;

// Reads once, at most 64 KiB; nothing if there is nothing to read now or ever.
std::string read_some(int fd) {
  char buffer[64 * 1024];
  const ssize_t got = fd < 0 ? 0 : ::read(fd, buffer, sizeof buffer);
  return got > 0 ? std::string(buffer, static_cast<std::size_t>(got)) : std::string();
}

std::string seconds_text(Milliseconds time) {
  return say(std::chrono::duration_cast<std::chrono::seconds>(time).count(), " s");
}

Fd console_file(const std::string& path) {
  if (path.empty()) return {};
  Fd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (!file) throw std::system_error(errno, std::generic_category(), path);
  return file;
}

}  // namespace

RunningGuest::RunningGuest(GuestOptions options, std::span<const Task> tasks, Fd initramfs, Session::Listener listener,
                           Limits limits, const std::string& console_path)
    : options_(std::move(options)),
      tasks_(tasks),
      initramfs_(std::move(initramfs)),
      listener_(std::move(listener)),
      limits_(limits),
      console_file_(console_file(console_path)),
      machine_(first_machine(options_.kind, has_kvm())) {
  start();
}

void RunningGuest::start() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe2");
  results_ = Fd(ends[0]);
  const Fd written(ends[1]);
  ::fcntl(results_.get(), F_SETFL, O_NONBLOCK);
  session_ = std::make_unique<Session>(tasks_, listener_);
  errors_.clear();
  start_ = heard_ = Clock::now();
  program_ =
      std::make_unique<RunningProgram>(command_of(options_, machine_, {initramfs_.get(), written.get()}),
                                       std::vector<int>{initramfs_.get(), written.get()},
                                       machine_.board == Board::uml ? Confinement::namespaces : Confinement::none);
}

double RunningGuest::seconds() const { return std::chrono::duration<double>(Clock::now() - first_start_).count(); }

void RunningGuest::add_to(std::vector<pollfd>& polled) const {
  if (over()) return;
  for (const int fd : {results_.get(), program_->output(), program_->errors(), program_->end()})
    polled.push_back({fd, POLLIN, 0});
}

bool RunningGuest::read_results() {
  const std::string bytes = read_some(results_.get());
  if (!bytes.empty()) heard_ = Clock::now();
  session_->results(bytes);
  return !bytes.empty();
}

bool RunningGuest::read_console() {
  const std::string bytes = read_some(program_->output());
  session_->console(bytes);
  write_console(bytes);
  return !bytes.empty();
}

bool RunningGuest::read_errors() {
  const std::string bytes = read_some(program_->errors());
  errors_ += bytes.substr(0, kErrorBytes - std::min(kErrorBytes, errors_.size()));
  write_console(bytes);
  return !bytes.empty();
}

void RunningGuest::write_console(std::string_view bytes) {
  if (!console_file_ || bytes.empty() || console_written_ >= kConsoleFileBytes) return;
  const ssize_t put = ::write(console_file_.get(), bytes.data(), bytes.size());
  console_written_ += put > 0 ? static_cast<std::size_t>(put) : kConsoleFileBytes;
}

// Results before console: what the kernel says after a task must not count for the task before.
void RunningGuest::step() {
  if (over()) return;
  const std::optional<int> status = program_->status();
  bool more = true;
  while (more && !session_->over()) {
    more = read_results();
    more = read_console() || more;
    more = read_errors() || more;
    if (!status) break;  // a program that has ended is read to the end, any other a piece at a time
  }
  if (session_->over())
    gone("");
  else if (status)
    gone(options_.kind != ImageKind::uml && WIFEXITED(*status) && WEXITSTATUS(*status) == 0
             ? "it switched itself off or rebooted"
             : say(options_.kind == ImageKind::uml ? "User-Mode Linux " : "QEMU ", status_text(*status)));
  else
    look_at_clock();
}

void RunningGuest::look_at_clock() {
  const auto now = Clock::now();
  if (now - first_start_ > limits_.all) return gone(say("it was not done after ", seconds_text(limits_.all)));
  if (session_->booted()) {
    if (now - heard_ > limits_.silence) gone(say("it was silent for ", seconds_text(limits_.silence)));
    return;
  }
  const bool dumb = machine_.accelerator == Accelerator::kvm && session_->log().silent();
  const Milliseconds patience = dumb ? kKvmSilence : kBoot;
  if (now - start_ > patience) gone(say("nsproof was not up in it after ", seconds_text(patience)));
}

void RunningGuest::gone(const std::string& how) {
  program_.reset();
  const auto next = next_machine(machine_, session_->log().silent());
  if (!session_->booted() && next && seconds() < std::chrono::duration<double>(limits_.all).count()) {
    machine_ = *next;
    return start();
  }
  const std::string error = session_->booted() ? "" : trim(errors_);
  session_->conclude(error.empty() ? how : say(how, " (", error, ")"));
}

}  // namespace nsproof::guest
