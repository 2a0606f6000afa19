#include "harness/bench/child.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string_view>

#include "harness/actor/actor.h"
#include "harness/bench/case.h"
#include "harness/bench/clock.h"
#include "harness/support/fd.h"
#include "harness/support/text.h"

namespace nsproof::bench {
namespace {

struct Errand {
  const std::function<int()>* before;
  const std::function<int()>* act;
  Inside* answer;
};

Inside& answer_page() {
  static Inside* const page = static_cast<Inside*>(
      ::mmap(nullptr, sizeof(Inside), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0));
  return *page;
}

void run_errand(void* place) {
  const Errand& errand = *static_cast<const Errand*>(place);
  volatile char stack[16 * 1024];
  for (std::size_t at = 0; at < sizeof stack; at += 1024) stack[at] = 0;
  int error = *errand.before ? (*errand.before)() : 0;
  if (error == 0) {
    ::syscall(SYS_getppid);
    now_ns();
    const std::int64_t start = now_ns();
    error = (*errand.act)();
    errand.answer->nanoseconds = now_ns() - start;
  }
  errand.answer->error = error;
  raw_exit(0);
}

void wait_for_ever(void*) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (;;) ::pause();
}

// What a child of run_inside threw.
struct Thrown {
  enum class Kind { nothing, unsupported, broken } kind;
  int error;
  char text[200];
};

struct Task {
  const std::function<void()>* act;
  int go;
  Thrown* thrown;
};

Thrown& thrown_page() {
  static Thrown* const page =
      static_cast<Thrown*>(::mmap(nullptr, sizeof(Thrown), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  return *page;
}

void note(Thrown& thrown, Thrown::Kind kind, int error, std::string_view text) {
  thrown.error = error;
  const std::size_t bytes = std::min(text.size(), sizeof thrown.text - 1);
  std::memcpy(thrown.text, text.data(), bytes);
  thrown.text[bytes] = 0;
  thrown.kind = kind;
}

void run_task(void* place) {
  const Task& task = *static_cast<const Task*>(place);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  char go = 0;
  while (::read(task.go, &go, 1) < 0 && errno == EINTR) {
  }
  try {
    (*task.act)();
  } catch (const Unsupported& gap) {
    note(*task.thrown, Thrown::Kind::unsupported, gap.error, gap.reason);
  } catch (const std::exception& error) {
    note(*task.thrown, Thrown::Kind::broken, 0, error.what());
  }
  raw_exit(0);
}

}  // namespace

void run_inside(std::uint64_t flags, const std::function<void()>& act) {
  Thrown& thrown = thrown_page();
  thrown = {};
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw Broken(say("pipe2: ", errno_name(errno)));
  const Fd theirs(ends[0]);
  Fd ours(ends[1]);
  Task task{&act, theirs.get(), &thrown};
  const long pid = raw_clone(flags, CloneStyle::fork, run_task, &task);
  if (pid < 0) throw Unsupported{"clone3 refused a namespace", static_cast<int>(-pid)};
  if ((flags & CLONE_NEWUSER) != 0 && !map_to_root(pid)) {
    const int error = errno;
    ::kill(static_cast<pid_t>(pid), SIGKILL);
    reap(pid);
    throw Unsupported{"the id map of a new user namespace was refused", error};
  }
  const bool told = ::write(ours.get(), "g", 1) == 1;
  const int status = reap(pid);
  // The page may have been used by a child of the child; only what this one said last counts.
  if (thrown.kind == Thrown::Kind::unsupported) throw Unsupported{thrown.text, thrown.error};
  if (thrown.kind == Thrown::Kind::broken) throw Broken(thrown.text);
  if (!told || status != 0) throw Broken(say("a measuring child ended with status ", status));
}

Inside timed_inside(std::uint64_t flags, const std::function<int()>& before, const std::function<int()>& act) {
  Errand errand{&before, &act, &answer_page()};
  *errand.answer = {EPROTO, 0};
  const long pid = raw_clone(flags, CloneStyle::fork, run_errand, &errand);
  if (pid < 0) return {static_cast<int>(-pid), 0};
  if (reap(pid) != 0) return {EPROTO, 0};
  return *errand.answer;
}

Holder::Holder(std::uint64_t flags) : pid_(raw_clone(flags, CloneStyle::fork, wait_for_ever, nullptr)) {
  if (pid_ < 0) throw Unsupported{"clone3 refused a namespace", static_cast<int>(-pid_)};
  if ((flags & CLONE_NEWUSER) == 0 || map_to_root(pid_)) return;
  const int error = errno;
  ::kill(static_cast<pid_t>(pid_), SIGKILL);
  reap(pid_);
  throw Unsupported{"the id map of a new user namespace was refused", error};
}

Holder::~Holder() {
  ::kill(static_cast<pid_t>(pid_), SIGKILL);
  reap(pid_);
}

bool write_text(const std::string& path, const std::string& text) {
  const Fd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  return fd && ::write(fd.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

bool map_to_root(long pid) {
  return write_text(say("/proc/", pid, "/setgroups"), "deny") &&
         write_text(say("/proc/", pid, "/uid_map"), say("0 ", ::geteuid(), " 1")) &&
         write_text(say("/proc/", pid, "/gid_map"), say("0 ", ::getegid(), " 1"));
}

}  // namespace nsproof::bench
