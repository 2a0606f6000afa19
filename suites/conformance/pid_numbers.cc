// PID namespaces: the numbers that processes, threads and sessions have inside (pid_namespaces(7)).
#include <algorithm>

#include "harness/catalogue/property.h"
#include "suites/conformance/pid_members.h"

namespace nsproof {
namespace {

Observation first_is_one(World& w) {
  const auto inside = must(sys::getpid(w.inside()));
  if (inside == 1) return isolated("the first process inside is process 1");
  if (inside == w.inside().pid()) return leaked(say("inside has the number that outside has for it, ", inside));
  return unknown(say("inside is ", inside, ", outside calls it ", w.inside().pid()));
}

Observation parent_outside(World& w, Actor& child, Actor& parent) {
  const auto seen = must(sys::getppid(child));
  if (seen == 0) return isolated(say("the parent of ", child.name(), " is 0"));
  if (seen == must(sys::getpid(parent))) return leaked(say(child.name(), " sees its parent outside as ", seen));
  return unknown(say(child.name(), " has parent ", seen, ", outside is ", must(sys::getpid(w.outside()))));
}

Observation parent_of_first(World& w) { return parent_outside(w, w.inside(), w.outside()); }

// A process outside that will have its children in the sandbox's pid namespace.
Actor& stage_for(World& w) {
  w.inside();
  Actor& stage = w.fork(w.outside(), "stage");
  const auto ns =
      static_cast<int>(must(sys::open(stage, say("/proc/", w.inside().pid(), "/ns/pid"), O_RDONLY | O_CLOEXEC)));
  must(sys::setns(stage, ns, CLONE_NEWPID));
  return stage;
}

Observation parent_of_joined(World& w) {
  Actor& stage = stage_for(w);
  return parent_outside(w, w.fork(stage, "joined"), stage);
}

Observation numbered_apart(Actor& process, Actor& finder) {
  const auto own = must(sys::getpid(process));
  if (own == process.pid()) return leaked(say(process.name(), " has one number for all, ", own));
  // The number is of use: it finds a process inside.
  must(sys::getpgid(finder, static_cast<int>(own)));
  return isolated(say(process.name(), " is ", own, " to itself and ", process.pid(), " outside"));
}

Observation joined_numbered_inside(World& w) {
  Actor& joined = w.fork(stage_for(w), "joined");
  return numbered_apart(joined, w.inside());
}

Observation outside_has_another_number(World& w) {
  // The outer number works where it belongs.
  must(sys::getpgid(w.outside(), w.inside().pid()));
  return numbered_apart(w.inside(), w.inside());
}

Observation session_zero(World& w) {
  must(sys::setsid(w.outside()));
  const auto outer = must(sys::getsid(w.outside(), 0));
  const auto session = must(sys::getsid(w.inside(), 0));
  const auto group = must(sys::getpgid(w.inside(), 0));
  if (session == outer && group == outer) return leaked(say("inside sees outside's session and group, ", outer));
  if (session != 0 || group != 0) return unknown(say("inside sees session ", session, " and group ", group));
  must(sys::setsid(w.inside()));
  const auto own = must(sys::getpid(w.inside()));
  const auto after = must(sys::getsid(w.inside(), 0));
  if (after != own) return unknown(say("after setsid the session of process ", own, " is ", after));
  return isolated(say("session and group are 0 inside until setsid makes the session ", after));
}

Observation siblings_share_numbers(World& w) {
  const auto one = must(sys::getpid(w.inside()));
  const auto other = must(sys::getpid(w.peer()));
  if (w.inside().pid() == w.peer().pid()) return unknown("outside has one number for two processes");
  if (one == other) return isolated(say("two sandboxes have a process ", one, " each at the same time"));
  return leaked(say("the sandboxes number their processes together: ", one, " and ", other));
}

Observation threads_have_own_numbers(World& w) {
  Actor& thread = w.thread(w.inside(), "thread");
  const auto own = say(must(sys::gettid(thread)));
  const auto listed = must(sys::list_directory(w.outside(), say("/proc/", w.inside().pid(), "/task")));
  if (listed.size() != 2) return unknown(say("outside sees ", listed.size(), " threads of the two"));
  if (std::find(listed.begin(), listed.end(), own) != listed.end())
    return leaked(say("outside has the number that the thread has for itself, ", own));
  return isolated(say("the thread is ", own, " to itself; outside numbers the threads ", join(listed, " and ")));
}

// The numbers after "NSpid:" in /proc/PID/status, outermost first (proc(5)).
std::vector<std::string> nspid(Actor& reader, int pid) {
  for (const std::string& line : lines_of(must(sys::read_file(reader, say("/proc/", pid, "/status")))))
    if (line.starts_with("NSpid:")) return words_of(std::string_view(line).substr(6));
  throw Broken("a status file without NSpid");
}

int newest_process(Actor& reader) {
  int newest = 0;
  for (const std::string& name : must(sys::list_directory(reader, "/proc")))
    if (name.find_first_not_of("0123456789") == std::string::npos) newest = std::max(newest, std::stoi(name));
  return newest;
}

Observation one_number_per_level(World& w) {
  const std::uint64_t level = w.sandbox().namespaces.has(Ns::pid) ? CLONE_NEWPID : 0;
  Actor& deeper = w.clone(w.inside(), level, "deeper");
  Actor& deepest = w.clone(deeper, level, "deepest");
  const int outer = newest_process(w.outside());
  const std::vector<std::string> numbers = nspid(w.outside(), outer);
  const std::string text = join(numbers, " ");
  if (numbers.size() < 4 && !numbers.empty() && numbers[0] == say(outer))
    return leaked(say("the process three sandboxes down has fewer numbers than levels: ", text));
  // Outside, inside, in the second and in the third: the last two are known.
  if (numbers.size() == 4 && numbers[0] == say(outer) && numbers[2] == say(deepest.pid()) &&
      numbers[3] == say(must(sys::getpid(deepest))))
    return isolated(say("the process three sandboxes down has a number for every level: ", text));
  return unknown(say("NSpid of process ", outer, " is ", text));
}

const Rows rows = {
    {
        .id = "pid.first.is-one",
        .claim = "The first process of a new pid namespace is process 1.",
        .how = "Inside asks for its own number with getpid(2).",
        .source = "pid_namespaces(7), \"The namespace init process\"",
        .since = {2, 6, 24},
        .isolated_by = Ns::pid,
        .member = Member::init,
        .check = first_is_one,
    },
    {
        .id = "pid.parent.zero-from-outside",
        .claim = "A process whose parent is outside its pid namespace sees parent 0.",
        .how = "Inside, a child of outside, calls getppid(2).",
        .source = "pid_namespaces(7)",
        .since = {2, 6, 24},
        .isolated_by = Ns::pid,
        .check = parent_of_first,
    },
    {
        .id = "pid.joined.parent-zero",
        .claim = "A child of a process that joined a pid namespace by setns(2) sees parent 0.",
        .how =
            "A process outside calls setns(2) for the pid namespace of inside and forks; the child calls getppid(2).",
        .source = "pid_namespaces(7), setns(2)",
        .since = {3, 8},
        .isolated_by = Ns::pid,
        .check = parent_of_joined,
    },
    {
        .id = "pid.joined.numbered-inside",
        .claim = "A child of a process that joined a pid namespace has a number of that namespace.",
        .how =
            "The child's getpid(2) is compared with the number that its parent got from clone3(2), and found inside.",
        .source = "setns(2)",
        .since = {3, 8},
        .isolated_by = Ns::pid,
        .check = joined_numbered_inside,
    },
    {
        .id = "pid.number.differs-outside",
        .claim = "Outside sees a process of the sandbox under another number than it has inside.",
        .how =
            "What clone3(2) returned to the creator is compared with getpid(2) of inside; both numbers must find it.",
        .source = "pid_namespaces(7), \"Nesting PID namespaces\"",
        .since = {2, 6, 24},
        .isolated_by = Ns::pid,
        .reach = Reach::any_sandbox,
        .check = outside_has_another_number,
    },
    {
        .id = "pid.session.zero-until-setsid",
        .claim = "Session and process group are 0 inside until setsid(2), since their leaders are outside.",
        .how = "Outside leads a session; inside asks for its session and group, and again after setsid(2).",
        .source = "pid_namespaces(7), getsid(2)",
        .since = {2, 6, 24},
        .isolated_by = Ns::pid,
        .check = session_zero,
    },
    {
        .id = "pid.sibling.same-numbers",
        .claim = "Two sandboxes use the same process numbers at the same time.",
        .how = "Two sandboxes are made in the same way; the numbers of their processes are compared while both live.",
        .source = "pid_namespaces(7)",
        .since = {2, 6, 24},
        .isolated_by = Ns::pid,
        .reach = Reach::any_alone,
        .check = siblings_share_numbers,
    },
    {
        .id = "pid.thread.own-numbers",
        .claim = "Threads have numbers of their pid namespace, too.",
        .how = "A thread inside calls gettid(2); outside lists /proc/PID/task of its process.",
        .source = "gettid(2), pid_namespaces(7)",
        .since = {2, 6, 24},
        .isolated_by = Ns::pid,
        .check = threads_have_own_numbers,
    },
    {
        .id = "pid.nspid.one-per-level",
        .claim = "A process has one number in its own pid namespace and one in every ancestor of it.",
        .how = "Three sandboxes are nested; outside reads NSpid of the innermost process.",
        .source = "proc(5), pid_namespaces(7)",
        .since = {4, 1},
        .isolated_by = Ns::pid,
        .check = one_number_per_level,
    },
};

}  // namespace
}  // namespace nsproof
