// What there is in a layer of each kind of thing that a runtime makes for a sandbox: taken before and after, compared.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/catalogue/verdict.h"
#include "harness/world/world.h"

namespace nsproof {

// One line for each thing, sorted; what a line says is the same as long as the thing is.
using Inventory = std::vector<std::string>;

struct Kind {
  std::string_view noun;
  Inventory (*take)(Actor&);
  // What a payload does that leaves one behind on purpose.
  void (*leave)(World&);
};

extern const Kind kProcesses;  // zombies apart, which hold nothing but a number
extern const Kind kMounts;
extern const Kind kCgroups;
extern const Kind kLinks;
extern const Kind kNamedNetworks;  // ip-netns(8)
extern const Kind kIpcObjects;
extern const Kind kSettings;  // of namespaces: what a runtime may set for its own sandbox
extern const Kind kFiles;     // and whatever is no directory, where programs keep what they need while they run

enum class Wait {
  no,
  for_helpers,  // what the kernel or a helper of the runtime clears away later has time to go
};

// Whether all is as it was before.
Observation compare(World& w, const Kind& kind, const Inventory& before, Wait wait);

}  // namespace nsproof
