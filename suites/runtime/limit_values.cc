// Resource limits of the container's process: the values that were asked for, and what they do.
#include <fcntl.h>
#include <linux/capability.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>
#include <iterator>

#include "harness/catalogue/property.h"
#include "harness/runtime/contract.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/identity.h"
#include "harness/world/world.h"

namespace nsproof {
namespace {

struct Resource {
  std::string_view name;
  int number;
};

constexpr Resource kResources[] = {
    {"RLIMIT_AS", RLIMIT_AS},           {"RLIMIT_CORE", RLIMIT_CORE},
    {"RLIMIT_CPU", RLIMIT_CPU},         {"RLIMIT_DATA", RLIMIT_DATA},
    {"RLIMIT_FSIZE", RLIMIT_FSIZE},     {"RLIMIT_LOCKS", RLIMIT_LOCKS},
    {"RLIMIT_MEMLOCK", RLIMIT_MEMLOCK}, {"RLIMIT_MSGQUEUE", RLIMIT_MSGQUEUE},
    {"RLIMIT_NICE", RLIMIT_NICE},       {"RLIMIT_NOFILE", RLIMIT_NOFILE},
    {"RLIMIT_NPROC", RLIMIT_NPROC},     {"RLIMIT_RSS", RLIMIT_RSS},
    {"RLIMIT_RTPRIO", RLIMIT_RTPRIO},   {"RLIMIT_RTTIME", RLIMIT_RTTIME},
    {"RLIMIT_STACK", RLIMIT_STACK},     {"RLIMIT_SIGPENDING", RLIMIT_SIGPENDING},
};

const Resource& resource_of(const ContractLimit& limit) {
  const auto found = std::find_if(std::begin(kResources), std::end(kResources),
                                  [&](const Resource& one) { return one.name == limit.name; });
  if (found == std::end(kResources)) throw Broken(say(limit.name, " is no resource (getrlimit(2))"));
  return *found;
}

std::string text_of(const ContractLimit& limit) {
  return say(limit.name.substr(7), " ", sys::limit_text(limit.soft), ":", sys::limit_text(limit.hard));
}

Observation values_as_asked(World& w) {
  std::vector<std::string> same;
  std::vector<std::string> different;
  for (const ContractLimit& limit : *w.contract().limits) {
    const Resource& resource = resource_of(limit);
    const rlimit seen = must(sys::get_limit(w.inside(), resource.number, resource.name));
    const bool equal = seen.rlim_cur == limit.soft && seen.rlim_max == limit.hard;
    (equal ? same : different).push_back(text_of({limit.name, seen.rlim_cur, seen.rlim_max}));
  }
  return different.empty() ? isolated(join(same, ", ")) : leaked(join(different, ", "));
}

// A machine may happen to have the limits that are asked for; the control has lowered the first.
Observation values_after_change(World& w) {
  const ContractLimit& first = w.contract().limits->front();
  const Resource& resource = resource_of(first);
  rlimit limits = must(sys::get_limit(w.inside(), resource.number, resource.name));
  if (limits.rlim_max == 0) return values_as_asked(w);
  limits.rlim_max -= limits.rlim_max == RLIM_INFINITY ? RLIM_INFINITY / 2 : 1;
  limits.rlim_cur = std::min(limits.rlim_cur, limits.rlim_max);
  must(sys::set_limits(w.inside(), resource.number, resource.name, limits));
  return values_as_asked(w);
}

const ContractLimit* limit_named(const Contract& contract, std::string_view name) {
  if (!contract.limits) return nullptr;
  for (const ContractLimit& limit : *contract.limits)
    if (limit.name == name && limit.soft != RLIM_INFINITY) return &limit;
  return nullptr;
}

// RLIMIT_NOFILE is one more than the highest descriptor there can be.
Observation open_files(World& w) {
  const auto soft = static_cast<std::int64_t>(limit_named(w.contract(), "RLIMIT_NOFILE")->soft);
  const auto duplicate_at_least = [&](std::int64_t lowest) {
    Reply made = w.inside().call(SYS_fcntl, "fcntl", {num(0), named(F_DUPFD, "F_DUPFD"), num(lowest)});
    if (made.ok()) must(sys::close(w.inside(), static_cast<int>(made.value)));
    return made;
  };
  const Reply last = duplicate_at_least(soft - 1);
  if (!last.ok()) return leaked(say("descriptor ", soft - 1, " cannot be made: ", errno_name(last.error())));
  const Reply next = duplicate_at_least(soft);
  if (next.ok()) return leaked(say("descriptor ", next.value, " could be made"));
  return isolated(say("descriptor ", soft - 1, " can be made and ", soft, " not: ", errno_name(next.error())));
}

// Locks of memory beyond the limit are ENOMEM, or EPERM when it is 0 (mlock(2)); they end with the mapping.
Observation locked_memory(World& w) {
  const auto soft = static_cast<std::int64_t>(limit_named(w.contract(), "RLIMIT_MEMLOCK")->soft);
  constexpr std::int64_t kPage = 4096;
  const std::int64_t bytes = (soft / kPage + 1) * kPage;
  const Reply mapped =
      w.inside().call(SYS_mmap, "mmap",
                      {null(), num(bytes), named(PROT_READ, "PROT_READ"),
                       named(MAP_PRIVATE | MAP_ANONYMOUS, "MAP_PRIVATE|MAP_ANONYMOUS"), num(-1), num(0)});
  must(mapped);
  const Arg where = address(static_cast<std::uint64_t>(mapped.value), "mapping");
  const Reply locked = w.inside().call(SYS_mlock, "mlock", {where, num(bytes)});
  must(w.inside().call(SYS_munmap, "munmap", {where, num(bytes)}));
  if (locked.ok()) return leaked(say(bytes, " bytes can be locked"));
  if (locked.error() == ENOMEM || locked.error() == EPERM)
    return isolated(say("locking ", bytes, " bytes: ", errno_name(locked.error())));
  return unknown(say("mlock: ", errno_name(locked.error())));
}

// Whoever may lower a hard limit only cannot get above what was asked for; a process of the layer starts higher.
Observation hard_limit_final(World& w) {
  std::vector<std::string> refusals;
  for (const ContractLimit& limit : *w.contract().limits) {
    if (limit.hard == RLIM_INFINITY) continue;
    const Resource& resource = resource_of(limit);
    const rlimit higher{limit.soft, limit.hard + 1};
    const Reply raised = sys::set_limits(w.inside(), resource.number, resource.name, higher);
    if (raised.ok()) return leaked(say(limit.name, " could be set to ", higher.rlim_max));
    if (raised.error() != EPERM) return unknown(say("prlimit64: ", errno_name(raised.error())));
    refusals.push_back(limit.name.substr(7));
  }
  return isolated(say("EPERM for ", join(refusals, ", ")));
}

std::optional<std::string> asked_for_limits(const Contract& contract) {
  if (!contract.limits || contract.limits->empty()) return std::nullopt;
  std::vector<std::string> texts;
  for (const ContractLimit& limit : *contract.limits) texts.push_back(text_of(limit));
  return join(texts, ", ");
}

bool may_have(const Contract& contract, unsigned capability) {
  return !contract.capabilities || (contract.capabilities->effective >> capability & 1) != 0;
}

// A limit that does not bind: of who may exceed it.
std::optional<std::string> asked_for_final_limits(const Contract& contract) {
  const bool none = !contract.limits || std::all_of(contract.limits->begin(), contract.limits->end(),
                                                    [](const auto& one) { return one.hard == RLIM_INFINITY; });
  if (none || may_have(contract, CAP_SYS_RESOURCE)) return std::nullopt;
  return asked_for_limits(contract);
}

std::optional<std::string> asked_for_open_files(const Contract& contract) {
  const ContractLimit* limit = limit_named(contract, "RLIMIT_NOFILE");
  return limit != nullptr ? std::optional(text_of(*limit)) : std::nullopt;
}

std::optional<std::string> asked_for_locked_memory(const Contract& contract) {
  constexpr std::uint64_t kSensible = 1 << 30;
  const ContractLimit* limit = limit_named(contract, "RLIMIT_MEMLOCK");
  if (limit == nullptr || limit->soft > kSensible || may_have(contract, CAP_IPC_LOCK)) return std::nullopt;
  return text_of(*limit);
}

const RuntimeRows rows = {
    {
        .id = "limit.values.as-asked",
        .claim = "Every resource limit that was asked for has its soft and its hard value.",
        .how = "Inside reads its limits.",
        .source = "OCI runtime-spec config.md, process.rlimits; getrlimit(2)",
        .since = {2, 6, 36},
        .reach = Reach::any_sandbox,
        .check = values_as_asked,
        .control = values_after_change,
        .control_differs = "in a process of the layer that has lowered the first limit",
        .asked = asked_for_limits,
    },
    {
        .id = "limit.hard.cannot-be-raised",
        .claim = "No process of the container gets above a hard limit that was asked for.",
        .how = "Inside asks for one more than each hard limit.",
        .source = "OCI runtime-spec config.md, process.rlimits; getrlimit(2)",
        .since = {2, 6, 36},
        .reach = Reach::any_sandbox,
        .check = hard_limit_final,
        .asked = asked_for_final_limits,
    },
    {
        .id = "limit.open-files.enforced",
        .claim = "The highest descriptor of the container's process is one below RLIMIT_NOFILE.",
        .how = "Inside makes the last descriptor that there may be and the one after it.",
        .source = "OCI runtime-spec config.md, process.rlimits; getrlimit(2), RLIMIT_NOFILE",
        .since = {2, 6, 24},
        .reach = Reach::any_sandbox,
        .check = open_files,
        .asked = asked_for_open_files,
    },
    {
        .id = "limit.locked-memory.enforced",
        .claim = "The container's process locks no more memory than RLIMIT_MEMLOCK.",
        .how = "Inside locks a page more than its limit.",
        .source = "OCI runtime-spec config.md, process.rlimits; mlock(2)",
        .since = {2, 6, 9},
        .reach = Reach::any_sandbox,
        .check = locked_memory,
        .asked = asked_for_locked_memory,
    },
};

}  // namespace
}  // namespace nsproof
