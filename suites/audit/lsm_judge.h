// What the security modules of the kernel say of themselves and of a process, judged as text: no machine has all of
// them, so these are tested from written contents.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/audit/finding.h"

namespace nsproof::audit {

// A file as it was read: its contents, or the errno.
struct Contents {
  std::string text = {};
  int error = 0;
};

// Which modules are active: the ids of lsm_list_modules(2) (include/uapi/linux/lsm.h), or /sys/kernel/security/lsm.
std::string lsm_name(std::uint64_t id);  // "apparmor" for 104
Sight judge_modules(const std::vector<std::string>& names);

// Whose label it is that /proc/PID/attr/current shows.
enum class Labeller { none, apparmor, selinux, other };
Labeller labeller_of(std::string_view label);

// `own` is attr/apparmor/current (Linux 5.8), `current` is attr/current, which is that of the first module that has
// labels; `level` is /sys/kernel/security/apparmor/.ns_level, by which a policy namespace shows.
Sight judge_apparmor_profile(const Contents& own, const Contents& current, const Contents& level);
Sight judge_apparmor_mode(const Contents& own, const Contents& current);

// `current` is attr/current; "system_u:system_r:container_t:s0:c14,c783".
Sight judge_selinux_type(const Contents& current);
Sight judge_selinux_categories(const Contents& current);
// `enforce` is /sys/fs/selinux/enforce.
Sight judge_selinux_mode(const Contents& current, const Contents& enforce);

// `lockdown` is /sys/kernel/security/lockdown: "none [integrity] confidentiality".
Sight judge_lockdown(const Contents& lockdown);

}  // namespace nsproof::audit
