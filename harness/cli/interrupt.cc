// A signal handler that does nothing but raise a flag.
#include "harness/cli/interrupt.h"

#include <time.h>
#include <unistd.h>

#include <cstdint>

namespace nsproof {
namespace {

std::atomic<bool> g_stop{false};
std::atomic<int> g_signal{0};
std::atomic<int64_t> g_first{0};  // nanoseconds of the monotonic clock, 0 before
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free &&
                  std::atomic<int64_t>::is_always_lock_free,
              "only lock-free atomics may be used in a signal handler (signal-safety(7))");

// timeout(1) signals its child and then the child's group: two signals, one wish.
constexpr int64_t kOneWish = 500'000'000;

int64_t now() {
  timespec time = {};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

void on_signal(int number) {
  g_signal = number;
  g_stop = true;
  int64_t first = 0;
  if (!g_first.compare_exchange_strong(first, now()) && now() - first > kOneWish) _exit(128 + number);
}

void install(int number, struct sigaction& old) {
  struct sigaction action = {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(number, nullptr, &old);
  // nohup(1) and a shell's background jobs ignore signals on purpose.
  if (old.sa_handler != SIG_IGN) sigaction(number, &action, nullptr);
}

}  // namespace

Interrupt::Interrupt() {
  g_stop = false;
  g_signal = 0;
  g_first = 0;
  install(SIGINT, old_int_);
  install(SIGTERM, old_term_);
}

Interrupt::~Interrupt() {
  sigaction(SIGINT, &old_int_, nullptr);
  sigaction(SIGTERM, &old_term_, nullptr);
}

const std::atomic<bool>& Interrupt::stop() const { return g_stop; }

int Interrupt::signal() const { return g_signal; }

}  // namespace nsproof
