#include "harness/bench/rounds.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <random>

#include "harness/actor/actor.h"
#include "harness/bench/clock.h"
#include "harness/support/text.h"

namespace nsproof::bench {
namespace {

// A case that has been refused so often and never succeeded is given up.
constexpr int kGiveUp = 3;
constexpr int kRoundGuardCalls = 100;
constexpr int kSampleGuardCalls = 20;  // 3 µs: a neighbour on the same core comes and goes within a round

struct Prepared {
  RoundCase one;
  Sample sample;
  CloneStyle prime = CloneStyle::vfork;
  std::int64_t taken = 0;
  std::map<int, std::int64_t> refused;  // by errno
  bool given_up = false;
};

// One getppid in nanoseconds: how fast the machine is at this moment.
double speed_now(int calls) {
  for (int i = 0; i < 4; ++i) ::syscall(SYS_getppid);  // what the last sample drove out of the caches comes back
  const std::int64_t start = now_ns();
  for (int i = 0; i < calls; ++i) ::syscall(SYS_getppid);
  return static_cast<double>(now_ns() - start) / calls;
}

std::vector<Prepared> prepare(const Place& place, const std::vector<RoundCase>& cases, Tape& tape) {
  std::vector<Prepared> ready;
  for (const RoundCase& one : cases) {
    try {
      Prepared prepared{one, one.spec->prepare(place), CloneStyle::vfork, 0, {}, false};
      if (one.spec->style == name_of(CloneStyle::fork)) prepared.prime = CloneStyle::fork;
      ready.push_back(std::move(prepared));
    } catch (const Unsupported& gap) {
      tape.remark(one.index, Remark::Kind::unsupported, 0, gap.error, gap.reason);
    } catch (const Broken& broken) {
      tape.remark(one.index, Remark::Kind::failed, 0, 0, broken.what());
    }
  }
  return ready;
}

void take(Prepared& one, std::uint32_t round, bool warm_up, Tape& tape) {
  double values[kMaxPhases] = {};
  // The case's own code and the kernel's are brought back into the caches by a plain creation: after an idle moment a
  // sample reads two to three times as long as it is.
  CloneTimes prime;
  timed_clone(0, one.prime, prime);
  const double before = speed_now(kSampleGuardCalls);
  const int error = one.sample(values);
  const double speed = std::max(before, speed_now(kSampleGuardCalls));
  if (error != 0) {
    ++one.refused[error];
    if (one.taken == 0 && one.refused[error] >= kGiveUp) one.given_up = true;
  } else if (!warm_up) {
    ++one.taken;
    for (std::size_t phase = 0; phase < one.one.spec->phases.size(); ++phase)
      tape.write(
          {one.one.index, RecordKind::sample, static_cast<std::uint16_t>(phase), round, 0, speed, values[phase]});
  }
  if (one.one.spec->settle_ns > 0) sleep_ns(one.one.spec->settle_ns);
}

void close_books(const std::vector<Prepared>& all, Tape& tape) {
  for (const Prepared& one : all) {
    for (const auto& [error, times] : one.refused)
      tape.write({one.one.index, RecordKind::refused, 0, 0, 0, static_cast<double>(error), static_cast<double>(times)});
    if (one.taken > 0 || one.refused.empty()) continue;
    const int error = one.refused.begin()->first;
    const auto kind = means_unsupported(error) ? Remark::Kind::unsupported : Remark::Kind::failed;
    tape.remark(one.one.index, kind, 0, error, say("every attempt was refused with ", errno_name(error)));
  }
}

}  // namespace

bool means_unsupported(int error) {
  return error == EINVAL || error == ENOSYS || error == EPERM || error == EOPNOTSUPP || error == EACCES ||
         error == EAFNOSUPPORT || error == EPROTONOSUPPORT;
}

void run_rounds(const Place& place, const std::vector<RoundCase>& cases, const RoundLimits& limits, Tape& tape) {
  const std::int64_t start = now_ns();
  std::vector<Prepared> all = prepare(place, cases, tape);
  std::vector<Prepared*> order;
  for (Prepared& one : all) order.push_back(&one);
  std::mt19937_64 random(place.seed);
  for (std::uint32_t round = 0; round <= limits.most && (round < 2 || place.time_left()); ++round) {
    const bool warm_up = round == 0;
    const std::uint32_t number = limits.first_round + round;
    const double speed = speed_now(kRoundGuardCalls);
    if (!warm_up) tape.write({0, RecordKind::guard, 0, number, 0, 0, speed});
    std::shuffle(order.begin(), order.end(), random);
    for (Prepared* one : order) {
      const auto every = static_cast<std::uint32_t>(one->one.spec->every);
      if (!one->given_up && (warm_up || round % every == 1 % every)) take(*one, number, warm_up, tape);
    }
    const double by_rounds = static_cast<double>(round) / limits.most;
    const double by_time = static_cast<double>(now_ns() - start) / static_cast<double>(place.deadline_ns - start);
    tape.set_progress(std::max(by_rounds, by_time));
  }
  close_books(all, tape);
}

}  // namespace nsproof::bench
