// Programs that make containers, as multiples of the container made by hand.
#include <unistd.h>

#include <cerrno>

#include "harness/bench/bench_bulkhead.h"
#include "harness/bench/case.h"
#include "harness/bench/clock.h"
#include "harness/bench/programs.h"
#include "harness/bench/runtime_commands.h"
#include "harness/support/text.h"
#include "suites/bench/sets.h"

namespace nsproof::bench {

std::vector<RuntimeCommand>& runtime_commands() {
  static std::vector<RuntimeCommand> commands = {
      {"unshare",
       {"/usr/bin/unshare", "--mount", "--pid", "--net", "--ipc", "--uts", "--cgroup", "--fork", kHostTrue},
       {"/usr/bin/unshare", "--version"}},
      {"bwrap",
       {"/usr/bin/bwrap", "--ro-bind", "/", "/", "--proc", "/proc", "--unshare-pid", "--unshare-net", "--unshare-ipc",
        "--unshare-uts", "--unshare-cgroup", kHostTrue},
       {"/usr/bin/bwrap", "--version"}},
  };
  return commands;
}

namespace {

CaseSpec command_case(std::string id, std::string title, const std::vector<std::string>& words) {
  CaseSpec one;
  one.id = std::move(id);
  one.title = std::move(title);
  one.floor = "container/raw";
  one.head = one.gate = "total";
  one.phases = {{"total", "until the program has exited"}, {"cpu", "CPU time of it and its children", Timing::cpu}};
  one.every = 4;
  one.settle_ns = settle_for(Ns::net);
  const Program program{-1, words.front(), words};
  one.prepare = [program](const Place&) {
    if (::access(program.path.c_str(), X_OK) != 0)
      throw Unsupported{say(program.path, " is not there, or cannot be executed"), errno};
    return [program](double* values) {
      CloneTimes times;
      const int error = timed_program(program, 0, times);
      values[0] = us_of(times.reaped - times.called);
      values[1] = us_of(times.cpu);
      return error;
    };
  };
  return one;
}

std::vector<CaseSpec> runtimes() {
  std::vector<CaseSpec> cases;
  for (const RuntimeCommand& command : runtime_commands()) {
    cases.push_back(
        command_case("runtime/" + command.name, say(command.name, " runs a program that does nothing"), command.run));
    if (!command.start_only.empty())
      cases.push_back(command_case(say("runtime/", command.name, "/start"),
                                   say(join(command.start_only, " "), ": the start of the program alone"),
                                   command.start_only));
  }
  return cases;
}

const FamilyRow row = {{"runtime", "Runtimes", 15, runtimes, nullptr}};

}  // namespace
}  // namespace nsproof::bench
