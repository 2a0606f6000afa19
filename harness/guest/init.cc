#include "harness/guest/init.h"

#include <fcntl.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <set>

#include "harness/guest/frame.h"
#include "harness/guest/initramfs.h"
#include "harness/guest/kernel_log.h"
#include "harness/guest/machine.h"
#include "harness/guest/plan.h"
#include "harness/host/facts.h"
#include "harness/support/host_file.h"
#include "harness/support/text.h"

namespace nsproof::guest {
namespace {

struct GuestMount {
  const char* type;
  const char* target;
  unsigned long flags;
};

// As an init system leaves them. A kernel that lacks one of these says so, and the properties that need it too.
constexpr GuestMount kMounts[] = {
    {"proc", "/proc", MS_NOSUID | MS_NODEV | MS_NOEXEC},
    {"sysfs", "/sys", MS_NOSUID | MS_NODEV | MS_NOEXEC},
    {"devtmpfs", "/dev", MS_NOSUID},
    {"devpts", "/dev/pts", MS_NOSUID | MS_NOEXEC},
    {"tmpfs", "/dev/shm", MS_NOSUID | MS_NODEV},
    {"mqueue", "/dev/mqueue", MS_NOSUID | MS_NODEV | MS_NOEXEC},
    {"cgroup2", "/sys/fs/cgroup", MS_NOSUID | MS_NODEV | MS_NOEXEC},
    {"securityfs", "/sys/kernel/security", MS_NOSUID | MS_NODEV | MS_NOEXEC},
    {"tmpfs", "/tmp", MS_NOSUID | MS_NODEV},
    {"tmpfs", "/run", MS_NOSUID | MS_NODEV},
};

// The console's, for what cannot be sent.
void complain(std::string_view text) {
  const std::string line = say("nsproof: ", text, "\n");
  if (::write(STDERR_FILENO, line.data(), line.size()) < 0) return;
}

[[noreturn]] void switch_off() {
  // UML ends its host process and QEMU ends itself; RB_AUTOBOOT is for machines that cannot switch themselves off.
  ::reboot(RB_POWER_OFF);
  ::reboot(RB_AUTOBOOT);
  for (;;) ::pause();
}

// pivot_root(2) cannot leave the first root file system, so a tmpfs becomes the root as in every machine that has
// booted (switch_root(8)), with the plan and the modules read before.
bool enter_real_root() {
  return ::mkdir("/newroot", 0755) == 0 && ::mount("tmpfs", "/newroot", "tmpfs", 0, "mode=755") == 0 &&
         ::chdir("/newroot") == 0 && ::mount(".", "/", nullptr, MS_MOVE, nullptr) == 0 && ::chroot(".") == 0 &&
         ::chdir("/") == 0;
}

void mount_everything(std::vector<std::string>& notes) {
  for (const GuestMount& one : kMounts) {
    ::mkdir(one.target, 0755);
    if (::mount(one.type, one.target, one.type, one.flags, nullptr) != 0)
      notes.push_back(say("mounting ", one.type, " on ", one.target, ": ", errno_name(errno)));
  }
}

// A module that is built in or loaded already is there, which is all that is wanted (EEXIST).
void load_modules(std::vector<std::string>& notes) {
  for (const std::string& path : modules_in_initramfs()) {
    const Fd module(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!module || (::syscall(SYS_finit_module, module.get(), "", 0) != 0 && errno != EEXIST))
      notes.push_back(say("loading the module ", path, ": ", errno_name(errno)));
  }
}

void bring_up_loopback(std::vector<std::string>& notes) {
  const Fd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq request{};
  std::strcpy(request.ifr_name, "lo");
  request.ifr_flags = IFF_UP | IFF_RUNNING;
  if (!socket || ::ioctl(socket.get(), SIOCSIFFLAGS, &request) != 0)
    notes.push_back(say("bringing lo up: ", errno_name(errno)));
}

// The serial line, without anything that a terminal does to what passes.
class ResultLine {
 public:
  explicit ResultLine(const std::string& name) : line_(::open(name.c_str(), O_WRONLY | O_NOCTTY | O_CLOEXEC)) {
    if (!line_) throw std::runtime_error(say("the result line ", name, " cannot be opened: ", errno_name(errno)));
    termios settings{};
    if (::tcgetattr(line_.get(), &settings) != 0)
      throw std::runtime_error(say("the result line ", name, " is no terminal: ", errno_name(errno)));
    ::cfmakeraw(&settings);
    ::cfsetspeed(&settings, B115200);
    settings.c_cflag |= CLOCAL;
    ::tcsetattr(line_.get(), TCSANOW, &settings);
  }

