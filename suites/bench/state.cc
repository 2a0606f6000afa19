// The same creations while others make and leave network namespaces all the time: what a busy machine does to them.
#include <array>
#include <csignal>

#include "harness/bench/case.h"
#include "harness/bench/child.h"
#include "harness/bench/clock.h"
#include "harness/bench/statistics.h"
#include "harness/bench/tape.h"
#include "harness/bench/worker.h"
#include "harness/support/text.h"

namespace nsproof::bench {
namespace {

constexpr int kChurners = 2;
constexpr std::uint32_t kBlock = 20;
constexpr Ns kTypes[] = {Ns::uts, Ns::mnt, Ns::net};

struct Where {
  std::vector<int> cpus;
};

void churn_for_ever(void* place) {
  pin_to(static_cast<const Where*>(place)->cpus);
  CloneTimes times;
  for (;;) timed_clone(CLONE_NEWNET, CloneStyle::vfork, times);
}

class Churners {
 public:
  explicit Churners(const Place& place) {
    Where where;
    for (const int cpu : place.cpus)  // not where we measure, so that it is the kernel that they keep busy
      if (cpu != place.cpu || place.cpus.size() == 1) where.cpus.push_back(cpu);
    for (long& pid : pids_) pid = raw_clone(0, CloneStyle::fork, churn_for_ever, &where);
  }
  Churners(const Churners&) = delete;
  Churners& operator=(const Churners&) = delete;
  ~Churners() {
    for (const long pid : pids_)
      if (pid > 0) {
        ::kill(static_cast<pid_t>(pid), SIGKILL);
        reap(pid);
      }
  }

 private:
  long pids_[kChurners] = {};
};

using Totals = std::array<std::vector<double>, std::size(kTypes)>;

// `first` is the case of the first type in this state.
void measure(std::uint32_t first, std::uint32_t round, Totals& totals, Notebook& notebook) {
  for (std::uint32_t i = 0; i < kBlock; ++i) {
    std::uint32_t index = first;
    for (const Ns type : kTypes) {
      CloneTimes times;
      timed_clone(0, CloneStyle::vfork, times);  // prime
      double values[kMaxPhases];
      const int error = timed_clone(clone_flag(type), CloneStyle::vfork, times);
      put_creation(times, values);
      if (error == 0) {
        notebook.sample(index, round * kBlock + i, values, creation_phases().size());
        totals[index - first].push_back(us_of(times.reaped - times.called));
      } else {
        notebook.refused(index, error);
      }
      ++index;
    }
    sleep_ns(1'000'000);
  }
}

void idle_and_busy(const Place& place, Notebook& notebook) {
  const std::uint32_t rounds = place.effort == Effort::full ? 20 : 4;
  Totals idle;
  Totals busy;
  for (std::uint32_t round = 0; round < rounds; ++round) {
    measure(0, round, idle, notebook);
    {
      const Churners churners(place);
      sleep_ns(30'000'000);
      measure(std::size(kTypes), round, busy, notebook);
    }
    sleep_ns(150'000'000);  // what they left is destroyed
    notebook.progress(static_cast<double>(round + 1) / rounds);
  }
  // Low percentiles find the moments in which nobody disturbs, so what others cost shows in the middle and the tail.
  for (std::size_t i = 0; i < std::size(kTypes); ++i) {
    const auto one = static_cast<std::uint32_t>(std::size(kTypes) + i);
    if (idle[i].empty() || busy[i].empty()) continue;
    notebook.figure(one, 0, median(busy[i]) / median(idle[i]));
    notebook.figure(one, 1, quantile(busy[i], 0.9) / quantile(idle[i], 0.9));
  }
}

std::vector<Study> state_study() {
  Study study;
  for (const bool busy : {false, true})
    for (const Ns type : kTypes) {
      CaseSpec one;
      one.id = say("state/", busy ? "churn/" : "idle/", name_of(type));
      one.title = say("clone3 of ", name_of(type),
                      busy ? say(" while ", kChurners, " processes make and leave network namespaces") : " by itself");
      one.floor = busy ? say("state/idle/", name_of(type)) : "";
      one.head = "total";
      one.set = name_of(type);
      one.style = name_of(CloneStyle::vfork);
      one.phases = creation_phases();
      if (busy)
        one.figures = {{"p50_ratio", "median of the total, by that of the idle state", "times"},
                       {"p90_ratio", "90th percentile, by that of the idle state", "times"}};
      study.cases.push_back(std::move(one));
    }
  study.from = Effort::standard;
  study.seconds[1] = 2;
  study.seconds[2] = 12;
  study.run = idle_and_busy;
  return {study};
}

const FamilyRow row = {{"state", "On a busy machine", 17, nullptr, state_study}};

}  // namespace
}  // namespace nsproof::bench
