// User namespaces: who may make one, how deep they nest, and what comes with it (user_namespaces(7), clone(2)).
#include <cerrno>
#include <vector>

#include "harness/sys/files.h"
#include "harness/sys/idmaps.h"
#include "harness/sys/nsfs.h"
#include "suites/conformance/user_common.h"

namespace nsproof {
namespace {

// Nesting goes on from outside, each process the creator of the next, until the kernel refuses.
struct Descent {
  std::vector<Actor*> levels;
  Reply last;
};

// The initial namespace is level 0; a namespace of level 33 can be made and has no children (create_user_ns() in
// kernel/user_namespace.c).
constexpr std::size_t kDeepestLevel = 33;

Descent descend(World& w) {
  Descent descent;
  Actor* deepest = &w.outside();
  while (descent.levels.size() <= kDeepestLevel) {
    const World::Attempt attempt = w.try_clone(*deepest, CLONE_NEWUSER, say("level", descent.levels.size() + 1));
    descent.last = attempt.reply;
    if (attempt.actor == nullptr) break;
    must(sys::map_ids(*deepest, attempt.actor->pid(), "0 0 1"));
    descent.levels.push_back(deepest = attempt.actor);
  }
  return descent;
}

// Only the initial user namespace has this inode number (PROC_USER_INIT_INO in include/linux/proc_ns.h). Below it the
// limit is nothing but an upper bound, since no namespace can tell its own level.
constexpr std::uint64_t kInitialInode = 0xEFFFFFFD;

bool is_initial(World& w) { return must(sys::ns_identity(w.outside(), "self", Ns::user)).inode == kInitialInode; }

Observation nested_below_deepest(World& w) {
  const Descent descent = descend(w);
  const std::size_t depth = descent.levels.size();
  if (descent.last.ok()) return allowed(say(depth, " user namespaces were nested below outside and no end was seen"));
  if (is_initial(w) ? depth != kDeepestLevel : depth >= kDeepestLevel)
    return unknown(say("the refusal came after ", depth, " levels below outside: ", errno_name(descent.last.error())));
  const Observation seen = judge_refusal(descent.last, {ENOSPC});
  return {seen.outcome, say("below ", depth, " levels: ", seen.reason)};
}

Observation nested_below_last_but_one(World& w) {
  const Descent descent = descend(w);
  if (descent.levels.size() < 2) return unknown("outside is nested so deeply itself that there is no level to spare");
  Actor& last_but_one = *descent.levels.at(descent.levels.size() - 2);
  return judge_refusal(w.try_clone(last_but_one, CLONE_NEWUSER, "sibling").reply, {ENOSPC});
}

enum class Creator { unmapped, mapped };

Observation created_by(World& w, Creator creator) {
  Actor& child = w.clone(w.outside(), CLONE_NEWUSER, "creator");
  if (creator == Creator::mapped) must(sys::map_ids(w.outside(), child.pid(), "0 0 1"));
  return judge_refusal(w.try_clone(child, CLONE_NEWUSER, "child").reply, {EPERM});
}

enum class Root { own, changed };

Observation created_after_chroot(World& w, Root root) {
  must(sys::mkdir(w.outside(), "/tmp/root"));
  Actor& creator = w.fork(w.outside(), "creator");
  must(root == Root::changed ? sys::chroot(creator, "/tmp/root") : sys::chdir(creator, "/tmp/root"));
  return judge_refusal(w.try_clone(creator, CLONE_NEWUSER, "child").reply, {EPERM});
}

enum class Threads { one, two };

bool same_namespace(Actor& one, Actor& other, Ns type) {
  return must(sys::ns_identity(one, "self", type)) == must(sys::ns_identity(other, "self", type));
}

Observation unshared_with(World& w, Threads threads) {
  Actor& process = w.fork(w.outside(), "process");
  if (threads == Threads::two) w.thread(process, "thread");
  const Reply reply = sys::unshare(process, CLONE_NEWUSER);
  if (reply.ok() && same_namespace(process, w.outside(), Ns::user))
    return unknown(say(reply.call, " succeeded, but the process is in no new namespace"));
  return judge_refusal(reply, {EINVAL});
}

Observation created_with(World& w, std::uint64_t flags) {
  return judge_refusal(w.try_clone(w.outside(), flags, "child").reply, {EINVAL});
}

// What came of making each other type by itself, or together with a user namespace.
struct Attempts {
  std::vector<std::string> made;
  std::vector<std::string> denied;
};

Attempts make_others(World& w, Actor& creator, std::uint64_t with) {
  Attempts attempts;
  for (const Ns type : kAllNamespaces) {
    if (type == Ns::user) continue;
    const World::Attempt attempt = w.try_clone(creator, clone_flag(type) | with, say("in-", name_of(type)));
    if (attempt.actor == nullptr && attempt.reply.error() == EPERM) {
      attempts.denied.emplace_back(name_of(type));
      continue;
    }
    must(attempt.reply);
    if (same_namespace(*attempt.actor, creator, type))
      throw Broken(say(attempt.reply.call, " succeeded, but the child is in no new namespace"));
    attempts.made.emplace_back(name_of(type));
  }
  return attempts;
}

Observation others_refused(World& w) {
  const Attempts seen = make_others(w, powerless(w), 0);
  if (seen.made.empty()) return refused("every other type is EPERM");
  return allowed(say("without a capability it made: ", join(seen.made, " ")));
}

Observation others_made_by_root(World& w) {
  const Attempts seen = make_others(w, w.outside(), 0);
  if (seen.denied.empty()) return allowed("every other type was made");
  return unknown(say("with every capability it was refused: ", join(seen.denied, " ")));
}

Observation others_made_with_user(World& w) {
  const Attempts seen = make_others(w, powerless(w), CLONE_NEWUSER);
  if (seen.denied.empty()) return isolated("every other type was made together with a user namespace");
  return leaked(say("refused although a user namespace was made with it: ", join(seen.denied, " ")));
}

Observation others_need_user(World& w) {
  const Attempts seen = make_others(w, powerless(w), 0);
  if (seen.made.empty()) return leaked("without a user namespace every type is EPERM");
  return unknown(say("made without a user namespace: ", join(seen.made, " ")));
}

Observation owner_of_uts(World& w) {
  const int uts = static_cast<int>(must(sys::open_ns(w.inside(), "self", Ns::uts)));
  const int owner_fd = static_cast<int>(must(sys::ns_get_userns(w.inside(), uts)));
  const sys::NsIdentity owner = must(sys::ns_identity(w.inside(), owner_fd));
  if (owner == must(sys::ns_identity(w.outside(), "self", Ns::user)))
    return leaked("the uts namespace of inside belongs to the user namespace of outside");
  if (owner == must(sys::ns_identity(w.inside(), "self", Ns::user)))
    return isolated("the uts namespace of inside belongs to the user namespace of inside");
  return unknown("the uts namespace of inside belongs to a third user namespace");
}

const Rows rows = {
    {
        .id = "user.nesting.limited",
        .claim = "User namespaces nest at most 33 deep below the initial one; one more fails with ENOSPC.",
        .how = "A chain of processes, each in a user namespace of its own, is made from outside until clone3(2) fails.",
        .source =
            "user_namespaces(7), \"Nested namespaces\" (which says 32); create_user_ns() in kernel/user_namespace.c",
        .since = {4, 9},
        .check = nested_below_deepest,
        .control = nested_below_last_but_one,
        .control_differs = "the creator is one level higher",
    },
    {
        .id = "user.creation.unmapped-creator-refused",
        .claim = "A process whose own ids are not mapped cannot make a user namespace: EPERM.",
        .how = "A process in a user namespace without maps clones a child into another one.",
        .source = "clone(2), EPERM; user_namespaces(7)",
        .since = {3, 8},
        .check = [](World& w) { return created_by(w, Creator::unmapped); },
        .control = [](World& w) { return created_by(w, Creator::mapped); },
        .control_differs = "the creator's ids are mapped first",
    },
    {
        .id = "user.creation.chrooted-refused",
        .claim = "A process in a chroot cannot make a user namespace, which would let it leave: EPERM.",
        .how = "A child of outside calls chroot(2) and clones a child into a new user namespace.",
        .source = "unshare(2), EPERM; CVE-2013-1956 (commit 3151527ee007)",
        .since = {3, 9},
        .check = [](World& w) { return created_after_chroot(w, Root::changed); },
        .control = [](World& w) { return created_after_chroot(w, Root::own); },
        .control_differs = "the directory becomes its working directory and not its root",
    },
    {
        .id = "user.creation.threads-refused",
        .claim = "A process with more than one thread cannot unshare its user namespace: EINVAL.",
        .how = "A process with a second thread calls unshare(2).",
        .source = "unshare(2), CLONE_NEWUSER",
        .since = {3, 8},
        .check = [](World& w) { return unshared_with(w, Threads::two); },
        .control = [](World& w) { return unshared_with(w, Threads::one); },
        .control_differs = "the process has one thread",
    },
    {
        .id = "user.creation.shared-fs-refused",
        .claim = "A new user namespace cannot share root and working directory with its creator: EINVAL.",
        .how = "Outside calls clone3(2) with CLONE_NEWUSER and CLONE_FS.",
        .source = "clone(2), EINVAL; CVE-2013-1858 (commit e66eded8309e)",
        .since = {3, 9},
        .check = [](World& w) { return created_with(w, CLONE_NEWUSER | CLONE_FS); },
        .control = [](World& w) { return created_with(w, CLONE_NEWUSER); },
        .control_differs = "CLONE_FS is left out",
    },
    {
        .id = "user.creation.others-need-capability",
        .claim = "Without CAP_SYS_ADMIN none of the other seven types can be made: EPERM.",
        .how = "A process without capabilities clones a child into each of the seven types by itself.",
        .source = "clone(2), EPERM; namespaces(7)",
        .since = {5, 6},
        .needs = {Need::all_namespaces},
        .check = others_refused,
        .control = others_made_by_root,
        .control_differs = "the creator has every capability",
    },
    {
        .id = "user.creation.user-comes-first",
        .claim = "A process without capabilities can make every other type together with a user namespace, which is "
                 "made first.",
        .how = "A process without capabilities clones a child into each of the seven types and a user namespace.",
        .source = "user_namespaces(7), \"Interaction of user namespaces and other types of namespaces\"",
        .since = {5, 6},
        .needs = {Need::all_namespaces},
        .check = others_made_with_user,
        .control = others_need_user,
        .control_differs = "CLONE_NEWUSER is left out",
    },
    {
        .id = "user.creation.owner-recorded",
        .claim = "A namespace that is made together with a user namespace belongs to it.",
        .how = "Inside asks with NS_GET_USERNS for the owner of its new uts namespace.",
        .source = "ioctl_nsfs(2); user_namespaces(7)",
        .since = {4, 9},
        .isolated_by = Ns::user,
        .sandbox = {.namespaces = Ns::uts},
        .check = owner_of_uts,
    },
};

}  // namespace
}  // namespace nsproof