  void send(FrameKind kind, std::string body) {
    const std::string bytes = pack({kind, sequence_++, std::move(body)});
    for (std::size_t sent = 0; sent < bytes.size();) {
      const ssize_t put = ::write(line_.get(), bytes.data() + sent, bytes.size() - sent);
      if (put < 0 && errno == EINTR) continue;
      if (put < 0) throw std::runtime_error(say("writing to the result line: ", errno_name(errno)));
      sent += static_cast<std::size_t>(put);
    }
  }

  void drain() { ::tcdrain(line_.get()); }

 private:
  Fd line_;
  std::uint32_t sequence_ = 0;
};

// Sends every case as it ends, with what the kernel said meanwhile. Tasks run one after the other.
class Sender : public Observer {
 public:
  Sender(ResultLine& line, Evidence evidence) : line_(line), evidence_(evidence) {}

  void began(const Task& /*task*/) override { line_.send(FrameKind::began, encode(Began{next_})); }

  void finished(const Case& one) override {
    Finished report{next_++, one, log_.news()};
    if (evidence_ == Evidence::of_deviations && one.verdict == Verdict::holds && report.found.subject)
      report.found.subject->transcript.entries.clear();
    line_.send(FrameKind::finished, encode(report));
  }

  [[nodiscard]] std::uint32_t count() const { return next_; }
  Trouble last_trouble() { return log_.news(); }

 private:
  ResultLine& line_;
  Evidence evidence_;
  KernelLog log_;
  std::uint32_t next_ = 0;
};

// What the last task leaves behind (namespaces, cgroups) is taken down by kernel threads a moment later.
constexpr useconds_t kSettling = 100'000;

std::vector<Need> needs_of(const std::vector<Task>& tasks) {
  std::set<Need> needs;
  for (const Task& task : tasks) needs.insert(task.property->needs.begin(), task.property->needs.end());
  return {needs.begin(), needs.end()};
}

void run_plan(const Plan& plan, const std::string& terminal, std::vector<std::string> notes) {
  ResultLine line(terminal);
  Sender sender(line, plan.options.evidence);
  const HostReport host = examine_host(needs_of(plan.tasks));
  line.send(FrameKind::hello, encode(Hello{read_environment(""), host.bulkhead, host.advice, std::move(notes)}));
  if (host.bulkhead.empty()) {
    const std::atomic<bool> stop{false};
    run_tasks(plan.tasks, host.facts, plan.options, sender, stop);
    ::usleep(kSettling);
  }
  line.send(FrameKind::end, encode(End{sender.count(), sender.last_trouble()}));
  line.drain();
}

// "/dev/ttyS1" of "ttyS1"; nothing else is opened because a word on a command line says so.
std::string terminal_of(const char* word) {
  for (const char* known : {"ttyS0", "ttyS1"})
    if (word != nullptr && std::strcmp(word, known) == 0) return say("/dev/", known);
  throw std::runtime_error(say(kGuestWord, " does not name a serial line"));
}

}  // namespace

bool is_guest_init() { return ::getpid() == 1 && std::getenv(kGuestWord) != nullptr && ::access(kPlanPath, R_OK) == 0; }

void run_guest_init() {
  try {
    const Plan plan = plan_of(host_file(kPlanPath));
    std::vector<std::string> notes;
    load_modules(notes);
    if (!enter_real_root()) throw std::runtime_error(say("the root cannot be made: ", errno_name(errno)));
    mount_everything(notes);
    bring_up_loopback(notes);
    run_plan(plan, terminal_of(std::getenv(kGuestWord)), std::move(notes));
  } catch (const std::exception& error) {
    complain(error.what());
  }
  switch_off();
}

}  // namespace nsproof::guest
