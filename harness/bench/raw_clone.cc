#include "harness/bench/raw_clone.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "harness/bench/clock.h"
#include "harness/bench/injected_delay.h"

namespace nsproof::bench {
namespace {

constexpr std::size_t kStackBytes = 64 * 1024;

// The stack of a child in vfork style. One is enough: its creator sleeps for as long as it is in use.
alignas(16) char g_stack[kStackBytes];

using Entry = void (*)(void*);

// The call, and in the child `entry(argument)` on its new stack. The child shares our memory, so it must not run
// another instruction of this function: everything it does is in the assembly.
#if defined(__x86_64__)
long clone_onto_stack(const clone_args* args, Entry entry, void* argument) {
  register Entry r12 asm("r12") = entry;
  register void* r13 asm("r13") = argument;
  long result = SYS_clone3;
  asm volatile(
      "syscall\n\t"
      "test %%rax, %%rax\n\t"
      "jnz 1f\n\t"
      "xor %%ebp, %%ebp\n\t"
      "mov %%r13, %%rdi\n\t"
      "call *%%r12\n\t"
      "hlt\n"
      "1:"
      : "+a"(result)
      : "D"(args), "S"(sizeof *args), "r"(r12), "r"(r13)
      : "rcx", "r11", "memory");
  return result;
}
#elif defined(__aarch64__)
long clone_onto_stack(const clone_args* args, Entry entry, void* argument) {
  register Entry x19 asm("x19") = entry;
  register void* x20 asm("x20") = argument;
  register long x8 asm("x8") = SYS_clone3;
  register long x0 asm("x0") = reinterpret_cast<long>(args);
  register long x1 asm("x1") = sizeof *args;
  asm volatile(
      "svc 0\n\t"
      "cbnz x0, 1f\n\t"
      "mov x29, #0\n\t"
      "mov x0, x20\n\t"
      "blr x19\n\t"
      "brk #0\n"
      "1:"
      : "+r"(x0)
      : "r"(x8), "r"(x1), "r"(x19), "r"(x20)
      : "memory", "cc");
  return x0;
}
#else
#error "nsproof bench needs a clone stub for this machine"
#endif

// Where a child says when it began. One that shares our memory can be given any place; one that has a copy needs a page
// that stays shared, which then belongs to all our forks: only one of them may create in fork style at a time.
std::int64_t& place_of_the_child(CloneStyle style) {
  static std::int64_t* const page = static_cast<std::int64_t*>(
      ::mmap(nullptr, sizeof(std::int64_t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0));
  static std::int64_t own = 0;
  return style == CloneStyle::vfork ? own : *page;
}

void note_and_exit(void* place) {
  *static_cast<std::int64_t*>(place) = now_ns();
  raw_exit(0);
}

// CPU time of all children that were reaped so far. Asked before and after, for the usage that wait4(2) can bring along
// would be paid for inside the timed window.
std::int64_t cpu_of_children() {
  rusage usage{};
  ::getrusage(RUSAGE_CHILDREN, &usage);
  const auto of = [](const timeval& time) { return time.tv_sec * 1'000'000'000LL + time.tv_usec * 1'000LL; };
  return of(usage.ru_utime) + of(usage.ru_stime);
}

}  // namespace

void raw_exit(int status) {
  for (;;) ::syscall(SYS_exit_group, status);
}

long raw_clone(std::uint64_t flags, CloneStyle style, Entry entry, void* argument) {
  clone_args args{};
  args.flags = flags;
  args.exit_signal = SIGCHLD;
  if (style == CloneStyle::vfork) {
    args.flags |= CLONE_VM | CLONE_VFORK;
    args.stack = reinterpret_cast<std::uint64_t>(g_stack);
    args.stack_size = kStackBytes;
    return clone_onto_stack(&args, entry, argument);
  }
  const long pid = ::syscall(SYS_clone3, &args, sizeof args);
  if (pid < 0) return -errno;
  if (pid == 0) entry(argument);
  return pid;
}

int timed_clone(std::uint64_t flags, CloneStyle style, CloneTimes& times) {
  volatile std::int64_t& began = place_of_the_child(style);
  int status = 0;
  const std::int64_t cpu_before = nanoseconds_on(CLOCK_THREAD_CPUTIME_ID) + cpu_of_children();
  times.called = now_ns();
  const long pid = raw_clone(flags, style, note_and_exit, const_cast<std::int64_t*>(&began));
  if (pid < 0) return static_cast<int>(-pid);
  times.returned = now_ns();
  long waited = 0;
  while ((waited = ::syscall(SYS_wait4, pid, &status, 0, nullptr)) < 0 && errno == EINTR) {
  }
  injected_delay(flags, times.called);
  times.reaped = now_ns();
  // The child's usage does not contain the cost of clone3 itself, which ran in the creator.
  times.cpu = nanoseconds_on(CLOCK_THREAD_CPUTIME_ID) + cpu_of_children() - cpu_before;
  times.child_began = began;
  if (waited != pid) return ECHILD;
  return status == 0 ? 0 : EPROTO;
}

int reap(long pid) {
  int status = 0;
  while (::waitpid(static_cast<pid_t>(pid), &status, 0) < 0)
    if (errno != EINTR) return -1;
  return status;
}

}  // namespace nsproof::bench
