#include "harness/runtime/policy.h"

#include <algorithm>
#include <array>

#include "harness/runtime/policy_parts.h"

namespace nsproof {
namespace {

template <class T>
void fill_in(std::optional<T>& requested, const std::optional<T>& demanded) {
  if (!requested) requested = demanded;
}

// Where both say something, `merge` says what is stricter.
template <class T, class Merge>
void merge_into(std::optional<T>& requested, const std::optional<T>& demanded, Merge merge) {
  if (requested && demanded)
    requested = merge(*requested, *demanded);
  else
    fill_in(requested, demanded);
}

bool either(bool a, bool b) { return a || b; }

void add_missing(std::vector<std::string>& paths, const std::vector<std::string>& more) {
  for (const std::string& path : more)
    if (std::find(paths.begin(), paths.end(), path) == paths.end()) paths.push_back(path);
}

// Mount options that take something away, and their opposites (mount(8)).
constexpr std::pair<std::string_view, std::string_view> kRestrictions[] = {
    {"ro", "rw"}, {"nosuid", "suid"}, {"nodev", "dev"}, {"noexec", "exec"}, {"nosymfollow", "symfollow"}};

void restrict_mount(ContractMount& mount, const ContractMount& demanded) {
  for (const auto& [restriction, opposite] : kRestrictions) {
    if (std::find(demanded.options.begin(), demanded.options.end(), restriction) == demanded.options.end()) continue;
    std::erase(mount.options, opposite);
    add_missing(mount.options, {std::string(restriction)});
  }
}

void merge_mounts(std::vector<ContractMount>& mounts, const std::vector<ContractMount>& demanded) {
  for (const ContractMount& one : demanded) {
    const auto there = std::find_if(mounts.begin(), mounts.end(),
                                    [&](const ContractMount& other) { return other.destination == one.destination; });
    if (there != mounts.end())
      restrict_mount(*there, one);
    else
      mounts.push_back(one);
  }
}

// Private and unbindable take no part in propagation, a slave receives, a shared mount sends, too
// (mount_namespaces(7)).
std::string stricter_propagation(const std::string& a, const std::string& b) {
  constexpr std::array<std::string_view, 8> kOrder = {"shared",  "rshared",  "slave",      "rslave",
                                                      "private", "rprivate", "unbindable", "runbindable"};
  const auto rank = [&](std::string_view name) {
    return (std::find(kOrder.begin(), kOrder.end(), name) - kOrder.begin()) / 2;
  };
  return rank(b) > rank(a) ? b : a;
}

sys::CapabilitySets intersection(const sys::CapabilitySets& a, const sys::CapabilitySets& b) {
  return {.inheritable = a.inheritable & b.inheritable,
          .permitted = a.permitted & b.permitted,
          .effective = a.effective & b.effective,
          .bounding = a.bounding & b.bounding,
          .ambient = a.ambient & b.ambient};
}

std::vector<ContractDevice> common_devices(std::vector<ContractDevice> a, const std::vector<ContractDevice>& b) {
  std::erase_if(a, [&](const ContractDevice& one) {
    return std::none_of(b.begin(), b.end(), [&](const ContractDevice& other) {
      return other.path == one.path && other.type == one.type && other.major == one.major && other.minor == one.minor;
    });
  });
  return a;
}

std::vector<ContractLimit> lower_limits(std::vector<ContractLimit> a, const std::vector<ContractLimit>& b) {
  for (const ContractLimit& one : b) {
    const auto there =
        std::find_if(a.begin(), a.end(), [&](const ContractLimit& other) { return other.name == one.name; });
    if (there == a.end())
      a.push_back(one);
    else
      *there = {one.name, std::min(there->soft, one.soft), std::min(there->hard, one.hard)};
  }
  return a;
}

}  // namespace

Contract expected_of(const Contract& requested, const Policy& policy) {
  const Contract& demands = policy.demands;
  Contract expected = requested;
  expected.namespaces = requested.namespaces.with(demands.namespaces);
  std::erase_if(expected.joined, [&](const auto& one) { return expected.namespaces.has(one.first); });
  for (const auto& [type, path] : demands.joined)
    if (!expected.namespaces.has(type)) expected.joined.try_emplace(type, path);
  fill_in(expected.uid_map, demands.uid_map);
  fill_in(expected.gid_map, demands.gid_map);
  fill_in(expected.clocks, demands.clocks);
  fill_in(expected.hostname, demands.hostname);
  fill_in(expected.domainname, demands.domainname);

  expected.private_root = requested.private_root || demands.private_root;
  merge_into(expected.readonly_root, demands.readonly_root, either);
  merge_into(expected.root_propagation, demands.root_propagation, stricter_propagation);
  merge_mounts(expected.mounts, demands.mounts);
  add_missing(expected.masked_paths, demands.masked_paths);
  add_missing(expected.readonly_paths, demands.readonly_paths);
  merge_into(expected.devices, demands.devices, common_devices);
  merge_into(expected.device_rules, demands.device_rules, allowed_by_both);

  fill_in(expected.uid, demands.uid);
  fill_in(expected.gid, demands.gid);
  fill_in(expected.groups, demands.groups);
  fill_in(expected.umask, demands.umask);
  merge_into(expected.capabilities, demands.capabilities, intersection);
  merge_into(expected.no_new_privs, demands.no_new_privs, either);
  merge_into(expected.seccomp, demands.seccomp,
             [](const SeccompFilter& a, const SeccompFilter& b) { return with_refusals(a, b.rules); });
  merge_into(expected.limits, demands.limits, lower_limits);
  fill_in(expected.oom_score_adj, demands.oom_score_adj);
  fill_in(expected.environment, demands.environment);
  expected.private_environment = requested.private_environment || demands.private_environment;
  fill_in(expected.directory, demands.directory);
  expected.sysctls.insert(demands.sysctls.begin(), demands.sysctls.end());
  expected.only_standard_descriptors = requested.only_standard_descriptors || demands.only_standard_descriptors;
  return expected;
}

const Policy* policy_named(std::string_view name) {
  const std::span<const Policy> all = policies();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Policy& one) { return one.name == name; });
  return found != all.end() ? &*found : nullptr;
}

}  // namespace nsproof
