// One trial for each need: try the thing in a layer of its own and see. What cannot be had says why.
#pragma once

#include <map>
#include <string>

#include "harness/catalogue/needs.h"

namespace nsproof {

class Keeper;

// The needs that this machine does not meet, each with the reason.
std::map<Need, std::string> try_needs(Keeper& keeper);

}  // namespace nsproof
