// A layer for foreign runtimes, which need the machine's programs and libraries: the machine's tree as the lower half
// of an overlay, so that whatever a runtime writes or deletes ends in memory and is gone with the layer.
#pragma once

#include <memory>
#include <string>

#include "harness/actor/actor.h"
#include "harness/host/cgroup_forest.h"
#include "harness/world/bulkhead.h"

namespace nsproof {

// Where the layer keeps what belongs to the harness; on a tmpfs of its own.
inline constexpr const char* kLayerHome = "/run/nsproof";

// What the host is called in a layer, so that a sandbox which shows the name has it from there.
inline constexpr const char* kLayerHostname = "nsproof-outside";

class ForeignLayer {
 public:
  // Fresh namespaces of every type but user and time; cgroups of its own in every hierarchy if a forest is given. No
  // mount in the layer leads to the machine's file systems: the lower half of an overlay is out of reach for everyone.
  // `keeper` must have been made with View::machine. Throws Broken.
  ForeignLayer(Keeper& keeper, CgroupForest* forest);
  ForeignLayer(const ForeignLayer&) = delete;
  ForeignLayer& operator=(const ForeignLayer&) = delete;
  ~ForeignLayer();

  // The layer's first process, which makes everything else.
  Actor& warden() { return *warden_; }

 private:
  Keeper* keeper_;
  std::unique_ptr<CgroupGrove> grove_;  // outlives the warden: an empty group is easily removed
  Transcript transcript_;
  std::unique_ptr<Actor> warden_;
  std::unique_ptr<Actor> kthreadd_;
};

// For a keeper: every mount of the machine read-only and private, and a procfs of its own.
void guard_machine_view(Actor& keeper);

}  // namespace nsproof
