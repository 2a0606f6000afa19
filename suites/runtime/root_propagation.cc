// The propagation of a sandbox's root mount, all four kinds and every direction: from the host into the sandbox, out of
// it, and between it and sandboxes that it makes (mount_namespaces(7), Shared subtrees).
#include <sched.h>
#include <sys/mount.h>

#include <algorithm>

#include "harness/catalogue/property.h"
#include "harness/runtime/contract.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/mounts.h"
#include "harness/sys/process.h"
#include "harness/world/machine_view.h"
#include "harness/world/world.h"
#include "suites/runtime/root_support.h"

namespace nsproof {
namespace {

// A directory that every root has and on which nothing is to be mounted.
std::string point_of(World& w) {
  const std::vector<ContractMount>& mounts = w.contract().mounts;
  for (const char* place : {"/mnt", "/home", "/root"}) {
    const auto is_there = [&](const ContractMount& mount) { return mount.destination == place; };
    if (std::none_of(mounts.begin(), mounts.end(), is_there)) return place;
  }
  throw Broken("the configuration mounts something on every directory that could be mounted on");
}

// A tmpfs with a file in it, so that it can be told from what it covers.
Reply mount_marked(Actor& actor, const std::string& directory) {
  Reply mounted = sys::mount(actor, "nsproof", directory, "tmpfs");
  if (mounted.ok()) must(sys::make_file(actor, directory + "/mark", "mark", 0644));
  return mounted;
}

Observation sees_mark(Actor& actor, const std::string& directory) {
  return sys::access(actor, directory + "/mark").ok() ? leaked(say(actor.name(), " sees the mount on ", directory))
                                                      : isolated(say(actor.name(), " does not see it"));
}

// For claims that something must be seen.
Observation turned(Observation seen) {
  seen.outcome = seen.outcome == Outcome::leaked ? Outcome::isolated : Outcome::leaked;
  return seen;
}

// Root directories are made on a mount that passes on what happens below it, as those of many machines do.
void share_what_holds_roots(World& w) {
  must(sys::mount(w.outside(), kLayerHome, kLayerHome, "", MS_BIND));
  must(sys::mount(w.outside(), "", kLayerHome, "", MS_SHARED));
}

Observation host_mount(World& w) {
  share_what_holds_roots(w);
  Actor& inside = w.inside();
  must(mount_marked(w.outside(), w.place().rootfs() + point_of(w)));
  return sees_mark(inside, point_of(w));
}

Observation host_mount_shown(World& w) { return turned(host_mount(w)); }

Observation host_mount_apart(World& w) {
  Actor& apart = w.fork(w.outside(), "apart");
  must(sys::unshare(apart, CLONE_NEWNS));
  must(sys::mount(apart, "", "/", "", MS_REC | MS_PRIVATE));
  must(mount_marked(apart, point_of(w)));
  return turned(sees_mark(w.inside(), point_of(w)));
}

Observation sandbox_mount(World& w) {
  share_what_holds_roots(w);
  must(mount_marked(visitor_of(w), point_of(w)));
  return sees_mark(w.outside(), w.place().rootfs() + point_of(w));
}

// A mount in a copy of the sandbox's mounts, as those of a container within a container are.
Observation nested_mount(World& w) {
  Actor& nested = visitor_of(w, "nested");
  must(sys::unshare(nested, CLONE_NEWNS));
  must(mount_marked(nested, point_of(w)));
  return sees_mark(w.inside(), point_of(w));
}

Observation nested_mount_shown(World& w) { return turned(nested_mount(w)); }

Observation nested_mount_below_shared(World& w) {
  must(sys::mount(w.outside(), "", "/", "", MS_REC | MS_SHARED));
  return nested_mount(w);
}

Observation bind_of_root(World& w) {
  const Reply bound = sys::mount(visitor_of(w), "/", point_of(w), "", MS_BIND);
  return bound.ok() ? allowed("/ can be bound") : refused(say("a bind of /: ", errno_name(bound.error())));
}

// Whether the contract asks for one of these kinds, with "r" before it or without.
std::optional<std::string> asked_for(const Contract& contract, std::initializer_list<std::string_view> kinds) {
  if (!contract.root_propagation) return std::nullopt;
  std::string_view kind = *contract.root_propagation;
  // "rprivate" and "private" alike: the root is one mount.
  if (kind.starts_with('r')) kind.remove_prefix(1);
  if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) return std::nullopt;
  return say("a ", *contract.root_propagation, " root");
}

constexpr const char* kSpec = "OCI runtime-spec config-linux.md, Rootfs Mount Propagation; mount_namespaces(7)";

const RuntimeRows rows = {
    {
        .id = "root.propagation.host-mount-hidden",
        .claim = "What the host mounts below the root directory does not show in a sandbox with a private root.",
        .how = "The root directory lies on a shared mount; outside mounts a tmpfs below it, and inside looks for it.",
        .source = kSpec,
        .since = {2, 6, 26},
        .reach = Reach::any_alone,
        .check = host_mount,
        .asked =
            [](const Contract& contract) {
              return asked_for(contract, {"private", "unbindable"});
            },
    },
    {
        .id = "root.propagation.host-mount-shown",
        .claim = "What the host mounts below the root directory shows in a sandbox with a slave root.",
        .how = "The root directory lies on a shared mount; outside mounts a tmpfs below it, and inside looks for it.",
        .source = kSpec,
        .since = {2, 6, 26},
        .reach = Reach::any_alone,
        .check = host_mount_shown,
        .control = host_mount_apart,
        .control_differs = "in a process that nothing isolates; the mount is made in another mount namespace",
        .asked = [](const Contract& contract) { return asked_for(contract, {"slave"}); },
    },
    {
        .id = "root.propagation.sandbox-mount-hidden",
        .claim = "What is mounted in a sandbox does not show below its root directory on the host.",
        .how =
            "The root directory lies on a shared mount; a process in the sandbox's mount namespace mounts a tmpfs, and "
            "outside looks for it.",
        .source = kSpec,
        .since = {2, 6, 26},
        .reach = Reach::any_alone,
        .check = sandbox_mount,
        .asked =
            [](const Contract& contract) {
              return asked_for(contract, {"private", "slave", "shared", "unbindable"});
            },
    },
    {
        .id = "root.propagation.nested-mount-shown",
        .claim = "A shared root is in a peer group: what a sandbox within the sandbox mounts shows in it.",
        .how = "A process in a copy of the sandbox's mount namespace mounts a tmpfs, and inside looks for it.",
        .source = kSpec,
        .since = {2, 6, 26},
        .reach = Reach::any_alone,
        .check = nested_mount_shown,
        .asked = [](const Contract& contract) { return asked_for(contract, {"shared"}); },
    },
    {
        .id = "root.propagation.nested-mount-hidden",
        .claim = "What a sandbox within the sandbox mounts does not show in it, unless its root is shared.",
        .how = "A process in a copy of the sandbox's mount namespace mounts a tmpfs, and inside looks for it.",
        .source = kSpec,
        .since = {2, 6, 26},
        .reach = Reach::any_alone,
        .check = nested_mount,
        .control = nested_mount_below_shared,
        .control_differs = "in a process that nothing isolates, whose mounts are shared",
        .asked =
            [](const Contract& contract) {
              return asked_for(contract, {"private", "slave", "unbindable"});
            },
    },
    {
        .id = "root.propagation.bind-refused",
        .claim = "An unbindable root cannot be bound elsewhere.",
        .how = "A process in the sandbox's mount namespace calls mount(2) with MS_BIND on /.",
        .source = kSpec,
        .since = {2, 6, 26},
        .reach = Reach::any_alone,
        .check = bind_of_root,
        .asked = [](const Contract& contract) { return asked_for(contract, {"unbindable"}); },
    },
};

}  // namespace
}  // namespace nsproof
