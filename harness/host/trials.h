// One trial for each need: try the thing in a layer of its own and see. What cannot be had says why.
#pragma once

#include <map>
#include <span>
#include <string>

#include "harness/catalogue/needs.h"

namespace nsproof {

class Keeper;

// Those of the needs that this machine does not meet, each with the reason; of the facts the types must be known.
std::map<Need, std::string> try_needs(Keeper& keeper, const Facts& facts, std::span<const Need> needs = kAllNeeds);

}  // namespace nsproof
