#include "harness/host/trials.h"

#include <linux/sched.h>

#include <algorithm>

#include "harness/host/trials_cgroup.h"
#include "harness/host/trials_ipc.h"
#include "harness/host/trials_net.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/world/bulkhead.h"
#include "harness/world/world.h"

namespace nsproof {
namespace {

// A trial acts in a world without a sandbox; it throws Broken with the call that failed.
struct Trial {
  Need need;
  void (*attempt)(Keeper&, World&);
  // The options of the kernel's build without which it fails.
  std::string_view options = {};
  // The types that it makes.
  NsSet types = {};
};

void be_initial_root(Keeper& keeper, World& /*world*/) {
  // The inode of the initial user namespace is part of the interface (PROC_USER_INIT_INO in linux/nsfs.h).
  const std::string link = must(sys::readlink(keeper.actor(), "/proc/self/ns/user"));
  if (keeper.unprivileged() || link != "user:[4026531837]")
    throw Broken("this is not root, or root of a user namespace only");
}

void map_many_ids(Keeper& /*keeper*/, World& world) {
  Sandbox sandbox;
  sandbox.namespaces = Ns::user;
  sandbox.map = IdMap::shifted();
  world.launch(world.outside(), sandbox, "trial");
}

void make_every_namespace(Keeper& /*keeper*/, World& world) {
  world.clone(world.outside(), clone_flags(NsSet::all()), "trial");
}

constexpr Trial kTrials[] = {
    {Need::initial_root, be_initial_root},
    {Need::many_ids, map_many_ids, "", Ns::user},
    {Need::all_namespaces, make_every_namespace, "", NsSet::all()},
    {Need::cgroup2, have_own_cgroup, "", Ns::cgroup},
    {Need::veth, make_veth, "CONFIG_VETH", Ns::net},
    {Need::nf_tables, use_nf_tables, "CONFIG_NF_TABLES, CONFIG_NF_TABLES_IPV4", Ns::net},
    {Need::ipv6, use_ipv6, "CONFIG_IPV6", Ns::net},
    {Need::net_core_files, read_net_core_files, "", Ns::net},
    {Need::mqueue, use_mqueue, "CONFIG_POSIX_MQUEUE"},
    {Need::sysvipc, use_sysvipc, "CONFIG_SYSVIPC"},
};

// A refusal says that the thing is there.
bool is_refusal(std::string_view failure) {
  return failure.find("EPERM") != std::string_view::npos || failure.find("EACCES") != std::string_view::npos;
}

std::string reason_of(const Trial& trial, std::string failure) {
  if (trial.options.empty() || is_refusal(failure)) return failure;
  return say(failure, "; needs ", trial.options, " in the kernel");
}

}  // namespace

std::map<Need, std::string> try_needs(Keeper& keeper, const Facts& facts, std::span<const Need> needs) {
  std::map<Need, std::string> missing;
  for (const Trial& trial : kTrials) {
    if (std::find(needs.begin(), needs.end(), trial.need) == needs.end()) continue;
    if (const auto why = missing_types(trial.types, facts)) {
      missing[trial.need] = *why;
      continue;
    }
    Transcript transcript;
    try {
      Layer layer(keeper, trial.types.has(Ns::net) ? NsSet{Ns::net} : NsSet{});
      World world(layer.make_outside(transcript), {}, Way::clone3);
      trial.attempt(keeper, world);
    } catch (const Broken& broken) {
      missing[trial.need] = reason_of(trial, broken.what());
    }
  }
  return missing;
}

}  // namespace nsproof
