// Reading the list of mounts of a contract, and judging one option at every place that has it.
#include "suites/runtime/mount_support.h"

#include <algorithm>
#include <charconv>
#include <iterator>

#include "harness/support/text.h"
#include "harness/sys/filesystems.h"

namespace nsproof {
namespace {

bool covers(const std::string& upper, const std::string& lower) {
  return upper == lower || upper == "/" || (lower.starts_with(upper) && lower[upper.size()] == '/');
}

std::vector<ContractMount> select(const std::vector<ContractMount>& mounts, bool hidden) {
  std::vector<ContractMount> found;
  for (auto mount = mounts.begin(); mount != mounts.end(); ++mount) {
    const bool is_hidden = std::any_of(std::next(mount), mounts.end(), [&](const ContractMount& later) {
      return covers(later.destination, mount->destination);
    });
    if (is_hidden == hidden) found.push_back(*mount);
  }
  return found;
}

}  // namespace

std::vector<ContractMount> visible_mounts(const std::vector<ContractMount>& mounts) { return select(mounts, false); }
std::vector<ContractMount> hidden_mounts(const std::vector<ContractMount>& mounts) { return select(mounts, true); }

bool has_option(const ContractMount& mount, const MountOption& option) {
  bool has = false;
  for (const std::string& text : mount.options) {
    // A recursive option ("rro") holds for the mount itself, too (config.md, Mounts).
    std::string_view word = text;
    if (word != option.name && word != option.opposite && word.starts_with('r')) word.remove_prefix(1);
    if (word == option.name) has = true;
    if (word == option.opposite) has = false;
  }
  return has;
}

bool is_cgroup(const ContractMount& mount) { return mount.type == "cgroup" || mount.type == "cgroup2"; }

bool is_bind(const ContractMount& mount) {
  return mount.type == "bind" || std::any_of(mount.options.begin(), mount.options.end(), [](const std::string& option) {
           return option == "bind" || option == "rbind";
         });
}

std::vector<std::string> places_with(const Contract& contract, const MountOption& option) {
  std::vector<std::string> places;
  for (const ContractMount& mount : visible_mounts(contract.mounts))
    if (has_option(mount, option) && !is_cgroup(mount)) places.push_back(mount.destination);
  return places;
}

std::optional<std::string> asked_for_option(const Contract& contract, const MountOption& option) {
  const std::vector<std::string> places = places_with(contract, option);
  if (places.empty()) return std::nullopt;
  return say(join(places, " "), " ", option.name);
}

Observation judge_option(World& w, const std::vector<std::string>& places, const MountOption& option, Effect effect) {
  std::vector<std::string> shown;
  std::vector<std::string> by_flags;
  for (const std::string& place : places) {
    if (const std::optional<Observation> seen = effect(w, place)) {
      if (seen->outcome != Outcome::isolated) return *seen;
      shown.push_back(seen->reason);
      continue;
    }
    const sys::Got<sys::FileSystem> there = sys::statfs(w.inside(), place);
    if (!there.ok()) return leaked(say(place, " is not there: ", errno_name(there.error())));
    if ((there.value.flags & option.flag) == 0) return leaked(say(place, " is not ", option.name));
    by_flags.push_back(place);
  }
  if (!by_flags.empty()) shown.push_back(say("statfs(2) says so of ", join(by_flags, " ")));
  return isolated(join(shown, ", "));
}

std::optional<std::uint64_t> size_option(const ContractMount& mount) {
  constexpr std::string_view kName = "size=";
  for (const std::string& option : mount.options) {
    if (!option.starts_with(kName)) continue;
    std::uint64_t size = 0;
    const char* const end = option.data() + option.size();
    const auto [unit, error] = std::from_chars(option.data() + kName.size(), end, size);
    if (error != std::errc{} || end - unit > 1) return std::nullopt;  // percent of the memory, say
    if (unit == end) return size;
    switch (*unit) {
      case 'k':
      case 'K': return size << 10;
      case 'm':
      case 'M': return size << 20;
      case 'g':
      case 'G': return size << 30;
      default: return std::nullopt;
    }
  }
  return std::nullopt;
}

}  // namespace nsproof
