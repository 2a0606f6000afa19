// Judgements of a process's resource limits and of its standing with the OOM killer, from the text of /proc/PID/limits
// and /proc/PID/oom_score_adj.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "harness/audit/finding.h"

namespace nsproof::audit {

// Both values of a line as numbers; UINT64_MAX for "unlimited".
struct ResourceLimit {
  std::uint64_t soft = 0;
  std::uint64_t hard = 0;
};
std::optional<ResourceLimit> resource_limit(std::string_view limits, std::string_view name);

// Weak if the hard limit is at least `bound`. `bound_text` says what that number is.
Sight judge_resource(std::string_view limits, std::string_view name, std::uint64_t bound, std::string_view bound_text);
Sight judge_core(std::string_view limits, std::string_view core_pattern);
Sight judge_oom_score(std::string_view text);

}  // namespace nsproof::audit
