// Runs properties: for each one a world that should isolate and a control that must not, and from both a verdict.
// The one core beneath the command line and the GoogleTest front end.
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "harness/actor/transport.h"
#include "harness/catalogue/property.h"
#include "harness/catalogue/result.h"

namespace nsproof {

struct Target;

// One thing to run: a property by one way of creation, in one combination of a sweep, or in the sandbox of a target.
struct Task {
  const Property* property = nullptr;
  Way way = Way::clone3;
  std::optional<NsSet> combination = std::nullopt;
  const Target* target = nullptr;
};

// A sweep has tens of thousands of cases; of those that hold it is enough to know that they do.
enum class Evidence { of_all, of_deviations };

struct RunOptions {
  int jobs = 1;
  Milliseconds call_deadline{10'000};   // one remote system call
  Milliseconds check_deadline{30'000};  // one check in one world
  Evidence evidence = Evidence::of_all;
};

// Told of progress from any worker, one call at a time.
class Observer {
 public:
  Observer() = default;
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;
  virtual ~Observer() = default;
  virtual void began(const Task& task) = 0;
  virtual void finished(const Case& one) = 0;
};

// The case of a task that has not run: everything but the verdict.
Case case_of(const Task& task);

// Runs every task and returns the cases in the order of the tasks. When `stop` becomes true the workers finish what
// they are doing and the rest is left out.
std::vector<Case> run_tasks(std::span<const Task> tasks, const Facts& facts, const RunOptions& options,
                            Observer& observer, const std::atomic<bool>& stop);

// The loop beneath: workers take the tasks in their order, and each runs them with a function of its own, which
// `make_worker` makes in the worker's thread.
using Worker = std::function<Case(const Task&)>;
std::vector<Case> run_with_workers(std::span<const Task> tasks, const RunOptions& options, Observer& observer,
                                   const std::atomic<bool>& stop, const std::function<Worker()>& make_worker);

}  // namespace nsproof
