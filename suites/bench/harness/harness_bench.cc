// What nsproof adds to the kernel's own work, as ratios to a bare loop that is measured in the same rounds: one sample
// of each in turn, so that whatever disturbs the machine disturbs both.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/resource.h>

#include <csignal>

#include "harness/launch/probe_image.h"
#include "harness/support/text.h"
#include "harness/sys/process.h"
#include "harness/wire/frame.h"
#include "harness/world/bulkhead.h"
#include "harness/world/spawn.h"
#include "suites/bench/harness/bare.h"
#include "suites/bench/harness/samples.h"

namespace nsproof::bench {
namespace {

struct Rounds {
  std::vector<double> ours;
  std::vector<double> bare;

  void report(benchmark::State& state) const {
    const double our_p5 = percentile(ours, 5);
    const double bare_p5 = percentile(bare, 5);
    state.counters["ours_p5_us"] = our_p5;
    state.counters["ours_p50_us"] = percentile(ours, 50);
    state.counters["bare_p5_us"] = bare_p5;
    state.counters["bare_p50_us"] = percentile(bare, 50);
    state.counters["ratio"] = our_p5 / bare_p5;
  }
};

enum class Image { forked, executed };

// From the request to the first answer of a probe in new namespaces; its end is not timed.
double our_launch(Keeper& keeper, std::uint64_t flags, Image image) {
  keeper.actor().transcript().entries.clear();
  std::unique_ptr<Actor> made;
  const double took = time_of([&] {
    made = must_spawn(keeper.actor(), flags, "inside");
    if (image == Image::executed) execute_probe(*made);
    must(sys::getpid(*made));
  });
  must(sys::kill(keeper.actor(), made->pid(), SIGKILL));
  must(sys::wait4(keeper.actor(), made->pid()));
  return took;
}

// One round: a bare launch and one of ours, in turns which is first.
void launch(benchmark::State& state, NsSet types, Image image) {
  Keeper keeper;
  const Fd memfd = probe_memfd();
  Rounds rounds;
  bool ours_first = false;
  for (auto _ : state) {
    ours_first = !ours_first;
    if (ours_first) rounds.ours.push_back(our_launch(keeper, clone_flags(types), image));
    rounds.bare.push_back(bare_launch(memfd.get(), clone_flags(types)));
    if (!ours_first) rounds.ours.push_back(our_launch(keeper, clone_flags(types), image));
    state.SetIterationTime(rounds.ours.back() / 1e6);
  }
  rounds.report(state);
}

void remote_call(benchmark::State& state) {
  Keeper keeper;
  // The same bytes as a frame of one call without arguments, and its reply.
  BarePingPong bare(sizeof(wire::Request) + sizeof(wire::Call), sizeof(wire::Reply) + sizeof(wire::Result));
  constexpr int kCalls = 50;
  Rounds rounds;
  for (auto _ : state) {
    keeper.actor().transcript().entries.clear();
    rounds.ours.push_back(time_of([&] {
                            for (int i = 0; i < kCalls; ++i) must(sys::getpid(keeper.actor()));
                          }) /
                          kCalls);
    rounds.bare.push_back(time_of([&] {
                            for (int i = 0; i < kCalls; ++i) bare.ping();
                          }) /
                          kCalls);
    state.SetIterationTime(rounds.ours.back() / 1e6);
  }
  rounds.report(state);
}

// One CPU for everything: a wake-up that crosses CPUs costs more than what is measured.
void pin() {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(0, &set);
  ::sched_setaffinity(0, sizeof set, &set);
}

void add(const std::string& name, NsSet types, Image image) {
  benchmark::RegisterBenchmark(name.c_str(), [types, image](benchmark::State& state) { launch(state, types, image); })
      ->UseManualTime()
      ->Iterations(300)
      ->Unit(benchmark::kMicrosecond);
}

}  // namespace
}  // namespace nsproof::bench

int main(int argc, char** argv) {
  using namespace nsproof;
  using namespace nsproof::bench;
  pin();
  add("launch/none", {}, Image::forked);
  for (const Ns type : kAllNamespaces) add(say("launch/", name_of(type)), type, Image::forked);
  add("launch/all", NsSet::all(), Image::forked);
  add("launch+exec/none", {}, Image::executed);
  add("launch+exec/all", NsSet::all(), Image::executed);
  benchmark::RegisterBenchmark("remote_call", remote_call)
      ->UseManualTime()
      ->Iterations(300)
      ->Unit(benchmark::kMicrosecond);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
