// The change texts are made as JSON, so that none of them can be ill-formed.
#include "suites/audit/mask_fixtures.h"

#include <nlohmann/json.hpp>

namespace nsproof::audit {
namespace {

using nlohmann::json;

void merge(json& into, const json& change) {
  if (into.is_object() && change.is_object()) {
    for (const auto& [key, value] : change.items()) merge(into[key], value);
  } else if (into.is_array() && change.is_array()) {
    for (const json& one : change) into.push_back(one);
  } else {
    into = change;
  }
}

std::string of_linux(const char* member, const std::vector<std::string>& paths) {
  return json{{"linux", {{member, paths}}}}.dump();
}

json all_sets(char sign, const std::string& capability) {
  json sets = json::object();
  for (const char* set : {"bounding", "effective", "permitted", "inheritable", "ambient"})
    sets[sign + std::string(set)] = json::array({capability});
  return sets;
}

}  // namespace

std::string unmasked(const std::vector<std::string>& paths) { return of_linux("-maskedPaths", paths); }
std::string masked(const std::vector<std::string>& paths) { return of_linux("+maskedPaths", paths); }
std::string not_read_only(const std::vector<std::string>& paths) { return of_linux("-readonlyPaths", paths); }
std::string read_only(const std::vector<std::string>& paths) { return of_linux("+readonlyPaths", paths); }

std::string bound(const std::string& source, const std::string& destination) {
  const json mount = {
      {"destination", destination},
      {"type", "bind"},
      {"source", source},
      {"options", {"bind", "rw", "nosuid", "nodev", "noexec", "private"}},
  };
  return json{{"+mounts", json::array({mount})}}.dump();
}

std::string with_hosts_root() {
  const auto map = [](unsigned inside, unsigned outside, unsigned size) {
    return json{{"containerID", inside}, {"hostID", outside}, {"size", size}};
  };
  const json users = json::array({map(0, 100000, 1000), map(1000, 0, 1), map(1001, 300001, 64535)});
  return json{{"linux", {{"uidMappings", users}}}}.dump();
}

Spoil writable_again(const std::vector<std::string>& paths) {
  std::vector<std::string> changes = {with_hosts_root()};
  Spoil spoil;
  spoil.also = {kHostRootMapped};
  for (const std::string& path : paths) {
    // The layer's own sysfs is read-only, all of it; that of another network namespace is not.
    const bool of_sysfs = path.starts_with("/sys/");
    const std::string writable = "/run/nsproof-sysfs";
    changes.push_back(bound(of_sysfs ? writable + path.substr(4) : path, path));
    if (of_sysfs) spoil.prepare = {"mkdir " + writable + "; unshare -n mount -t sysfs none " + writable};
    if (of_sysfs) spoil.also.push_back("ro.sys.writable");
    if (path.starts_with("/proc/sys/")) spoil.also.push_back("ro.proc-sys.writable");
    if (path.starts_with("/proc/irq/")) spoil.also.push_back("ro.proc-irq.writable");
  }
  spoil.config = merged(changes);
  return spoil;
}

std::string without_capability(const std::string& name) {
  return json{{"process", {{"capabilities", all_sets('-', name)}}}}.dump();
}

std::string with_host_capability(const std::string& name) {
  return json{
      {"process", {{"capabilities", all_sets('+', name)}}},
      {"linux",
       {{"uidMappings", nullptr}, {"gidMappings", nullptr}, {"-namespaces", json::array({{{"type", "user"}}})}}}}
      .dump();
}

std::string merged(const std::vector<std::string>& changes) {
  json all = json::object();
  for (const std::string& change : changes) merge(all, json::parse(change));
  return all.dump();
}

}  // namespace nsproof::audit
