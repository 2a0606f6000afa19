// The run in the format of kernel test results, KTAP version 1 (Documentation/dev-tools/ktap.rst), flat, so that plain
// TAP readers agree on every line.
#pragma once

#include <string>

#include "harness/catalogue/result.h"

namespace nsproof {

std::string render_ktap(const Results& results);

}  // namespace nsproof
