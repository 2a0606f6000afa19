// One trial for each need: try the thing in a layer of its own and see. What cannot be had says why.
#pragma once

#include <map>
#include <span>
#include <string>

#include "harness/catalogue/needs.h"

namespace nsproof {

class Keeper;

// Those of the needs that this machine does not meet, each with the reason.
std::map<Need, std::string> try_needs(Keeper& keeper, std::span<const Need> needs = kAllNeeds);

}  // namespace nsproof
