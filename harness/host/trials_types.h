// Which namespace types can be made here, found by making one of each, and why not the others.
#pragma once

#include "harness/catalogue/needs.h"

namespace nsproof {

class Keeper;

// Sets `namespaces` and `no_namespaces`.
void try_types(Keeper& keeper, Facts& facts);

}  // namespace nsproof
