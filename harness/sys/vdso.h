// Calls into the vDSO (vdso(7)): the part of the kernel that runs in a process and answers clock_gettime(2) without a
// system call, from a page that a time namespace replaces.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "harness/sys/clocks.h"
#include "harness/sys/sys.h"

namespace nsproof::sys {

// The offset of a function in the image of a shared object of this machine's kind; nothing if the image does not
// define it. The image is hostile: every offset in it is checked. Pure.
std::optional<std::uint64_t> find_function(std::string_view image, std::string_view name);

// clock_gettime(2) through the actor's vDSO. Throws Broken if the process has none, or none with that function.
Got<Nanoseconds> vdso_clock_gettime(Actor& actor, int clock);

}  // namespace nsproof::sys
