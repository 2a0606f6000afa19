// PID namespaces: how deep they nest and how high they count (pid_namespaces(7)).
#include <cerrno>
#include <charconv>

#include "harness/catalogue/property.h"
#include "suites/conformance/pid_members.h"

namespace nsproof {
namespace {

// MAX_PID_NS_LEVEL of kernel/pid_namespace.c; the initial namespace is level 0.
constexpr int kDeepestLevel = 32;
// Those of the bulkhead: its keeper and its layer. There may be more above that cannot be seen from here.
constexpr int kLevelsAbove = 2;

enum class Level { beyond_limit, at_limit };

template <Level level>
Observation nesting_ends(World& w) {
  std::vector<Actor*> chain = {&w.inside()};
  Reply refusal;
  for (;;) {
    const auto attempt = w.try_clone(*chain.back(), CLONE_NEWPID, say("level-", chain.size()));
    if (attempt.actor == nullptr) {
      refusal = attempt.reply;
      break;
    }
    chain.push_back(attempt.actor);
    if (static_cast<int>(chain.size()) > kDeepestLevel - kLevelsAbove + 1)
      return allowed(say(chain.size() - 1 + kLevelsAbove, " levels were made, more than the kernel documents"));
  }
  if (chain.size() < 2) return unknown(say("not one level can be made: ", errno_name(refusal.error())));
  const std::string deepest = say(chain.size() - 1, " levels were made");
  if (level == Level::beyond_limit) {
    if (refusal.error() != ENOSPC) return unknown(say(deepest, ", then ", errno_name(refusal.error())));
    // It is the depth and not their number that is exhausted.
    must(w.try_clone(w.outside(), CLONE_NEWPID, "shallow").reply);
    return refused(say(deepest, ", one more is refused with ENOSPC"));
  }
  Actor& above = *chain[chain.size() - 2];
  w.end(above, *chain.back());
  must(w.try_clone(above, CLONE_NEWPID, "again").reply);
  return allowed(say(deepest, ", and the last of them can be made again"));
}

constexpr const char* kPidMax = "/proc/sys/kernel/pid_max";

Observation limit_is_own(World& w) {
  w.inside();
  const std::string before = trim(must(sys::read_file(w.outside(), kPidMax)));
  int limit = 0;
  std::from_chars(before.data(), before.data() + before.size(), limit);
  // One less harms nobody, were it everybody's limit after all.
  const std::string lowered = say(limit - 1);
  must(sys::write_file(w.outside(), kPidMax, lowered));
  const std::string outer = trim(must(sys::read_file(w.outside(), kPidMax)));
  const std::string inner = trim(must(sys::read_file(w.inside(), kPidMax)));
  if (outer != lowered) return unknown(say("outside wrote ", lowered, " and reads ", outer));
  if (inner == lowered) return leaked(say("the limit that was set outside is inside's too, ", inner));
  if (inner == before) return isolated(say("inside's limit is still ", inner, ", outside's is ", outer));
  return unknown(say("inside's limit is ", inner));
}

const Rows rows = {
    {
        .id = "pid.nesting.ends",
        .claim = "PID namespaces nest 32 levels below the initial one and not deeper.",
        .how = "Inside nests pid namespaces until one is refused with ENOSPC, though outside can still make one.",
        .source = "pid_namespaces(7), clone(2), \"ENOSPC\"",
        .since = {3, 7},
        .check = nesting_ends<Level::beyond_limit>,
        .control = nesting_ends<Level::at_limit>,
        .control_differs = "the deepest level that is allowed is made once more",
    },
    {
        .id = "pid.pid-max.own",
        .claim = "Every pid namespace has its own kernel.pid_max.",
        .how = "Outside lowers its kernel.pid_max by one after the sandbox was made; inside reads its own.",
        .source = "commit 7863dcc72d0f",
        .since = {6, 14},
        .isolated_by = Ns::pid,
        .reach = Reach::any_alone,
        .check = limit_is_own,
    },
};

}  // namespace
}  // namespace nsproof
