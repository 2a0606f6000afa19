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
    {Need::many_ids, map_many_ids},
    {Need::all_namespaces, make_every_namespace},
    {Need::cgroup2, have_own_cgroup},
    {Need::veth, make_veth},
    {Need::nf_tables, use_nf_tables},
    {Need::ipv6, use_ipv6},
    {Need::mqueue, use_mqueue},
    {Need::sysvipc, use_sysvipc},
};

}  // namespace

std::map<Need, std::string> try_needs(Keeper& keeper, std::span<const Need> needs) {
  std::map<Need, std::string> missing;
  for (const Trial& trial : kTrials) {
    if (std::find(needs.begin(), needs.end(), trial.need) == needs.end()) continue;
    Transcript transcript;
    try {
      Layer layer(keeper, Ns::net);
      World world(layer.make_outside(transcript), {}, Way::clone3);
      trial.attempt(keeper, world);
    } catch (const Broken& broken) {
      missing[trial.need] = broken.what();
    }
  }
  return missing;
}

}  // namespace nsproof
