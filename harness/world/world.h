// The actors that one check gets, and their topology. `outside` is there from the start; `inside` comes into being
// when it is first asked for, so that a check can prepare the outside before and change it after.
//
//   bulkhead ── outside ─┬─ inside ── nested ── ...
//                        └─ peer (a second sandbox like the first)
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "harness/actor/actor.h"
#include "harness/world/sandbox.h"

namespace nsproof {

class World {
 public:
  // `outside` and everything that it makes write to its transcript, which must outlive the world.
  World(std::unique_ptr<Actor> outside, Sandbox sandbox, Way way);
  World(const World&) = delete;
  World& operator=(const World&) = delete;
  ~World();

  Actor& outside() { return *outside_; }
  // The member of the sandbox that a check acts through.
  Actor& inside();
  // The sandbox's first process: `inside` itself, or for the ways that join the holder of the namespaces.
  Actor& init();
  // The member of a second sandbox made in the same way from the same outside.
  Actor& peer();

  // What the sandbox is made of; a check may look, to know what to expect of ids, say.
  [[nodiscard]] const Sandbox& sandbox() const { return sandbox_; }
  // What a check may change before `inside` is made.
  Sandbox& sandbox() { return sandbox_; }
  [[nodiscard]] Way way() const { return way_; }

  // One more sandbox, made by any actor (so nested ones, to any depth).
  Actor& launch(Actor& creator, const Sandbox& sandbox, const std::string& name);
  // A plain child of an actor (fork(2)), and a second thread of its process.
  Actor& fork(Actor& creator, const std::string& name);
  Actor& thread(Actor& creator, const std::string& name);
  // A child with these clone3(2) flags and nothing else done to it: no maps, no mounts. For claims about creation
  // itself.
  Actor& clone(Actor& creator, std::uint64_t flags, const std::string& name);
  // The same as an attempt: the reply of clone3, and the actor if it succeeded (else null).
  struct Attempt {
    Reply reply;
    Actor* actor;
  };
  Attempt try_clone(Actor& creator, std::uint64_t flags, const std::string& name);

  // Kills a process and waits until it is reaped by `parent`; both must be related so in fact.
  void end(Actor& parent, Actor& child);

  // Gives the world ownership of an actor made elsewhere.
  Actor& adopt(std::unique_ptr<Actor> actor);

 private:
  void make_sandbox();

  std::unique_ptr<Actor> outside_;
  Sandbox sandbox_;
  Way way_;
  std::vector<std::unique_ptr<Actor>> others_;
  Actor* inside_ = nullptr;
  Actor* init_ = nullptr;
  Actor* peer_ = nullptr;
};

}  // namespace nsproof
