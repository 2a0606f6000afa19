#include "harness/host/trials_cgroup.h"

#include "harness/host/cgroup_home.h"
#include "harness/support/text.h"
#include "harness/sys/cgroups.h"
#include "harness/world/bulkhead.h"

namespace nsproof {

void have_own_cgroup(Keeper& keeper, World& /*world*/) {
  CgroupHome home;
  Transcript transcript;
  Layer layer(keeper, {}, &home);
  const std::unique_ptr<Actor> outside = layer.make_outside(transcript);
  must(sys::make_cgroup(*outside, "/trial"));
  must(sys::enter_cgroup(*outside, "/trial"));
  if (must(sys::cgroup_path(*outside)) != "/trial") throw Broken("a process that entered a cgroup is not in it");
}

}  // namespace nsproof
