// The offsets file of time namespaces, /proc/PID/timens_offsets (time_namespaces(7)).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/sys/clocks.h"
#include "harness/sys/sys.h"

namespace nsproof::sys {

// What a time namespace adds to the clocks of the initial one.
struct TimensOffsets {
  Nanoseconds monotonic{0};
  Nanoseconds boottime{0};
  bool operator==(const TimensOffsets&) const = default;
};

std::optional<TimensOffsets> parse_timens_offsets(std::string_view text);
std::string text_of(const TimensOffsets& offsets);

// The offsets of the namespace that the process's next child will be in; throws Babbled if the file is not understood.
Got<TimensOffsets> timens_offsets(Actor& actor, std::string_view process = "self");
// Writes these lines to the actor's own file.
Reply set_timens_offsets(Actor& actor, std::string_view lines);

}  // namespace nsproof::sys
