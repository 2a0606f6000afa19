// A baseline: the JSON report of an earlier audit, whose weak findings are known. Only new ones are to fail.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>

#include "harness/audit/gate_file.h"

namespace nsproof::audit {

struct Baseline {
  std::string where;                        // the file
  std::set<std::string, std::less<>> weak;  // ids
};

// Both throw GateFileError on anything but a report of schema nsproof.audit.v1.
Baseline parse_baseline(std::string_view text, std::string_view file);
Baseline read_baseline(const std::string& file);

}  // namespace nsproof::audit
