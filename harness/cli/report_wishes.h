// The reports that a command line asks for: FORMAT=FILE, checked before anything runs.
#pragma once

#include <string>
#include <vector>

#include "reports/report.h"

namespace nsproof {

struct ReportWish {
  Format format;
  std::string path;  // "-": standard output
};

// Throws UsageError for an unknown format and for a place where no file can be written.
std::vector<ReportWish> report_wishes(const std::vector<std::string>& texts);

}  // namespace nsproof
