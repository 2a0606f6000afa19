// The stricter of two filters and of two lists of device rules, which takes more than comparing.
#pragma once

#include <vector>

#include "harness/runtime/contract.h"

namespace nsproof {

// The filter, with calls refused in addition. One that it refuses by itself is refused in its own words, with its
// errno; rules that would still let a refused call pass are gone.
SeccompFilter with_refusals(SeccompFilter filter, const std::vector<SeccompRule>& refusals);

// What both lists allow. A later rule of a list wins over an earlier one, and without a rule nothing is allowed.
std::vector<DeviceRule> allowed_by_both(const std::vector<DeviceRule>& first, const std::vector<DeviceRule>& second);

}  // namespace nsproof
