// Which kernel modules a guest is given: those that the catalogue's needs ask for, and what they depend on, from a
// directory as depmod(8) leaves it (/lib/modules/VERSION).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nsproof::guest {

// The modules that properties need where a kernel has them as modules: Need::veth, nf_tables, ipv6, and what checks
// try.
inline constexpr std::string_view kWantedModules[] = {"crc32c_generic", "ipv6",      "veth",
                                                      "nfnetlink",      "nf_tables", "overlay"};

// Files below the directory in the order in which they must be loaded, each once; what the directory does not have is
// left out, for it may be built in. `dependencies` is the text of modules.dep (modules.dep(5)). Pure.
std::vector<std::string> load_order(std::string_view dependencies, std::span<const std::string_view> wanted);

struct Module {
  std::string name;  // "nf_tables"
  std::string contents;
};

struct ModuleSet {
  std::vector<Module> modules;     // in the order of loading
  std::vector<std::string> notes;  // what could not be taken, and why
};

// Throws std::runtime_error if the directory has no modules.dep.
ModuleSet read_modules(const std::string& directory);

}  // namespace nsproof::guest
