// What identifies the machine or the host, judged from what was seen.
#pragma once

#include <string>
#include <vector>

#include "harness/audit/finding.h"

namespace nsproof::audit {

// Serial numbers of the machine (DMI), and the errno of access(2) for each: 0 if it can be read.
struct SerialNumber {
  std::string path;
  int error = 0;
};
Sight judge_serial_numbers(const std::vector<SerialNumber>& seen);

}  // namespace nsproof::audit
