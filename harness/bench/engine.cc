#include "harness/bench/engine.h"

#include <algorithm>
#include <numeric>

#include "harness/actor/actor.h"
#include "harness/bench/assemble.h"
#include "harness/bench/clock.h"
#include "harness/bench/environment.h"
#include "harness/bench/rounds.h"
#include "harness/bench/selection.h"
#include "harness/bench/worker.h"
#include "harness/support/text.h"

namespace nsproof::bench {
namespace {

// Rounds after which more do not make the interval narrower than the machine's own drift, over all processes. A run
// whose time was wished for takes as many as it can.
std::uint32_t enough_rounds(const BenchPlan& plan) {
  constexpr std::uint32_t kEnough[] = {1000, 1500, 6000};
  return plan.seconds > 0 ? 1'000'000 : kEnough[static_cast<std::size_t>(plan.effort)];
}

// What to expect of the whole run.
class Clockwork {
 public:
  Clockwork(const std::vector<Job>& jobs, double limit, Watcher& watcher)
      : watcher_(watcher), start_(now_ns()), limit_(limit) {
    for (const Job& job : jobs)
      if (!job.cases.empty()) planned_ += job.seconds * job.processes;
  }
  void began(std::string doing, double planned, double granted) {
    doing_ = std::move(doing);
    planned_ -= planned;
    granted_ = granted;
  }
  void tell(double fraction) const {
    const double rest_of_turn = granted_ * (1 - fraction);
    // Where the run has a limit, the rounds fill it.
    const double left = limit_ > 0 ? limit_ - seconds() : planned_ + rest_of_turn;
    watcher_.standing({doing_, seconds() / (seconds() + std::max(left, 0.1)), std::max(0.0, left)});
  }
  [[nodiscard]] double seconds() const { return static_cast<double>(now_ns() - start_) / 1e9; }
  // For one process of a job that has this many still to go: what it planned, or its share of what is left.
  [[nodiscard]] double grant(const Job& job, int to_go) const {
    if (job.study || limit_ <= 0) return job.seconds;
    return std::max(kLeastSeconds, (limit_ - seconds()) / to_go);
  }

 private:
  static constexpr double kLeastSeconds = 0.3;

  Watcher& watcher_;
  std::int64_t start_;
  std::string doing_;
  double limit_;
  double planned_ = 0;  // of what has not begun
  double granted_ = 0;  // to what is running
};

std::uint32_t rounds_on(const Tape& tape) {
  std::uint32_t rounds = 0;
  for (const Record& record : tape.records()) rounds += record.kind == RecordKind::guard ? 1 : 0;
  return rounds;
}

void work_on(const Job& job, const Place& place, const RoundLimits& limits, Tape& tape) {
  if (job.study) {
    Notebook notebook(tape, job.first);
    try {
      job.study(place, notebook);
    } catch (const Unsupported& gap) {
      for (std::uint32_t i = 0; i < job.cases.size(); ++i) notebook.unsupported(i, gap.error, gap.reason);
    } catch (const Broken& broken) {
      for (std::uint32_t i = 0; i < job.cases.size(); ++i) notebook.failed(i, 0, broken.what());
    }
    return;
  }
  std::vector<RoundCase> cases;
  for (std::uint32_t i = 0; i < job.cases.size(); ++i) cases.push_back({job.first + i, &job.cases[i]});
  run_rounds(place, cases, limits, tape);
}

}  // namespace

const char* name_of(Effort effort) {
  switch (effort) {
    case Effort::smoke: return "smoke";
    case Effort::standard: return "default";
    case Effort::full: return "full";
  }
  return "?";
}

BenchResult run_bench(const BenchPlan& plan, Watcher& watcher, const std::atomic<bool>& stop) {
  const std::vector<Job> jobs = jobs_of(plan);
  Recorded recorded;
  recorded.seed = plan.seed;
  for (const Job& job : jobs) recorded.specs.insert(recorded.specs.end(), job.cases.begin(), job.cases.end());
  const EnvironmentStart environment = begin_environment();

  Clockwork clockwork(jobs, time_limit(plan), watcher);
  Tape tape;
  Archive archive;
  bool partial = false;
  std::uint32_t rounds = 0;
  std::uint32_t process = 0;
  for (const Job& job : jobs) {
    if (job.cases.empty()) continue;
    for (int turn = 0; turn < job.processes && !partial; ++turn) {
      const double seconds = clockwork.grant(job, job.processes - turn);
      clockwork.began(job.processes > 1 ? say(job.name, " ", turn + 1, "/", job.processes) : job.name, job.seconds,
                      seconds);
      tape.set_process(process);
      const RoundLimits limits{rounds, enough_rounds(plan) / static_cast<std::uint32_t>(job.processes) + 1};
      const WorkerPlan worker{plan.effort, seconds, plan.seed + process};
      const WorkerResult result = run_worker(
          worker, tape, [&](const Place& place) { work_on(job, place, limits, tape); },
          [&] { clockwork.tell(tape.progress()); }, stop);
      if (result.end == WorkerEnd::lost)
        for (std::uint32_t i = 0; i < job.cases.size(); ++i)
          tape.remark(job.first + i, Remark::Kind::failed, 0, 0, result.reason);
      partial = partial || result.end == WorkerEnd::interrupted;
      rounds += rounds_on(tape);
      const std::vector<Remark> remarks = tape.remarks();
      archive.add(tape.records());
      recorded.remarks.insert(recorded.remarks.end(), remarks.begin(), remarks.end());
      if (tape.lost() > 0) throw Broken(say(tape.lost(), " records did not fit: too many samples for one process"));
      tape.rewind();
      ++process;
    }
  }

  recorded.records = archive.all();
  BenchResult result = assemble(recorded);
  result.partial = partial;
  result.plan = {name_of(plan.effort),    plan.seed,          jobs.back().processes, rounds,
                 join(plan.filters, " "), clockwork.seconds()};
  result.environment = end_environment(environment, plan.command_line);
  return result;
}

}  // namespace nsproof::bench
