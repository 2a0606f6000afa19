// Devices that may be opened for reading without any effect, and which of them a kernel has.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "harness/actor/actor.h"

namespace nsproof {

struct HarmlessDevice {
  const char* name;
  unsigned major;
  unsigned minor;
};

// All of which this is true, on whatever kernel.
std::span<const HarmlessDevice> known_harmless_devices();

// None of them is among the default devices of config-linux.md. Opening a number that has no driver could load a
// module, so these are only the ones that the kernel lists as its own (/proc/misc).
std::vector<HarmlessDevice> harmless_devices(Actor& actor);

// Opens without waiting and closes again.
Reply open_and_close(Actor& actor, const std::string& path);

}  // namespace nsproof
