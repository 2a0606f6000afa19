// The bulkhead: the throw-away outer layer that stands between every test and the machine, so that a broken kernel, a
// broken runtime or a failing control leaks into something that the kernel removes, even after SIGKILL of the harness.
//
// A keeper (one a worker) makes the mount tree once; a layer (one a world) is a copy of it in fresh namespaces, with
// a warden as its process 1. When the warden dies everything in the layer dies with it.
#pragma once

#include <memory>
#include <string>

#include "harness/actor/actor.h"
#include "harness/catalogue/namespaces.h"

namespace nsproof {

class CgroupGroup;
class CgroupHome;

// What is there of the machine's tree for those whom a keeper makes.
enum class View {
  none,     // nothing: the mounts of the machine are left behind
  machine,  // all of it, read-only: the lower half of what foreign runtimes see (machine_view.h)
};

class Keeper {
 public:
  // Enters fresh namespaces of every type that this kernel has (a user namespace only if the caller is not
  // privileged), leaves the machine's mounts behind for a tmpfs, and mounts a procfs of its own. Throws Broken.
  explicit Keeper(View view = View::none);
  Keeper(const Keeper&) = delete;
  Keeper& operator=(const Keeper&) = delete;
  ~Keeper();

  Actor& actor() { return *actor_; }
  // The types that this kernel has.
  [[nodiscard]] NsSet types() const { return types_; }
  // True if the bulkhead had to take a user namespace: nothing here is root over the initial one.
  [[nodiscard]] bool unprivileged() const { return unprivileged_; }

 private:
  Transcript transcript_;
  std::unique_ptr<Actor> actor_;
  int pid_ = 0;
  bool unprivileged_ = false;
  NsSet types_;
};

class Layer {
 public:
  // `types`: namespaces that the layer has of its own besides mnt, pid, ipc and uts. With `cgroups` the layer also has
  // a cgroup of its own, which is the root of its cgroup namespace and mounted on sys::kCgroupMount.
  Layer(Keeper& keeper, NsSet types, CgroupHome* cgroups = nullptr);
  Layer(const Layer&) = delete;
  Layer& operator=(const Layer&) = delete;
  ~Layer();

  // A process of the layer that is nobody's init: the `outside` of a world.
  std::unique_ptr<Actor> make_outside(Transcript& transcript);

 private:
  Keeper* keeper_;
  std::unique_ptr<CgroupGroup> group_;  // outlives the warden: an empty group is easily removed
  Transcript transcript_;
  std::unique_ptr<Actor> warden_;
};

}  // namespace nsproof
