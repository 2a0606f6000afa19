// Faults that a test build can plant in the harness, to prove that a verdict notices. In every other build these are
// constants that the compiler removes, so that a shipped nsproof cannot be told to lie.
#pragma once

#include <memory>

#include "harness/actor/actor.h"
#include "harness/catalogue/namespaces.h"

namespace nsproof::faults {

#ifdef NSPROOF_FAULTS

enum class Probe { honest, lies, dies, hangs, babbles };

struct Plan {
  NsSet dropped;                  // types that a launcher leaves out although the sandbox has them
  bool control_isolates = false;  // the control keeps what it should withhold
  Probe inside = Probe::honest;   // what the probe of `inside` does whatever it is asked
  long lying_call = -1;           // a system call that returns 0 without acting, for everyone in a world
};

// Read once from the environment: NSPROOF_FAULT="drop=uts", "control", "probe=dies", "kernel=mount".
const Plan& plan();

inline NsSet without_dropped(NsSet types) { return types.without(plan().dropped); }
inline bool control_isolates() { return plan().control_isolates; }
std::unique_ptr<Transport> afflicted(std::unique_ptr<Transport> transport, std::string_view actor);
// A lying kernel without a new kernel: a seccomp filter (seccomp(2)) on `outside` that everything it makes inherits.
void install_lying_kernel(Actor& outside);

#else

inline NsSet without_dropped(NsSet types) { return types; }
inline bool control_isolates() { return false; }
inline std::unique_ptr<Transport> afflicted(std::unique_ptr<Transport> transport, std::string_view /*actor*/) {
  return transport;
}
inline void install_lying_kernel(Actor& /*outside*/) {}

#endif

}  // namespace nsproof::faults
