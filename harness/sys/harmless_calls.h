// System calls with arguments that no kernel can do anything with: descriptors and pointers that are none, processes
// that do not exist, flags that are never valid together. Whoever is let through to the kernel gets an error of the
// kernel's own, so the answer tells what a filter did (seccomp(2)).
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "harness/sys/sys.h"

namespace nsproof::sys {

struct HarmlessCall {
  std::string_view name;  // as seccomp filters have it
  long number;
  unsigned count = 0;  // of arguments
  std::array<std::uint64_t, 6> arguments = {};
};

// One row for each call, and more where filters look at an argument (clone, unshare, socket, personality).
std::span<const HarmlessCall> harmless_calls();

Reply make_call(Actor& actor, const HarmlessCall& call);

// "unshare(0x10002000)"
std::string text_of(const HarmlessCall& call);

}  // namespace nsproof::sys
