#include "harness/runtime/oci_config.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/runtime/oci_names.h"
#include "harness/runtime/oci_parts.h"
#include "harness/support/text.h"

namespace nsproof {
namespace {

template <class Json>
Json parsed(std::string_view text) {
  try {
    return Json::parse(text);
  } catch (const nlohmann::json::parse_error& error) {
    const std::string_view before = text.substr(0, std::min<std::size_t>(text.size(), error.byte));
    throw ConfigError(say("line ", 1 + std::count(before.begin(), before.end(), '\n'), ": is not JSON"));
  } catch (const nlohmann::json::exception&) {
    throw ConfigError("the configuration: holds a number that is out of range");
  }
}

std::vector<Extent> extents_of(const JsonAt& mappings) {
  std::vector<Extent> extents;
  for (const JsonAt& item : mappings.items())
    extents.push_back({item.get("containerID").number<std::uint32_t>(), item.get("hostID").number<std::uint32_t>(),
                       item.get("size").number<std::uint32_t>(1)});
  return extents;
}

void read_namespaces(const JsonAt& namespaces, Contract& contract) {
  NsSet seen;
  for (const JsonAt& item : namespaces.items()) {
    const JsonAt type = item.get("type");
    const std::optional<Ns> ns = oci_namespace(type.text());
    if (!ns) type.fail(say("unknown namespace type ", nsproof::quoted(type.text())));
    if (seen.has(*ns)) type.fail(say(type.text(), " is there twice"));
    seen = seen.with(*ns);
    const auto path = item.find("path");
    if (!path || path->text().empty())
      contract.namespaces = contract.namespaces.with(*ns);
    else
      contract.joined[*ns] = path->absolute_path();
  }
}

void read_maps(const JsonAt& linux_part, Contract& contract) {
  const bool any_user_namespace = contract.namespaces.has(Ns::user) || contract.joined.contains(Ns::user);
  const auto read = [&](const char* key, std::optional<std::vector<Extent>>& map) {
    const auto mappings = linux_part.find(key);
    if (!mappings || mappings->items().empty()) return;
    if (!any_user_namespace) mappings->fail("there is no user namespace for it");
    map = extents_of(*mappings);
  };
  read("uidMappings", contract.uid_map);
  read("gidMappings", contract.gid_map);
}

// In whole seconds, for that is what a contract has; a part of a second is rounded to the nearest.
std::int64_t seconds_of(const JsonAt& offsets, const char* clock) {
  const auto offset = offsets.find(clock);
  if (!offset) return 0;
  constexpr std::int64_t kMostSeconds = 1LL << 33;  // the kernel takes no more (KTIME_SEC_MAX)
  const auto secs = offset->find("secs");
  const auto nanosecs = offset->find("nanosecs");
  return (secs ? secs->signed_number(-kMostSeconds, kMostSeconds) : 0) +
         (nanosecs && nanosecs->number<std::uint32_t>(0, 999'999'999) >= 500'000'000 ? 1 : 0);
}

void read_time(const JsonAt& offsets, Contract& contract) {
  for (const auto& [clock, value] : offsets.members())
    if (clock != "monotonic" && clock != "boottime") value.fail("is no clock that a time namespace has");
  if (!contract.namespaces.has(Ns::time)) offsets.fail("there is no new time namespace for it");
  contract.clocks = {.monotonic = seconds_of(offsets, "monotonic"), .boottime = seconds_of(offsets, "boottime")};
}

std::vector<std::string> paths_of(const JsonAt& list) {
  std::vector<std::string> paths;
  for (const JsonAt& item : list.items()) paths.push_back(item.absolute_path());
  return paths;
}

void read_linux(const JsonAt& linux_part, Contract& contract) {
  if (const auto list = linux_part.find("namespaces")) read_namespaces(*list, contract);
  read_maps(linux_part, contract);
  if (const auto offsets = linux_part.find("timeOffsets")) read_time(*offsets, contract);
  if (const auto propagation = linux_part.find("rootfsPropagation"); propagation && !propagation->text().empty()) {
    contract.root_propagation = propagation->text();
    if (!is_propagation(*contract.root_propagation))
      propagation->fail(say("unknown propagation ", nsproof::quoted(*contract.root_propagation)));
  }
  if (const auto list = linux_part.find("maskedPaths")) contract.masked_paths = paths_of(*list);
  if (const auto list = linux_part.find("readonlyPaths")) contract.readonly_paths = paths_of(*list);
  if (const auto list = linux_part.find("devices")) contract.devices = devices_of(*list);
  if (const auto resources = linux_part.find("resources"))
    if (const auto list = resources->find("devices")) contract.device_rules = device_rules_of(*list);
  if (const auto filter = linux_part.find("seccomp")) contract.seccomp = seccomp_filter_of(*filter);
  if (const auto sysctls = linux_part.find("sysctl"))
    for (const auto& [name, value] : sysctls->members()) contract.sysctls[name] = value.text();
}

ContractMount mount_of(const JsonAt& at) {
  ContractMount mount;
  mount.destination = at.get("destination").text();
  if (mount.destination.empty()) at.fail("has no destination");
  // A relative one is allowed for the sake of old configurations and means "/" before it (config.md, Mounts).
  if (!mount.destination.starts_with('/')) mount.destination.insert(0, 1, '/');
  if (const auto type = at.find("type")) mount.type = type->text();
  if (const auto source = at.find("source")) mount.source = source->text();
  mount.options = at.texts_or_none("options");
  return mount;
}

void refuse_hooks(const JsonAt& config) {
  const auto hooks = config.find("hooks");
  if (!hooks) return;
  for (const auto& [kind, list] : hooks->members())
    if (!list.items().empty()) list.fail("hooks are programs of the host, which nsproof does not start; remove them");
}

}  // namespace

Contract contract_of_oci_config(std::string_view text) {
  const auto json = parsed<nlohmann::json>(text);
  const JsonAt config(json, "");
  Contract contract;
  contract.only_standard_descriptors = true;
  static_cast<void>(config.get("ociVersion").text());  // without it, this is no configuration of a container
  if (const auto root = config.find("root"))
    if (const auto readonly = root->find("readonly")) contract.readonly_root = readonly->truth();
  if (const auto name = config.find("hostname")) contract.hostname = name->text();
  if (const auto name = config.find("domainname")) contract.domainname = name->text();
  if (const auto mounts = config.find("mounts"))
    for (const JsonAt& item : mounts->items()) contract.mounts.push_back(mount_of(item));
  if (const auto process = config.find("process")) read_process(*process, contract);
  if (const auto linux_part = config.find("linux")) read_linux(*linux_part, contract);
  return contract;
}

std::string config_for_probe(std::string_view text, const ProbePlace& place) {
  {
    const auto json = parsed<nlohmann::json>(text);
    const JsonAt config(json, "");
    refuse_hooks(config);
    static_cast<void>(config.get("process").members());
    if (const auto root = config.find("root")) static_cast<void>(root->members());
  }
  // Ordered, so that a person who compares it with the original finds it again.
  auto config = parsed<nlohmann::ordered_json>(text);
  config["process"]["args"] = {place.probe};
  config["process"]["terminal"] = false;
  config["root"]["path"] = place.root;
  return config.dump(2) + "\n";
}

}  // namespace nsproof
