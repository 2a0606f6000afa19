// The launcher that asks for everything at once: clone3(2).
#include <linux/sched.h>

#include "harness/launch/launch.h"
#include "harness/sys/process.h"
#include "harness/world/spawn.h"
#include "harness/world/world.h"

namespace nsproof {
namespace {

Launched set_up(World& world, Actor& creator, const Sandbox& sandbox, std::unique_ptr<Actor> made, bool maps_written) {
  Actor& inside = world.adopt(std::move(made));
  if ((creation_flags(sandbox) & CLONE_NEWUSER) != 0 && !maps_written) write_maps(world, creator, inside, sandbox.map);
  become_root(inside, sandbox);
  set_up_mounts(inside, sandbox);
  return {&inside, &inside};
}

// A time namespace is frozen once it has a member (time_namespaces(7)), and clone3 makes one at birth. So a stage
// unshares it (and the user namespace that is to own it), writes the offsets and clones the rest.
Launched launch_with_offsets(World& world, Actor& creator, const Sandbox& sandbox, const std::string& name) {
  const std::uint64_t early = CLONE_NEWTIME | CLONE_NEWUSER;
  const std::uint64_t flags = creation_flags(sandbox);
  std::unique_ptr<Actor> stage = must_spawn(creator, 0, "stage");
  must(sys::unshare(*stage, flags & early));
  if ((flags & CLONE_NEWUSER) != 0) write_maps(world, creator, *stage, sandbox.map);
  if ((flags & CLONE_NEWTIME) != 0) write_clock_offsets(*stage, sandbox.clocks);
  std::unique_ptr<Actor> inside = must_spawn(*stage, (flags & ~early) | CLONE_PARENT, name);
  sys::exit(*stage);
  must(sys::wait4(creator, stage->pid()));
  return set_up(world, creator, sandbox, std::move(inside), true);
}

}  // namespace

Launched launch_by_clone3(World& world, Actor& creator, const Sandbox& sandbox, const std::string& name) {
  if (sandbox.clocks.any() && sandbox.namespaces.has(Ns::time))
    return launch_with_offsets(world, creator, sandbox, name);
  return set_up(world, creator, sandbox, must_spawn(creator, creation_flags(sandbox), name), false);
}

}  // namespace nsproof
