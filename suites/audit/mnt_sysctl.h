// The judgement of the sysctls that keep users from tricking each other with links and files in sticky directories.
#pragma once

#include <string_view>

#include "harness/audit/finding.h"

namespace nsproof::audit {

// `text` is what the file holds: hardened from `least` on.
Sight judge_protection(std::string_view text, int least);

}  // namespace nsproof::audit
