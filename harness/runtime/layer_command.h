// Programs of the machine, executed in a layer by one of its actors: who they run as, what they find planted, and how
// they ended. Nothing here runs outside of a layer.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/actor/actor.h"
#include "harness/runtime/target.h"
#include "harness/world/machine_view.h"

namespace nsproof {

struct LayerCommand {
  std::vector<std::string> words;  // the first is looked up as execvp(3) would
  RunAs run_as = RunAs::root;
  Planting planting = Planting::everything;
  std::vector<std::string> environment;  // "NAME=value", added to the layer's
  std::string errors;                    // the file that gets its standard error
};

// The command as a shell would take it, for messages.
std::string shell_line(const std::vector<std::string>& words);

// Where the program is in the layer. Throws Broken if it is not.
std::string find_program(Actor& warden, const std::string& name);

// A child of the warden that is about to become the command: its credentials and everything planted are in place. What
// it took is in the warden's transcript.
std::unique_ptr<Actor> prepare_process(Actor& warden, const LayerCommand& command, const std::string& name);

// execve(2) of the command by such a process.
Step execve_step(const std::string& program, const LayerCommand& command);

// Runs a command to its end, with nothing on its standard input. Returns the status as of waitpid(2); what it wrote is
// in the file `errors`. Throws Broken if it does not end in time.
int run_to_end(Actor& warden, const LayerCommand& command);

// Waits for a child of the warden; nothing if it does not end in time.
std::optional<int> wait_for_end(Actor& warden, int pid, Milliseconds patience);

}  // namespace nsproof
