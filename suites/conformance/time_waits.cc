// Time namespaces: whoever waits for a point in time waits for it on the clock of the namespace (time_namespaces(7)).
//
// The point lies halfway into the offset: past on a shifted clock, far ahead on the clock of outside. So nothing need
// be slept through: a wait is either over at once or not, and an armed timer says how much is left.
#include <poll.h>

#include <cerrno>
#include <csignal>
#include <ctime>

#include "harness/catalogue/property.h"
#include "harness/support/text.h"
#include "harness/sys/process.h"
#include "harness/sys/sockets.h"
#include "suites/conformance/time_shift.h"

namespace nsproof {
namespace {

using namespace std::chrono_literals;

template <int kClock>
constexpr OffsetClock offset_clock() {
  return kClock == CLOCK_BOOTTIME ? OffsetClock::boottime : OffsetClock::monotonic;
}

using Wait = Reply (*)(Actor&, Nanoseconds);

template <int kClock>
Reply sleep_until(Actor& actor, Nanoseconds time) {
  return sys::clock_nanosleep(actor, kClock, sys::Expiry::absolute, time);
}

enum class End { reached, interrupted, other };

End end_of(const Reply& reply, int error_when_reached) {
  if (reply.error() == error_when_reached) return End::reached;
  return reply.error() == EINTR ? End::interrupted : End::other;
}

// SIGALRM comes again and again, so that a wait for a point far ahead ends, with EINTR.
Observation judge_wait(World& w, Reading read, Nanoseconds offset, Wait wait, int error_when_reached) {
  Actor& inside = w.inside();
  const Nanoseconds now = read(w.outside());
  must(sys::sigaction(inside, SIGALRM, sys::Disposition::handled));
  must(sys::alarm_every(inside, 4ms));
  const End halfway = end_of(wait(inside, now + offset / 2), error_when_reached);
  const End beyond = end_of(wait(inside, now + offset + offset / 2), error_when_reached);
  must(sys::alarm_every(inside, 0ns));
  if (beyond != End::interrupted) return unknown("a wait for a point that is ahead on either clock did not block");
  switch (halfway) {
    case End::reached: return isolated("a point that is ahead outside and past on the shifted clock was past");
    case End::interrupted: return leaked("a point that is ahead outside and past on the shifted clock was ahead");
    case End::other: break;
  }
  return unknown("the wait ended in a way that is not documented");
}

template <int kClock>
Observation sleeps_on_own_clock(World& w) {
  return judge_wait(w, by_syscall<kClock>, added(w, offset_clock<kClock>()), sleep_until<kClock>, 0);
}

Observation futex_on_own_clock(World& w) {
  return judge_wait(w, monotonic_by_syscall, added(w, OffsetClock::monotonic), sys::futex_wait_until, ETIMEDOUT);
}

// What an armed timer has left, and whether it has gone off.
struct Armed {
  Nanoseconds left;
  bool gone_off;
};

// Reading a timer that has gone off gives 0, or 1 ns for timer_gettime(2), which must not say "disarmed".
bool is_past(Nanoseconds left) { return left <= 1ns; }

template <int kClock>
Armed arm_timer(Actor& actor, sys::Expiry expiry, Nanoseconds time) {
  must(sys::sigprocmask(actor, SIG_BLOCK, SIGALRM));
  const int timer = must(sys::timer_create(actor, kClock, SIGALRM));
  must(sys::timer_settime(actor, timer, expiry, time));
  const Nanoseconds left = must(sys::timer_gettime(actor, timer));
  const auto signal = sys::sigtimedwait(actor, SIGALRM, is_past(left) ? Milliseconds{5000} : Milliseconds{0});
  must(sys::timer_delete(actor, timer));
  return {left, signal.ok() && signal.value.code == SI_TIMER};
}

template <int kClock>
Armed arm_timerfd(Actor& actor, sys::Expiry expiry, Nanoseconds time) {
  const int timer = static_cast<int>(must(sys::timerfd_create(actor, kClock)));
  must(sys::timerfd_settime(actor, timer, expiry, time));
  const Nanoseconds left = must(sys::timerfd_gettime(actor, timer));
  const int ready = must(sys::poll(actor, timer, POLLIN, is_past(left) ? Milliseconds{5000} : Milliseconds{0}));
  return {left, ready > 0};
}

using Arm = Armed (*)(Actor&, sys::Expiry, Nanoseconds);

Observation judge_timer(World& w, Reading read, Nanoseconds offset, Arm arm) {
  Actor& inside = w.inside();
  const Nanoseconds now = read(w.outside());
  const Armed halfway = arm(inside, sys::Expiry::absolute, now + offset / 2);
  const Armed beyond = arm(inside, sys::Expiry::absolute, now + offset + offset / 2);
  if (beyond.gone_off || is_past(beyond.left))
    return unknown("a timer for a point that is ahead on either clock went off");
  if (halfway.gone_off && is_past(halfway.left))
    return isolated("a timer for a point that is ahead outside and past on the shifted clock went off at once");
  if (!halfway.gone_off && !is_past(halfway.left) && halfway.left <= offset / 2)
    return leaked(say("the timer still has ", sys::time_text(halfway.left), " s to go, as it would have outside"));
  return unknown(say("the timer has ", sys::time_text(halfway.left), " s left and has ",
                     halfway.gone_off ? "gone off" : "not gone off"));
}

template <int kClock>
Observation timer_on_own_clock(World& w) {
  return judge_timer(w, by_syscall<kClock>, added(w, offset_clock<kClock>()), arm_timer<kClock>);
}

template <int kClock>
Observation timerfd_on_own_clock(World& w) {
  return judge_timer(w, by_syscall<kClock>, added(w, offset_clock<kClock>()), arm_timerfd<kClock>);
}

// Half of the offset as a distance is ahead; as a point on the shifted clock it is past.
template <sys::Expiry kExpiry>
Observation relative_not_shifted(World& w) {
  const Nanoseconds half = added(w, OffsetClock::monotonic) / 2;
  const Armed timer = arm_timerfd<CLOCK_MONOTONIC>(w.inside(), kExpiry, half);
  if (!timer.gone_off && !is_past(timer.left) && timer.left <= half)
    return refused(say("the offset does not shorten the timer: it has ", sys::time_text(timer.left), " s left"));
  if (timer.gone_off && is_past(timer.left)) return allowed("the offset of the clock makes the timer go off at once");
  return unknown(say("the timer has ", sys::time_text(timer.left), " s left"));
}

constexpr const char* kWaitHow =
    "Inside waits for a point halfway between the clock of outside and the clock plus the offset, and for one beyond "
    "both, while a signal interrupts whatever blocks: the first wait must be over at once, the second must block.";
constexpr const char* kTimerHow =
    "Inside arms a timer for a point halfway between the clock of outside and the clock plus the offset, and one for a "
    "point beyond both: the first must go off at once, the second must stay armed.";

const Sandbox kShifted = {.namespaces = {}, .clocks = kClocks};

const Rows rows = {
    {
        .id = "time.nanosleep.absolute-monotonic",
        .claim = "An absolute sleep on CLOCK_MONOTONIC ends when the clock of the time namespace reaches the point.",
        .how = kWaitHow,
        .source = "time_namespaces(7), clock_nanosleep(2)",
        .since = {5, 6},
        .isolated_by = Ns::time,
        .sandbox = kShifted,
        .check = sleeps_on_own_clock<CLOCK_MONOTONIC>,
    },
    {
        .id = "time.nanosleep.absolute-boottime",
        .claim = "An absolute sleep on CLOCK_BOOTTIME ends when the clock of the time namespace reaches the point.",
        .how = kWaitHow,
        .source = "time_namespaces(7), clock_nanosleep(2)",
        .since = {5, 6},
        .isolated_by = Ns::time,
        .sandbox = kShifted,
        .check = sleeps_on_own_clock<CLOCK_BOOTTIME>,
    },
    {
        .id = "time.futex.absolute-monotonic",
        .claim = "An absolute futex timeout on CLOCK_MONOTONIC is a point on the clock of the time namespace.",
        .how = kWaitHow,
        .source = "time_namespaces(7), commit c2f7d08cccf4 (futex: Adjust absolute futex timeouts with per time "
                  "namespace offset)",
        .since = {5, 10},
        .isolated_by = Ns::time,
        .sandbox = kShifted,
        .check = futex_on_own_clock,
    },
    {
        .id = "time.timer.absolute-monotonic",
        .claim = "An absolute POSIX timer on CLOCK_MONOTONIC goes off by the clock of the time namespace.",
        .how = kTimerHow,
        .source = "time_namespaces(7), timer_settime(2)",
        .since = {5, 6},
        .isolated_by = Ns::time,
        .sandbox = kShifted,
        .check = timer_on_own_clock<CLOCK_MONOTONIC>,
    },
    {
        .id = "time.timer.absolute-boottime",
        .claim = "An absolute POSIX timer on CLOCK_BOOTTIME goes off by the clock of the time namespace.",
        .how = kTimerHow,
        .source = "time_namespaces(7), timer_settime(2)",
        .since = {5, 6},
        .isolated_by = Ns::time,
        .sandbox = kShifted,
        .check = timer_on_own_clock<CLOCK_BOOTTIME>,
    },
    {
        .id = "time.timerfd.absolute-monotonic",
        .claim = "An absolute timerfd on CLOCK_MONOTONIC goes off by the clock of the time namespace.",
        .how = kTimerHow,
        .source = "time_namespaces(7), timerfd_create(2)",
        .since = {5, 6},
        .isolated_by = Ns::time,
        .sandbox = kShifted,
        .check = timerfd_on_own_clock<CLOCK_MONOTONIC>,
    },
    {
        .id = "time.timerfd.absolute-boottime",
        .claim = "An absolute timerfd on CLOCK_BOOTTIME goes off by the clock of the time namespace.",
        .how = kTimerHow,
        .source = "time_namespaces(7), timerfd_create(2)",
        .since = {5, 6},
        .isolated_by = Ns::time,
        .sandbox = kShifted,
        .check = timerfd_on_own_clock<CLOCK_BOOTTIME>,
    },
    {
        .id = "time.timerfd.relative-not-shifted",
        .claim = "A relative timer is not shortened by the offset of the time namespace.",
        .how = "Inside arms a timerfd for half of the offset from now and reads how much is left.",
        .source = "time_namespaces(7), timerfd_create(2)",
        .since = {5, 6},
        .sandbox = {.namespaces = Ns::time, .clocks = kClocks},
        .check = relative_not_shifted<sys::Expiry::relative>,
        .control = relative_not_shifted<sys::Expiry::absolute>,
        .control_differs = "the same number is a point on the clock of the namespace instead of a distance",
    },
};

}  // namespace
}  // namespace nsproof
