#include "harness/catalogue/namespaces.h"

#include <linux/sched.h>

namespace nsproof {
namespace {

struct Row {
  std::string_view name;
  std::string_view long_name;
  std::uint64_t flag;
};

// In the order of enum Ns.
constexpr Row kRows[] = {
    {"mnt", "mount", CLONE_NEWNS},         {"pid", "pid", CLONE_NEWPID},    {"net", "network", CLONE_NEWNET},
    {"user", "user", CLONE_NEWUSER},       {"ipc", "ipc", CLONE_NEWIPC},    {"uts", "uts", CLONE_NEWUTS},
    {"cgroup", "cgroup", CLONE_NEWCGROUP}, {"time", "time", CLONE_NEWTIME},
};

const Row& row(Ns type) { return kRows[static_cast<unsigned>(type)]; }

}  // namespace

std::string_view name_of(Ns type) { return row(type).name; }

std::optional<Ns> ns_named(std::string_view name) {
  for (const Ns type : kAllNamespaces)
    if (row(type).name == name || row(type).long_name == name) return type;
  return std::nullopt;
}

std::uint64_t clone_flag(Ns type) { return row(type).flag; }

std::uint64_t clone_flags(NsSet types) {
  std::uint64_t flags = 0;
  for (const Ns type : kAllNamespaces)
    if (types.has(type)) flags |= clone_flag(type);
  return flags;
}

std::string text_of(NsSet types) {
  if (types.empty()) return "none";
  if (types == NsSet::all()) return "all";
  std::string text;
  for (const Ns type : kAllNamespaces) {
    if (!types.has(type)) continue;
    if (!text.empty()) text += '+';
    text += name_of(type);
  }
  return text;
}

}  // namespace nsproof
