// Remote calls about the network stack's configuration: rtnetlink(7) for links, addresses and routes, nfnetlink for
// nftables. One frame each: a netlink socket is made, asked, read until it is empty and closed. A request that the
// kernel refuses shows the errno of its acknowledgement (netlink(7)).
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/sys/netlink_messages.h"
#include "harness/sys/sys.h"

namespace nsproof::sys {

// Dumps; no privilege is needed. A dump longer than some 48 KiB throws Broken.
Got<std::vector<netlink::Link>> links(Actor& actor);
Got<std::vector<netlink::Address>> addresses(Actor& actor);
Got<std::vector<netlink::Route>> routes(Actor& actor);

const netlink::Link* find_link(const std::vector<netlink::Link>& links, std::string_view name);

// A new pair of virtual Ethernet devices, both here (veth(4)).
Reply add_veth(Actor& actor, std::string_view name, std::string_view peer);
// Administratively up (IFF_UP).
Reply set_link_up(Actor& actor, std::string_view name);
// The same through a netlink socket that is open already.
Reply set_link_up_by(Actor& actor, int fd, std::string_view name);
// One more name for a link (Linux 5.5).
Reply add_altname(Actor& actor, std::string_view name, std::string_view altname);
// "192.0.2.1/24"; ENODEV if there is no such link.
Reply add_address(Actor& actor, std::string_view link, std::string_view address);

// Where a link goes: the network namespace of a descriptor (nsfs), or of a process.
struct NetTarget {
  enum class Kind { fd, pid };
  Kind kind = Kind::pid;
  int number = 0;
};
Reply move_link(Actor& actor, std::string_view name, NetTarget target);
// The same with a new name on arrival; ENODEV if there is no such link.
Reply move_link_as(Actor& actor, std::string_view name, NetTarget target, std::string_view new_name);

// A netlink socket, and one that hears of every change of links (RTMGRP_LINK). The value is the descriptor.
Reply route_socket(Actor& actor);
Reply hear_link_events(Actor& actor);
struct LinkEvent {
  enum class Kind { changed, gone };
  Kind kind = Kind::changed;
  netlink::Link link;
};
// What has been heard since the last time; does not wait.
Got<std::vector<LinkEvent>> link_events(Actor& actor, int fd);

// Waits until the links are as wanted, about so long at most; woken by link events. False when the time has passed.
// For work that the kernel does later: carriers, the end of a network namespace.
bool wait_for_links(Actor& actor, const std::function<bool(const std::vector<netlink::Link>&)>& wanted,
                    Milliseconds time);

// nftables tables of the family ip (NFT_MSG_NEWTABLE, NFT_MSG_GETTABLE). Both need CAP_NET_ADMIN.
Reply add_table(Actor& actor, std::string_view name);
Got<std::vector<std::string>> tables(Actor& actor);
// A table with one base chain that drops every packet on its way out.
Reply add_dropping_filter(Actor& actor, std::string_view table);

}  // namespace nsproof::sys
