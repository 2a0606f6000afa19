// Network namespaces: what one of them has is not seen from the other (network_namespaces(7)): links, addresses,
// routes, sockets and the rows of /proc/net, and what a new one begins with.
#include <net/if.h>

#include <algorithm>

#include "harness/catalogue/property.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/netlink.h"
#include "harness/sys/sockets.h"
#include "harness/world/enter.h"
#include "harness/world/world.h"

namespace nsproof {
namespace {

// Who makes the object; the other one looks for it.
enum class Maker { outside, inside };

// A process of outside that has joined the network namespace of inside: it may change there what inside may not, when
// inside has a user namespace and no network namespace of its own.
Actor& guest(World& w) {
  Actor& made = w.fork(w.outside(), "guest");
  must_enter(made, w.inside().pid(), Ns::net);
  return made;
}

struct Pair {
  Actor& maker;
  Actor& looker;
  std::string_view where;  // where the looker is
};

Pair pair_of(World& w, Maker maker) {
  Actor& inside = w.inside();
  if (maker == Maker::outside) return {w.outside(), inside, "inside"};
  return {guest(w), w.outside(), "outside"};
}

enum class Seen { no, yes };

Observation judge_seen(Seen seen, const Pair& pair, std::string_view what) {
  if (seen == Seen::yes) return leaked(say(pair.where, " sees ", what));
  return isolated(say(pair.where, " does not see ", what));
}

Observation link_hidden(World& w, Maker maker) {
  const Pair pair = pair_of(w, maker);
  must(sys::add_veth(pair.maker, "foreign0", "foreign1"));
  const auto links = must(sys::links(pair.looker));
  if (sys::find_link(links, "lo") == nullptr) return unknown("not even a loopback is to be seen");
  const bool seen = sys::find_link(links, "foreign0") != nullptr || sys::find_link(links, "foreign1") != nullptr;
  return judge_seen(seen ? Seen::yes : Seen::no, pair, "the links that were made on the other side");
}

Observation address_hidden(World& w, Maker maker) {
  const Pair pair = pair_of(w, maker);
  must(sys::add_address(pair.maker, "lo", "192.0.2.1/32"));
  const auto addresses = must(sys::addresses(pair.looker));
  const bool seen = std::any_of(addresses.begin(), addresses.end(),
                                [](const netlink::Address& one) { return one.text == "192.0.2.1/32"; });
  return judge_seen(seen ? Seen::yes : Seen::no, pair, "the address that the other side gave to its loopback");
}

Observation route_hidden(World& w, Maker maker) {
  const Pair pair = pair_of(w, maker);
  must(sys::set_link_up(pair.maker, "lo"));
  must(sys::add_address(pair.maker, "lo", "192.0.2.1/32"));
  const auto routes = must(sys::routes(pair.looker));
  const bool seen = std::any_of(routes.begin(), routes.end(),
                                [](const netlink::Route& one) { return one.destination == "192.0.2.1/32"; });
  return judge_seen(seen ? Seen::yes : Seen::no, pair, "the route that came with an address of the other side");
}

// /proc/net is a link to self/net, so it shows the network namespace of the reader (proc(5)).
Observation proc_row_hidden(World& w, Maker maker) {
  const Pair pair = pair_of(w, maker);
  must(sys::add_veth(pair.maker, "foreign0", "foreign1"));
  const std::string rows = must(sys::read_file(pair.looker, "/proc/net/dev"));
  if (rows.find(" lo:") == std::string::npos) return unknown("/proc/net/dev has no row of a loopback");
  const Seen seen = rows.find("foreign0:") != std::string::npos ? Seen::yes : Seen::no;
  return judge_seen(seen, pair, "in /proc/net/dev the link that was made on the other side");
}

// Sockets need no privilege, so inside itself may make them.
Pair socket_pair_of(World& w, Maker maker) {
  Actor& inside = w.inside();
  if (maker == Maker::outside) return {w.outside(), inside, "inside"};
  return {inside, w.outside(), "outside"};
}

Observation tcp_row_hidden(World& w, Maker maker) {
  const Pair pair = socket_pair_of(w, maker);
  must(sys::serve(pair.maker, SOCK_STREAM, sys::inet("0.0.0.0", 7177)));
  const std::string rows = must(sys::read_file(pair.looker, "/proc/net/tcp"));
  if (rows.find("local_address") == std::string::npos) return unknown("/proc/net/tcp has no heading");
  // 7177 is 1C09; state 0A is a listener (Documentation/networking/proc_net_tcp.rst).
  const Seen seen = rows.find("00000000:1C09 00000000:0000 0A") != std::string::npos ? Seen::yes : Seen::no;
  return judge_seen(seen, pair, "in /proc/net/tcp the socket that listens on the other side");
}

Observation unix_row_hidden(World& w, Maker maker) {
  const Pair pair = socket_pair_of(w, maker);
  must(sys::serve(pair.maker, SOCK_STREAM, sys::unix_abstract("nsproof-row")));
  const std::string rows = must(sys::read_file(pair.looker, "/proc/net/unix"));
  if (rows.find("RefCount") == std::string::npos) return unknown("/proc/net/unix has no heading");
  const Seen seen = rows.find("@nsproof-row") != std::string::npos ? Seen::yes : Seen::no;
  return judge_seen(seen, pair, "in /proc/net/unix the socket of the other side");
}

// Links that the drivers of tunnels put into every network namespace unless net.core.fb_tunnels_only_for_init_net says
// otherwise (Documentation/admin-guide/sysctl/net.rst).
constexpr std::string_view kFallbackLinks[] = {"tunl0",    "gre0",    "gretap0", "erspan0", "ip_vti0",
                                               "ip6_vti0", "ip6tnl0", "ip6gre0", "sit0"};

Observation begins_with_loopback_only(World& w) {
  must(sys::set_link_up(w.outside(), "lo"));
  must(sys::add_veth(w.outside(), "foreign0", "foreign1"));
  const auto links = must(sys::links(w.inside()));
  const netlink::Link* lo = sys::find_link(links, "lo");
  if (lo == nullptr) return unknown("there is no loopback inside");
  std::vector<std::string> others;
  for (const netlink::Link& link : links)
    if (link.name != "lo" &&
        std::find(std::begin(kFallbackLinks), std::end(kFallbackLinks), link.name) == std::end(kFallbackLinks))
      others.push_back(link.name);
  if (!others.empty()) return leaked(say("inside begins with ", join(others, " ")));
  if ((lo->flags & IFF_UP) != 0) return leaked("the loopback inside is up from the start");
  if (!must(sys::addresses(w.inside())).empty()) return leaked("a link inside has an address from the start");
  return isolated("inside has a loopback that is down and without an address, and no other link");
}

Observation begins_without_routes(World& w) {
  must(sys::set_link_up(w.outside(), "lo"));
  const auto routes = must(sys::routes(w.inside()));
  if (routes.empty()) return isolated("no table inside has a route");
  return leaked(say("inside begins with a route to ", routes.front().destination));
}

const Rows rows = {
    {
        .id = "net.link.outside-hidden",
        .claim = "Links that are made outside are not seen inside.",
        .how = "Outside makes a veth pair; inside asks rtnetlink for its links.",
        .source = "network_namespaces(7)",
        .since = {2, 6, 29},
        .isolated_by = Ns::net,
        .reach = Reach::any_alone,
        .needs = {Need::veth},
        .check = [](World& w) { return link_hidden(w, Maker::outside); },
    },
    {
        .id = "net.link.inside-hidden",
        .claim = "Links that are made in the inner network namespace are not seen outside.",
        .how = "A process that has joined inside's network namespace makes a veth pair; outside asks for its links.",
        .source = "network_namespaces(7)",
        .since = {3, 0},
        .isolated_by = Ns::net,
        .reach = Reach::any_alone,
        .needs = {Need::veth},
        .check = [](World& w) { return link_hidden(w, Maker::inside); },
    },
    {
        .id = "net.address.outside-hidden",
        .claim = "An address that is given to a link outside is not seen inside.",
        .how = "Outside gives its loopback 192.0.2.1; inside asks rtnetlink for all addresses.",
        .source = "network_namespaces(7)",
        .since = {2, 6, 29},
        .isolated_by = Ns::net,
        .reach = Reach::any_alone,
        .check = [](World& w) { return address_hidden(w, Maker::outside); },
    },
    {
        .id = "net.address.inside-hidden",
        .claim = "An address that is given to a link of the inner network namespace is not seen outside.",
        .how =
            "A process that has joined inside's network namespace gives its loopback 192.0.2.1; outside asks for all "
            "addresses.",
        .source = "network_namespaces(7)",
        .since = {3, 0},
        .isolated_by = Ns::net,
        .reach = Reach::any_alone,
        .check = [](World& w) { return address_hidden(w, Maker::inside); },
    },
    {
        .id = "net.route.outside-hidden",
        .claim = "Routes of outside are not seen inside.",
        .how = "Outside raises its loopback and gives it 192.0.2.1, which makes a local route; inside asks for all "
               "routes.",
        .source = "network_namespaces(7)",
        .since = {2, 6, 29},
        .isolated_by = Ns::net,
        .reach = Reach::any_alone,
        .check = [](World& w) { return route_hidden(w, Maker::outside); },
    },
    {
        .id = "net.route.inside-hidden",
        .claim = "Routes of the inner network namespace are not seen outside.",
        .how = "A process that has joined inside's network namespace makes a local route; outside asks for all routes.",
        .source = "network_namespaces(7)",
        .since = {3, 0},
        .isolated_by = Ns::net,
        .reach = Reach::any_alone,
        .check = [](World& w) { return route_hidden(w, Maker::inside); },
    },
    {
        .id = "net.proc.outside-hidden",
        .claim = "/proc/net has no row of a link of outside.",
        .how = "Outside makes a veth pair; inside reads /proc/net/dev.",
        .source = "proc(5), network_namespaces(7)",
        .since = {2, 6, 29},
        .isolated_by = Ns::net,
        .reach = Reach::any_alone,
        .needs = {Need::veth},
        .check = [](World& w) { return proc_row_hidden(w, Maker::outside); },
    },
    {
        .id = "net.proc.inside-hidden",
        .claim = "/proc/net outside has no row of a link of the inner network namespace.",
        .how = "A process that has joined inside's network namespace makes a veth pair; outside reads /proc/net/dev.",
        .source = "proc(5), network_namespaces(7)",
        .since = {3, 0},
        .isolated_by = Ns::net,
        .reach = Reach::any_alone,
        .needs = {Need::veth},
        .check = [](World& w) { return proc_row_hidden(w, Maker::inside); },
    },
    {
        .id = "net.socket.tcp-outside-hidden",
        .claim = "TCP sockets of outside are not listed inside.",
        .how = "Outside listens on port 7177; inside reads /proc/net/tcp.",
        .source = "network_namespaces(7)",
        .since = {2, 6, 29},
        .isolated_by = Ns::net,
        .reach = Reach::any_sandbox,
        .check = [](World& w) { return tcp_row_hidden(w, Maker::outside); },
    },
    {
        .id = "net.socket.tcp-inside-hidden",
        .claim = "TCP sockets of inside are not listed outside.",
        .how = "Inside listens on port 7177; outside reads /proc/net/tcp.",
        .source = "network_namespaces(7)",
        .since = {2, 6, 29},
        .isolated_by = Ns::net,
        .reach = Reach::any_sandbox,
        .check = [](World& w) { return tcp_row_hidden(w, Maker::inside); },
    },
    {
        .id = "net.socket.unix-outside-hidden",
        .claim = "Unix sockets of outside are not listed inside.",
        .how = "Outside binds an abstract name; inside reads /proc/net/unix.",
        .source = "network_namespaces(7), unix(7)",
        .since = {2, 6, 29},
        .isolated_by = Ns::net,
        .reach = Reach::any_sandbox,
        .check = [](World& w) { return unix_row_hidden(w, Maker::outside); },
    },
    {
        .id = "net.socket.unix-inside-hidden",
        .claim = "Unix sockets of inside are not listed outside.",
        .how = "Inside binds an abstract name; outside reads /proc/net/unix.",
        .source = "network_namespaces(7), unix(7)",
        .since = {2, 6, 29},
        .isolated_by = Ns::net,
        .reach = Reach::any_sandbox,
        .check = [](World& w) { return unix_row_hidden(w, Maker::inside); },
    },
    {
        .id = "net.start.only-loopback",
        .claim = "A new network namespace has a loopback that is down and without address, and no other link.",
        .how = "Outside has a loopback that is up and a veth pair; inside lists its links and addresses.",
        .source = "network_namespaces(7)",
        .since = {2, 6, 29},
        .isolated_by = Ns::net,
        .needs = {Need::veth},
        .check = begins_with_loopback_only,
    },
    {
        .id = "net.start.no-routes",
        .claim = "The routing tables of a new network namespace are empty.",
        .how = "Outside raises its loopback, which makes local routes; inside lists the routes of all tables.",
        .source = "network_namespaces(7)",
        .since = {2, 6, 29},
        .isolated_by = Ns::net,
        .check = begins_without_routes,
    },
};

}  // namespace
}  // namespace nsproof
