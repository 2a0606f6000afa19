// All 256 combinations in random order, for the additive model of costs.
#include <algorithm>
#include <numeric>
#include <random>

#include "harness/bench/assemble.h"
#include "harness/bench/case.h"
#include "harness/bench/clock.h"
#include "harness/bench/tape.h"

namespace nsproof::bench {
namespace {

// Shorter than the pause of the creation family, since here half of all samples make a network namespace: about as long
// as the destruction of one takes.
constexpr std::int64_t kSettleNs = 400'000;

void sweep(const Place& place, Notebook& notebook) {
  constexpr std::uint32_t kPasses[] = {2, 20, 100};
  const std::uint32_t passes = kPasses[static_cast<std::size_t>(place.effort)];
  std::vector<unsigned> order(256);
  std::iota(order.begin(), order.end(), 0U);
  std::mt19937_64 random(place.seed);
  for (std::uint32_t pass = 0; pass < passes && (pass < 2 || place.time_left()); ++pass) {
    std::shuffle(order.begin(), order.end(), random);
    std::int64_t timed = 0;
    for (const unsigned bits : order) {
      const NsSet set = NsSet::from_bits(static_cast<std::uint8_t>(bits));
      CloneTimes times;
      timed_clone(0, CloneStyle::vfork, times);  // prime
      if (const int error = timed_clone(clone_flags(set), CloneStyle::vfork, times); error != 0) {
        notebook.refused(0, error);
        continue;
      }
      timed += times.reaped - times.called;
      notebook.point(0, 0, bits, us_of(times.reaped - times.called), pass);
      if (set.has(Ns::net)) sleep_ns(kSettleNs);
    }
    notebook.pass(0, ms_of(timed));
    notebook.progress(static_cast<double>(pass + 1) / passes);
  }
}

std::vector<Study> sweeps() {
  CaseSpec one;
  one.id = kMatrixCase;
  one.title = "all 256 combinations of types, by clone3";
  one.style = name_of(CloneStyle::vfork);
  one.from = Effort::smoke;
  one.series = {{"total", "until the child is reaped", "combination", "us", ""}};
  return {{{one}, Effort::smoke, {0.6, 4.5, 25}, {1, 1, 1}, sweep}};
}

const FamilyRow row = {{"sweep256", "All combinations", 3, nullptr, sweeps}};

}  // namespace
}  // namespace nsproof::bench
