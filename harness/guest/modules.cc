#include "harness/guest/modules.h"

#include <algorithm>
#include <map>
#include <stdexcept>

#include "harness/support/host_file.h"
#include "harness/support/text.h"

namespace nsproof::guest {
namespace {

constexpr std::string_view kSuffix = ".ko";

// "kernel/net/nf-tables.ko.xz" is the module nf_tables: the kernel makes no difference between - and _.
std::string module_name(std::string_view file) {
  std::string name(file.substr(file.rfind('/') + 1));
  name.resize(std::min(name.find(kSuffix), name.size()));
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

}  // namespace

std::vector<std::string> load_order(std::string_view dependencies, std::span<const std::string_view> wanted) {
  std::map<std::string, std::vector<std::string>> files;  // by module: its file and then those that it depends on
  for (const std::string& line : lines_of(dependencies)) {
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos) continue;
    std::vector<std::string>& list = files[module_name(line.substr(0, colon))];
    list = words_of(std::string_view(line).substr(colon + 1));
    list.insert(list.begin(), line.substr(0, colon));
  }
  std::vector<std::string> order;
  for (const std::string_view name : wanted) {
    const auto found = files.find(std::string(name));
    if (found == files.end()) continue;
    // The last one named depends on nothing.
    for (auto file = found->second.rbegin(); file != found->second.rend(); ++file)
      if (std::find(order.begin(), order.end(), *file) == order.end()) order.push_back(*file);
  }
  return order;
}

ModuleSet read_modules(const std::string& directory) {
  const std::string dependencies = host_file(directory + "/modules.dep");
  if (dependencies.empty())
    throw std::runtime_error(say(directory, " has no modules.dep; give a directory like /lib/modules/VERSION"));
  ModuleSet set;
  for (const std::string& file : load_order(dependencies, kWantedModules)) {
    const std::string name = module_name(file);
    if (!file.ends_with(kSuffix)) {
      set.notes.push_back(say("the module ", name, " is compressed (", file, ") and was not taken: decompress it"));
      continue;
    }
    std::string contents = host_file(say(directory, "/", file));
    if (contents.empty())
      set.notes.push_back(say("the module ", name, " cannot be read: ", directory, "/", file));
    else
      set.modules.push_back({name, std::move(contents)});
  }
  return set;
}

}  // namespace nsproof::guest
