// Reports: every format is a pure projection of the result model, and a file appears complete or not at all.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/catalogue/result.h"

namespace nsproof {

enum class Format {
  json,          // nsproof.run.v1, loses nothing
  junit,         // for CI servers
  junit_strict,  // valid against every schema of JUnit XML at once
  markdown,      // for the summary page of a CI job
  ktap,          // for kernel test tools and TAP readers
};

inline constexpr Format kAllFormats[] = {Format::json, Format::junit, Format::junit_strict, Format::markdown,
                                         Format::ktap};

// "json", "junit", "junit-strict", "markdown", "ktap".
std::string_view name_of(Format format);
std::optional<Format> format_named(std::string_view name);

std::string render(Format format, const Results& results);

// render() and write_whole().
void write_report(Format format, const std::string& path, const Results& results);

// Writes a report beside its place and renames it into place; "-" is standard output, and a place that exists and is
// no regular file (a FIFO, /dev/stderr) is written to as it is. Throws std::runtime_error that names the path and the
// errno.
void write_whole(const std::string& path, std::string_view text);

}  // namespace nsproof
