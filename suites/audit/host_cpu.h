// What the kernel says of the CPU's side channels, as pure functions of its text: a neighbour on the same CPU reads
// what it should not, whatever namespaces there are.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "harness/audit/finding.h"

namespace nsproof::audit {

// A file of /sys/devices/system/cpu/vulnerabilities: "Not affected", "Mitigation: ...", "Vulnerable...".
Sight judge_vulnerability(std::string_view text);

// /sys/devices/system/cpu/smt/active, and the process's cookie of core scheduling (prctl(2), PR_SCHED_CORE), if the
// kernel has any: 0 is shared with everybody.
Sight judge_smt(std::string_view active, std::optional<std::uint64_t> cookie);

// /proc/cmdline: mitigations that were switched off. Only the words that do so are shown.
Sight judge_boot_arguments(std::string_view cmdline);

// The line [vsyscall] of /proc/PID/maps: r-xp (emulate), --xp (xonly), or none.
Sight judge_vsyscall(std::string_view maps);

// A field of /proc/PID/status: Speculation_Store_Bypass, SpeculationIndirectBranch.
Sight judge_speculation(std::string_view status, std::string_view field);

}  // namespace nsproof::audit
