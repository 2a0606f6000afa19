// Measuring processes: each in its own bulkhead, pinned to one CPU, writing to the tape; and the watch over them.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "harness/bench/case.h"
#include "harness/bench/tape.h"

namespace nsproof::bench {

struct WorkerPlan {
  Effort effort = Effort::standard;
  double seconds = 1;
  std::uint64_t seed = 0;
};

enum class WorkerEnd { finished, interrupted, lost };

struct WorkerResult {
  WorkerEnd end = WorkerEnd::finished;
  std::string reason;  // of what was lost
};

// Runs `work` in a process of its own and waits for it; `watch` is called a few times a second. A process that is far
// over its time is killed and lost. Throws Broken if none can be started.
WorkerResult run_worker(const WorkerPlan& plan, Tape& tape, const std::function<void(const Place&)>& work,
                        const std::function<void()>& watch, const std::atomic<bool>& stop);

// The CPUs that this process may use, and the one for measuring: the last, since the first has the interrupts.
std::vector<int> usable_cpus();
int measuring_cpu();
// Binds the calling process to these CPUs (sched_setaffinity(2)).
void pin_to(const std::vector<int>& cpus);

}  // namespace nsproof::bench
