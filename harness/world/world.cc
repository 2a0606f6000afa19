#include "harness/world/world.h"

#include <csignal>

#include "harness/launch/launch.h"
#include "harness/sys/process.h"
#include "harness/world/spawn.h"

namespace nsproof {

World::World(std::unique_ptr<Actor> outside, Sandbox sandbox, Way way)
    : outside_(std::move(outside)), sandbox_(std::move(sandbox)), way_(way) {}

World::World(std::unique_ptr<Actor> outside, RuntimePlace& place) : outside_(std::move(outside)), place_(&place) {}

World::~World() = default;

Launched World::make(const std::string& name) {
  return place_ != nullptr ? place_->start(*this, name) : nsproof::launch(*this, *outside_, sandbox_, way_, name);
}

void World::make_sandbox() {
  const Launched launched = make("inside");
  inside_ = launched.member;
  init_ = launched.init;
}

Actor& World::inside() {
  if (inside_ == nullptr) make_sandbox();
  return *inside_;
}

Actor& World::init() {
  if (init_ == nullptr) make_sandbox();
  return *init_;
}

Actor& World::peer() {
  if (peer_ == nullptr) peer_ = make("peer").member;
  return *peer_;
}

Actor& World::launch(Actor& creator, const Sandbox& sandbox, const std::string& name) {
  return *nsproof::launch(*this, creator, sandbox, Way::clone3, name).member;
}

Actor& World::fork(Actor& creator, const std::string& name) { return clone(creator, 0, name); }

Actor& World::clone(Actor& creator, std::uint64_t flags, const std::string& name) {
  return adopt(must_spawn(creator, flags, name));
}

World::Attempt World::try_clone(Actor& creator, std::uint64_t flags, const std::string& name) {
  Spawned spawned = spawn(creator, flags, name);
  Actor* actor = spawned.actor ? &adopt(std::move(spawned.actor)) : nullptr;
  return {std::move(spawned.reply), actor};
}

Actor& World::thread(Actor& creator, const std::string& name) { return adopt(must_spawn_thread(creator, name)); }

void World::end(Actor& parent, Actor& child) {
  must(sys::kill(parent, child.pid(), SIGKILL));
  must(sys::wait4(parent, child.pid()));
}

Actor& World::adopt(std::unique_ptr<Actor> actor) {
  others_.push_back(std::move(actor));
  return *others_.back();
}

}  // namespace nsproof
