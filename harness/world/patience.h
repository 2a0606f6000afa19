// Waiting for what the kernel does in its own time (the end of a namespace, a limit that is free again): ask again
// until it is so, never longer than a bound. Everything else is waited for by events.
#pragma once

#include <chrono>
#include <thread>

#include "harness/actor/transport.h"

namespace nsproof {

inline constexpr Milliseconds kPatience{5'000};

// Calls `attempt` until it returns true, a millisecond apart and once for every millisecond of the bound; the number of
// calls does not depend on the clock, so that a replay makes the same ones. False when it never did.
template <class Attempt>
bool eventually(Attempt attempt, Milliseconds bound = kPatience) {
  for (auto left = bound.count();; --left) {
    if (attempt()) return true;
    if (left <= 0) return false;
    std::this_thread::sleep_for(Milliseconds{1});
  }
}

}  // namespace nsproof
