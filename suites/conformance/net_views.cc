// Network namespaces: who sees which one. Files of /proc follow their reader, and setns(2) takes one thread along.
#include <cerrno>

#include "harness/catalogue/property.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/netlink.h"
#include "harness/world/enter.h"
#include "harness/world/world.h"

namespace nsproof {
namespace {

enum class Joins { yes, no };

// Looks twice for a link of outside, from a process that may join inside's network namespace in between.
Observation look_twice(World& w, Joins joins, bool (*sees)(Actor&), std::string_view where) {
  must(sys::add_veth(w.outside(), "foreign0", "foreign1"));
  Actor& traveller = w.fork(w.outside(), "traveller");
  if (!sees(traveller)) return unknown(say("the link is not in ", where, " to begin with"));
  if (joins == Joins::yes) must_enter(traveller, w.inside().pid(), Ns::net);
  if (sees(traveller)) return leaked(say("the link of outside is still in ", where));
  return isolated(say("the link of outside is no longer in ", where));
}

bool in_device_table(Actor& actor) {
  return must(sys::read_file(actor, "/proc/net/dev")).find("foreign0:") != std::string::npos;
}

bool in_subdirectory(Actor& actor) {
  const Reply found = sys::access(actor, "/proc/net/dev_snmp6/foreign0");
  if (found.error() == ENOENT) return false;
  must(found);
  return true;
}

enum class Mover { other_thread, itself };

Observation first_thread_after_setns(World& w, Mover mover) {
  const auto net = [](Actor& actor) { return must(sys::stat(actor, "/proc/thread-self/ns/net")).st_ino; };
  Actor& first = w.outside();
  const auto target = must(sys::stat(first, say("/proc/", w.inside().pid(), "/ns/net"))).st_ino;
  Actor& second = w.thread(first, "second-thread");
  const auto before = net(first);
  if (before == target) return unknown("inside has the network namespace of outside");
  Actor& moving = mover == Mover::other_thread ? second : first;
  must_enter(moving, w.inside().pid(), Ns::net);
  if (net(moving) != target) return unknown("setns succeeded, and its caller is not in the target");
  const auto after = net(first);
  if (after == before) return isolated("the first thread is where it was");
  if (after == target) return leaked("the first thread is in the target");
  return unknown("the first thread is in a third network namespace");
}

const Rows rows = {
    {
        .id = "net.proc.follows-reader",
        .claim = "/proc/net shows the network namespace that its reader is in now, also after setns(2).",
        .how =
            "A process reads /proc/net/dev with a link of outside in it, joins inside's network namespace and reads it "
            "again.",
        .source = "proc(5), commit 1fde6f21d90f (proc: fix /proc/net/* after setns(2))",
        .since = {5, 0},
        .sandbox = {.namespaces = Ns::net},
        .needs = {Need::veth},
        .check = [](World& w) { return look_twice(w, Joins::yes, in_device_table, "/proc/net/dev"); },
        .control = [](World& w) { return look_twice(w, Joins::no, in_device_table, "/proc/net/dev"); },
        .control_differs = "the process stays where it is",
    },
    {
        .id = "net.proc.subdirectory-follows-reader",
        .claim = "The subdirectories of /proc/net show the network namespace that their reader is in now.",
        .how = "A process finds a link of outside in /proc/net/dev_snmp6, joins inside's network namespace and looks "
               "again.",
        .source = "commit c6c75deda813 (proc: fix lookup in /proc/net subdirectories after setns(2))",
        .since = {5, 10, 4},
        .sandbox = {.namespaces = Ns::net},
        .needs = {Need::veth, Need::ipv6},
        .check = [](World& w) { return look_twice(w, Joins::yes, in_subdirectory, "/proc/net/dev_snmp6"); },
        .control = [](World& w) { return look_twice(w, Joins::no, in_subdirectory, "/proc/net/dev_snmp6"); },
        .control_differs = "the process stays where it is",
    },
    {
        .id = "net.setns.one-thread",
        .claim = "setns(2) into a network namespace moves the calling thread and no other of its process.",
        .how = "A second thread of outside joins inside's network namespace; the first one looks at its own.",
        .source = "setns(2)",
        .since = {3, 17},
        .sandbox = {.namespaces = Ns::net},
        .check = [](World& w) { return first_thread_after_setns(w, Mover::other_thread); },
        .control = [](World& w) { return first_thread_after_setns(w, Mover::itself); },
        .control_differs = "the first thread itself calls setns",
    },
};

}  // namespace
}  // namespace nsproof
