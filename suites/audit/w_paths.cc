// Bounded listing of directories of procfs and sysfs. Devices are only looked at with stat.
#include "suites/audit/w_paths.h"

#include <algorithm>
#include <cctype>
#include <cerrno>

#include "harness/audit/view.h"
#include "harness/support/text.h"
#include "suites/audit/mask_exposure.h"

namespace nsproof::audit {
namespace {

constexpr std::size_t kMost = 64;

// Names that the kernel gives. Where the container has mounted something of its own, others may turn up.
bool is_kernels(std::string_view name) {
  return std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '.' || c == ':' || c == '_' || c == '-';
  });
}

// The directories that a pattern's first part means.
std::vector<std::string> directories_of(View& view, const std::string& directory) {
  if (!directory.ends_with("/*")) return {directory};
  const std::string parent = directory.substr(0, directory.size() - 2);
  std::vector<std::string> found;
  for (const std::string& name : view.names(parent, kMost).value)
    if (is_kernels(name)) found.push_back(say(parent, "/", name));
  return found;
}

}  // namespace

std::vector<std::string> files_like(View& view, const Pattern& pattern) {
  std::vector<std::string> found;
  for (const std::string& directory : directories_of(view, pattern.directory)) {
    std::size_t looked_at = 0;
    for (const std::string& name : view.names(directory).value) {
      if (!is_kernels(name) || !glob_match(pattern.names, name) || ++looked_at > kMost) continue;
      for (const std::string& file : pattern.files) {
        std::string path = say(directory, "/", name, file.empty() ? "" : "/", file);
        if (view.exists(path)) found.push_back(std::move(path));
      }
    }
  }
  return found;
}

Sight nothing_like(View& view, const std::vector<Pattern>& patterns) {
  std::vector<std::string> hidden;
  std::vector<std::string> absent;
  for (const Pattern& pattern : patterns) {
    const std::string top = pattern.directory.ends_with("/*")
                                ? pattern.directory.substr(0, pattern.directory.size() - 2)
                                : pattern.directory;
    const sys::Got<std::vector<std::string>>& names = view.names(top);
    if (names.error() == EACCES) {
      hidden.push_back(say(top, ": EACCES"));
    } else if (names.error() != 0 && names.error() != ENOENT && names.error() != ENOTDIR) {
      return unknown(say(top, ": ", errno_name(names.error())));
    } else if (names.ok() || top.starts_with("/dev/")) {
      absent.push_back(say(top, ": nothing there"));
    } else if (const std::string what = what_hides(view, top); what.empty()) {
      absent.push_back(say(top, ": the kernel has none"));
    } else {
      hidden.push_back(say(top, ": out of sight behind ", what));
    }
  }
  return hidden.empty() ? not_applicable(join(absent, "; ")) : hardened(join(hidden, "; "));
}

}  // namespace nsproof::audit
