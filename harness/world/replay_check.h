// Judges recorded evidence again: runs a check with actors that answer from a transcript. No kernel, no privilege.
#pragma once

#include "harness/actor/transcript.h"
#include "harness/catalogue/property.h"

namespace nsproof {

// What the check of a row sees in a recorded world. `unknown` if the check asks what the recording does not have, or
// the recording has more than the check asks.
Observation replay_check(Check check, const Sandbox& sandbox, Way way, const Transcript& transcript);

}  // namespace nsproof
