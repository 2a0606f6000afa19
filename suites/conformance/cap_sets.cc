// Capabilities: what becomes of a process's sets when its user namespace changes (user_namespaces(7), capabilities(7)).
#include <linux/capability.h>

#include <cerrno>

#include "harness/sys/idmaps.h"
#include "harness/sys/nsfs.h"
#include "harness/world/spawn.h"
#include "suites/conformance/user_common.h"

namespace nsproof {
namespace {

std::string hexadecimal(std::uint64_t set) { return hex(set).text; }

Observation judge_full(World& w, const sys::CapabilitySets& seen) {
  const std::uint64_t every = must(sys::every_capability(w.outside()));
  if (seen.permitted == every && seen.effective == every)
    return isolated("every capability is permitted and effective");
  if (seen.permitted == 0 && seen.effective == 0) return leaked("no capability is permitted or effective");
  return unknown(say("permitted is ", hexadecimal(seen.permitted), ", effective ", hexadecimal(seen.effective)));
}

Observation born_full(World& w, std::uint64_t flags) {
  Actor& child = w.clone(powerless(w), flags, "child");
  return judge_full(w, must(sys::capability_sets(child)));
}

enum class Joins { yes, no };

Observation full_after_joining(World& w, Joins joins) {
  Actor& child = w.clone(w.outside(), CLONE_NEWUSER, "child");
  must(sys::map_ids(w.outside(), child.pid(), "0 0 1"));
  Actor& joiner = powerless(w);
  const int fd = static_cast<int>(must(sys::open_ns(joiner, std::to_string(child.pid()), Ns::user)));
  if (joins == Joins::yes) must(sys::setns(joiner, fd, CLONE_NEWUSER));
  return judge_full(w, must(sys::capability_sets(joiner)));
}

// Something in each of the two sets before a child is made.
Observation inherited_sets(World& w, std::uint64_t flags) {
  constexpr unsigned kCapability = CAP_NET_RAW;
  Actor& parent = w.fork(w.outside(), "parent");
  sys::Capabilities set = must(sys::capget(parent));
  set.inheritable = 1ULL << kCapability;
  must(sys::capset(parent, set));
  must(sys::raise_ambient(parent, kCapability));
  const sys::CapabilitySets seen = must(sys::capability_sets(w.clone(parent, flags, "child")));
  if (seen.inheritable == 0 && seen.ambient == 0) return isolated("the child's inheritable and ambient sets are empty");
  if (seen.inheritable == set.inheritable && seen.ambient == set.inheritable)
    return leaked("the child's inheritable and ambient sets are its parent's");
  return unknown(say("inheritable is ", hexadecimal(seen.inheritable), ", ambient ", hexadecimal(seen.ambient)));
}

Observation bounding_set(World& w, std::uint64_t flags) {
  Actor& parent = w.fork(w.outside(), "parent");
  must(sys::drop_bounding(parent, CAP_NET_RAW));
  const std::uint64_t every = must(sys::every_capability(w.outside()));
  const std::uint64_t seen = must(sys::capability_sets(w.clone(parent, flags, "child"))).bounding;
  if (seen == every) return isolated("the child's bounding set has every capability");
  if ((seen >> CAP_NET_RAW & 1) == 0) return leaked("the child's bounding set still lacks CAP_NET_RAW");
  return unknown(say("the child's bounding set is ", hexadecimal(seen)));
}

Observation securebits(World& w, std::uint64_t flags) {
  Actor& parent = w.fork(w.outside(), "parent");
  must(sys::prctl(parent, PR_SET_KEEPCAPS, "PR_SET_KEEPCAPS", 1));
  Actor& child = w.clone(parent, flags, "child");
  const std::int64_t kept = must(sys::prctl(child, PR_GET_KEEPCAPS, "PR_GET_KEEPCAPS"));
  const std::int64_t bits = must(sys::prctl(child, PR_GET_SECUREBITS, "PR_GET_SECUREBITS"));
  if (kept == 0 && bits == 0) return isolated("the child's securebits are the default ones");
  if (kept == 1 && bits != 0) return leaked("the child keeps capabilities as its parent does");
  return unknown(say("PR_GET_KEEPCAPS is ", kept, ", the securebits are ", bits));
}

// A map of one line decides which id the process has inside; its capabilities are full until it executes something.
Observation after_exec(World& w, std::string_view map) {
  Actor& child = w.clone(w.outside(), CLONE_NEWUSER, "child");
  must(sys::map_ids(w.outside(), child.pid(), map));
  const Observation before = judge_full(w, must(sys::capability_sets(child)));
  if (before.outcome != Outcome::isolated) return unknown(say("before execve: ", before.reason));
  execute_probe(child);
  const Observation after = judge_full(w, must(sys::capability_sets(child)));
  if (after.outcome == Outcome::isolated) return leaked("after execve every capability is still there");
  if (after.outcome == Outcome::leaked) return isolated("after execve no capability is left");
  return after;
}

enum class NewPrivileges { forbidden, untouched };

Observation no_new_privileges_kept(World& w, NewPrivileges setting) {
  Actor& parent = w.fork(w.outside(), "parent");
  if (setting == NewPrivileges::forbidden) must(sys::prctl(parent, PR_SET_NO_NEW_PRIVS, "PR_SET_NO_NEW_PRIVS", 1));
  Actor& child = w.clone(parent, CLONE_NEWUSER, "child");
  const std::int64_t flag = must(sys::prctl(child, PR_GET_NO_NEW_PRIVS, "PR_GET_NO_NEW_PRIVS"));
  return flag == 1 ? isolated("no_new_privs is set in the new namespace")
                   : leaked("no_new_privs is not set in the new namespace");
}

const Rows rows = {
    {
        .id = "cap.creation.full-sets",
        .claim = "The first process of a user namespace has every capability, whatever its creator had.",
        .how = "A process without capabilities clones a child into a new user namespace, which reads its sets.",
        .source = "user_namespaces(7), \"Capabilities\"",
        .since = {3, 8},
        .makes = Ns::user,
        .check = [](World& w) { return born_full(w, CLONE_NEWUSER); },
        .control = [](World& w) { return born_full(w, 0); },
        .control_differs = "the child stays in the user namespace",
    },
    {
        .id = "cap.creation.inheritable-cleared",
        .claim = "A new user namespace begins with empty inheritable and ambient sets.",
        .how =
            "A process with CAP_NET_RAW in both sets clones a child into a new user namespace, which reads its sets.",
        .source = "set_cred_user_ns() in kernel/user_namespace.c; capabilities(7)",
        .since = {4, 3},
        .makes = Ns::user,
        .check = [](World& w) { return inherited_sets(w, CLONE_NEWUSER); },
        .control = [](World& w) { return inherited_sets(w, 0); },
        .control_differs = "the child stays in the user namespace",
    },
    {
        .id = "cap.creation.bounding-restored",
        .claim =
            "What was dropped from the bounding set is back in a new user namespace, where it means nothing outside.",
        .how = "A process drops CAP_NET_RAW from its bounding set and clones a child into a new user namespace.",
        .source = "set_cred_user_ns() in kernel/user_namespace.c; capabilities(7)",
        .since = {3, 8},
        .makes = Ns::user,
        .check = [](World& w) { return bounding_set(w, CLONE_NEWUSER); },
        .control = [](World& w) { return bounding_set(w, 0); },
        .control_differs = "the child stays in the user namespace",
    },
    {
        .id = "cap.creation.keepcaps-cleared",
        .claim = "The securebits, keep-caps among them, are back at their defaults in a new user namespace.",
        .how = "A process sets PR_SET_KEEPCAPS and clones a child into a new user namespace, which reads it back.",
        .source = "user_namespaces(7), \"Capabilities\"; prctl(2)",
        .since = {3, 8},
        .makes = Ns::user,
        .check = [](World& w) { return securebits(w, CLONE_NEWUSER); },
        .control = [](World& w) { return securebits(w, 0); },
        .control_differs = "the child stays in the user namespace",
    },
    {
        .id = "cap.creation.no-new-privs-kept",
        .claim = "A new user namespace does not lift no_new_privs.",
        .how = "A process sets PR_SET_NO_NEW_PRIVS and clones a child into a new user namespace, which reads it back.",
        .source = "prctl(2), PR_SET_NO_NEW_PRIVS",
        .since = {3, 8},
        .makes = Ns::user,
        .check = [](World& w) { return no_new_privileges_kept(w, NewPrivileges::forbidden); },
        .control = [](World& w) { return no_new_privileges_kept(w, NewPrivileges::untouched); },
        .control_differs = "the process did not set it",
    },
    {
        .id = "cap.joining.full-sets",
        .claim = "A process that joins a user namespace has every capability there.",
        .how = "A process without capabilities joins the user namespace that its own user made, and reads its sets.",
        .source = "user_namespaces(7), \"Capabilities\"; setns(2)",
        .since = {3, 8},
        .makes = Ns::user,
        .check = [](World& w) { return full_after_joining(w, Joins::yes); },
        .control = [](World& w) { return full_after_joining(w, Joins::no); },
        .control_differs = "the process does not join",
    },
    {
        .id = "cap.exec.others-than-root-lose",
        .claim =
            "A process that is not root in its user namespace loses its capabilities there when it executes a program.",
        .how = "A process whose id is 5 in a new user namespace has every capability, executes the probe and reads its "
               "sets.",
        .source = "user_namespaces(7), \"Capabilities\"; capabilities(7)",
        .since = {3, 8},
        .makes = Ns::user,
        .check = [](World& w) { return after_exec(w, "5 0 1"); },
        .control = [](World& w) { return after_exec(w, "0 0 1"); },
        .control_differs = "its id is 0",
    },
};

}  // namespace
}  // namespace nsproof
