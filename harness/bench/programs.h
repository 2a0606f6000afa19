// Programs to execute in timed windows, and the smallest one there can be.
#pragma once

#include <string>
#include <vector>

#include "harness/bench/raw_clone.h"
#include "harness/support/fd.h"

namespace nsproof::bench {

// A program of two instructions that exits with 0, in a memfd: the floor of execve(2). Throws Broken.
Fd exit_program();

// A small static program with a C library, carried in nsproof. Throws Broken.
Fd static_program();

// A program to run: by descriptor if it is valid, else by path.
struct Program {
  int fd = -1;
  std::string path;
  std::vector<std::string> arguments;  // with the name of the program as the first
};

// Creates a child in vfork style with these namespaces, which has /dev/null as its standard descriptors and executes
// the program. Waits for it. `times.returned` is when the execve has succeeded; there is no `child_began`. Returns 0,
// or the errno of what failed, EPROTO if the program did not exit with 0.
int timed_program(const Program& program, std::uint64_t flags, CloneTimes& times);

}  // namespace nsproof::bench
