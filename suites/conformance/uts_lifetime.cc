// UTS namespaces: leaving one, coming back, and one that has outlived its maker.
#include <linux/sched.h>

#include "harness/catalogue/property.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/process.h"
#include "harness/sys/uts.h"
#include "harness/world/world.h"

namespace nsproof {
namespace {

int open_uts(Actor& actor, int pid) {
  return static_cast<int>(must(sys::open(actor, say("/proc/", pid, "/ns/uts"), O_RDONLY | O_CLOEXEC)));
}

Observation judge_name(Actor& actor, std::string_view wanted, std::string_view other) {
  const std::string seen = must(sys::uname(actor)).nodename;
  if (seen == wanted) return isolated(say("the host name is ", quoted(seen)));
  if (seen == other) return leaked(say("the host name is ", quoted(seen)));
  return unknown(say("the host name is one that nobody set: ", quoted(seen)));
}

enum class Then { comes_back, stays };

template <Then then>
Observation name_after_leaving(World& w) {
  must(sys::sethostname(w.outside(), "home"));
  Actor& traveller = w.fork(w.outside(), "traveller");
  const int home = open_uts(traveller, traveller.pid());
  must(sys::unshare(traveller, CLONE_NEWUTS));
  must(sys::sethostname(traveller, "abroad"));
  if (then == Then::comes_back) must(sys::setns(traveller, home, CLONE_NEWUTS));
  return judge_name(traveller, "home", "abroad");
}

enum class Visitor { joins, stays_out };

template <Visitor visitor>
Observation name_after_maker_died(World& w) {
  must(sys::sethostname(w.outside(), "home"));
  Actor& maker = w.clone(w.outside(), CLONE_NEWUTS, "maker");
  must(sys::sethostname(maker, "left-behind"));
  Actor& heir = w.fork(w.outside(), "heir");
  const int fd = open_uts(heir, maker.pid());
  w.end(w.outside(), maker);
  if (visitor == Visitor::joins) must(sys::setns(heir, fd, CLONE_NEWUTS));
  return judge_name(heir, "left-behind", "home");
}

const Rows rows = {
    {
        .id = "uts.setns.restores-name",
        .claim = "A process that comes back to its UTS namespace finds the name that it left there.",
        .how = "A process leaves its UTS namespace, sets a host name and returns with setns(2); then it asks uname(2).",
        .source = "setns(2), uts_namespaces(7)",
        .since = {3, 0},
        .check = name_after_leaving<Then::comes_back>,
        .control = name_after_leaving<Then::stays>,
        .control_differs = "the process does not come back",
    },
    {
        .id = "uts.setns.outlives-maker",
        .claim = "An open descriptor keeps a UTS namespace and its name after the last process in it is gone.",
        .how =
            "A process makes a UTS namespace and sets its host name; another opens its /proc/PID/ns/uts, sees it die, "
            "joins with setns(2) and asks uname(2).",
        .source = "namespaces(7), setns(2)",
        .since = {3, 0},
        .check = name_after_maker_died<Visitor::joins>,
        .control = name_after_maker_died<Visitor::stays_out>,
        .control_differs = "the other process does not join",
    },
};

}  // namespace
}  // namespace nsproof
