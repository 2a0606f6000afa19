// Launchers: each makes a sandbox in one of the ways that the kernel offers and puts a probe in it.
// One file a way; the table in launch.cc is the list of them.
#pragma once

#include <string>

#include "harness/actor/actor.h"
#include "harness/world/sandbox.h"

namespace nsproof {

class World;

struct Launched {
  Actor* member = nullptr;  // the process that checks act through
  Actor* init = nullptr;    // the sandbox's first process; often the same
};

// Throws Broken with the call that failed.
Launched launch(World& world, Actor& creator, const Sandbox& sandbox, Way way, const std::string& name);

// The ways.
Launched launch_by_clone3(World& world, Actor& creator, const Sandbox& sandbox, const std::string& name);
Launched launch_by_unshare(World& world, Actor& creator, const Sandbox& sandbox, const std::string& name);
Launched launch_by_setns(World& world, Actor& creator, const Sandbox& sandbox, const std::string& name);
Launched launch_by_pidfd(World& world, Actor& creator, const Sandbox& sandbox, const std::string& name);

// What they share.

// The clone3 or unshare flags of a sandbox.
std::uint64_t creation_flags(const Sandbox& sandbox);
// The maps of a process in a new user namespace, written by its creator through the /proc that both see.
void write_maps(World& world, Actor& creator, Actor& process, const IdMap& map);
// The offsets of the time namespace that the actor's next child will be in; the actor has just unshared it.
void write_clock_offsets(Actor& actor, const ClockOffsets& offsets);
// Takes the ids of the sandbox's root; a process whose ids are not mapped is nobody (user_namespaces(7)).
void become_root(Actor& actor, const Sandbox& sandbox);
// Propagation and a fresh /proc, from inside.
void set_up_mounts(Actor& actor, const Sandbox& sandbox);

}  // namespace nsproof
