// From findings to a change of config.json: what `nsproof audit --fix oci` prints.
#pragma once

#include <string>
#include <vector>

#include "harness/audit/finding.h"
#include "harness/sys/ids.h"

namespace nsproof::audit {

struct OciFix {
  std::string patch;                 // JSON
  std::vector<std::string> by_hand;  // ids of weak findings that no change of a config.json closes
};

// A JSON Patch (RFC 6902) from this configuration to one in which what is weak has been closed. Throws
// std::invalid_argument if `config` is not JSON.
OciFix patch_of_config(const std::vector<Finding>& findings, const std::string& config);

// Where the configuration is not known: a JSON merge patch (RFC 7396), whose arrays hold only what is to be added, but
// for the capability sets, which hold all that is left of these.
OciFix merge_patch(const std::vector<Finding>& findings, const sys::CapabilitySets& held);

}  // namespace nsproof::audit
