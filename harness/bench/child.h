// Children that do something in new namespaces: for calls that are timed from inside, and for namespaces that others
// join.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "harness/bench/raw_clone.h"

namespace nsproof::bench {

// What a call inside a child came to.
struct Inside {
  int error = 0;
  std::int64_t nanoseconds = 0;
};

// Forks a child with these namespaces, which runs `before` (untimed; 0 or an errno) and then `act` (timed; the same)
// and exits. The child has touched its stack and made a system call before the clock runs, so that copied pages and
// cold entry paths are not timed.
Inside timed_inside(std::uint64_t flags, const std::function<int()>& before, const std::function<int()>& act);

// Forks a child with these namespaces, which runs `act` and exits; with CLONE_NEWUSER its ids are root inside before it
// begins. What it throws is thrown here: Unsupported, or Broken for everything else.
void run_inside(std::uint64_t flags, const std::function<void()>& act);

// A process in namespaces of its own that only waits, until this is destroyed.
class Holder {
 public:
  // Throws Unsupported if the kernel refuses the flags. With CLONE_NEWUSER the creator's ids are root inside.
  explicit Holder(std::uint64_t flags);
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;
  ~Holder();
  [[nodiscard]] long pid() const { return pid_; }

 private:
  long pid_ = 0;
};

// Writes "0 ID 1" for the caller's own ids, as an unprivileged process may (user_namespaces(7)). False if refused.
bool map_to_root(long pid);
bool write_text(const std::string& path, const std::string& text);

}  // namespace nsproof::bench
