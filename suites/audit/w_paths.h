// Kernel files whose names depend on the machine: those of each processor, interrupt or PCI device.
#pragma once

#include <string>
#include <vector>

#include "harness/audit/finding.h"

namespace nsproof::audit {

class View;

struct Pattern {
  std::string directory;           // "/proc/bus/pci/*": its last part may be a star
  std::string names;               // "cpu*"
  std::vector<std::string> files;  // in each of them; "" is the thing itself
};

// At most 64 directories of a pattern: those of one kind differ in number, not in permissions. Files that do not exist
// are left out.
std::vector<std::string> files_like(View& view, const Pattern& pattern);
// What to say where there are none: the kernel has none, or they are out of sight, or could not be listed.
Sight nothing_like(View& view, const std::vector<Pattern>& patterns);

}  // namespace nsproof::audit
