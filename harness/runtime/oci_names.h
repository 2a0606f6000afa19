// The words of the OCI runtime specification that have a meaning for nsproof, as tables.
#pragma once

#include <optional>
#include <string_view>

#include "harness/catalogue/namespaces.h"

namespace nsproof {

std::optional<Ns> oci_namespace(std::string_view type);  // "network" (config-linux.md, Namespaces)
bool is_limit(std::string_view name);                    // "RLIMIT_NOFILE" (getrlimit(2))
bool is_propagation(std::string_view name);              // "private", "rslave": values of rootfsPropagation
bool is_seccomp_action(std::string_view name);           // "SCMP_ACT_ERRNO" (config-linux.md, Seccomp)
bool is_seccomp_operator(std::string_view name);         // "SCMP_CMP_EQ"

}  // namespace nsproof
