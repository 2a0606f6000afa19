// Sandboxes that exist already: a running container that is joined, or a probe that somebody has started inside. Their
// outside is the machine itself, so only claims whose actors look and change nothing are put to them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "harness/actor/actor.h"
#include "harness/catalogue/namespaces.h"

namespace nsproof {

class Attached {
 public:
  Attached() = default;
  Attached(const Attached&) = delete;
  Attached& operator=(const Attached&) = delete;
  virtual ~Attached() = default;

  // The probe in the sandbox.
  virtual Actor& root() = 0;
  // A process outside of it, which may only look; null if it is on another kernel than this.
  virtual std::unique_ptr<Actor> make_outside(Transcript& transcript) = 0;
};

// Joins the container of this process by a pidfd and its namespaces, takes its root directory, ids, capability sets and
// no_new_privs, and executes nothing of the container's. Its seccomp filter cannot be taken. Without the pid namespace
// nobody in the container can see, signal or trace who joins. Throws Broken.
std::unique_ptr<Attached> attach_to_process(int pid, NsSet types = NsSet::all());

// Runs this command on the machine, which must start a probe (`nsproof probe FILE` writes one) somewhere and pass on
// its standard input and output: "kubectl exec -i POD -- /nsprobe". Throws Broken.
std::unique_ptr<Attached> attach_by_command(const std::vector<std::string>& words);

}  // namespace nsproof
