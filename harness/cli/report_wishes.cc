// Reads FORMAT=FILE and looks whether FILE can be written.
#include "harness/cli/report_wishes.h"

#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "harness/cli/commands.h"
#include "harness/support/text.h"

namespace nsproof {
namespace {

ReportWish report_wish(std::string text, std::string_view option, NoFile no_file) {
  if (no_file == NoFile::standard_output && text.find('=') == std::string::npos) text += "=-";
  const std::size_t equals = text.find('=');
  const std::string known = say("FORMAT is one of ", format_names());
  if (equals == std::string::npos || equals + 1 == text.size())
    throw UsageError(say(option, " ", text, ": write FORMAT=FILE"), known);
  const std::string name = text.substr(0, equals);
  const auto format = format_named(name);
  if (!format) throw UsageError(say(option, " ", text, ": no format is called ", nsproof::quoted(name)), known);
  return {*format, text.substr(equals + 1)};
}

}  // namespace

void check_report_place(const std::string& path, std::string_view option) {
  if (path == "-") return;
  std::filesystem::path directory = std::filesystem::path(path).parent_path();
  if (directory.empty()) directory = ".";
  std::error_code error;
  if (!std::filesystem::is_directory(directory, error))
    throw UsageError(say(option, ": ", directory.string(), " is not a directory"));
  if (std::filesystem::is_directory(path, error)) throw UsageError(say(option, ": ", path, " is a directory"));
  const bool in_place = std::filesystem::exists(path, error) && !std::filesystem::is_regular_file(path, error);
  if (access(in_place ? path.c_str() : directory.c_str(), W_OK) != 0)
    throw UsageError(say(option, ": ", path, " cannot be written: ", errno_name(errno)));
}

std::string format_names() {
  std::vector<std::string> names;
  for (const Format format : kAllFormats) names.emplace_back(name_of(format));
  return join(names, ", ");
}

std::vector<ReportWish> report_wishes(const std::vector<std::string>& texts, std::string_view option, NoFile no_file) {
  std::vector<ReportWish> wishes;
  for (const std::string& text : texts) {
    wishes.push_back(report_wish(text, option, no_file));
    check_report_place(wishes.back().path, option);
  }
  return wishes;
}

}  // namespace nsproof
