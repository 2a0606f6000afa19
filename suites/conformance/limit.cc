// The limits of /proc/sys/user: how many namespaces of each type a user may have (namespaces(7)).
#include <cerrno>

#include "harness/catalogue/property.h"
#include "harness/support/text.h"
#include "harness/sys/nsfs.h"
#include "harness/world/world.h"

namespace nsproof {
namespace {

Observation creation(World& w, Actor& creator, Ns type) {
  const World::Attempt attempt = w.try_clone(creator, clone_flag(type), "one-more");
  if (attempt.actor != nullptr) return allowed(say("a ", name_of(type), " namespace can be made"));
  if (attempt.reply.error() == ENOSPC) return refused(say("a ", name_of(type), " namespace is refused with ENOSPC"));
  return unknown(say(attempt.reply.call, ": ", errno_name(attempt.reply.error())));
}

template <Ns Type>
Observation at_zero(World& w) {
  must(sys::set_namespace_limit(w.inside(), Type, 0));
  return creation(w, w.inside(), Type);
}

template <Ns Type>
Observation at_ten(World& w) {
  must(sys::set_namespace_limit(w.inside(), Type, 10));
  return creation(w, w.inside(), Type);
}

template <Ns Type>
constexpr Property limit_row(Id id) {
  return {
      .id = id,
      .claim = "No namespace of this type can be made beyond its limit in /proc/sys/user: ENOSPC.",
      .how = "Inside, root of a user namespace, sets its limit to 0 and tries to make one.",
      .source = "namespaces(7), clone(2)",
      .since = {5, 6, 0},
      .sandbox = {.namespaces = Ns::user},
      .makes = Type,
      .check = at_zero<Type>,
      .control = at_ten<Type>,
      .control_differs = "the limit is set to 10",
  };
}

// The limits of all ancestors count, whatever the nearest one says.
Observation below_a_parent(World& w, int parent_limit) {
  Actor& nested = w.launch(w.inside(), {.namespaces = Ns::user}, "nested");
  must(sys::set_namespace_limit(w.inside(), Ns::uts, parent_limit));
  must(sys::set_namespace_limit(nested, Ns::uts, 100));
  return creation(w, nested, Ns::uts);
}

Observation parent_forbids(World& w) { return below_a_parent(w, 0); }
Observation parent_allows(World& w) { return below_a_parent(w, 100); }

// A limit of a child is no limit of its parent.
Observation above_a_child(World& w, Actor& (*creator)(World&, Actor&)) {
  Actor& nested = w.launch(w.inside(), {.namespaces = Ns::user}, "nested");
  must(sys::set_namespace_limit(nested, Ns::uts, 0));
  Observation seen = creation(w, creator(w, nested), Ns::uts);
  // The claim is that the parent is free, so here "allowed" is what is wanted.
  if (seen.outcome == Outcome::leaked) return isolated(seen.reason);
  return seen.outcome == Outcome::isolated ? leaked(seen.reason) : seen;
}

Observation parent_is_free(World& w) {
  return above_a_child(w, [](World& world, Actor&) -> Actor& { return world.inside(); });
}
Observation child_is_not(World& w) {
  return above_a_child(w, [](World&, Actor& nested) -> Actor& { return nested; });
}

// A creation that fails half-way gives back what it had counted.
Observation after_failures(World& w, int failures, std::uint64_t flags) {
  must(sys::set_namespace_limit(w.inside(), Ns::uts, 3));
  must(sys::set_namespace_limit(w.inside(), Ns::net, 0));
  for (int i = 0; i < failures; ++i) {
    const World::Attempt attempt = w.try_clone(w.inside(), flags, "half-way");
    if (attempt.actor == nullptr && attempt.reply.error() != ENOSPC)
      return unknown(say(attempt.reply.call, ": ", errno_name(attempt.reply.error())));
  }
  Observation seen = creation(w, w.inside(), Ns::uts);
  if (seen.outcome == Outcome::leaked) return isolated("the failed creations left nothing that counts");
  return seen.outcome == Outcome::isolated ? leaked("what was made before counts against the limit") : seen;
}

Observation failures_leave_nothing(World& w) { return after_failures(w, 10, clone_flags({Ns::uts, Ns::net})); }
Observation successes_count(World& w) { return after_failures(w, 3, clone_flag(Ns::uts)); }

const Rows rows = {
    limit_row<Ns::mnt>("limit.mnt.enforced"),
    limit_row<Ns::pid>("limit.pid.enforced"),
    limit_row<Ns::net>("limit.net.enforced"),
    limit_row<Ns::user>("limit.user.enforced"),
    limit_row<Ns::ipc>("limit.ipc.enforced"),
    limit_row<Ns::uts>("limit.uts.enforced"),
    limit_row<Ns::cgroup>("limit.cgroup.enforced"),
    limit_row<Ns::time>("limit.time.enforced"),
    {
        .id = "limit.uts.hierarchical",
        .claim = "A limit of a user namespace binds its descendants, however high their own limit is.",
        .how = "Inside sets its limit to 0, a nested user namespace sets its own to 100 and tries to make one.",
        .source = "namespaces(7)",
        .since = {5, 3, 0},
        .sandbox = {.namespaces = Ns::user},
        .check = parent_forbids,
        .control = parent_allows,
        .control_differs = "the limit of inside is 100 too",
    },
    {
        .id = "limit.uts.not-upward",
        .claim = "A limit that a user namespace sets for itself does not bind its parent.",
        .how = "A nested user namespace sets its limit to 0; inside, its parent, makes one.",
        .source = "namespaces(7)",
        .since = {5, 3, 0},
        .sandbox = {.namespaces = Ns::user},
        .check = parent_is_free,
        .control = child_is_not,
        .control_differs = "the nested one itself tries",
    },
    {
        .id = "limit.uts.failed-creation-refunds",
        .claim = "A creation that fails half-way leaves nothing behind that counts against a limit.",
        .how = "Inside allows 3 UTS and no network namespaces, fails ten times to make both at once, then makes a UTS "
               "namespace.",
        .source = "CVE-2013-4205, kernel/nsproxy.c create_new_namespaces()",
        .since = {5, 3, 0},
        .sandbox = {.namespaces = Ns::user},
        .makes = Ns::net,
        .check = failures_leave_nothing,
        .control = successes_count,
        .control_differs = "three creations succeed and live on",
    },
};

}  // namespace
}  // namespace nsproof
