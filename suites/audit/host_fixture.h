// A fixture that needs a network: the sandbox's own namespace gets an interface before its process starts.
#pragma once

#include <string_view>

#include "harness/audit/rule.h"

namespace nsproof::audit {

// Between the runtime's `create` and `start`, the sandbox's network namespace gets eth0, one end of a veth(4) pair
// whose other end is eth1, with every setting that a rule asks about at 0; then it runs these words of sh(1), as root
// of the layer. The words must not hold a single quote.
Spoil with_interface(std::string_view words);

}  // namespace nsproof::audit
