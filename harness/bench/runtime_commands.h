// Which programs that make containers are measured against the container made by hand: plain rows, to which whoever
// knows how to call a runtime adds one.
#pragma once

#include <string>
#include <vector>

namespace nsproof::bench {

struct RuntimeCommand {
  std::string name;                     // "bwrap": the case is runtime/bwrap
  std::vector<std::string> run;         // runs a program that does nothing in a new container, and waits for it
  std::vector<std::string> start_only;  // what the program itself costs before it does anything: "bwrap --version"
};

// The first word of each command is an absolute path as measuring processes see it (bench_bulkhead.h).
std::vector<RuntimeCommand>& runtime_commands();

}  // namespace nsproof::bench
