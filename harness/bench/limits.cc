#include "harness/bench/limits.h"

#include <cerrno>

#include "harness/bench/case.h"
#include "harness/bench/child.h"
#include "harness/bench/clock.h"
#include "harness/support/text.h"

namespace nsproof::bench {
namespace {

constexpr std::int64_t kPauseNs = 20'000;
constexpr double kBlockedUs = 1000;  // longer than usual by this is waiting and no noise

}  // namespace

double now_us() { return us_of(now_ns()); }

void limit_namespaces(Ns type, int most) {
  const std::string path = say("/proc/sys/user/max_", name_of(type), "_namespaces");
  if (!write_text(path, say(most))) throw Unsupported{"the limit " + path + " cannot be written", errno};
}

Attempt try_to_create(Ns type) {
  CloneTimes times;
  Attempt attempt;
  attempt.error = timed_clone(clone_flag(type), CloneStyle::vfork, times);
  attempt.start_us = us_of(times.called);
  attempt.took_us = attempt.error == 0 ? us_of(times.reaped - times.called) : 0;
  return attempt;
}

Gone wait_until_gone(Ns type, double since_us, double usual_us, double patience_ms) {
  Gone gone;
  while (now_us() - since_us < patience_ms * 1e3) {
    const Attempt attempt = try_to_create(type);
    if (attempt.error == ENOSPC) {
      ++gone.refusals;
      sleep_ns(kPauseNs);
      continue;
    }
    if (attempt.error != 0) throw Unsupported{"a creation at the limit was refused", attempt.error};
    gone.after_ms = (attempt.start_us - since_us) / 1e3;
    gone.end_us = attempt.start_us + attempt.took_us;
    // One that was refused before was not made to wait; it only took long.
    gone.blocked = gone.refusals == 0 && attempt.took_us > usual_us + kBlockedUs;
    if (gone.blocked) gone.after_ms += (attempt.took_us - usual_us) / 1e3;
    return gone;
  }
  return gone;
}

}  // namespace nsproof::bench
