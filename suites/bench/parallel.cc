// Several processes that create at the same time: what of it the kernel serialises.
#include <sys/mman.h>

#include <atomic>
#include <cerrno>
#include <csignal>

#include "harness/bench/case.h"
#include "harness/bench/clock.h"
#include "harness/bench/tape.h"
#include "harness/bench/worker.h"
#include "harness/support/text.h"
#include "suites/bench/sets.h"

namespace nsproof::bench {
namespace {

constexpr int kMostCreators = 256;

struct Stage {
  std::atomic<int> ready;
  std::atomic<std::int64_t> start;  // 0 until everybody is ready
  std::atomic<std::int64_t> end;
  std::atomic<std::int64_t> made[kMostCreators];
  std::atomic<int> error;
};

struct Creator {
  Stage* stage;
  int number;
  std::uint64_t flags;
  int cpu;
};

void create_until_the_end(void* place) {
  const Creator& creator = *static_cast<const Creator*>(place);
  Stage& stage = *creator.stage;
  pin_to({creator.cpu});  // unpinned, a single creator wakes its children on the other CPU and looks slow
  CloneTimes times;
  timed_clone(creator.flags, CloneStyle::vfork, times);
  stage.ready.fetch_add(1);
  while (stage.start == 0) sleep_ns(50'000);
  std::int64_t made = 0;
  while (now_ns() < stage.end) {
    if (const int error = timed_clone(creator.flags, CloneStyle::vfork, times); error != 0) {
      stage.error = error;
      break;
    }
    ++made;
  }
  stage.made[creator.number] = made;
  raw_exit(0);
}

// Creations a second of all of them together; negative errno if one was refused.
double rate_of(int creators, std::uint64_t flags, std::int64_t window_ns, const Place& place) {
  void* memory = ::mmap(nullptr, sizeof(Stage), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw Unsupported{"no memory to share", ENOMEM};
  Stage& stage = *static_cast<Stage*>(memory);
  std::vector<long> pids;
  for (int i = 0; i < creators; ++i) {
    Creator creator{&stage, i, flags, place.cpus[static_cast<std::size_t>(i) % place.cpus.size()]};
    pids.push_back(raw_clone(0, CloneStyle::fork, create_until_the_end, &creator));
  }
  const std::int64_t patience = now_ns() + 5'000'000'000;
  while (stage.ready < creators && now_ns() < patience) sleep_ns(100'000);
  stage.end = now_ns() + window_ns;
  stage.start = 1;
  std::int64_t made = 0;
  for (const long pid : pids)
    if (pid > 0) reap(pid);
  for (int i = 0; i < creators; ++i) made += stage.made[i];
  const int error = stage.error;
  ::munmap(memory, sizeof(Stage));
  return error != 0 ? -error : static_cast<double>(made) / (static_cast<double>(window_ns) / 1e9);
}

void creators(NsSet set, const Place& place, Notebook& notebook) {
  const std::int64_t window = place.effort == Effort::full ? 300'000'000 : 80'000'000;
  constexpr std::uint32_t kAtLeast = 3;
  constexpr std::uint32_t kAtMost = 15;
  const int cpus = static_cast<int>(place.cpus.size());
  std::vector<int> numbers = {1, 2, 4};
  for (int more = 8; more <= 2 * cpus && more <= kMostCreators; more *= 2) numbers.push_back(more);
  for (std::uint32_t repeat = 0; repeat < kAtLeast || (repeat < kAtMost && place.time_left()); ++repeat)
    for (const int number : numbers) {
      const double rate = rate_of(number, clone_flags(set), window, place);
      if (rate < 0)
        notebook.refused(0, static_cast<int>(-rate));
      else
        notebook.point(0, 0, number, rate, repeat);
      sleep_ns(set.has(Ns::net) ? 60'000'000 : 5'000'000);
      notebook.progress((repeat + 1.0) / kAtLeast);
    }
  notebook.figure(0, 0, cpus);
}

std::vector<Study> parallel_studies() {
  std::vector<Study> studies;
  for (const NamedSet& set : kSets) {
    const std::string name = set.name;
    const bool usual = name == "none" || name == "user" || name == "mnt" || name == "net" || name == "all";
    if (!usual && name != "ipc" && name != "pid" && name != "kubernetes") continue;
    CaseSpec one;
    one.id = "parallel/" + name;
    one.title = say("processes that make ", text_of(set.types), " at the same time");
    one.set = text_of(set.types);
    one.series = {{"rate", "creations of all together", "processes that create", "per second", "", Better::higher}};
    one.figures = {{"cpus", "CPUs", "CPUs"}};
    const NsSet types = set.types;
    studies.push_back({{one},
                       usual ? Effort::standard : Effort::full,
                       {0.6, 1.3, 8},
                       {1, 1, 1},
                       [types](const Place& place, Notebook& notebook) { creators(types, place, notebook); }});
  }
  return studies;
}

const FamilyRow row = {{"parallel", "Parallel creators", 11, nullptr, parallel_studies}};

}  // namespace
}  // namespace nsproof::bench
