#include "harness/world/runner.h"

#include <sched.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <mutex>
#include <thread>

#include "harness/host/cgroup_home.h"
#include "harness/launch/faults.h"
#include "harness/support/text.h"
#include "harness/world/bulkhead.h"
#include "harness/world/world.h"

namespace nsproof {
namespace {

using Clock = std::chrono::steady_clock;

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

bool needs_cgroups(const Property& property) {
  return std::find(property.needs.begin(), property.needs.end(), Need::cgroup2) != property.needs.end();
}

// The cgroups of a run, made before its threads are, and only if a task that can run needs them.
class Cgroups {
 public:
  Cgroups(std::span<const Task> tasks, const Facts& facts) {
    const bool needed = std::any_of(tasks.begin(), tasks.end(), [&](const Task& task) {
      return needs_cgroups(*task.property) && !unmet_need(*task.property, facts);
    });
    if (!needed) return;
    try {
      home_ = std::make_unique<CgroupHome>();
    } catch (const Broken& broken) {
      failure_ = broken.what();
    }
  }

  // What a layer for this property is made with: null if it needs none. Throws Broken if it cannot be had.
  CgroupHome* for_property(const Property& property) {
    if (!needs_cgroups(property)) return nullptr;
    if (!home_) throw Broken(failure_);
    return home_.get();
  }

 private:
  std::unique_ptr<CgroupHome> home_;
  std::string failure_;
};

// One worker: a keeper of its own and whatever tasks it can get. A keeper that was lost is made anew, so that one
// broken check cannot take the rest with it.
class KernelWorker {
 public:
  KernelWorker(const RunOptions& options, Cgroups& cgroups) : options_(options), cgroups_(cgroups) {}

  Case run(const Task& task, const Facts& facts);

 private:
  Run run_once(const Property& property, NsSet namespaces, Way way, Check check);
  Keeper& keeper();

  const RunOptions& options_;
  Cgroups& cgroups_;
  std::unique_ptr<Keeper> keeper_;
};

Keeper& KernelWorker::keeper() {
  // One that did not answer in time, or is dead, must not make every world after it broken.
  if (keeper_ && (keeper_->actor().busy() || keeper_->actor().gone(Milliseconds{0}))) keeper_.reset();
  if (!keeper_) keeper_ = std::make_unique<Keeper>();
  return *keeper_;
}

// The types that the layer outside must have of its own, lest one check find what another left behind.
NsSet layer_types(const Property& property) {
  NsSet touched = subject_namespaces(property).with(property.also_isolated_by);
  if (const auto area = ns_named(area_of(property))) touched = touched.with(*area);
  return touched.has(Ns::net) ? NsSet{Ns::net} : NsSet{};
}

Run KernelWorker::run_once(const Property& property, NsSet namespaces, Way way, Check check) {
  Run run;
  run.world = say(text_of(namespaces), " via ", name_of(way));
  const auto start = Clock::now();
  try {
    const CheckDeadline deadline(options_.call_deadline, options_.check_deadline);
    Layer layer(keeper(), layer_types(property), cgroups_.for_property(property));
    Sandbox sandbox = property.sandbox;
    sandbox.namespaces = namespaces;
    World world(layer.make_outside(run.transcript), std::move(sandbox), way);
    faults::install_lying_kernel(world.outside());
    run.observation = check(world);
  } catch (const Broken& broken) {
    run.observation = unknown(broken.what());
  } catch (const std::exception& error) {
    // What a probe sends is hostile to the last; whatever it upsets, this case is broken and the run goes on.
    run.observation = unknown(say("unexpected: ", error.what()));
  }
  run.milliseconds = milliseconds_since(start);
  return run;
}

Case KernelWorker::run(const Task& task, const Facts& facts) {
  Case one = case_of(task);
  const Property& property = *task.property;
  const auto start = Clock::now();
  std::optional<std::string> unmet = unmet_need(property, facts);
  if (!unmet && task.combination && !facts.namespaces.has_all(*task.combination))
    unmet = say("this kernel has no ", text_of(task.combination->without(facts.namespaces)), " namespaces");
  if (unmet) {
    one.verdict = Verdict::unsupported;
    one.missing = one.reason = *unmet;
    return one;
  }
  Judgement judgement;
  if (task.combination) {
    one.subject = run_once(property, *task.combination, task.way, property.check);
    judgement = judge_combination(one.subject->observation, must_isolate(property, *task.combination));
  } else {
    const NsSet with = subject_namespaces(property);
    const NsSet without = faults::control_isolates() ? with : control_namespaces(property);
    const bool rule = property.control != nullptr;
    const Check control = rule && !faults::control_isolates() ? property.control : property.check;
    one.subject = run_once(property, with, task.way, property.check);
    one.control = run_once(property, rule ? with : without, task.way, control);
    judgement = judge(one.subject->observation, one.control->observation);
  }
  one.verdict = judgement.verdict;
  one.reason = std::move(judgement.reason);
  one.milliseconds = milliseconds_since(start);
  return one;
}

Case verdict_alone(const Case& one) {
  Case bare;
  bare.id = one.id;
  bare.variant = one.variant;
  bare.area = one.area;
  bare.verdict = one.verdict;
  bare.milliseconds = one.milliseconds;
  bare.subject.emplace();  // what was seen, for the truth table; without the transcript
  bare.subject->observation.outcome = one.subject->observation.outcome;
  return bare;
}

// Keeps a worker, and with it all the probes that it makes, on one CPU: they wait for each other at every call, and a
// wake-up on another CPU costs more than the call.
class PinnedThread {
 public:
  explicit PinnedThread(int worker) {
    if (::sched_getaffinity(0, sizeof before_, &before_) != 0) return;
    int wanted = worker % CPU_COUNT(&before_);
    for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
      if (!CPU_ISSET(cpu, &before_) || wanted-- > 0) continue;
      cpu_set_t one;
      CPU_ZERO(&one);
      CPU_SET(cpu, &one);
      pinned_ = ::sched_setaffinity(0, sizeof one, &one) == 0;
      return;
    }
  }
  PinnedThread(const PinnedThread&) = delete;
  PinnedThread& operator=(const PinnedThread&) = delete;
  ~PinnedThread() {
    if (pinned_) ::sched_setaffinity(0, sizeof before_, &before_);
  }

