// SIGINT and SIGTERM as a flag. The first asks the workers to finish what they are doing; a second one,
// half a second later or more, ends the process at once, and the bulkhead, whose init dies with us, takes everything
// inside along.
#pragma once

#include <signal.h>

#include <atomic>

namespace nsproof {

class Interrupt {
 public:
  Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;
  ~Interrupt();

  [[nodiscard]] const std::atomic<bool>& stop() const;
  [[nodiscard]] int signal() const;  // 0 if none came

 private:
  struct sigaction old_int_ = {};
  struct sigaction old_term_ = {};
};

}  // namespace nsproof
