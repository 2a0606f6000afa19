// Network namespaces: packet filters of one are neither seen nor felt in the other (nft(8)).
#include <algorithm>
#include <cerrno>

#include "harness/catalogue/property.h"
#include "harness/support/text.h"
#include "harness/sys/netlink.h"
#include "harness/sys/sockets.h"
#include "harness/world/enter.h"
#include "harness/world/world.h"

namespace nsproof {
namespace {

// A process of outside that has joined the network namespace of inside: nftables answers only to those who have
// CAP_NET_ADMIN over it, which inside may not be.
Actor& guest(World& w) {
  Actor& made = w.fork(w.outside(), "guest");
  must_enter(made, w.inside().pid(), Ns::net);
  return made;
}

Observation table_hidden(Actor& maker, Actor& looker, std::string_view where) {
  must(sys::add_table(maker, "foreign"));
  const auto tables = must(sys::tables(looker));
  if (std::find(tables.begin(), tables.end(), "foreign") != tables.end())
    return leaked(say("the table of the other side is listed ", where));
  return isolated(say("the table of the other side is not listed ", where));
}

Observation filter_not_felt(World& w) {
  must(sys::set_link_up(guest(w), "lo"));
  must(sys::set_link_up(w.outside(), "lo"));
  must(sys::add_dropping_filter(w.outside(), "wall"));
  const int fd = static_cast<int>(must(sys::serve(w.inside(), SOCK_DGRAM, sys::inet("127.0.0.1", 7177))));
  const Reply sent = sys::send_to(w.inside(), fd, "ping", sys::inet("127.0.0.1", 7177));
  // A packet that is dropped on its way out is EPERM for its sender.
  if (sent.error() == EPERM) return leaked("the filter of outside drops a datagram of inside");
  must(sent);
  return isolated("inside sends although outside drops everything");
}

const Rows rows = {
    {
        .id = "net.nftables.outside-table-hidden",
        .claim = "nftables tables of outside are not in the inner network namespace.",
        .how = "Outside makes a table; a process that has joined inside's network namespace lists the tables there.",
        .source = "network_namespaces(7), nft(8)",
        .since = {3, 13},
        .isolated_by = Ns::net,
        .reach = Reach::any_alone,
        .needs = {Need::nf_tables},
        .check = [](World& w) { return table_hidden(w.outside(), guest(w), "inside"); },
    },
    {
        .id = "net.nftables.inside-table-hidden",
        .claim = "nftables tables of the inner network namespace are not outside.",
        .how = "A process that has joined inside's network namespace makes a table; outside lists its tables.",
        .source = "network_namespaces(7), nft(8)",
        .since = {3, 13},
        .isolated_by = Ns::net,
        .reach = Reach::any_alone,
        .needs = {Need::nf_tables},
        .check = [](World& w) { return table_hidden(guest(w), w.outside(), "outside"); },
    },
    {
        .id = "net.nftables.outside-filter-not-felt",
        .claim = "A packet filter outside does not touch packets inside.",
        .how = "Outside drops everything that goes out; inside sends itself a datagram over its loopback.",
        .source = "network_namespaces(7), nft(8)",
        .since = {3, 13},
        .isolated_by = Ns::net,
        .reach = Reach::any_alone,
        .needs = {Need::nf_tables},
        .check = filter_not_felt,
    },
};

}  // namespace
}  // namespace nsproof
