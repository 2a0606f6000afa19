// The launcher in two steps: a stage leaves its namespaces (unshare(2)), its first child is the member. The stage then
// goes away; CLONE_PARENT makes the member a child of the stage's creator all the same.
#include <linux/sched.h>

#include "harness/launch/launch.h"
#include "harness/sys/process.h"
#include "harness/world/spawn.h"
#include "harness/world/world.h"

namespace nsproof {

Launched launch_by_unshare(World& world, Actor& creator, const Sandbox& sandbox, const std::string& name) {
  const std::uint64_t flags = creation_flags(sandbox);
  std::unique_ptr<Actor> stage = must_spawn(creator, 0, "stage");
  must(sys::unshare(*stage, flags));
  if ((flags & CLONE_NEWUSER) != 0) write_maps(world, creator, *stage, sandbox.map);
  if ((flags & CLONE_NEWTIME) != 0 && sandbox.clocks.any()) write_clock_offsets(*stage, sandbox.clocks);
  Actor& inside = world.adopt(must_spawn(*stage, CLONE_PARENT, name));
  sys::exit(*stage);
  must(sys::wait4(creator, stage->pid()));
  become_root(inside, sandbox);
  set_up_mounts(inside, sandbox);
  return {&inside, &inside};
}

}  // namespace nsproof
