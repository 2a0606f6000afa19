// Network namespaces: who may do what. Privilege over one is privilege in the user namespace that owns it
// (user_namespaces(7), capabilities(7)).
#include <linux/sched.h>
#include <net/if.h>
#include <netinet/in.h>

#include <cerrno>

#include "harness/catalogue/property.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/ids.h"
#include "harness/sys/netlink.h"
#include "harness/sys/process.h"
#include "harness/sys/sockets.h"
#include "harness/world/world.h"

namespace nsproof {
namespace {

// Inside is root of a user namespace. The network namespace that it was born in belongs to a parent; one that it
// unshares belongs to its own.
enum class Owner { parent, own };

Actor& root_in(World& w, Owner owner) {
  if (owner == Owner::own) must(sys::unshare(w.inside(), CLONE_NEWNET));
  return w.inside();
}

Observation judge_errno(const Reply& reply, int expected) {
  if (reply.error() == expected) return refused(say(reply.call, " = ", errno_name(expected)));
  if (reply.ok()) return allowed(say(reply.call, " succeeds"));
  return unknown(say(reply.call, " = ", errno_name(reply.error())));
}

Observation raw_socket(World& w, Owner owner) {
  return judge_errno(sys::socket(root_in(w, owner), AF_INET, SOCK_RAW, IPPROTO_ICMP), EPERM);
}

Observation low_port(World& w, Owner owner) {
  return judge_errno(sys::serve(root_in(w, owner), SOCK_STREAM, sys::inet("0.0.0.0", 80)), EACCES);
}

enum class Threshold { standard, lowered };

Observation low_port_with(World& w, Threshold threshold) {
  if (threshold == Threshold::lowered)
    must(sys::write_file(w.outside(), "/proc/sys/net/ipv4/ip_unprivileged_port_start", "80"));
  return low_port(w, Owner::parent);
}

Observation raise_loopback(World& w, Owner owner) {
  Actor& actor = root_in(w, owner);
  const Reply raised = sys::set_link_up(actor, "lo");
  const auto links = must(sys::links(actor));
  const netlink::Link* lo = sys::find_link(links, "lo");
  if (lo == nullptr) return unknown("there is no loopback");
  const bool up = (lo->flags & IFF_UP) != 0;
  if (raised.error() == EPERM && !up) return refused("EPERM, and the loopback is down");
  if (raised.ok() && up) return allowed("the loopback is up");
  return unknown(say(raised.call, " = ", errno_name(raised.error()), up ? ", and it is up" : ", and it is down"));
}

// A process without any capability.
Observation create_powerless(World& w, std::uint64_t flags) {
  Actor& powerless = w.inside();
  must(sys::capset(powerless, {}));
  const World::Attempt made = w.try_clone(powerless, flags, "child");
  if (made.reply.error() == EPERM) return refused(say(made.reply.call, " = EPERM"));
  must(made.reply);
  const std::string mine = must(sys::readlink(powerless, "/proc/self/ns/net"));
  const std::string childs = must(sys::readlink(*made.actor, "/proc/self/ns/net"));
  if (mine == childs) return unknown("clone3 succeeded, and the child is in the old network namespace");
  return allowed("a child in a new network namespace was made");
}

// netlink(7) sockets are judged by who opened them and by who uses them (CVE-2014-0181).
Observation inherited_socket_powerless(World& w) {
  const int fd = static_cast<int>(must(sys::route_socket(w.outside())));
  const Reply raised = sys::set_link_up_by(w.inside(), fd, "lo");
  const auto links = must(sys::links(w.outside()));
  const netlink::Link* lo = sys::find_link(links, "lo");
  if (lo == nullptr) return unknown("there is no loopback outside");
  const bool up = (lo->flags & IFF_UP) != 0;
  if (raised.error() == EPERM && !up) return isolated("EPERM, and the loopback of outside is down");
  if (raised.ok() && up) return leaked("inside raised the loopback of outside");
  return unknown(say(raised.call, " = ", errno_name(raised.error()), up ? ", and it is up" : ", and it is down"));
}

const Rows rows = {
    {
        .id = "net.privilege.raw-socket",
        .claim = "A raw socket needs CAP_NET_RAW in the user namespace that owns the network namespace: EPERM.",
        .how = "Inside is root of a user namespace, its network namespace belongs to a parent; it opens a raw socket.",
        .source = "raw(7), capabilities(7), user_namespaces(7)",
        .since = {3, 8},
        .sandbox = {.namespaces = Ns::user},
        .check = [](World& w) { return raw_socket(w, Owner::parent); },
        .control = [](World& w) { return raw_socket(w, Owner::own); },
        .control_differs = "inside unshares a network namespace of its own first",
    },
    {
        .id = "net.privilege.low-port",
        .claim = "A port below 1024 needs CAP_NET_BIND_SERVICE in the user namespace that owns the network namespace: "
                 "EACCES.",
        .how = "Inside is root of a user namespace, its network namespace belongs to a parent; it binds port 80.",
        .source = "ip(7), capabilities(7), user_namespaces(7)",
        .since = {3, 8},
        .sandbox = {.namespaces = Ns::user},
        .check = [](World& w) { return low_port(w, Owner::parent); },
        .control = [](World& w) { return low_port(w, Owner::own); },
        .control_differs = "inside unshares a network namespace of its own first",
    },
    {
        .id = "net.privilege.port-threshold",
        .claim = "Which ports need privilege is up to ip_unprivileged_port_start of the network namespace.",
        .how = "Inside, without privilege over its network namespace, binds port 80.",
        .source = "Documentation/networking/ip-sysctl.rst",
        .since = {4, 11},
        .sandbox = {.namespaces = Ns::user},
        .check = [](World& w) { return low_port_with(w, Threshold::standard); },
        .control = [](World& w) { return low_port_with(w, Threshold::lowered); },
        .control_differs = "outside sets the threshold of that network namespace to 80 first",
    },
    {
        .id = "net.privilege.configure-links",
        .claim =
            "Links can be configured only with CAP_NET_ADMIN in the user namespace that owns the network namespace: "
            "EPERM.",
        .how = "Inside is root of a user namespace, its network namespace belongs to a parent; it raises the loopback.",
        .source = "rtnetlink(7), user_namespaces(7)",
        .since = {3, 8},
        .sandbox = {.namespaces = Ns::user},
        .check = [](World& w) { return raise_loopback(w, Owner::parent); },
        .control = [](World& w) { return raise_loopback(w, Owner::own); },
        .control_differs = "inside unshares a network namespace of its own first",
    },
    {
        .id = "net.privilege.create",
        .claim = "Without CAP_SYS_ADMIN a network namespace cannot be made on its own: EPERM.",
        .how = "A process that has dropped every capability calls clone3 with CLONE_NEWNET.",
        .source = "clone(2), user_namespaces(7)",
        .since = {5, 3},
        .makes = Ns::user,
        .check = [](World& w) { return create_powerless(w, CLONE_NEWNET); },
        .control = [](World& w) { return create_powerless(w, CLONE_NEWNET | CLONE_NEWUSER); },
        .control_differs = "the call makes a user namespace as well, which needs no privilege and brings it",
    },
    {
        .id = "net.privilege.inherited-netlink",
        .claim = "A netlink socket that a privileged process has opened gives no privilege to a process of a user "
                 "namespace.",
        .how = "Outside opens a netlink socket that inside inherits; inside raises outside's loopback through it.",
        .source = "CVE-2014-0181, netlink_capable() in net/netlink/af_netlink.c",
        .since = {3, 15},
        .isolated_by = Ns::user,
        .check = inherited_socket_powerless,
    },
};

}  // namespace
}  // namespace nsproof
