// Mount namespaces: which way mount and unmount events flow between two of them (sharedsubtree.rst,
// mount_namespaces(7)).
#include "harness/catalogue/property.h"
#include "suites/conformance/mnt_support.h"

namespace nsproof {
namespace {

using namespace mnt;

constexpr std::string_view kParent = "/tmp/parent";
constexpr std::string_view kChild = "/tmp/parent/child";

enum class Maker { outside, inside };

// Outside has a shared mount with a directory in it, and the sandbox's copy of that mount is given a type.
void share_parent(World& w, std::uint64_t type_inside) {
  must(sys::mkdir(w.outside(), kParent));
  mount_marked(w.outside(), kParent);
  must(set_type(w.outside(), kParent, MS_SHARED));
  must(sys::mkdir(w.outside(), kChild));
  must(set_type(w.inside(), kParent, type_inside));
}

// One side mounts on the directory; whether the other sees it.
bool crosses(World& w, std::uint64_t type_inside, Maker maker) {
  share_parent(w, type_inside);
  Actor& from = maker == Maker::outside ? w.outside() : w.inside();
  Actor& to = maker == Maker::outside ? w.inside() : w.outside();
  mount_marked(from, kChild);
  return sees_mark(to, kChild);
}

Observation must_arrive(bool arrived) {
  return arrived ? isolated("the mount arrived on the other side, as it must")
                 : leaked("the mount did not arrive on the other side");
}

Observation must_stay(bool arrived) {
  return arrived ? leaked("the mount arrived on the other side") : isolated("the mount stayed where it was made");
}

// Neither way: inside first, then outside on another directory.
bool crosses_either_way(World& w, std::uint64_t type_inside) {
  constexpr std::string_view kOther = "/tmp/parent/other";
  if (crosses(w, type_inside, Maker::inside)) return true;
  must(sys::mkdir(w.outside(), kOther));
  mount_marked(w.outside(), kOther);
  return sees_mark(w.inside(), kOther);
}

// outside (shared) -> inside (slave and shared) -> nested (slave)
enum class Link { whole, broken };

Observation events_go_down_a_chain(World& w, Link link) {
  share_parent(w, link == Link::whole ? MS_SLAVE : MS_PRIVATE);
  must(set_type(w.inside(), kParent, MS_SHARED));
  Actor& nested = w.launch(w.inside(), {.namespaces = Ns::mnt}, "nested");
  must(set_type(nested, kParent, MS_SLAVE));
  constexpr std::string_view kOwn = "/tmp/parent/own";
  must(sys::mkdir(w.outside(), kOwn));
  mount_marked(nested, kOwn);
  if (sees_mark(w.inside(), kOwn) || sees_mark(w.outside(), kOwn)) return leaked("a mount went up the chain");
  mount_marked(w.outside(), kChild);
  if (sees_mark(w.inside(), kChild) != sees_mark(nested, kChild)) return unknown("the chain is broken at its end");
  return must_arrive(sees_mark(nested, kChild));
}

// A slave's own mounts: do they reach the copy of it that nested has?
Observation slave_relays(World& w, bool shared_too) {
  share_parent(w, MS_SLAVE);
  if (shared_too) must(set_type(w.inside(), kParent, MS_SHARED));
  Actor& nested = w.launch(w.inside(), {.namespaces = Ns::mnt}, "nested");
  mount_marked(w.inside(), kChild);
  if (sees_mark(w.outside(), kChild)) return leaked("the mount went up to the master");
  return must_arrive(sees_mark(nested, kChild));
}

Observation unmount_crosses(World& w, std::uint64_t type_inside, std::uint64_t type_later) {
  if (!crosses(w, type_inside, Maker::outside)) return unknown("the mount did not arrive inside in the first place");
  must(set_type(w.inside(), kParent, type_later));
  must(sys::umount(w.outside(), kChild));
  if (sees_mark(w.outside(), kChild)) return unknown("outside still sees what it has unmounted");
  return sees_mark(w.inside(), kChild) ? leaked("the copy stayed") : isolated("the copy went with it");
}

enum class Copy { bare, with_a_mount_on_it };

Observation busy_copy_stays(World& w, Copy copy) {
  if (!crosses(w, MS_SLAVE, Maker::outside)) return unknown("the mount did not arrive inside in the first place");
  if (copy == Copy::with_a_mount_on_it) make_marked(w.inside(), say(kChild, "/leaf"));
  must(sys::umount(w.outside(), kChild));
  if (sees_mark(w.outside(), kChild)) return unknown("outside still sees what it has unmounted");
  return sees_mark(w.inside(), kChild) ? isolated("the copy stayed") : leaked("the copy went with it");
}

const Sandbox kOwnMounts = {.namespaces = Ns::mnt};

const Rows rows = {
    {
        .id = "mnt.shared.outside-mount-arrives",
        .claim = "A mount that is made outside below a shared mount appears below its peer inside.",
        .how = "The sandbox's copy of a shared mount is left shared; outside mounts below it, inside looks.",
        .source = "mount_namespaces(7)",
        .since = {2, 6, 15},
        .sandbox = kOwnMounts,
        .check = [](World& w) { return must_arrive(crosses(w, MS_SHARED, Maker::outside)); },
        .control = [](World& w) { return must_arrive(crosses(w, MS_PRIVATE, Maker::outside)); },
        .control_differs = "the copy inside is made private",
    },
    {
        .id = "mnt.shared.inside-mount-arrives",
        .claim = "A mount that is made inside below a shared mount appears below its peer outside.",
        .how = "The sandbox's copy of a shared mount is left shared; inside mounts below it, outside looks.",
        .source = "mount_namespaces(7)",
        .since = {2, 6, 15},
        .sandbox = kOwnMounts,
        .check = [](World& w) { return must_arrive(crosses(w, MS_SHARED, Maker::inside)); },
        .control = [](World& w) { return must_arrive(crosses(w, MS_SLAVE, Maker::inside)); },
        .control_differs = "the copy inside is made a slave",
    },
    {
        .id = "mnt.slave.receives",
        .claim = "A mount that is made below a shared mount appears below its slave.",
        .how = "The sandbox's copy of a shared mount is made a slave; outside mounts below the master, inside looks.",
        .source = "mount_namespaces(7)",
        .since = {2, 6, 15},
        .sandbox = kOwnMounts,
        .check = [](World& w) { return must_arrive(crosses(w, MS_SLAVE, Maker::outside)); },
        .control = [](World& w) { return must_arrive(crosses(w, MS_PRIVATE, Maker::outside)); },
        .control_differs = "the copy inside is made private",
    },
    {
        .id = "mnt.slave.never-sends",
        .claim = "A mount that is made below a slave does not appear below its master.",
        .how = "The sandbox's copy of a shared mount is made a slave; inside mounts below it, outside looks.",
        .source = "mount_namespaces(7)",
        .since = {2, 6, 15},
        .sandbox = kOwnMounts,
        .check = [](World& w) { return must_stay(crosses(w, MS_SLAVE, Maker::inside)); },
        .control = [](World& w) { return must_stay(crosses(w, MS_SHARED, Maker::inside)); },
        .control_differs = "the copy inside stays shared",
    },
    {
        .id = "mnt.private.nothing-crosses",
        .claim = "No mount event crosses between a shared mount and a copy of it that was made private.",
        .how =
            "The sandbox's copy of a shared mount is made private; each side mounts below its own and the other looks.",
        .source = "mount_namespaces(7)",
        .since = {2, 6, 15},
        .sandbox = kOwnMounts,
        .check = [](World& w) { return must_stay(crosses_either_way(w, MS_PRIVATE)); },
        .control = [](World& w) { return must_stay(crosses_either_way(w, MS_SHARED)); },
        .control_differs = "the copy inside stays shared",
    },
    {
        .id = "mnt.unbindable.nothing-crosses",
        .claim = "No mount event crosses between a shared mount and a copy of it that was made unbindable.",
        .how = "As for a private copy: each side mounts below its own and the other looks.",
        .source = "mount_namespaces(7)",
        .since = {2, 6, 15},
        .sandbox = kOwnMounts,
        .check = [](World& w) { return must_stay(crosses_either_way(w, MS_UNBINDABLE)); },
        .control = [](World& w) { return must_stay(crosses_either_way(w, MS_SHARED)); },
        .control_differs = "the copy inside stays shared",
    },
    {
        .id = "mnt.slave.chain-goes-down-only",
        .claim = "Mount events run down a chain of slaves over several namespaces, and never up.",
        .how =
            "Inside is a slave of outside and shared, nested a slave of inside. Nested mounts and nobody above may see "
            "it; outside mounts and nested must see it.",
        .source = "mount_namespaces(7)",
        .since = {2, 6, 15},
        .sandbox = kOwnMounts,
        .check = [](World& w) { return events_go_down_a_chain(w, Link::whole); },
        .control = [](World& w) { return events_go_down_a_chain(w, Link::broken); },
        .control_differs = "the link between outside and inside is cut: private, then shared anew",
    },
    {
        .id = "mnt.slave.shared-too-relays",
        .claim = "A slave that is shared as well passes its mounts on to its own peers and nothing to its master.",
        .how =
            "Inside is a slave of outside and shared, nested has its copy. Inside mounts; nested must see it, outside "
            "must not.",
        .source = "mount_namespaces(7)",
        .since = {2, 6, 15},
        .sandbox = kOwnMounts,
        .check = [](World& w) { return slave_relays(w, true); },
        .control = [](World& w) { return slave_relays(w, false); },
        .control_differs = "inside is a plain slave when nested gets its copy",
    },
    {
        .id = "mnt.shared.unmount-propagates",
        .claim = "Unmounting below a shared mount removes the copy below its peer.",
        .how = "A mount of outside has arrived at the peer inside; outside unmounts it and inside looks.",
        .source = "umount(2); sharedsubtree.rst",
        .since = {2, 6, 15},
        .sandbox = kOwnMounts,
        .check = [](World& w) { return unmount_crosses(w, MS_SHARED, MS_SHARED); },
        .control = [](World& w) { return unmount_crosses(w, MS_SHARED, MS_PRIVATE); },
        .control_differs = "the copy of the parent is made private once the mount has arrived",
    },
    {
        .id = "mnt.slave.unmount-propagates",
        .claim = "Unmounting below a shared mount removes the copy below its slave.",
        .how = "A mount of outside has arrived at the slave inside; outside unmounts it and inside looks.",
        .source = "umount(2); sharedsubtree.rst",
        .since = {2, 6, 15},
        .sandbox = kOwnMounts,
        .check = [](World& w) { return unmount_crosses(w, MS_SLAVE, MS_SLAVE); },
        .control = [](World& w) { return unmount_crosses(w, MS_SLAVE, MS_PRIVATE); },
        .control_differs = "the slave is made private once the mount has arrived",
    },
    {
        .id = "mnt.slave.busy-copy-survives",
        .claim = "An unmount that propagates leaves a copy alone that has other mounts on it.",
        .how =
            "A mount of outside has arrived at the slave inside, where another is mounted below it; outside unmounts "
            "its own.",
        .source = "sharedsubtree.rst",
        .since = {2, 6, 15},
        .sandbox = kOwnMounts,
        .check = [](World& w) { return busy_copy_stays(w, Copy::with_a_mount_on_it); },
        .control = [](World& w) { return busy_copy_stays(w, Copy::bare); },
        .control_differs = "nothing is mounted on the copy",
    },
};

}  // namespace
}  // namespace nsproof
