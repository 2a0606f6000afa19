// What the rows about a sandbox's root directory share: a visitor from outside among the sandbox's mounts, and what is
// asked of a root of its own.
#pragma once

#include <optional>
#include <string>

#include "harness/runtime/contract.h"
#include "harness/world/world.h"

namespace nsproof {

// A process of outside, with its privileges and in its namespaces, but among the sandbox's mounts and with its root.
Actor& visitor_of(World& w, const std::string& name = "visitor");

// The same, and root of the sandbox's user namespace, which its mounts may belong to. Nothing else of the sandbox is
// about it: neither its capability sets nor its seccomp filter.
Actor& root_visitor_of(World& w, const std::string& name = "visitor");

// For Property::asked: tools that leave the host's tree in sight say so.
std::optional<std::string> asked_for_own_root(const Contract& contract);

}  // namespace nsproof
