// What all rules about device nodes share: the look, the fixture and the fix.
#pragma once

#include <functional>
#include <string>

#include "harness/audit/rule.h"
#include "suites/audit/dev_nodes.h"

namespace nsproof::audit {

// Weak if one of the chosen nodes may be used.
Sight look_for_nodes(View& view, const std::function<bool(const DeviceNode&)>& chosen);

// The fixture makes a node with these numbers in the layer and binds it where the container can name it. Nobody opens
// it, and most often there is no driver behind it.
Spoil bound_node(const std::string& target, char kind, unsigned major, unsigned minor);

Fix without_node(const std::string& node, char kind, unsigned major, unsigned minor);

}  // namespace nsproof::audit
