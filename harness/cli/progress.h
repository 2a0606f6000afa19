// Tells how a run is going: on a terminal one status line and what does not hold, elsewhere one line a case.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "harness/catalogue/expectations.h"
#include "harness/cli/commands.h"
#include "harness/cli/console.h"
#include "harness/world/runner.h"

namespace nsproof {

class Progress : public Observer {
 public:
  struct Plan {
    std::size_t cases = 0;
    Verbosity verbosity = Verbosity::normal;
    Mode mode = Mode::claims;  // a sweep shows its deviations in its truth table
    std::vector<ExpectationRule> rules;
    std::string today;
    KernelVersion kernel;
  };

  Progress(Console& console, Plan plan);

  void began(const Task& task) override;
  void finished(const Case& one) override;

 private:
  [[nodiscard]] bool deserves_line(const Case& one) const;
  void show_status();

  Console& console_;
  Plan plan_;
  Counts counts_;
  std::vector<std::string> running_;
  std::chrono::steady_clock::time_point start_;
  std::chrono::steady_clock::time_point shown_;
};

}  // namespace nsproof
