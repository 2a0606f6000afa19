// The mounts of a contract as the rows about them see them: which of them are in sight, and which options they have.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/catalogue/verdict.h"
#include "harness/runtime/contract.h"
#include "harness/world/world.h"

namespace nsproof {

// The mounts that nothing later covers, in their order: a mount on a directory hides what is mounted below it.
std::vector<ContractMount> visible_mounts(const std::vector<ContractMount>& mounts);
std::vector<ContractMount> hidden_mounts(const std::vector<ContractMount>& mounts);

// An option that takes something away, and the one that gives it back; the last of a list counts (mount(8)).
struct MountOption {
  std::string_view name;      // "nosuid"
  std::string_view opposite;  // "suid"
  std::uint64_t flag;         // of statvfs(3): ST_NOSUID
};
bool has_option(const ContractMount& mount, const MountOption& option);

// Runtimes make of such a mount what fits the machine, so it is judged by itself: with version 1 it is a directory with
// one mount for each hierarchy.
bool is_cgroup(const ContractMount& mount);

// A directory or file that is there already, shown once more.
bool is_bind(const ContractMount& mount);

// The places of visible mounts with an option but for those of cgroups, and for Property::asked what they are in words.
std::vector<std::string> places_with(const Contract& contract, const MountOption& option);
std::optional<std::string> asked_for_option(const Contract& contract, const MountOption& option);

// What is seen of one place: by what happens there, or null if nothing can be made to happen.
using Effect = std::optional<Observation> (*)(World&, const std::string& place);

// Judges an option at all these places: by its effect, else by the flags that statfs(2) shows.
Observation judge_option(World& w, const std::vector<std::string>& places, const MountOption& option, Effect effect);

// The value of "size=", in bytes.
std::optional<std::uint64_t> size_option(const ContractMount& mount);

}  // namespace nsproof
