// The rules of setns(2), unshare(2) and clone3(2) that are the same for every type.
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/sched.h>

#include <cerrno>
#include <csignal>

#include "harness/catalogue/property.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/ids.h"
#include "harness/sys/nsfs.h"
#include "harness/sys/process.h"
#include "harness/world/world.h"

namespace nsproof {
namespace {

// A call that must be refused with one errno: what it came out as.
Observation refused_with(const Reply& reply, int expected) {
  if (reply.ok()) return allowed(say(reply.call, " succeeds"));
  if (reply.error() == expected) return refused(say(reply.call, " is refused with ", errno_name(expected)));
  return unknown(say(reply.call, " fails with ", errno_name(reply.error()), ", not ", errno_name(expected)));
}

std::string number_of(const Actor& actor) { return std::to_string(actor.pid()); }

// A child of outside that a call may change without changing outside.
Actor& visitor(World& w) { return w.fork(w.outside(), "visitor"); }

Observation join_uts(World& w, std::uint64_t claimed_type) {
  Actor& child = visitor(w);
  const auto fd = static_cast<int>(must(sys::open_ns(child, number_of(w.inside()), Ns::uts)));
  const Reply reply = sys::setns(child, fd, claimed_type);
  const bool joined = must(sys::ns_identity(child, "self", Ns::uts)) ==
                      must(sys::ns_identity(w.outside(), number_of(w.inside()), Ns::uts));
  if (reply.ok() != joined) return unknown(say(reply.call, " and the link of the caller tell different things"));
  return refused_with(reply, EINVAL);
}

Observation as_another_type(World& w) { return join_uts(w, CLONE_NEWIPC); }
Observation as_any_type(World& w) { return join_uts(w, 0); }

enum class File { closed, regular, space };

Observation join_file(World& w, File file, int expected) {
  Actor& child = visitor(w);
  int fd = -1;
  if (file == File::regular) fd = static_cast<int>(must(sys::open(child, "/tmp/file", O_RDWR | O_CREAT | O_CLOEXEC)));
  if (file == File::space) fd = static_cast<int>(must(sys::open_ns(child, number_of(w.inside()), Ns::uts)));
  return refused_with(sys::setns(child, fd, CLONE_NEWUTS), expected);
}

Observation join_closed(World& w) { return join_file(w, File::closed, EBADF); }
Observation join_regular(World& w) { return join_file(w, File::regular, EINVAL); }
Observation join_namespace(World& w) { return join_file(w, File::space, EINVAL); }

enum class Admin { kept, dropped };

// Joins the namespaces of inside one by one, with or without CAP_SYS_ADMIN.
Observation join_each(World& w, Admin admin) {
  for (const Ns type : kAllNamespaces) {
    if (type == Ns::user) continue;  // its rule is another one: the capability is wanted in the target
    Actor& child = visitor(w);
    const auto fd = static_cast<int>(must(sys::open_ns(child, number_of(w.inside()), type)));
    if (admin == Admin::dropped) {
      sys::Capabilities set = must(sys::capget(child));
      set.effective &= ~(1ULL << CAP_SYS_ADMIN);
      must(sys::capset(child, set));
    }
    Observation one = refused_with(sys::setns(child, fd, clone_flag(type)), EPERM);
    if (one.outcome != Outcome::isolated) return one;
  }
  return refused("each of the seven types is refused with EPERM");
}

Observation without_admin(World& w) { return join_each(w, Admin::dropped); }
Observation with_admin(World& w) { return join_each(w, Admin::kept); }

Observation pidfd_with_flags(World& w, std::uint64_t flags) {
  Actor& child = visitor(w);
  const auto pidfd = static_cast<int>(must(sys::pidfd_open(child, w.inside().pid())));
  return refused_with(sys::setns(child, pidfd, flags), EINVAL);
}

Observation pidfd_without_flags(World& w) { return pidfd_with_flags(w, 0); }
Observation pidfd_with_other_flags(World& w) { return pidfd_with_flags(w, CLONE_NEWUTS | CLONE_VM); }
Observation pidfd_with_good_flags(World& w) { return pidfd_with_flags(w, CLONE_NEWUTS); }

enum class Target { alive, dead };

Observation pidfd_of(World& w, Target target) {
  Actor& child = visitor(w);
  Actor& member = w.clone(child, CLONE_NEWUTS, "member");
  const auto pidfd = static_cast<int>(must(sys::pidfd_open(child, member.pid())));
  if (target == Target::dead) w.end(child, member);
  return refused_with(sys::setns(child, pidfd, CLONE_NEWUTS), ESRCH);
}

Observation pidfd_of_the_dead(World& w) { return pidfd_of(w, Target::dead); }
Observation pidfd_of_the_living(World& w) { return pidfd_of(w, Target::alive); }

// Inside owns its UTS namespace and not its network namespace. A member that it made has a UTS namespace of its own.
Observation join_partly_allowed(World& w, std::uint64_t flags) {
  Actor& member = w.clone(w.inside(), CLONE_NEWUTS, "member");
  const auto before = must(sys::ns_identity(w.outside(), number_of(w.inside()), Ns::uts));
  const auto pidfd = static_cast<int>(must(sys::pidfd_open(w.inside(), member.pid())));
  const Reply reply = sys::setns(w.inside(), pidfd, flags);
  const bool moved = must(sys::ns_identity(w.outside(), number_of(w.inside()), Ns::uts)) != before;
  if (moved) return allowed("inside is in the UTS namespace of its member");
  if (reply.error() == EPERM) return refused("EPERM for one of the two types, and inside is where it was");
  return unknown(say(reply.call, ": ", errno_name(reply.error())));
}

Observation join_both(World& w) { return join_partly_allowed(w, CLONE_NEWUTS | CLONE_NEWNET); }
Observation join_the_allowed_one(World& w) { return join_partly_allowed(w, CLONE_NEWUTS); }

Observation unshare_bits(World& w, std::uint64_t flags) {
  return refused_with(sys::unshare(visitor(w), flags), EINVAL);
}
Observation unshare_unknown(World& w) { return unshare_bits(w, CLONE_PIDFD); }
Observation unshare_known(World& w) { return unshare_bits(w, CLONE_FS | CLONE_FILES); }

Observation creation_with(World& w, std::uint64_t flags) {
  return refused_with(w.try_clone(visitor(w), flags, "child").reply, EINVAL);
}
Observation sighand_alone(World& w) { return creation_with(w, CLONE_SIGHAND); }
Observation sighand_with_clear(World& w) { return creation_with(w, CLONE_CLEAR_SIGHAND); }
Observation user_and_fs(World& w) { return creation_with(w, CLONE_NEWUSER | CLONE_FS); }
Observation user_alone(World& w) { return creation_with(w, CLONE_NEWUSER); }

const Sandbox kOwnUts{.namespaces = Ns::uts};
const Sandbox kEverything{.namespaces = NsSet::all().without(Ns::user)};

const Rows rows = {
    {
        .id = "api.setns.checks-type",
        .claim = "setns refuses a descriptor whose type is not the one asked for: EINVAL, and the caller stays.",
        .how = "A visitor joins the UTS namespace of inside by its descriptor, claiming that it is an IPC namespace.",
        .source = "setns(2)",
        .since = {5, 3, 0},
        .sandbox = kOwnUts,
        .check = as_another_type,
        .control = as_any_type,
        .control_differs = "the type is given as 0, which means any",
    },
    {
        .id = "api.setns.refuses-closed-descriptor",
        .claim = "setns refuses a descriptor that is not open: EBADF.",
        .how = "A visitor calls setns with -1.",
        .source = "setns(2)",
        .since = {5, 3, 0},
        .sandbox = kOwnUts,
        .check = join_closed,
        .control = join_namespace,
        .control_differs = "the descriptor is that of a UTS namespace",
    },
    {
        .id = "api.setns.refuses-other-files",
        .claim = "setns refuses a descriptor of something else than a namespace or a process: EINVAL.",
        .how = "A visitor calls setns with a descriptor of a regular file.",
        .source = "setns(2)",
        .since = {5, 3, 0},
        .sandbox = kOwnUts,
        .check = join_regular,
        .control = join_namespace,
        .control_differs = "the descriptor is that of a UTS namespace",
    },
    {
        .id = "api.setns.needs-sys-admin",
        .claim = "setns into a namespace of any type but user needs CAP_SYS_ADMIN: EPERM.",
        .how =
            "Visitors without CAP_SYS_ADMIN in their effective set try to join each of the seven namespaces of inside.",
        .source = "setns(2), capabilities(7)",
        .since = {5, 8, 0},
        .sandbox = kEverything,
        .check = without_admin,
        .control = with_admin,
        .control_differs = "the visitors keep the capability",
    },
    {
        .id = "api.setns-pidfd.needs-flags",
        .claim = "setns by pidfd refuses an empty set of types: EINVAL.",
        .how = "A visitor calls setns with a pidfd of inside and 0.",
        .source = "setns(2)",
        .since = {5, 8, 0},
        .sandbox = kOwnUts,
        .check = pidfd_without_flags,
        .control = pidfd_with_good_flags,
        .control_differs = "the set is CLONE_NEWUTS",
    },
    {
        .id = "api.setns-pidfd.refuses-other-flags",
        .claim = "setns by pidfd refuses flags that name no namespace type: EINVAL.",
        .how = "A visitor calls setns with a pidfd of inside and CLONE_NEWUTS|CLONE_VM.",
        .source = "setns(2)",
        .since = {5, 8, 0},
        .sandbox = kOwnUts,
        .check = pidfd_with_other_flags,
        .control = pidfd_with_good_flags,
        .control_differs = "the set is CLONE_NEWUTS",
    },
    {
        .id = "api.setns-pidfd.refuses-the-dead",
        .claim = "setns by the pidfd of a process that has been reaped is refused: ESRCH.",
        .how =
            "A visitor opens a pidfd of a child in a UTS namespace of its own, ends and reaps it, and tries to join.",
        .source = "setns(2)",
        .since = {5, 8, 0},
        .check = pidfd_of_the_dead,
        .control = pidfd_of_the_living,
        .control_differs = "the child lives",
    },
    {
        .id = "api.setns-pidfd.all-or-nothing",
        .claim = "setns by pidfd joins all the types it is asked for or none.",
        .how =
            "Inside owns its UTS but not its network namespace; it tries to join both of a member, and outside looks "
            "whether its UTS link changed.",
        .source = "setns(2)",
        .since = {5, 8, 0},
        .sandbox = {.namespaces = {Ns::user, Ns::uts}},
        .makes = Ns::net,
        .check = join_both,
        .control = join_the_allowed_one,
        .control_differs = "only the UTS namespace is asked for",
    },
    {
        .id = "api.unshare.refuses-unknown-flags",
        .claim = "unshare refuses flags that it does not know: EINVAL.",
        .how = "A visitor calls unshare(CLONE_PIDFD).",
        .source = "unshare(2)",
        .since = {5, 3, 0},
        .check = unshare_unknown,
        .control = unshare_known,
        .control_differs = "the flags are CLONE_FS|CLONE_FILES",
    },
    {
        .id = "api.clone3.sighand-needs-vm",
        .claim = "clone3 with CLONE_SIGHAND but without CLONE_VM is refused: EINVAL.",
        .how = "A visitor tries it.",
        .source = "clone(2)",
        .since = {5, 5, 0},
        .check = sighand_alone,
        .control = sighand_with_clear,
        .control_differs = "the flag is CLONE_CLEAR_SIGHAND",
    },
    {
        .id = "api.clone3.user-excludes-fs",
        .claim = "clone3 with CLONE_NEWUSER and CLONE_FS is refused: EINVAL.",
        .how = "A visitor tries it.",
        .source = "clone(2), CVE-2013-1858",
        .since = {5, 3, 0},
        .makes = Ns::user,
        .check = user_and_fs,
        .control = user_alone,
        .control_differs = "CLONE_FS is left out",
    },
};

}  // namespace
}  // namespace nsproof
