// Changes of a config.json that the rules about kernel files share, in their fixes and their fixtures; see change.h.
#pragma once

#include <string>
#include <vector>

#include "harness/audit/rule.h"

namespace nsproof::audit {

// {"linux":{"-maskedPaths":[...]}} and the opposite.
std::string unmasked(const std::vector<std::string>& paths);
std::string masked(const std::vector<std::string>& paths);
// {"linux":{"-readonlyPaths":[...]}} and the opposite.
std::string not_read_only(const std::vector<std::string>& paths);
std::string read_only(const std::vector<std::string>& paths);
// {"+mounts":[...]}: a file or directory of the layer at a place in the container, writable.
std::string bound(const std::string& source, const std::string& destination);

// The container keeps its user namespace, but the user that the program runs as is the host's root, to whom files of
// the kernel belong that nobody else may open. Nothing else about its privileges changes.
std::string with_hosts_root();
// The rule that says so.
inline constexpr const char* kHostRootMapped = "ns.user.identity";

// These files of the kernel can be written again in their place, by the host's root, and all others stay read-only.
Spoil writable_again(const std::vector<std::string>& paths);

// No user namespace at all, and one capability, which an ordinary user gets in all of its five sets.
std::string with_host_capability(const std::string& name);
// In none of the five sets.
std::string without_capability(const std::string& name);

// Several changes as one: objects are merged, arrays put together.
std::string merged(const std::vector<std::string>& changes);

}  // namespace nsproof::audit
