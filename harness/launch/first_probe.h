// Starts the first probe of a bulkhead straight from the harness: the only process that nsproof itself clones.
#pragma once

#include <cstdint>
#include <memory>

#include "harness/actor/transport.h"

namespace nsproof {

struct FirstProbe {
  int pid = 0;  // in the harness's numbers; the harness reaps it
  std::unique_ptr<Transport> transport;
};

// clone3(2) with these flags, then execveat(2) of the probe. With CLONE_NEWUSER the caller's own ids become root
// inside, which needs no privilege (user_namespaces(7)). Throws Broken; `error` gets the errno of a refused clone3.
FirstProbe start_first_probe(std::uint64_t flags, int* error = nullptr);

}  // namespace nsproof
