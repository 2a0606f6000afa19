#include "harness/host/trials_types.h"

#include <unistd.h>

#include <cerrno>

#include "harness/support/host_file.h"
#include "harness/support/text.h"
#include "harness/sys/process.h"
#include "harness/world/bulkhead.h"
#include "harness/world/world.h"

namespace nsproof {
namespace {

// The option of the kernel's build that brings a type; mount namespaces are always there.
std::string_view option_of(Ns type) {
  switch (type) {
    case Ns::mnt: return "";
    case Ns::pid: return "CONFIG_PID_NS";
    case Ns::net: return "CONFIG_NET_NS";
    case Ns::user: return "CONFIG_USER_NS";
    case Ns::ipc: return "CONFIG_IPC_NS";
    case Ns::uts: return "CONFIG_UTS_NS";
    case Ns::cgroup: return "CONFIG_CGROUPS";
    case Ns::time: return "CONFIG_TIME_NS";
  }
  return "";
}

std::string reason_of(Ns type, int error) {
  // A kernel without a type has no file for it (namespaces(7)).
  const bool known = ::access(say("/proc/self/ns/", name_of(type)).c_str(), F_OK) == 0;
  if (error == EINVAL && type == Ns::time && known)
    return "clone3(2) of this kernel makes no time namespaces, as before Linux 6.3 and 6.1.20";
  if (error == EINVAL) return say("this kernel has no ", name_of(type), " namespaces (", option_of(type), ")");
  const std::string limit = say("user.max_", name_of(type), "_namespaces");
  if (error == ENOSPC && trim(host_file(say("/proc/sys/user/max_", name_of(type), "_namespaces"))) == "0")
    return say("no ", name_of(type), " namespace can be made here: ", limit, " is 0");
  return say("no ", name_of(type), " namespace can be made here: ", errno_name(error));
}

}  // namespace

void try_types(Keeper& keeper, Facts& facts) {
  Transcript transcript;
  Layer layer(keeper, {}, nullptr);
  World world(layer.make_outside(transcript), {}, Way::clone3);
  facts.namespaces = NsSet::all();
  if (world.try_clone(world.outside(), clone_flags(NsSet::all()), "trial").actor != nullptr) return;
  for (const Ns type : kAllNamespaces) {
    const World::Attempt attempt = world.try_clone(world.outside(), clone_flag(type), "trial");
    if (attempt.actor != nullptr) continue;
    facts.namespaces = facts.namespaces.without(type);
    facts.no_namespaces[type] = reason_of(type, attempt.reply.error());
  }
}

}  // namespace nsproof
