// Remote calls about clocks and everything that waits for one. Times are nanoseconds of the clock named in the call.
#pragma once

#include <chrono>
#include <cstdint>
#include <ctime>
#include <string>

#include "harness/sys/sys.h"

namespace nsproof::sys {

using Nanoseconds = std::chrono::nanoseconds;

std::string clock_name(int clock);      // "CLOCK_MONOTONIC"
std::string time_text(Nanoseconds at);  // "12.000000345", in seconds

// A struct timespec that came from a probe; throws Babbled if its nanoseconds are none.
Nanoseconds nanoseconds_of(const timespec& time);

Got<Nanoseconds> clock_gettime(Actor& actor, int clock);

// Whether a time is a point on the clock (TIMER_ABSTIME) or a distance from now.
enum class Expiry { absolute, relative };

Reply clock_nanosleep(Actor& actor, int clock, Expiry expiry, Nanoseconds time);

// FUTEX_WAIT_BITSET (futex(2)) on a word that nobody will change, until a point on CLOCK_MONOTONIC: ETIMEDOUT when it
// is reached, EINTR when a signal comes first.
Reply futex_wait_until(Actor& actor, Nanoseconds time);

// timer_create(2) with one signal as its notice; the value is the timer's id.
Got<int> timer_create(Actor& actor, int clock, int signal);
Reply timer_settime(Actor& actor, int timer, Expiry expiry, Nanoseconds time);
// What is left until it expires. An expired timer has 0 or 1 nanosecond left.
Got<Nanoseconds> timer_gettime(Actor& actor, int timer);
Reply timer_delete(Actor& actor, int timer);

Reply timerfd_create(Actor& actor, int clock);
Reply timerfd_settime(Actor& actor, int timer, Expiry expiry, Nanoseconds time);
Got<Nanoseconds> timerfd_gettime(Actor& actor, int timer);

// setitimer(2) of ITIMER_REAL: SIGALRM after this time and again and again; zero ends it. It bounds a call that blocks.
Reply alarm_every(Actor& actor, Nanoseconds period);

// Seconds since boot, as sysinfo(2) has them.
Got<std::int64_t> sysinfo_uptime(Actor& actor);

}  // namespace nsproof::sys
