// Files of the kernel that take orders: whether the container may write them. Asked is only faccessat(2); nothing is
// opened for writing, for some of these files act when they are.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "harness/audit/finding.h"

namespace nsproof::audit {

class View;

struct KernelSwitch {
  std::string path;
  int capability = -1;  // which the kernel asks of the writer, in the host's user namespace, besides the permission
};

// What faccessat(2) of such a path said.
struct WriteAccess {
  std::string path;
  int error = 0;               // 0: may be written
  std::string hidden_by = {};  // only if there is no such path: what stands in the way, see what_hides()
  std::string lacks = {};      // "CAP_SYS_PTRACE": the kernel will ask for it
};

// What to mount read-only: this, and each of the files, which might be mounted apart. Runtimes skip what is missing.
std::vector<std::string> places_of(const std::string& place, const std::vector<KernelSwitch>& switches);

// Pure: weak if one may be written; not applicable if the kernel has none of them.
Sight judge_writable(const std::vector<WriteAccess>& seen);

WriteAccess write_access(View& view, const KernelSwitch& one);
Sight any_writable(View& view, const std::vector<KernelSwitch>& switches);

}  // namespace nsproof::audit
