// Puts a claim to a sandbox that exists already: a check in a world whose inside is a child of the attached probe.
#pragma once

#include <optional>

#include "harness/runtime/attached.h"
#include "harness/runtime/contract.h"
#include "harness/world/runner.h"

namespace nsproof {

// Nothing if nobody here is outside of it, and so nothing could be its control.
std::optional<Run> run_attached(Attached& attached, const Property& property, const Contract& expected,
                                const RunOptions& options);

}  // namespace nsproof
