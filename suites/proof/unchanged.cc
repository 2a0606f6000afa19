// unchanged COMMAND [ARGUMENT...]: runs a command and fails if the machine is not as it was before: processes, mounts,
// namespaces, links, IPC objects, cgroups, sysctls, host name. Otherwise the status is that of the command.
#include <chrono>
#include <iostream>

#include "harness/launch/program.h"
#include "suites/proof/host_snapshot.h"

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "usage: unchanged COMMAND [ARGUMENT...]\n";
    return 2;
  }
  nsproof::HostWatch watch;
  nsproof::ProgramOptions options;
  options.deadline = std::chrono::minutes(10);
  const nsproof::ProgramResult result = nsproof::run_program({argv + 1, argv + argc}, options);
  std::cout << result.output;
  std::cerr << result.errors;
  if (result.timed_out) std::cerr << "unchanged: the command did not end and was killed\n";
  const std::vector<std::string> left = watch.what_is_left();
  for (const std::string& line : left) std::cerr << "unchanged: left behind: " << line << '\n';
  return left.empty() ? result.exit_code() : 1;
}
