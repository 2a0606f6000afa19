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

class World;
struct Contract;
struct Launched;

// What a check about a runtime may know and do besides acting through its actors. `outside` is then a process of the
// layer in which the runtime runs, as root.
class RuntimePlace {
 public:
  RuntimePlace() = default;
  RuntimePlace(const RuntimePlace&) = delete;
  RuntimePlace& operator=(const RuntimePlace&) = delete;
  virtual ~RuntimePlace() = default;

  // Makes a sandbox whose actor has this name; World calls it for `inside` and `peer`.
  virtual Launched start(World& world, const std::string& name) = 0;
  // Ends the last sandbox as its user would, and waits until the runtime has ended. For checks with one of their own.
  virtual void stop() = 0;
  // Starts a sandbox that cannot work, since its program does not exist; true if the runtime said that it failed.
  virtual bool start_in_vain() = 0;

  // What the target is expected to do.
  [[nodiscard]] virtual const Contract& contract() const = 0;
  // The root directory of the last sandbox as outside sees it; empty before `inside` is made, and if it has none.
  [[nodiscard]] virtual std::string rootfs() const = 0;
  // The runtime's own process, in outside's numbers; 0 before `inside` is made.
  [[nodiscard]] virtual int launcher() const = 0;
};

class World {
 public:
  // A world whose sandboxes a runtime makes. The place must outlive it.
  World(std::unique_ptr<Actor> outside, RuntimePlace& place);
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

  // For checks about runtimes, whose worlds have it.
  RuntimePlace& place() { return *place_; }
  [[nodiscard]] const Contract& contract() const { return place_->contract(); }

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
  Launched make(const std::string& name);

  std::unique_ptr<Actor> outside_;
  Sandbox sandbox_;
  Way way_ = Way::clone3;
  RuntimePlace* place_ = nullptr;
  std::vector<std::unique_ptr<Actor>> others_;
  Actor* inside_ = nullptr;
  Actor* init_ = nullptr;
  Actor* peer_ = nullptr;
};

}  // namespace nsproof
