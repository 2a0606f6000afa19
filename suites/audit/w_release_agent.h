// What faccessat(2) said of the release agents of control groups of version 1.
#pragma once

#include <string>
#include <vector>

#include "harness/audit/finding.h"

namespace nsproof::audit {

struct ReleaseAgent {
  std::string mount;  // where the hierarchy is mounted
  int error = 0;      // of faccessat(W_OK); ENOENT: not the root of the hierarchy
};

// Pure. `host_admin`: the process has CAP_SYS_ADMIN in the host's user namespace.
Sight judge_release_agents(const std::vector<ReleaseAgent>& seen, bool host_admin);

}  // namespace nsproof::audit
