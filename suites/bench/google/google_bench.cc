// The same cases behind Google Benchmark, for people who live with its filters, its consoles and its JSON. It
// registers, chooses and writes; the samples are taken by our own sampler, all chosen cases in the same rounds, when
// the first of them is asked for. Each measuring process is a repetition.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdio>
#include <random>
#include <regex>

#include "harness/actor/actor.h"
#include "harness/bench/engine.h"

namespace nsproof::bench {
namespace {

constexpr int kProcesses = 9;
// What the library appends to a name; its filters see it too.
constexpr const char* kSuffix = "/iterations:1/repeats:9/manual_time";

class Nobody : public Watcher {
 public:
  void standing(const Standing&) override {}
};

// What --benchmark_filter chooses, as the library does it.
std::vector<std::string> chosen_cases() {
  std::string filter = benchmark::GetBenchmarkFilter();
  const bool negative = filter.starts_with('-');
  if (negative) filter.erase(0, 1);
  const std::regex pattern(filter.empty() || filter == "all" ? "." : filter, std::regex::extended);
  std::vector<std::string> chosen;
  BenchPlan plan;
  plan.effort = Effort::full;
  for (const Selected& one : selected_cases(plan))
    if (one.in_rounds && std::regex_search(one.spec.id + kSuffix, pattern) != negative) chosen.push_back(one.spec.id);
  return chosen;
}

const BenchResult& measured() {
  static const BenchResult result = [] {
    BenchPlan plan;
    plan.filters = chosen_cases();
    plan.processes = kProcesses;
    plan.seed = std::random_device()();
    plan.command_line = "nsproof-bench";
    Nobody nobody;
    const std::atomic<bool> stop{false};
    return run_bench(plan, nobody, stop);
  }();
  return result;
}

double in_seconds(double value, const std::string& unit) {
  return value / (unit == "ns" ? 1e9 : unit == "us" ? 1e6 : unit == "ms" ? 1e3 : 1);
}

benchmark::TimeUnit unit_of(const std::string& unit) {
  return unit == "ns" ? benchmark::kNanosecond : unit == "us" ? benchmark::kMicrosecond : benchmark::kMillisecond;
}

// `next` is the repetition that the library asks for.
void report(benchmark::State& state, const CaseSpec& spec, std::size_t& next) {
  const auto& cases = measured().cases;
  const auto one =
      std::find_if(cases.begin(), cases.end(), [&](const BenchCase& other) { return other.id == spec.id; });
  if (one == cases.end() || one->state != State::measured || one->phases.empty()) {
    const std::string reason = one == cases.end() ? "was not chosen" : one->reason + " " + one->error;
    return state.SkipWithError(reason.c_str());
  }
  const std::size_t turn = next++ % kProcesses;
  for (auto _ : state)
    for (const Phase& phase : one->phases)
      if (phase.name == one->head && !phase.repetitions.empty())
        state.SetIterationTime(in_seconds(phase.repetitions[turn % phase.repetitions.size()], one->unit));
  for (const Phase& phase : one->phases) {
    if (turn < phase.repetitions.size()) state.counters[phase.name + "_" + one->unit] = phase.repetitions[turn];
    if (phase.name == one->head && turn < phase.repetition_ratios.size())
      state.counters["ratio_to_floor"] = phase.repetition_ratios[turn];
  }
}

void register_all() {
  BenchPlan plan;
  plan.effort = Effort::full;
  for (const Selected& one : selected_cases(plan)) {
    if (!one.in_rounds) continue;
    benchmark::RegisterBenchmark(
        one.spec.id.c_str(),
        [spec = one.spec, next = std::size_t{0}](benchmark::State& state) mutable { report(state, spec, next); })
        ->UseManualTime()
        ->Iterations(1)
        ->Repetitions(kProcesses)
        ->Unit(unit_of(one.spec.unit));
  }
}

}  // namespace
}  // namespace nsproof::bench

int main(int argc, char** argv) {
  nsproof::bench::register_all();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  try {
    benchmark::RunSpecifiedBenchmarks();
  } catch (const nsproof::Broken& broken) {
    std::fprintf(stderr, "nsproof-bench: nothing can be measured: %s\n", broken.what());
    return 4;
  }
  benchmark::Shutdown();
  return 0;
}
