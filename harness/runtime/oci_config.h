// Reads the config.json of an OCI bundle (runtime-spec, config.md and config-linux.md): what it asks for becomes a
// contract, and the same configuration is made to start the probe.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "harness/runtime/contract.h"

namespace nsproof {

// What is wrong with a configuration, and where: "process.rlimits[2].type: unknown limit RLIMIT_X".
struct ConfigError : std::runtime_error {
  using runtime_error::runtime_error;
};

// What the configuration asks for. Unknown keys are allowed, as the specification demands of readers; a known key with
// a value that has no meaning throws ConfigError, so that a slip does not become a promise that nobody made.
Contract contract_of_oci_config(std::string_view json);

struct ProbePlace {
  std::string root;   // the directory for root.path
  std::string probe;  // the program, as its path in that directory
};

// The same configuration with the probe for its program, without a terminal. All else stays as it is, for that is what
// is judged. Throws ConfigError, also for hooks: they are programs of the host, and nsproof starts none of them.
std::string config_for_probe(std::string_view json, const ProbePlace& place);

// "CAP_CHOWN" -> 0 (capabilities(7)).
std::optional<unsigned> capability_named(std::string_view name);
// The name of capability `number`; nothing for one that is newer than this table.
std::optional<std::string_view> capability_called(unsigned number);

}  // namespace nsproof
