// What keeps a namespace alive, seen by what it counts for: a limit of one in /proc/sys/user is free again when the
// namespace is gone, and not before (namespaces(7), "The namespace lifetime").
#include <sys/mount.h>

#include <cerrno>
#include <vector>

#include "harness/catalogue/property.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/mounts.h"
#include "harness/sys/nsfs.h"
#include "harness/sys/process.h"
#include "harness/sys/uts.h"
#include "harness/world/patience.h"
#include "harness/world/world.h"

namespace nsproof {
namespace {

// Namespaces of one type nested in each other, as deep as `levels`; made, and ended from the innermost outwards.
std::vector<Actor*> make_levels(World& w, Actor& creator, Ns type, int levels) {
  std::vector<Actor*> made = {&creator};
  for (int i = 0; i < levels; ++i) made.push_back(&w.launch(*made.back(), {.namespaces = type}, say("level", i + 1)));
  return made;
}

void end_levels(World& w, const std::vector<Actor*>& levels) {
  for (std::size_t i = levels.size() - 1; i > 0; --i) w.end(*levels[i - 1], *levels[i]);
}

// Whether what inside made and ended still counts against its limit, which is just as high as that. The kernel lets go
// of some namespaces a moment after their last process is reaped; so a witness of the same shape is made and ended
// after them in a second sandbox with a limit of its own. Once its place there is free, theirs has had its time.
Observation are_they_gone(World& w, Ns type, int levels) {
  must(sys::set_namespace_limit(w.peer(), type, levels));
  end_levels(w, make_levels(w, w.peer(), type, levels));
  const auto can_make = [&](Actor& actor) { return w.try_clone(actor, clone_flag(type), "another").actor != nullptr; };
  for (int i = 0; i < levels; ++i)
    if (!eventually([&] { return can_make(w.peer()); })) return unknown("a namespace that nothing holds does not go");
  // Work of the kernel that waits on another CPU may still be a little behind.
  constexpr Milliseconds kAfterWitness{50};
  if (eventually([&] { return can_make(w.inside()); }, kAfterWitness))
    return leaked("what was ended is gone: its place is free again");
  const Reply last = w.try_clone(w.inside(), clone_flag(type), "another").reply;
  if (last.error() != ENOSPC) return unknown(say(last.call, ": ", errno_name(last.error())));
  return isolated("what was ended still counts: its place is refused with ENOSPC");
}

// The number under which the layer's /proc, which everyone here looks at, knows a process.
std::string name_in_proc(Actor& process) { return must(sys::readlink(process, "/proc/self")); }

enum class Hold { nothing, descriptor, bind_mount };

// `inside` makes a UTS namespace, keeps hold of it in some way, and ends the only member.
Observation after_its_member_died(World& w, Hold hold) {
  Actor& inside = w.inside();
  must(sys::set_namespace_limit(inside, Ns::uts, 1));
  Actor& member = w.clone(inside, clone_flag(Ns::uts), "member");
  const std::string pid = name_in_proc(member);
  if (hold == Hold::descriptor) must(sys::open_ns(inside, pid, Ns::uts));
  if (hold == Hold::bind_mount) {
    must(sys::make_file(inside, "/tmp/uts", ""));
    must(sys::mount(inside, say("/proc/", pid, "/ns/uts"), "/tmp/uts", "", MS_BIND));
  }
  w.end(inside, member);
  return are_they_gone(w, Ns::uts, 1);
}

Observation held_by_descriptor(World& w) { return after_its_member_died(w, Hold::descriptor); }
Observation held_by_bind_mount(World& w) { return after_its_member_died(w, Hold::bind_mount); }
Observation held_by_nothing(World& w) { return after_its_member_died(w, Hold::nothing); }

// The refund is the same observation from the other side.
Observation refunded(World& w) {
  Observation seen = held_by_nothing(w);
  if (seen.outcome == Outcome::leaked) return isolated(seen.reason);
  return seen.outcome == Outcome::isolated ? leaked(seen.reason) : seen;
}
Observation not_refunded_while_held(World& w) {
  Observation seen = held_by_descriptor(w);
  if (seen.outcome == Outcome::isolated) return leaked(seen.reason);
  return seen.outcome == Outcome::leaked ? isolated(seen.reason) : seen;
}

enum class Inner { kept, let_go };

// Two levels of one type; all members die, and of the inner namespace a descriptor is kept or not.
Observation after_both_levels_died(World& w, Ns type, Inner inner) {
  Actor& inside = w.inside();
  must(sys::set_namespace_limit(inside, type, 2));
  const std::vector<Actor*> levels = make_levels(w, inside, type, 2);
  if (inner == Inner::kept) must(sys::open_ns(inside, name_in_proc(*levels[2]), type));
  end_levels(w, levels);
  return are_they_gone(w, type, 2);
}

Observation pid_child_holds_parent(World& w) { return after_both_levels_died(w, Ns::pid, Inner::kept); }
Observation pid_both_let_go(World& w) { return after_both_levels_died(w, Ns::pid, Inner::let_go); }
Observation user_child_holds_parent(World& w) { return after_both_levels_died(w, Ns::user, Inner::kept); }
Observation user_both_let_go(World& w) { return after_both_levels_died(w, Ns::user, Inner::let_go); }

enum class Owned { kept, let_go };

// A user namespace and a UTS namespace that it owns; of the latter a descriptor is kept or not.
Observation after_the_owner_died(World& w, Owned owned) {
  Actor& inside = w.inside();
  must(sys::set_namespace_limit(inside, Ns::user, 1));
  Actor& owner = w.launch(inside, {.namespaces = {Ns::user, Ns::uts}}, "owner");
  if (owned == Owned::kept) must(sys::open_ns(inside, name_in_proc(owner), Ns::uts));
  w.end(inside, owner);
  return are_they_gone(w, Ns::user, 1);
}

Observation owned_holds_owner(World& w) { return after_the_owner_died(w, Owned::kept); }
Observation owned_let_go(World& w) { return after_the_owner_died(w, Owned::let_go); }

// A namespace that is held keeps what was set in it, and can be entered again.
Observation state_after_death(World& w, Hold hold) {
  Actor& outside = w.outside();
  must(sys::sethostname(outside, "outside"));
  Actor& member = w.clone(outside, clone_flag(Ns::uts), "member");
  must(sys::sethostname(member, "kept"));
  const auto fd = static_cast<int>(must(sys::open_ns(outside, name_in_proc(member), Ns::uts)));
  w.end(outside, member);
  Actor& visitor = w.fork(outside, "visitor");
  if (hold == Hold::descriptor) must(sys::setns(visitor, fd, clone_flag(Ns::uts)));
  const std::string name = must(sys::uname(visitor)).nodename;
  if (name == "kept") return isolated("the host name that the dead member set is still there");
  if (name == "outside") return leaked("the visitor has the host name of outside");
  return unknown(say("a host name that nobody set: ", quoted(name)));
}

Observation state_is_kept(World& w) { return state_after_death(w, Hold::descriptor); }
Observation state_is_fresh(World& w) { return state_after_death(w, Hold::nothing); }

const Sandbox kOwnLimits{.namespaces = {Ns::user, Ns::mnt}};

const Rows rows = {
    {
        .id = "life.descriptor.keeps-alive",
        .claim = "A namespace lives on while a descriptor of it is open, though its last member is dead.",
        .how = "Inside makes one where one is allowed, opens its link, ends its member and tries to make another.",
        .source = "namespaces(7)",
        .since = {5, 3, 0},
        .sandbox = kOwnLimits,
        .check = held_by_descriptor,
        .control = held_by_nothing,
        .control_differs = "no descriptor is opened",
    },
    {
        .id = "life.bind-mount.keeps-alive",
        .claim = "A namespace lives on while its file is bind-mounted somewhere, though its last member is dead.",
        .how = "As for a descriptor, with a bind mount of /proc/PID/ns/uts.",
        .source = "namespaces(7)",
        .since = {5, 3, 0},
        .sandbox = kOwnLimits,
        .check = held_by_bind_mount,
        .control = held_by_nothing,
        .control_differs = "nothing is mounted",
    },
    {
        .id = "life.pid-child.keeps-parent",
        .claim = "A pid namespace lives on while a pid namespace below it is held.",
        .how =
            "Inside nests two where two are allowed, keeps a descriptor of the inner one, ends both and tries to make "
            "another.",
        .source = "namespaces(7)",
        .since = {5, 3, 0},
        .sandbox = kOwnLimits,
        .check = pid_child_holds_parent,
        .control = pid_both_let_go,
        .control_differs = "no descriptor is kept",
    },
    {
        .id = "life.user-child.keeps-parent",
        .claim = "A user namespace lives on while a user namespace below it is held.",
        .how = "As for pid namespaces.",
        .source = "namespaces(7)",
        .since = {5, 3, 0},
        .sandbox = kOwnLimits,
        .check = user_child_holds_parent,
        .control = user_both_let_go,
        .control_differs = "no descriptor is kept",
    },
    {
        .id = "life.owned.keeps-user-namespace",
        .claim = "A user namespace lives on while a namespace that it owns is held.",
        .how = "Inside makes one with a UTS namespace where one is allowed, keeps a descriptor of the latter, ends the "
               "only member and tries to make another.",
        .source = "namespaces(7)",
        .since = {5, 3, 0},
        .sandbox = kOwnLimits,
        .check = owned_holds_owner,
        .control = owned_let_go,
        .control_differs = "no descriptor is kept",
    },
    {
        .id = "life.descriptor.keeps-state",
        .claim = "What was set in a namespace is still there for whoever enters it by a held descriptor.",
        .how = "A member sets the host name and dies; a visitor enters by the descriptor and reads it.",
        .source = "namespaces(7), setns(2)",
        .since = {5, 3, 0},
        .check = state_is_kept,
        .control = state_is_fresh,
        .control_differs = "the visitor does not enter",
    },
    {
        .id = "limit.uts.refunded",
        .claim = "A namespace that is gone no longer counts against user.max_uts_namespaces.",
        .how = "Inside makes one where one is allowed, ends its member and makes another.",
        .source = "namespaces(7)",
        .since = {5, 3, 0},
        .sandbox = kOwnLimits,
        .check = refunded,
        .control = not_refunded_while_held,
        .control_differs = "a descriptor of the first one is kept",
    },
};

}  // namespace
}  // namespace nsproof
