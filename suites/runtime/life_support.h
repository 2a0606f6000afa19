// Processes of a layer as its root sees them, and payloads that go on whatever becomes of their channel.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/world/world.h"

namespace nsproof {

struct LayerProcess {
  int pid = 0;       // in the actor's numbers
  char state = '?';  // of proc(5): 'R', 'S', 'Z' ...
  std::string name;
};

// Every process that the actor sees in /proc, by number.
std::vector<LayerProcess> layer_processes(Actor& actor);

// The text of /proc/PID/stat, field by field: the first is the state, field 3 of proc(5). Pure; empty if it is none.
std::vector<std::string> stat_fields(std::string_view text);

// Whether the process runs; a zombie does not. Not its threads.
bool is_alive(Actor& actor, int pid);

// Lets the actor sleep for longer than a check takes: meanwhile it does not notice that its channel has ended, so only
// a signal can end it. A watcher who sees it by this number waits until it does sleep.
void sleep_on(Actor& actor);
void sleep_on(Actor& actor, Actor& watcher, int pid);

}  // namespace nsproof