 private:
  cpu_set_t before_{};
  bool pinned_ = false;
};

}  // namespace

Case case_of(const Task& task) {
  const Property& property = *task.property;
  Case one;
  one.id = property.id;
  one.variant = task.combination ? text_of(*task.combination) : std::string(name_of(task.way));
  one.area = area_of(property);
  one.claim = property.claim;
  one.source = property.source;
  one.file = property.id.file;
  one.line = property.id.line;
  one.control_differs = control_text(property);
  one.reproduce = task.combination
                      ? say("nsproof verify --sweep '", one.id, "@", one.variant, "' --via ", name_of(task.way), " -v")
                      : say("nsproof verify '", one.id, "' --via ", one.variant, " -v");
  return one;
}

std::vector<Case> run_with_workers(std::span<const Task> tasks, const RunOptions& options, Observer& observer,
                                   const std::atomic<bool>& stop, const std::function<Worker()>& make_worker) {
  std::vector<Case> cases(tasks.size());
  std::vector<char> ran(tasks.size(), 0);  // not vector<bool>, whose elements share words between threads
  std::atomic<std::size_t> next{0};
  std::mutex observing;
  const auto work = [&](int index_of_worker) {
    const PinnedThread pinned(index_of_worker);
    const Worker run = make_worker();
    for (;;) {
      const std::size_t index = next++;
      if (index >= tasks.size() || stop) return;
      {
        const std::lock_guard lock(observing);
        observer.began(tasks[index]);
      }
      cases[index] = run(tasks[index]);
      ran[index] = 1;
      {
        const std::lock_guard lock(observing);
        observer.finished(cases[index]);
      }
      if (options.evidence == Evidence::of_deviations && cases[index].verdict == Verdict::holds)
        cases[index] = verdict_alone(cases[index]);
    }
  };
  {
    std::vector<std::jthread> helpers;
    for (int i = 1; i < options.jobs; ++i) helpers.emplace_back(work, i);
    work(0);
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < cases.size(); ++i)
    if (ran[i] != 0 && kept++ != i) cases[kept - 1] = std::move(cases[i]);
  cases.resize(kept);
  return cases;
}

std::vector<Case> run_tasks(std::span<const Task> tasks, const Facts& facts, const RunOptions& options,
                            Observer& observer, const std::atomic<bool>& stop) {
  Cgroups cgroups(tasks, facts);
  return run_with_workers(tasks, options, observer, stop, [&]() -> Worker {
    return [worker = std::make_shared<KernelWorker>(options, cgroups), &facts](const Task& task) {
      return worker->run(task, facts);
    };
  });
}

}  // namespace nsproof
