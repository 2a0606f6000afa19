// PID namespaces: the end of process 1 is the end of the namespace, and orphans stay in it (pid_namespaces(7)).
#include <sys/prctl.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <chrono>

#include "harness/catalogue/property.h"
#include "suites/conformance/pid_members.h"

namespace nsproof {
namespace {

enum class Victim { init, member };

Actor& victim_of(World& w, Victim victim, Actor& init) {
  return victim == Victim::init ? init : join_pid_namespace(w, init, "member");
}

std::string_view text_of(Victim victim) { return victim == Victim::init ? "process 1" : "a member"; }

template <Victim victim>
Observation members_die(World& w) {
  Actor& init = lone_init(w);
  Actor& child = w.fork(init, "child");
  Actor& nested = w.clone(init, CLONE_NEWPID, "nested-init");
  Actor& grandchild = w.fork(nested, "nested-child");
  w.end(w.outside(), victim_of(w, victim, init));
  std::vector<std::string> alive;
  for (Actor* one : {&child, &nested, &grandchild})
    if (sys::answers(*one)) alive.push_back(one->name());
  if (alive.empty())
    return refused(say("with ", text_of(victim), " all members died, those in a nested namespace too"));
  if (alive.size() == 3) return allowed(say("the members outlive ", text_of(victim)));
  return allowed(say("some members outlive ", text_of(victim), ": ", join(alive, ", ")));
}

// "S" of "State:  S (sleeping)" in /proc/PID/status (proc(5)).
std::string state_of(Actor& reader, int pid) {
  for (const std::string& line : lines_of(must(sys::read_file(reader, say("/proc/", pid, "/status")))))
    if (line.starts_with("State:")) return words_of(line).at(1);
  throw Broken("a status file without State");
}

// Asleep, or idle as since Linux 6.12.115 and 6.1.191, where the wait for members no longer counts as load.
bool sleeps(Actor& reader, int pid) {
  const std::string state = state_of(reader, pid);
  return state == "S" || state == "I";
}

// Waits until a killed process either can be reaped or sleeps in its exit, where nothing but the wait for members does.
template <Victim victim>
Observation waits_for_last_member(World& w) {
  Actor& init = lone_init(w);
  Actor& zombie = join_pid_namespace(w, init, "zombie");
  Actor& target = victim_of(w, victim, init);
  must(sys::kill(w.outside(), zombie.pid(), SIGKILL));
  must(sys::kill(w.outside(), target.pid(), SIGKILL));
  if (!zombie.gone() || !target.gone()) return unknown("a killed process does not die");
  const auto end = std::chrono::steady_clock::now() + call_deadline() / 2;
  while (!sleeps(w.outside(), target.pid())) {
    if (must(sys::wait4(w.outside(), target.pid(), WNOHANG)).pid == target.pid())
      return allowed(say(text_of(victim), " was reaped while another member was still a zombie"));
    if (std::chrono::steady_clock::now() > end) return unknown("a killed process neither ends nor waits");
  }
  if (must(sys::wait4(w.outside(), target.pid(), WNOHANG)).pid != 0)
    return allowed(say(text_of(victim), " was reaped while another member was still a zombie"));
  must(sys::wait4(w.outside(), zombie.pid()));
  must(sys::wait4(w.outside(), target.pid()));
  return refused(say(text_of(victim), " could be reaped only after the last member had been"));
}

enum class Init { dead, alive };

template <Init state>
Observation no_birth_without_init(World& w) {
  Actor& init = lone_init(w);
  Actor& stage = w.fork(w.outside(), "stage");
  const auto ns = static_cast<int>(must(sys::open(stage, say("/proc/", init.pid(), "/ns/pid"), O_RDONLY | O_CLOEXEC)));
  must(sys::setns(stage, ns, CLONE_NEWPID));
  if (state == Init::dead) w.end(w.outside(), init);
  const auto attempt = w.try_clone(stage, 0, "late");
  if (attempt.reply.ok()) return allowed("a process was born into the namespace");
  if (attempt.reply.error() == ENOMEM) return refused("no process can be born into the namespace: ENOMEM");
  return unknown(say("clone3 failed with ", errno_name(attempt.reply.error())));
}

Observation orphan_stays_inside(World& w) {
  must(sys::prctl(w.outside(), PR_SET_CHILD_SUBREAPER, "PR_SET_CHILD_SUBREAPER", 1));
  Actor& middle = w.fork(w.inside(), "middle");
  Actor& orphan = w.fork(middle, "orphan");
  const auto number = static_cast<int>(must(sys::getpid(orphan)));
  w.end(w.inside(), middle);
  const auto parent = must(sys::getppid(orphan));
  const bool adopted_outside = parent == must(sys::getpid(w.outside()));
  if (!adopted_outside && parent != must(sys::getpid(w.init()))) return unknown(say("the orphan's parent is ", parent));
  // Who adopted it can wait for it.
  Actor& reaper = adopted_outside ? w.outside() : w.init();
  sys::exit(orphan, 5);
  const int status = must(sys::wait4(reaper, number)).status;
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 5) return unknown(say("the orphan ", sys::status_text(status)));
  if (adopted_outside) return leaked("the subreaper outside adopted the orphan");
  return isolated(say("process ", parent, " of the sandbox adopted the orphan, not the subreaper outside"));
}

constexpr const char* kNotInit = "another member than process 1 is killed";

const Rows rows = {
    {
        .id = "pid.teardown.kills-members",
        .claim = "When process 1 of a pid namespace dies all members die, those of nested namespaces too.",
        .how = "Outside kills process 1 and reaps it; no member may answer any more.",
        .source = "pid_namespaces(7), \"The namespace init process\"",
        .since = {2, 6, 24},
        .sandbox = {.namespaces = Ns::pid},
        .check = members_die<Victim::init>,
        .control = members_die<Victim::member>,
        .control_differs = kNotInit,
    },
    {
        .id = "pid.teardown.init-reaped-last",
        .claim = "Process 1 cannot be reaped before the last member of its pid namespace has been.",
        .how = "A member is a zombie of outside; process 1 is killed, cannot be reaped, and can after the member was.",
        .source = "zap_pid_ns_processes() in kernel/pid_namespace.c",
        .since = {3, 4},
        .sandbox = {.namespaces = Ns::pid},
        .check = waits_for_last_member<Victim::init>,
        .control = waits_for_last_member<Victim::member>,
        .control_differs = kNotInit,
    },
    {
        .id = "pid.teardown.no-birth-after",
        .claim = "No process can be born into a pid namespace whose process 1 is dead.",
        .how = "A process that joined the namespace with setns(2) forks after process 1 was reaped.",
        .source = "pid_namespaces(7), fork(2), \"ENOMEM\"",
        .since = {3, 8},
        .sandbox = {.namespaces = Ns::pid},
        .check = no_birth_without_init<Init::dead>,
        .control = no_birth_without_init<Init::alive>,
        .control_differs = "process 1 is alive",
    },
    {
        .id = "pid.orphan.stays-inside",
        .claim = "Orphans go to process 1 of their pid namespace and not to a subreaper outside.",
        .how = "Outside is a subreaper; a process inside loses its parent; who it has then for a parent waits for it.",
        .source = "pid_namespaces(7), prctl(2), \"PR_SET_CHILD_SUBREAPER\"",
        .since = {3, 4},
        .isolated_by = Ns::pid,
        .check = orphan_stays_inside,
    },
};

}  // namespace
}  // namespace nsproof
