// Settings of the kernel that all containers of a host share, and those of a container's own network namespace: what a
// value must be, and what it says of a text.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "harness/audit/finding.h"

namespace nsproof::audit {

// When a number is hardened.
enum class Wanted { at_least, at_most, exactly };

struct HostSysctl {
  const char* slug;  // host.SLUG.WEAKNESS
  const char* weakness;
  const char* path;  // below /proc/sys
  Wanted wanted;
  long long bound;
  Severity severity;
  const char* title;
  const char* why;
  const char* reference;
  // Only in the initial network namespace is there such a file.
  bool initial_network = false;
};

std::span<const HostSysctl> host_sysctls();
const HostSysctl* host_sysctl(std::string_view slug);

Sight judge_sysctl(const HostSysctl& sysctl, std::string_view text);
// net.ipv4.ping_group_range: weak for a range of more than one group.
Sight judge_ping_groups(std::string_view text);

}  // namespace nsproof::audit
