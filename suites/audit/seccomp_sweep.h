// Every number of a table of system calls, tried at once on top of a filter of our own (harness/audit/reach.h says how
// that works). Two processes of the sandbox do it in a loop of machine code each, for a message to the harness and back
// for every one of 500 calls takes a second where messages are relayed.
#pragma once

#include <string>

#include "harness/audit/reach.h"
#include "harness/sys/sys.h"

namespace nsproof::audit {

// One character for each number from 0 to `count` - 1: 't' if the filter lets it through, else 'r'. `parent` makes the
// one who calls, and answers the notifications. Throws Broken where that cannot be, and if the filter kills.
inline constexpr long kMostNumbers = 512;
std::string sweep(Actor& parent, Abi abi, long count);

}  // namespace nsproof::audit
