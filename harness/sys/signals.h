// Remote calls that tell what became of a signal: whether a handler ran.
#pragma once

#include "harness/sys/sys.h"

namespace nsproof::sys {

// Lets every blocked signal through for a moment that takes no time: ppoll(2) of nothing with an empty mask. EINTR says
// that a handler ran, 0 that none did.
Reply open_to_signals(Actor& actor);

}  // namespace nsproof::sys
