#include "harness/sys/clocks.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/time.h>
#include <sys/timerfd.h>

#include <csignal>
#include <cstdio>

#include "harness/support/text.h"
#include "harness/sys/names.h"

namespace nsproof::sys {
namespace {

constexpr std::int64_t kNanosecondsInSecond = 1'000'000'000;

timespec timespec_of(Nanoseconds time) {
  return {time.count() / kNanosecondsInSecond, time.count() % kNanosecondsInSecond};
}

Arg time_arg(Nanoseconds time) { return record(raw(timespec_of(time)), time_text(time)); }

Arg one_shot(Nanoseconds time) {
  const itimerspec setting{{0, 0}, timespec_of(time)};
  return record(raw(setting), say("{it_value=", time_text(time), "}"));
}

Arg clock_arg(int clock) { return named(static_cast<std::uint64_t>(clock), clock_name(clock)); }

Arg timer_flags(Expiry expiry) {
  // TIMER_ABSTIME and TFD_TIMER_ABSTIME are the same bit.
  return expiry == Expiry::absolute ? named(TIMER_ABSTIME, "TIMER_ABSTIME") : num(0);
}

Got<Nanoseconds> time_left(Actor& actor, Reply reply) {
  Got<Nanoseconds> got{std::move(reply)};
  if (got.ok()) {
    got.value = nanoseconds_of(out_as<itimerspec>(got.reply).it_value);
    actor.shows(say("{it_value=", time_text(got.value), "}"));
  }
  return got;
}

}  // namespace

std::string clock_name(int clock) {
  static constexpr std::string_view kNames[] = {
      "CLOCK_REALTIME",       "CLOCK_MONOTONIC",       "CLOCK_PROCESS_CPUTIME_ID", "CLOCK_THREAD_CPUTIME_ID",
      "CLOCK_MONOTONIC_RAW",  "CLOCK_REALTIME_COARSE", "CLOCK_MONOTONIC_COARSE",   "CLOCK_BOOTTIME",
      "CLOCK_REALTIME_ALARM", "CLOCK_BOOTTIME_ALARM",  "CLOCK_SGI_CYCLE",          "CLOCK_TAI"};
  const auto index = static_cast<std::size_t>(clock);
  return index < std::size(kNames) ? std::string(kNames[index]) : std::to_string(clock);
}

std::string time_text(Nanoseconds at) {
  const std::int64_t count = at.count();
  char text[40];
  const long long whole = count / kNanosecondsInSecond;
  const long long rest = count % kNanosecondsInSecond;
  std::snprintf(text, sizeof text, "%s%lld.%09lld", count < 0 ? "-" : "", whole < 0 ? -whole : whole,
                rest < 0 ? -rest : rest);
  return text;
}

Nanoseconds nanoseconds_of(const timespec& time) {
  // The kernel's own bound: more seconds than these are no time that a 64-bit count of nanoseconds can hold.
  constexpr std::int64_t kMostSeconds = INT64_MAX / kNanosecondsInSecond;
  if (time.tv_nsec < 0 || time.tv_nsec >= kNanosecondsInSecond || time.tv_sec >= kMostSeconds ||
      time.tv_sec <= -kMostSeconds)
    throw Babbled("a clock gave a time that is none");
  return std::chrono::seconds(time.tv_sec) + Nanoseconds(time.tv_nsec);
}

Got<Nanoseconds> clock_gettime(Actor& actor, int clock) {
  Got<Nanoseconds> got{actor.call(SYS_clock_gettime, "clock_gettime", {clock_arg(clock), out(sizeof(timespec))})};
  if (got.ok()) {
    got.value = nanoseconds_of(out_as<timespec>(got.reply));
    actor.shows(time_text(got.value));
  }
  return got;
}

Reply clock_nanosleep(Actor& actor, int clock, Expiry expiry, Nanoseconds time) {
  return actor.call(SYS_clock_nanosleep, "clock_nanosleep",
                    {clock_arg(clock), timer_flags(expiry), time_arg(time), null()});
}

Reply futex_wait_until(Actor& actor, Nanoseconds time) {
  constexpr std::uint64_t kOperation = FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG;
  return actor.call(SYS_futex, "futex",
                    {record(raw(std::uint32_t{0}), "[0]"), named(kOperation, "FUTEX_WAIT_BITSET_PRIVATE"), num(0),
                     time_arg(time), null(), named(FUTEX_BITSET_MATCH_ANY, "FUTEX_BITSET_MATCH_ANY")});
}

Got<int> timer_create(Actor& actor, int clock, int signal) {
  sigevent event{};
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = signal;
  Got<int> got{
      actor.call(SYS_timer_create, "timer_create",
                 {clock_arg(clock), record(raw(event), say("{", signal_text(signal), "}")), out(sizeof(int))})};
  if (got.ok()) {
    got.value = out_as<int>(got.reply);
    actor.shows(say("[", got.value, "]"));
  }
  return got;
}

Reply timer_settime(Actor& actor, int timer, Expiry expiry, Nanoseconds time) {
  return actor.call(SYS_timer_settime, "timer_settime", {num(timer), timer_flags(expiry), one_shot(time), null()});
}

Got<Nanoseconds> timer_gettime(Actor& actor, int timer) {
  return time_left(actor, actor.call(SYS_timer_gettime, "timer_gettime", {num(timer), out(sizeof(itimerspec))}));
}

Reply timer_delete(Actor& actor, int timer) { return actor.call(SYS_timer_delete, "timer_delete", {num(timer)}); }

Reply timerfd_create(Actor& actor, int clock) {
  return actor.call(SYS_timerfd_create, "timerfd_create", {clock_arg(clock), named(TFD_CLOEXEC, "TFD_CLOEXEC")});
}

Reply timerfd_settime(Actor& actor, int timer, Expiry expiry, Nanoseconds time) {
  return actor.call(SYS_timerfd_settime, "timerfd_settime", {num(timer), timer_flags(expiry), one_shot(time), null()});
}

Got<Nanoseconds> timerfd_gettime(Actor& actor, int timer) {
  return time_left(actor, actor.call(SYS_timerfd_gettime, "timerfd_gettime", {num(timer), out(sizeof(itimerspec))}));
}

Reply alarm_every(Actor& actor, Nanoseconds period) {
  const timespec time = timespec_of(period);
  const timeval half{time.tv_sec, time.tv_nsec / 1000};
  const itimerval setting{half, half};
  return actor.call(
      SYS_setitimer, "setitimer",
      {named(ITIMER_REAL, "ITIMER_REAL"), record(raw(setting), say("{every ", time_text(period), "}")), null()});
}

Got<std::int64_t> sysinfo_uptime(Actor& actor) {
  Got<std::int64_t> got{actor.call(SYS_sysinfo, "sysinfo", {out(sizeof(struct sysinfo))})};
  if (got.ok()) {
    got.value = out_as<struct sysinfo>(got.reply).uptime;
    actor.shows(say("{uptime=", got.value, "}"));
  }
  return got;
}

}  // namespace nsproof::sys
