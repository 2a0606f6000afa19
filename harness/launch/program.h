// Starts a foreign program, feeds it nothing, and says how it ended and what it wrote. The only way in which nsproof
// and its tests run something that is not a probe.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace nsproof {

struct ProgramOptions {
  std::chrono::milliseconds deadline{60'000};
  std::vector<std::string> environment;         // "NAME=value", added to the harness's own
  std::size_t output_limit = 16 * 1024 * 1024;  // bytes kept of each stream; the rest is read and dropped
};

struct ProgramResult {
  int status = -1;         // as of waitpid(2)
  bool timed_out = false;  // killed with SIGKILL at the deadline
  std::string output;
  std::string errors;

  [[nodiscard]] bool exited_with(int code) const;
  [[nodiscard]] int exit_code() const;  // 128 + signal when a signal ended it
};

// arguments[0] is looked up in PATH unless it has a slash. Throws std::system_error if it cannot be started.
ProgramResult run_program(const std::vector<std::string>& arguments, const ProgramOptions& options = {});

}  // namespace nsproof
