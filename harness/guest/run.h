// Boots guests, shares a list of tasks between them and gathers their cases: the counterpart of run_tasks() for a
// kernel that is not the running one.
#pragma once

#include <atomic>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/guest/machine.h"
#include "harness/guest/message.h"
#include "harness/guest/modules.h"
#include "harness/world/runner.h"

namespace nsproof::guest {

struct GuestRun {
  GuestOptions options;
  ModuleSet modules;
  RunOptions run;                  // jobs: at most this many guests
  Milliseconds deadline{900'000};  // for one guest from its start to its last word
  std::string console_file;        // where the console's log goes; that of the second guest to FILE.2; may be empty
};

// Told of progress, from one thread.
class GuestObserver : public Observer {
 public:
  // The first guest is up, after this many seconds.
  virtual void booted(const Hello& hello, Machine machine, double seconds) = 0;
  // Something that people should know and that is no case.
  virtual void noted(const std::string& text) = 0;
};

struct GuestResults {
  std::optional<Hello> hello;              // of the first guest that came up
  std::vector<std::optional<Case>> cases;  // in the order of the tasks; some are missing after an interruption
};

// Runs every task in some guest; what cannot be run is broken, with the reason. Throws std::runtime_error if no guest
// can be started at all: this nsproof is not static, QEMU is not there.
GuestResults run_in_guests(std::span<const Task> tasks, const GuestRun& wish, GuestObserver& observer,
                           const std::atomic<bool>& stop);

// How many guests are worth their boot.
int guests_for(std::size_t tasks, int jobs);

}  // namespace nsproof::guest
