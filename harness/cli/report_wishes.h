// The reports that a command line asks for: FORMAT=FILE, checked before anything runs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reports/report.h"

namespace nsproof {

struct ReportWish {
  Format format;
  std::string path;  // "-": standard output
};

// "json, junit, ...": every format.
std::string format_names();

// A run of an hour must not end with "no such directory": throws UsageError where no file can be written.
void check_report_place(const std::string& path, std::string_view option);

// What FORMAT without a file means.
enum class NoFile { refused, standard_output };

// Of the words that followed `option`. Throws UsageError for an unknown format and for a place where no file can be
// written.
std::vector<ReportWish> report_wishes(const std::vector<std::string>& texts, std::string_view option = "--report",
                                      NoFile no_file = NoFile::refused);

}  // namespace nsproof
