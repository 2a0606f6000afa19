// Network namespaces: moving links from one to another, what forbids it, and who may configure what (rtnetlink(7)).
#include <fcntl.h>
#include <net/if.h>

#include <cerrno>

#include "harness/catalogue/property.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/netlink.h"
#include "harness/world/world.h"

namespace nsproof {
namespace {

using Kind = sys::NetTarget::Kind;

sys::NetTarget inside_as(World& w, Kind kind) {
  const int pid = w.inside().pid();
  if (kind == Kind::pid) return {kind, pid};
  return {kind, static_cast<int>(must(sys::open(w.outside(), say("/proc/", pid, "/ns/net"), O_RDONLY | O_CLOEXEC)))};
}

bool has_link(Actor& actor, std::string_view name) { return sys::find_link(must(sys::links(actor)), name) != nullptr; }

// Where a link is to be seen.
Observation judge_place(World& w, std::string_view link) {
  const bool out = has_link(w.outside(), link);
  const bool in = has_link(w.inside(), link);
  if (in && !out) return isolated("the link is inside and no longer outside");
  if (out && !in) return leaked("the link is outside and not inside");
  return unknown(out ? "the link is on both sides" : "the link is on neither side");
}

Observation moved_link_left(World& w, Kind kind) {
  must(sys::add_veth(w.outside(), "stays", "goes"));
  must(sys::move_link(w.outside(), "goes", inside_as(w, kind)));
  return judge_place(w, "goes");
}

Observation unmoved_link_stays(World& w) {
  must(sys::add_veth(w.outside(), "stays", "goes"));
  w.inside();
  return judge_place(w, "goes");
}

enum class Clash { name, altname };
enum class NewName { none, free };

Observation move_onto_taken_name(World& w, Clash clash, NewName new_name) {
  const sys::NetTarget target = inside_as(w, Kind::pid);
  must(sys::add_veth(w.inside(), clash == Clash::name ? "twin" : "other", "far"));
  if (clash == Clash::altname) must(sys::add_altname(w.inside(), "other", "twin"));
  must(sys::add_veth(w.outside(), "twin", "far"));
  const Reply moved = new_name == NewName::none ? sys::move_link(w.outside(), "twin", target)
                                                : sys::move_link_as(w.outside(), "twin", target, "single");
  const bool left = !has_link(w.outside(), "twin");
  if (moved.error() == EEXIST && !left) return refused("EEXIST, and the link is still outside");
  if (!moved.ok()) return unknown(say(moved.call, " = ", errno_name(moved.error()), left ? ", and the link left" : ""));
  if (!left) return unknown("the move succeeded, and the link is still outside");
  return allowed(has_link(w.inside(), "single") ? "the link is inside under its new name" : "the link left");
}

enum class Cargo { loopback, veth };

Observation move_cargo(World& w, Cargo cargo) {
  const std::string_view link = cargo == Cargo::loopback ? "lo" : "cargo";
  const sys::NetTarget target = inside_as(w, Kind::pid);
  if (cargo == Cargo::veth) must(sys::add_veth(w.outside(), link, "far"));
  const Reply moved = sys::move_link(w.outside(), link, target);
  const bool left = !has_link(w.outside(), link);
  if (moved.error() == EINVAL && !left) return refused("EINVAL, and the link is still outside");
  if (moved.ok() && left) return allowed("the link left");
  return unknown(say(moved.call, " = ", errno_name(moved.error()),
                     left ? ", and the link left" : ", and the link is still outside"));
}

enum class Place { elsewhere, here };

// Outside raises a link by its name.
Observation configure(World& w, Place place) {
  must(sys::add_veth(w.outside(), "far", "mine"));
  if (place == Place::elsewhere) must(sys::move_link(w.outside(), "mine", inside_as(w, Kind::pid)));
  const Reply raised = sys::set_link_up(w.outside(), "mine");
  const auto links = must(sys::links(place == Place::elsewhere ? w.inside() : w.outside()));
  const netlink::Link* link = sys::find_link(links, "mine");
  if (link == nullptr) return unknown("the link is not where it should be");
  const bool up = (link->flags & IFF_UP) != 0;
  if (raised.error() == ENODEV && !up) return refused("ENODEV, and the link is down");
  if (raised.ok() && up) return allowed("the link is up");
  return unknown(
      say(raised.call, " = ", errno_name(raised.error()), up ? ", and the link is up" : ", and the link is down"));
}

// The descriptor is one that outside opened and inside inherited: the way by which a target can be named at all.
Observation push_outside(World& w) {
  const int target = static_cast<int>(must(sys::open(w.outside(), "/proc/self/ns/net", O_RDONLY | O_CLOEXEC)));
  must(sys::add_veth(w.inside(), "pushed", "far"));
  const Reply moved = sys::move_link(w.inside(), "pushed", {Kind::fd, target});
  const bool arrived = has_link(w.outside(), "pushed");
  if (moved.error() == EPERM && !arrived) return isolated("EPERM, and outside has no such link");
  if (moved.ok() && arrived) return leaked("inside put a link of its own into outside's network namespace");
  return unknown(say(moved.call, " = ", errno_name(moved.error()),
                     arrived ? ", and the link arrived" : ", and the link did not arrive"));
}

const Rows rows = {
    {
        .id = "net.move.by-fd-leaves-source",
        .claim = "A link that is moved to the network namespace of a descriptor is there and no longer in its old one.",
        .how =
            "Outside moves one end of a veth pair to the nsfs descriptor of inside (IFLA_NET_NS_FD); both list links.",
        .source = "network_namespaces(7), rtnetlink(7)",
        .since = {3, 0},
        .sandbox = {.namespaces = Ns::net},
        .needs = {Need::veth},
        .check = [](World& w) { return moved_link_left(w, Kind::fd); },
        .control = unmoved_link_stays,
        .control_differs = "the link is not moved",
    },
    {
        .id = "net.move.by-pid-leaves-source",
        .claim = "A link that is moved to the network namespace of a process is there and no longer in its old one.",
        .how = "Outside moves one end of a veth pair to the pid of inside (IFLA_NET_NS_PID); both list links.",
        .source = "network_namespaces(7), rtnetlink(7)",
        .since = {2, 6, 29},
        .sandbox = {.namespaces = Ns::net},
        .needs = {Need::veth},
        .check = [](World& w) { return moved_link_left(w, Kind::pid); },
        .control = unmoved_link_stays,
        .control_differs = "the link is not moved",
    },
    {
        .id = "net.move.taken-name-refused",
        .claim = "A link cannot be moved to where another link has its name: EEXIST.",
        .how = "Inside has a link \"twin\"; outside moves a \"twin\" of its own there, and lists its links.",
        .source = "dev_change_net_namespace() in net/core/dev.c",
        .since = {2, 6, 29},
        .sandbox = {.namespaces = Ns::net},
        .needs = {Need::veth},
        .check = [](World& w) { return move_onto_taken_name(w, Clash::name, NewName::none); },
        .control = [](World& w) { return move_onto_taken_name(w, Clash::name, NewName::free); },
        .control_differs = "the link takes a free name as it moves",
    },
    {
        .id = "net.move.taken-altname-refused",
        .claim = "A link cannot be moved to where another link has its name as an alternative name: EEXIST.",
        .how = "Inside has a link with the alternative name \"twin\"; outside moves a \"twin\" of its own there.",
        .source = "dev_change_net_namespace() in net/core/dev.c, fixed in Linux 6.5.10",
        .since = {6, 5, 10},
        .backports = {{6, 1, 60}},
        .sandbox = {.namespaces = Ns::net},
        .needs = {Need::veth},
        .check = [](World& w) { return move_onto_taken_name(w, Clash::altname, NewName::none); },
        .control = [](World& w) { return move_onto_taken_name(w, Clash::altname, NewName::free); },
        .control_differs = "the link takes a free name as it moves",
    },
    {
        .id = "net.move.loopback-refused",
        .claim = "The loopback cannot leave its network namespace: EINVAL.",
        .how = "Outside moves its loopback to inside and looks whether it still has one.",
        .source = "dev_change_net_namespace() in net/core/dev.c",
        .since = {2, 6, 29},
        .sandbox = {.namespaces = Ns::net},
        .needs = {Need::veth},
        .check = [](World& w) { return move_cargo(w, Cargo::loopback); },
        .control = [](World& w) { return move_cargo(w, Cargo::veth); },
        .control_differs = "the link is an end of a veth pair",
    },
    {
        .id = "net.move.outside-needs-privilege",
        .claim = "From a user namespace no link can be moved to a network namespace that a parent owns: EPERM.",
        .how = "Inside makes a veth pair and moves one end to a descriptor of outside's network namespace.",
        .source = "network_namespaces(7), user_namespaces(7)",
        .since = {3, 8},
        .isolated_by = Ns::user,
        .sandbox = {.namespaces = Ns::net},
        .needs = {Need::veth},
        .check = push_outside,
    },
    {
        .id = "net.link.foreign-not-configurable",
        .claim = "A link of another network namespace cannot be configured: ENODEV.",
        .how = "Outside moves one end of a veth pair inside and raises it by its name; inside looks at its state.",
        .source = "network_namespaces(7)",
        .since = {2, 6, 29},
        .sandbox = {.namespaces = Ns::net},
        .needs = {Need::veth},
        .check = [](World& w) { return configure(w, Place::elsewhere); },
        .control = [](World& w) { return configure(w, Place::here); },
        .control_differs = "the link is not moved",
    },
};

}  // namespace
}  // namespace nsproof
