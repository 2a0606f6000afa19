// How the lives of payload, sandbox and runtime hang together: who ends with whom, and who says how it ended.
#include <sys/wait.h>

#include <algorithm>
#include <csignal>

#include "harness/catalogue/property.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/process.h"
#include "harness/world/patience.h"
#include "harness/world/world.h"
#include "suites/runtime/life_support.h"

namespace nsproof {
namespace {

// How long a signal or the end of a process may take to end others.
constexpr Milliseconds kSoon{1'000};
// What certainly goes on need not be waited for that long.
constexpr Milliseconds kAtOnce{20};

constexpr int kStatus = 42;

// How the runtime ended, as of waitpid(2): field 52 of its /proc/PID/stat, which a process has until it is reaped, and
// who may trace it reads (proc(5)). Nothing if it goes on.
std::optional<int> ending_of(World& w) {
  const std::string file = say("/proc/", w.place().launcher(), "/stat");
  std::optional<int> status;
  eventually([&] {
    const std::vector<std::string> fields = stat_fields(must(sys::read_file(w.outside(), file)));
    if (fields.size() < 50) throw Broken(say(file, " has no exit code"));
    if (fields[0] == "Z") status = std::stoi(fields[49]);
    return status.has_value();
  });
  return status;
}

Observation ends_with_status(World& w, int status) {
  sys::exit(w.inside(), status);
  const std::optional<int> ended = ending_of(w);
  if (!ended) return leaked("the runtime goes on after its payload has ended");
  const std::string how = say("the payload exits with ", status, " and the runtime ", sys::status_text(*ended));
  return WIFEXITED(*ended) && WEXITSTATUS(*ended) == kStatus ? isolated(how) : leaked(how);
}

Observation fails_with_killed_payload(World& w) {
  const int pid = w.inside().pid();
  if (pid == 0) return unknown("the payload is out of sight");
  must(sys::kill(w.outside(), pid, SIGKILL));
  const std::optional<int> ended = ending_of(w);
  if (!ended) return leaked("the runtime goes on after its payload was killed");
  const std::string how = say("the payload is killed and the runtime ", sys::status_text(*ended));
  return *ended != 0 ? isolated(how) : leaked(how);
}

Observation ends_with_payload(World& w) {
  sys::exit(w.inside());
  if (ending_of(w)) return isolated("the runtime ends when the payload has");
  return leaked("the runtime goes on after its payload has ended");
}

// The runtime is the process that goes on, as one would that does not watch its payload.
Observation outlives_payload(World& w) {
  Actor& payload = w.fork(w.inside(), "payload");
  sys::exit(payload);
  must(sys::wait4(w.inside(), payload.pid()));
  if (is_alive(w.outside(), w.place().launcher())) return leaked("the process that made the payload goes on after it");
  return isolated("the process that made the payload ends with it");
}

Observation ends_with_launcher(World& w, Actor& payload, int pid, Milliseconds patience) {
  if (pid == 0) return unknown("the payload is out of sight");
  sleep_on(payload, w.outside(), pid);
  must(sys::kill(w.outside(), w.place().launcher(), SIGKILL));
  if (eventually([&] { return !is_alive(w.outside(), pid); }, patience))
    return isolated("the payload ends when its runtime is killed");
  must(sys::kill(w.outside(), pid, SIGKILL));
  return leaked("the runtime is killed, and the payload goes on without it");
}

// The processes that outside sees now and did not see before.
std::vector<int> new_processes(World& w, const std::vector<LayerProcess>& before) {
  std::vector<int> pids;
  for (const LayerProcess& one : layer_processes(w.outside())) {
    const auto same = [&](const LayerProcess& earlier) { return earlier.pid == one.pid; };
    if (std::none_of(before.begin(), before.end(), same)) pids.push_back(one.pid);
  }
  return pids;
}

void make_daemon(World& w) {
  Actor& daemon = w.fork(w.inside(), "daemon");
  must(sys::setsid(daemon));
  sleep_on(daemon);
}

Observation daemon_ends_with_payload(World& w, Milliseconds patience) {
  w.inside();
  const std::vector<LayerProcess> before = layer_processes(w.outside());
  make_daemon(w);
  const std::vector<int> made = new_processes(w, before);
  if (made.size() != 1) return unknown(say("outside sees ", made.size(), " new processes and not one"));
  sys::exit(w.inside());
  if (eventually([&] { return !is_alive(w.outside(), made[0]); }, patience))
    return isolated("the daemon ends when the payload has");
  must(sys::kill(w.outside(), made[0], SIGKILL));  // some runtimes wait for it
  return leaked("the payload has ended, and the daemon that it had made goes on");
}

const RuntimeRows rows = {
    {
        .id = "life.exit-status.passed-on",
        .claim = "The runtime ends with the exit status of its payload.",
        .how = "Inside exits with 42; outside reads the runtime's own exit status from /proc/PID/stat.",
        .source = "wait(2), proc(5); the manual of the tool",
        .since = {3, 5, 0},
        .reach = Reach::any_alone,
        .check = [](World& w) { return ends_with_status(w, kStatus); },
        .control = [](World& w) { return ends_with_status(w, kStatus + 1); },
        .control_differs = "the payload exits with 43, which is told from 42",
    },
    {
        .id = "life.killed-payload.reported",
        .claim = "When its payload is killed, the runtime does not end as if all were well.",
        .how = "Outside kills the payload and reads the runtime's own exit status from /proc/PID/stat.",
        .source = "wait(2), proc(5); the manual of the tool",
        .since = {3, 5, 0},
        .reach = Reach::any_alone,
        .check = fails_with_killed_payload,
        .control =
            [](World& w) {
              sys::exit(w.inside());
              const std::optional<int> ended = ending_of(w);
              return ended == 0 ? leaked("the payload exits with 0 and so does the runtime") : isolated("it failed");
            },
        .control_differs = "the payload is not killed but exits with 0",
    },
    {
        .id = "life.runtime.ends-with-payload",
        .claim = "The runtime ends when its payload has ended.",
        .how = "Inside exits; outside waits until the runtime is a zombie.",
        .source = "OCI runtime-spec runtime.md, Lifecycle; the manual of the tool",
        .since = {3, 5, 0},
        .reach = Reach::any_alone,
        .check = ends_with_payload,
        .control = outlives_payload,
        .control_differs = "the process that made the payload does not look after it",
    },
    {
        .id = "life.payload.ends-with-launcher",
        .claim = "The payload does not go on when the runtime that started it is killed.",
        .how = "Outside kills the runtime with SIGKILL and looks whether the payload, which sleeps, is still there.",
        .source = "PR_SET_PDEATHSIG(2const), pid_namespaces(7)",
        .since = {2, 6, 24},
        .reach = Reach::any_alone,
        .check = [](World& w) { return ends_with_launcher(w, w.inside(), w.inside().pid(), kSoon); },
        .control =
            [](World& w) {
              Actor& payload = w.fork(w.inside(), "payload");
              return ends_with_launcher(w, payload, payload.pid(), kAtOnce);
            },
        .control_differs = "the runtime is a process that just forks",
    },
    {
        .id = "life.daemon.ends-with-payload",
        .claim = "What the payload has put in the background does not outlive it.",
        .how = "Inside forks a process that leaves its session and sleeps, and exits; outside looks for that process.",
        .source = "pid_namespaces(7), The namespace init process; the manual of the tool",
        .since = {2, 6, 24},
        .reach = Reach::any_alone,
        .check = [](World& w) { return daemon_ends_with_payload(w, kSoon); },
        .control = [](World& w) { return daemon_ends_with_payload(w, kAtOnce); },
        .control_differs = "the same in a process that nothing isolates",
    },
    {
        .id = "life.failed-start.reported",
        .claim = "A runtime that cannot start its payload says so by its exit status.",
        .how = "The runtime is told to execute a program that does not exist.",
        .source = "OCI runtime-spec runtime.md, Errors; the manual of the tool",
        .since = {2, 6, 24},
        .reach = Reach::any_alone,
        .check =
            [](World& w) {
              return w.place().start_in_vain() ? isolated("the runtime ends with a status that is not 0")
                                               : leaked("the runtime does not say that it has failed");
            },
        .control =
            [](World& w) {
              return sys::answers(w.inside()) ? leaked("it starts, and nothing is reported")
                                              : isolated("the program does not start");
            },
        .control_differs = "the program exists",
    },
};

}  // namespace
}  // namespace nsproof
