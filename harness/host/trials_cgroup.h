// The trial of Need::cgroup2: whether a layer can have a cgroup of its own.
#pragma once

namespace nsproof {

class Keeper;
class World;

// Makes a group, a layer in it and a cgroup2 mount of the layer's own; removes all of it. Throws Broken.
void have_own_cgroup(Keeper& keeper, World& world);

}  // namespace nsproof
