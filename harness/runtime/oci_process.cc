// What a config.json asks of the process itself: who it is, what it may do and what it is given.
#include <algorithm>

#include "harness/runtime/oci_config.h"
#include "harness/runtime/oci_names.h"
#include "harness/runtime/oci_parts.h"
#include "harness/support/text.h"

namespace nsproof {
namespace {

std::uint64_t capability_set(const JsonAt& sets, const char* key) {
  std::uint64_t set = 0;
  const std::optional<JsonAt> names = sets.find(key);
  if (!names) return set;
  for (const JsonAt& item : names->items()) {
    const std::string name = item.text();
    const std::optional<unsigned> capability = capability_named(name);
    if (!capability) item.fail(say("unknown capability ", name));
    set |= std::uint64_t{1} << *capability;
  }
  return set;
}

std::vector<ContractLimit> limits_of(const JsonAt& rlimits) {
  std::vector<ContractLimit> limits;
  for (const JsonAt& item : rlimits.items()) {
    const JsonAt type = item.get("type");
    const std::string name = type.text();
    if (!is_limit(name)) type.fail(say("unknown limit ", name));
    if (std::any_of(limits.begin(), limits.end(), [&](const ContractLimit& other) { return other.name == name; }))
      type.fail(say(name, " is there twice"));
    limits.push_back({name, item.get("soft").number<std::uint64_t>(), item.get("hard").number<std::uint64_t>()});
  }
  return limits;
}

void read_user(const JsonAt& user, Contract& contract) {
  contract.uid = user.get("uid").number<std::uint32_t>();
  contract.gid = user.get("gid").number<std::uint32_t>();
  if (const auto umask = user.find("umask")) contract.umask = umask->number<unsigned>(0, 0777);
  contract.groups.emplace();  // without additionalGids there are none; those of the runtime are not inherited
  if (const auto groups = user.find("additionalGids"))
    for (const JsonAt& group : groups->items()) contract.groups->push_back(group.number<std::uint32_t>());
}

std::vector<std::string> environment_of(const JsonAt& env) {
  std::vector<std::string> environment;
  for (const JsonAt& item : env.items()) {
    environment.push_back(item.text());
    if (environment.back().find('=', 1) == std::string::npos)
      item.fail(say(nsproof::quoted(environment.back()), " is not NAME=value"));
  }
  return environment;
}

}  // namespace

void read_process(const JsonAt& process, Contract& contract) {
  contract.directory = process.get("cwd").absolute_path();
  contract.environment.emplace();
  if (const auto env = process.find("env")) contract.environment = environment_of(*env);
  if (const auto user = process.find("user")) read_user(*user, contract);
  if (const auto sets = process.find("capabilities"))
    contract.capabilities = {.inheritable = capability_set(*sets, "inheritable"),
                             .permitted = capability_set(*sets, "permitted"),
                             .effective = capability_set(*sets, "effective"),
                             .bounding = capability_set(*sets, "bounding"),
                             .ambient = capability_set(*sets, "ambient")};
  if (const auto flag = process.find("noNewPrivileges")) contract.no_new_privs = flag->truth();
  if (const auto rlimits = process.find("rlimits")) contract.limits = limits_of(*rlimits);
  if (const auto score = process.find("oomScoreAdj"))
    contract.oom_score_adj = static_cast<int>(score->signed_number(-1000, 1000));  // proc(5), oom_score_adj
}

}  // namespace nsproof
