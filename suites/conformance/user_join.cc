// User namespaces: who may join one, and which namespaces of outside inside cannot join (setns(2)).
#include <cerrno>

#include "harness/sys/nsfs.h"
#include "suites/conformance/user_common.h"

namespace nsproof {
namespace {

int open_namespace(Actor& actor, std::string_view process, Ns type) {
  return static_cast<int>(must(sys::open_ns(actor, process, type)));
}

// Success must show in the joiner's own link.
Observation judge_join(Actor& joiner, int fd, Ns type, int documented) {
  const Reply reply = sys::setns(joiner, fd, clone_flag(type));
  if (reply.ok() && must(sys::ns_identity(joiner, "self", type)) != must(sys::ns_identity(joiner, fd)))
    return unknown(say(reply.call, " succeeded, but ", joiner.name(), " is in another namespace"));
  return judge_refusal(reply, {documented});
}

// Inside inherits the descriptor, so that nothing but the capability over its owner stands between the two.
template <Ns type>
Observation outsides_joined(World& w) {
  const int fd = open_namespace(w.outside(), "self", type);
  return judge_join(w.inside(), fd, type, EPERM);
}

Observation joined_own(World& w) {
  Actor& process = w.fork(w.outside(), "process");
  return judge_join(process, open_namespace(process, "self", Ns::user), Ns::user, EINVAL);
}

Observation joined_child(World& w) {
  Actor& child = w.clone(w.outside(), CLONE_NEWUSER, "child");
  Actor& process = w.fork(w.outside(), "process");
  const int fd = open_namespace(process, std::to_string(child.pid()), Ns::user);
  return judge_join(process, fd, Ns::user, EINVAL);
}

enum class Joiner { sibling, parent };

Observation peer_joined_by(World& w, Joiner joiner) {
  const int fd = open_namespace(w.outside(), std::to_string(w.peer().pid()), Ns::user);
  Actor& who = joiner == Joiner::sibling ? w.inside() : w.fork(w.outside(), "parent");
  return judge_join(who, fd, Ns::user, EPERM);
}

enum class Direction { up, down };

Observation joined(World& w, Direction direction) {
  const int up = open_namespace(w.outside(), "self", Ns::user);
  Actor& nested = w.clone(w.inside(), CLONE_NEWUSER, "nested");
  const int fd = direction == Direction::up ? up : open_namespace(w.inside(), std::to_string(nested.pid()), Ns::user);
  return judge_join(w.inside(), fd, Ns::user, EPERM);
}

enum class Threads { one, two };

Observation joined_with(World& w, Threads threads) {
  Actor& child = w.clone(w.outside(), CLONE_NEWUSER, "child");
  Actor& process = w.fork(w.outside(), "process");
  const int fd = open_namespace(process, std::to_string(child.pid()), Ns::user);
  if (threads == Threads::two) w.thread(process, "thread");
  return judge_join(process, fd, Ns::user, EINVAL);
}

template <Ns type>
Property outsides_refused(Id id, std::string_view claim, KernelVersion since) {
  return {
      .id = id,
      .claim = claim,
      .how = "Outside opens its namespace and makes the sandbox; inside calls setns(2) with the inherited descriptor.",
      .source = "setns(2), EPERM; user_namespaces(7)",
      .since = since,
      .isolated_by = Ns::user,
      .makes = type,
      .check = outsides_joined<type>,
  };
}

const Rows rows = {
    outsides_refused<Ns::mnt>("user.join.outside-mnt-refused",
                              "Root inside cannot join the mount namespace of outside.", {3, 8}),
    outsides_refused<Ns::net>("user.join.outside-net-refused",
                              "Root inside cannot join the network namespace of outside.", {3, 8}),
    outsides_refused<Ns::ipc>("user.join.outside-ipc-refused", "Root inside cannot join the ipc namespace of outside.",
                              {3, 8}),
    outsides_refused<Ns::uts>("user.join.outside-uts-refused", "Root inside cannot join the uts namespace of outside.",
                              {3, 8}),
    outsides_refused<Ns::cgroup>("user.join.outside-cgroup-refused",
                                 "Root inside cannot join the cgroup namespace of outside.", {4, 6}),
    outsides_refused<Ns::time>("user.join.outside-time-refused",
                               "Root inside cannot join the time namespace of outside.", {5, 6}),
    {
        .id = "user.join.own-refused",
        .claim = "A process cannot join the user namespace that it is in, to take capabilities again: EINVAL.",
        .how = "A child of outside calls setns(2) with its own user namespace.",
        .source = "setns(2), EINVAL",
        .since = {3, 8},
        .check = joined_own,
        .control = joined_child,
        .control_differs = "the namespace is one that a child has",
    },
    {
        .id = "user.join.sibling-refused",
        .claim = "Root of one user namespace cannot join a sibling namespace: EPERM.",
        .how = "Inside calls setns(2) with the user namespace of a second sandbox.",
        .source = "setns(2), EPERM; user_namespaces(7), \"Capabilities\"",
        .since = {3, 8},
        .sandbox = {.namespaces = Ns::user},
        .check = [](World& w) { return peer_joined_by(w, Joiner::sibling); },
        .control = [](World& w) { return peer_joined_by(w, Joiner::parent); },
        .control_differs = "a process of the parent namespace joins",
    },
    {
        .id = "user.join.parent-refused",
        .claim = "Root inside cannot go back to the parent user namespace: EPERM.",
        .how = "Inside calls setns(2) with an inherited descriptor of the user namespace of outside.",
        .source = "setns(2), EPERM; user_namespaces(7), \"Capabilities\"",
        .since = {3, 8},
        .sandbox = {.namespaces = Ns::user},
        .check = [](World& w) { return joined(w, Direction::up); },
        .control = [](World& w) { return joined(w, Direction::down); },
        .control_differs = "the namespace is below, made by inside",
    },
    {
        .id = "user.join.threads-refused",
        .claim = "A process with more than one thread cannot join another user namespace: EINVAL.",
        .how = "A process with a second thread calls setns(2) with the user namespace of a child.",
        .source = "setns(2), EINVAL",
        .since = {3, 8},
        .check = [](World& w) { return joined_with(w, Threads::two); },
        .control = [](World& w) { return joined_with(w, Threads::one); },
        .control_differs = "the process has one thread",
    },
};

}  // namespace
}  // namespace nsproof
