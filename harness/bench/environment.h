// Reads what decides the numbers: kernel and what it was built with, CPUs and clocks, load, and how many mounts and
// namespaces are there already.
#pragma once

#include <string>

#include "harness/bench/bench_result.h"

namespace nsproof::bench {

// What must be read before the run, because it changes.
struct EnvironmentStart {
  std::string load;
  std::string stolen;  // jiffies that the hypervisor took
  std::string started;
};

EnvironmentStart begin_environment();
BenchEnvironment end_environment(const EnvironmentStart& start, const std::string& command_line);

}  // namespace nsproof::bench
