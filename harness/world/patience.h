// Waiting for what the kernel does in its own time (the end of a namespace, a limit that is free again): ask again
// until it is so, never longer than a bound. Everything else is waited for by events.
#pragma once

#include <chrono>
#include <thread>

#include "harness/actor/transport.h"

namespace nsproof {

inline constexpr Milliseconds kPatience{5'000};

// Calls `attempt` until it returns true, a millisecond apart. False when the bound has passed.
template <class Attempt>
bool eventually(Attempt attempt, Milliseconds bound = kPatience) {
  const auto end = std::chrono::steady_clock::now() + bound;
  for (;;) {
    if (attempt()) return true;
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(Milliseconds{1});
  }
}

}  // namespace nsproof
