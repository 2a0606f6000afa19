// Where a process of the sandbox tries calls of mount(2): in a copy of the sandbox's mounts, so that nothing is left
// behind, with the privileges that it has or with those that a user namespace of its own gives.
#pragma once

#include <optional>
#include <string>

#include "harness/world/world.h"

namespace nsproof {

enum class Stand {
  own_privileges,  // the sandbox's
  user_namespace,  // all of them, in new user, mount, pid and network namespaces
};

// Who tries; null when the namespaces were refused, with the reason.
struct Hand {
  Actor* actor = nullptr;
  std::string refusal;
};
Hand hand_of(World& w, Stand stand);

// A directory that every sandbox has, to mount on.
inline constexpr const char* kMountPoint = "/tmp";

}  // namespace nsproof
