// The part of `nsproof doctor` that is about runtimes: which are installed, which version, and which start a sandbox
// here, found by starting one in a layer.
#pragma once

#include "harness/cli/console.h"

namespace nsproof {

void print_runtimes(Console& console);

}  // namespace nsproof
