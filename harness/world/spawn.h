// New probes from old ones: a remote clone3(2) whose child goes on as a probe of its own, on a channel of its own.
// This is the only way an actor comes into being, but for the first one of a bulkhead.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "harness/actor/actor.h"

namespace nsproof {

struct Spawned {
  Reply reply;                   // of the clone3; on success its value is the child's pid as its creator numbers it
  std::unique_ptr<Actor> actor;  // null if the call failed
};

// `flags` are those of clone3(2) without an exit signal, which is SIGCHLD.
Spawned spawn(Actor& creator, std::uint64_t flags, const std::string& name);

// The same when nothing else will do: throws Broken if the call fails.
std::unique_ptr<Actor> must_spawn(Actor& creator, std::uint64_t flags, const std::string& name);

// A child by clone(2), the older call: the low byte of its flags is the signal that the creator gets when the child
// ends.
Spawned spawn_by_clone(Actor& creator, std::uint64_t flags, const std::string& name);

// Hands a descriptor of the harness to the actor, which writes this to it and closes it. For set-up that the bulkhead
// could not do itself, and not in the transcript.
void write_for_harness(Actor& actor, int fd, std::string_view data);

// A second thread of the creator's process (CLONE_THREAD), an actor like any other.
std::unique_ptr<Actor> must_spawn_thread(Actor& creator, const std::string& name);

// Executes the probe anew in this actor, from a sealed memfd (execveat(2)); the actor goes on with the new image.
void execute_probe(Actor& actor);

}  // namespace nsproof
