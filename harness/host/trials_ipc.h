// The trials for System V IPC and POSIX message queues, either of which a kernel can be built without.
#pragma once

namespace nsproof {

class Keeper;
class World;

// Throw Broken with the call that failed.
void use_sysvipc(Keeper& keeper, World& world);
void use_mqueue(Keeper& keeper, World& world);

}  // namespace nsproof
