// How two processes of a container compare, as a pure function: the rule and its unit test share it.
#pragma once

#include <string>
#include <vector>

#include "harness/audit/process_status.h"

namespace nsproof::audit {

// In what the process is less confined than the first one of its container; empty if in nothing.
std::vector<std::string> more_than(const Status& process, const Status& first);

}  // namespace nsproof::audit
