// Network namespaces: what reaches what. Loopbacks and ports are apart, packets find no way, and a veth pair is one.
#include <net/if.h>
#include <poll.h>

#include <cerrno>

#include "harness/catalogue/property.h"
#include "harness/support/text.h"
#include "harness/sys/netlink.h"
#include "harness/sys/sockets.h"
#include "harness/world/enter.h"
#include "harness/world/world.h"

namespace nsproof {
namespace {

constexpr std::uint16_t kPort = 7177;
constexpr Milliseconds kPatience{5000};

enum class Server { outside, inside };

// Both loopbacks are up, so that it is the namespace and no dead link that keeps them apart.
void raise_loopbacks(World& w) {
  must(sys::set_link_up(w.outside(), "lo"));
  // Inside may have no privilege over its network namespace; a process of outside that joins it has.
  Actor& guest = w.fork(w.outside(), "guest");
  must_enter(guest, w.inside().pid(), Ns::net);
  must(sys::set_link_up(guest, "lo"));
}

Observation loopback_server_unreachable(World& w, Server server, std::string_view address) {
  raise_loopbacks(w);
  const bool out = server == Server::outside;
  Actor& serving = out ? w.outside() : w.inside();
  Actor& calling = out ? w.inside() : w.outside();
  must(sys::serve(serving, SOCK_STREAM, sys::inet(address, kPort)));
  const Reply called = sys::call_on(calling, sys::inet(address, kPort));
  const std::string_view who = out ? "inside" : "outside";
  if (called.ok()) return leaked(say(who, " reaches the other side's server on ", address));
  if (called.error() == ECONNREFUSED) return isolated(say(who, " finds no server on its own ", address));
  // A loopback on which IPv6 is switched off (net.ipv6.conf.lo.disable_ipv6) has no ::1 even when it is up.
  if (called.error() == EADDRNOTAVAIL) return isolated(say(who, " has no ", address));
  return unknown(say(called.call, " = ", errno_name(called.error())));
}

// 192.0.2.0/24 is for documentation (RFC 5737); here it exists on a loopback only.
Observation packet_has_no_way(World& w) {
  must(sys::set_link_up(w.outside(), "lo"));
  must(sys::add_address(w.outside(), "lo", "192.0.2.1/32"));
  const int server = static_cast<int>(must(sys::serve(w.outside(), SOCK_DGRAM, sys::inet("192.0.2.1", kPort))));
  const int client = static_cast<int>(must(sys::socket(w.inside(), AF_INET, SOCK_DGRAM)));
  const Reply sent = sys::send_to(w.inside(), client, "ping", sys::inet("192.0.2.1", kPort));
  if (sent.error() == ENETUNREACH) return isolated("inside has no route to an address of outside");
  must(sent);
  if (must(sys::poll(w.outside(), server, POLLIN, kPatience)) == 0)
    return unknown("the datagram was sent and did not arrive");
  return leaked(say("outside received ", quoted(must(sys::receive(w.outside(), server)))));
}

Observation port_is_free(World& w, int type) {
  must(sys::serve(w.outside(), type, sys::inet("0.0.0.0", kPort)));
  const Reply taken = sys::serve(w.inside(), type, sys::inet("0.0.0.0", kPort));
  if (taken.ok()) return isolated("inside binds the port that outside has bound");
  if (taken.error() == EADDRINUSE) return leaked("the port is taken inside, because outside has bound it");
  return unknown(say(taken.call, " = ", errno_name(taken.error())));
}

enum class LinkState { down, up };

struct End {
  Actor& actor;
  std::string_view link;
  std::string_view address;
  int socket = -1;
};

// One datagram; what came of it in words, empty if it arrived.
std::string pass(const End& from, const End& to, std::string_view text) {
  const Reply sent = sys::send_to(from.actor, from.socket, text, sys::inet(to.address, kPort));
  if (!sent.ok()) return say(sent.call, " = ", errno_name(sent.error()));
  if (must(sys::poll(to.actor, to.socket, POLLIN, kPatience)) == 0)
    return say(quoted(text), " was sent and did not arrive");
  const std::string received = must(sys::receive(to.actor, to.socket));
  return received == text ? "" : say(quoted(text), " was sent, ", quoted(received), " arrived");
}

Observation veth_passes(World& w, LinkState state) {
  End outer{w.outside(), "outer", "192.0.2.1"};
  End inner{w.inside(), "inner", "192.0.2.2"};
  must(sys::add_veth(outer.actor, outer.link, inner.link));
  must(sys::move_link(outer.actor, inner.link, {sys::NetTarget::Kind::pid, inner.actor.pid()}));
  for (End* end : {&outer, &inner}) {
    must(sys::add_address(end->actor, end->link, say(end->address, "/24")));
    if (state == LinkState::up) must(sys::set_link_up(end->actor, end->link));
    end->socket = static_cast<int>(must(sys::serve(end->actor, SOCK_DGRAM, sys::inet("0.0.0.0", kPort))));
  }
  // The end that came up first has its carrier a moment later, when the kernel's worker has run.
  const auto running = [](const std::vector<netlink::Link>& links) {
    const netlink::Link* link = sys::find_link(links, "outer");
    return link != nullptr && (link->flags & IFF_RUNNING) != 0;
  };
  if (state == LinkState::up && !sys::wait_for_links(outer.actor, running, kPatience))
    return unknown("the link did not come to run");
  const std::string inward = pass(outer, inner, "ping");
  const std::string outward = pass(inner, outer, "pong");
  if (inward.empty() && outward.empty()) return isolated("a datagram passed in and another one out");
  if (!inward.empty() && !outward.empty()) return leaked(say("nothing passed: ", inward, "; ", outward));
  return unknown(say("one way only: ", inward, outward));
}

const Rows rows = {
    {
        .id = "net.loopback.outside-unreachable",
        .claim = "A server on the loopback of outside is not reached from inside.",
        .how = "Both loopbacks are up; outside listens on 127.0.0.1, inside connects to it.",
        .source = "network_namespaces(7)",
        .since = {2, 6, 29},
        .isolated_by = Ns::net,
        .reach = Reach::any_alone,
        .check = [](World& w) { return loopback_server_unreachable(w, Server::outside, "127.0.0.1"); },
    },
    {
        .id = "net.loopback.inside-unreachable",
        .claim = "A server on the loopback of inside is not reached from outside.",
        .how = "Both loopbacks are up; inside listens on 127.0.0.1, outside connects to it.",
        .source = "network_namespaces(7)",
        .since = {2, 6, 29},
        .isolated_by = Ns::net,
        .reach = Reach::any_alone,
        .check = [](World& w) { return loopback_server_unreachable(w, Server::inside, "127.0.0.1"); },
    },
    {
        .id = "net.loopback.ipv6-unreachable",
        .claim = "A server on the IPv6 loopback of outside is not reached from inside.",
        .how = "Both loopbacks are up; outside listens on ::1, inside connects to it.",
        .source = "network_namespaces(7), ipv6(7)",
        .since = {2, 6, 29},
        .isolated_by = Ns::net,
        .reach = Reach::any_alone,
        .needs = {Need::ipv6},
        .check = [](World& w) { return loopback_server_unreachable(w, Server::outside, "::1"); },
    },
    {
        .id = "net.packet.cannot-reach-outside",
        .claim = "Without a link between them no packet of inside reaches outside.",
        .how = "Outside has 192.0.2.1 and a UDP socket on it; inside sends a datagram there.",
        .source = "network_namespaces(7)",
        .since = {2, 6, 29},
        .isolated_by = Ns::net,
        .reach = Reach::any_alone,
        .check = packet_has_no_way,
    },
    {
        .id = "net.port.tcp-independent",
        .claim = "A TCP port that is bound outside is free inside.",
        .how = "Outside and then inside bind the same port of all addresses and listen.",
        .source = "network_namespaces(7)",
        .since = {2, 6, 29},
        .isolated_by = Ns::net,
        .reach = Reach::any_sandbox,
        .check = [](World& w) { return port_is_free(w, SOCK_STREAM); },
    },
    {
        .id = "net.port.udp-independent",
        .claim = "A UDP port that is bound outside is free inside.",
        .how = "Outside and then inside bind the same port of all addresses.",
        .source = "network_namespaces(7)",
        .since = {2, 6, 29},
        .isolated_by = Ns::net,
        .reach = Reach::any_sandbox,
        .check = [](World& w) { return port_is_free(w, SOCK_DGRAM); },
    },
    {
        .id = "net.veth.carries-both-ways",
        .claim = "A veth pair with one end in each of two network namespaces carries packets both ways.",
        .how =
            "Outside makes a pair and moves one end inside; both ends get an address and are raised; one datagram goes "
            "each way.",
        .source = "veth(4), network_namespaces(7)",
        .since = {2, 6, 29},
        .sandbox = {.namespaces = Ns::net},
        .needs = {Need::veth},
        .check = [](World& w) { return veth_passes(w, LinkState::up); },
        .control = [](World& w) { return veth_passes(w, LinkState::down); },
        .control_differs = "the two ends stay down",
    },
};

}  // namespace
}  // namespace nsproof
