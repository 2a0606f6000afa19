// One guest while it runs: its program, its two lines, its clock and its session. A kernel that does not get as far as
// nsproof on one machine is given the next one.
#pragma once

#include <poll.h>

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/guest/machine.h"
#include "harness/guest/session.h"
#include "harness/launch/running_program.h"

namespace nsproof::guest {

class RunningGuest {
 public:
  struct Limits {
    Milliseconds all;      // from the start to the last word
    Milliseconds silence;  // between two messages
  };

  // `tasks`, which must outlive the guest, are those of the plan in `initramfs`. Throws std::system_error if the
  // program of the first machine cannot be started.
  RunningGuest(GuestOptions options, std::span<const Task> tasks, Fd initramfs, Session::Listener listener,
               Limits limits, const std::string& console_file);

  // What wakes it.
  void add_to(std::vector<pollfd>& polled) const;
  // Reads what there is and looks at the clock. Call it at least once a second.
  void step();
  // Everything has been said; the program is gone.
  [[nodiscard]] bool over() const { return program_ == nullptr; }

  [[nodiscard]] Session& session() { return *session_; }
  [[nodiscard]] Machine machine() const { return machine_; }
  // Since the first start.
  [[nodiscard]] double seconds() const;

 private:
  using Clock = std::chrono::steady_clock;

  void start();
  // False if there was nothing to read.
  bool read_results();
  bool read_console();
  bool read_errors();
  void look_at_clock();
  void gone(const std::string& how);
  void write_console(std::string_view bytes);

  GuestOptions options_;
  std::span<const Task> tasks_;
  Fd initramfs_;
  Session::Listener listener_;
  Limits limits_;
  Fd console_file_;
  std::size_t console_written_ = 0;
  Machine machine_;
  std::unique_ptr<Session> session_;
  std::unique_ptr<RunningProgram> program_;
  Fd results_;
  std::string errors_;  // of QEMU itself
  Clock::time_point first_start_ = Clock::now();
  Clock::time_point start_;
  Clock::time_point heard_;
};

}  // namespace nsproof::guest
