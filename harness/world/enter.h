// setns(2) as a step on the way to something else: the caller enters a namespace, and its own link proves that it did.
// A kernel that says yes and does nothing is found out here and not in a verdict.
#pragma once

#include "harness/actor/actor.h"
#include "harness/catalogue/namespaces.h"

namespace nsproof {

// The namespace of a process, by its number in the caller's /proc. Throws Broken if the caller is not in it afterwards.
void must_enter(Actor& actor, int pid, Ns type);
// The namespace of a descriptor, which stays open.
void must_enter_descriptor(Actor& actor, int fd, Ns type);

}  // namespace nsproof
