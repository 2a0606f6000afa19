// What a sandbox inherits from the process that became the runtime: descriptors, environment, groups and the session
// keyring. All of it is planted before the runtime is executed, and nobody asked for it to be let in.
#include <algorithm>

#include "harness/catalogue/property.h"
#include "harness/runtime/container.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/keys.h"
#include "harness/world/world.h"

namespace nsproof {
namespace {

Observation planted_descriptor(World& w) {
  const sys::Got<std::string> text = sys::read(w.inside(), kPlantedDescriptor);
  if (text.ok()) return leaked(say("descriptor ", kPlantedDescriptor, " reads ", quoted(text.value)));
  return isolated(say("read(2) of descriptor ", kPlantedDescriptor, ": ", errno_name(text.error())));
}

Observation planted_variable(World& w) {
  const std::string environment = must(sys::read_file(w.inside(), "/proc/self/environ"));
  if (environment.find(say(kPlantedVariable, "=")) != std::string::npos)
    return leaked(say(kPlantedVariable, " is in the environment"));
  return isolated("no variable of the runtime's own environment is there");
}

Observation planted_key(World& w) {
  const Reply found = sys::search_key(w.inside(), sys::Keyring::session, kPlantedKey);
  if (found.ok()) return leaked(say("the key ", kPlantedKey, " is found in the session keyring"));
  return isolated(say("KEYCTL_SEARCH: ", errno_name(found.error())));
}

std::optional<std::string> asked_for_descriptors(const Contract& contract) {
  if (!contract.only_standard_descriptors) return std::nullopt;
  return "only descriptors 0, 1 and 2";
}

const RuntimeRows rows = {
    {
        .id = "fd.inherited.closed",
        .claim = "No descriptor of the process that started the runtime is open in the sandbox.",
        .how = "Descriptor 9 of that process is a readable file of the host; inside reads its descriptor 9.",
        .source = "OCI runtime-spec runtime.md, open(2) O_CLOEXEC, CVE-2024-21626",
        .since = {2, 6, 24},
        .reach = Reach::any_alone,
        .check = planted_descriptor,
    },
    {
        .id = "fd.inherited.only-standard",
        .claim = "A runtime that says so leaves open no descriptors but 0, 1 and 2.",
        .how = "Inside lists /proc/self/fd.",
        .source = "OCI runtime-spec config.md, Process",
        .since = {2, 6, 24},
        .reach = Reach::any_alone,
        .check =
            [](World& w) {
              // The fourth is the one that the listing itself has open.
              std::vector<std::string> open = must(sys::list_directory(w.inside(), "/proc/self/fd"));
              std::sort(open.begin(), open.end());
              const bool three = open == std::vector<std::string>{"0", "1", "2", "3"};
              return three ? isolated("0, 1 and 2 are open") : leaked(say("open are ", join(open, " ")));
            },
        .asked = asked_for_descriptors,
    },
    {
        .id = "env.inherited.hidden",
        .claim = "The environment of the process that started the runtime does not reach the sandbox.",
        .how = "That process has a variable with a secret; inside looks for it in /proc/self/environ.",
        .source = "OCI runtime-spec config.md, process.env; environ(7)",
        .since = {2, 6, 24},
        .reach = Reach::any_sandbox,
        .check = planted_variable,
    },
    {
        .id = "key.session.hidden",
        .claim = "Keys in the session keyring of the process that started the runtime are out of reach.",
        .how = "That process has a key in a session keyring of its own; inside searches its session keyring for it.",
        .source = "session-keyring(7), keyctl(2)",
        .since = {2, 6, 24},
        .reach = Reach::any_sandbox,
        .check = planted_key,
    },
};

}  // namespace
}  // namespace nsproof
