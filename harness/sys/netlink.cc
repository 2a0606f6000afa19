#include "harness/sys/netlink.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <stdexcept>

#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/names.h"
#include "harness/sys/netlink_exchange.h"
#include "harness/sys/sockets.h"

namespace nsproof::sys {
namespace {

using netlink::attribute;
using netlink::message;
using netlink::nest;
using netlink::number_attribute;
using netlink::text_attribute;

template <class T>
Got<std::vector<T>> dump(Actor& actor, std::uint16_t type, T (*parse)(const netlink::Message&),
                         std::string (*text)(const T&)) {
  const rtgenmsg everything{AF_UNSPEC};
  const NetlinkRequest request{message(type, NLM_F_DUMP, raw(everything), ""), say("{", netlink::type_text(type), "}")};
  return netlink_dump<T>(actor, NETLINK_ROUTE, request, parse, text);
}

std::string text_of_address(const netlink::Address& address) { return say(address.text, " dev #", address.link); }
std::string text_of_route(const netlink::Route& route) { return say(route.destination, " table ", route.table); }

Reply ask(Actor& actor, std::uint16_t type, unsigned flags, std::string_view header, const std::string& attributes,
          const std::string& what) {
  const auto bits = static_cast<std::uint16_t>(NLM_F_ACK | flags);
  return netlink_ask(actor, NETLINK_ROUTE,
                     {message(type, bits, header, attributes), say("{", netlink::type_text(type), ", ", what, "}")});
}

NetlinkRequest link_up_request(std::string_view name) {
  ifinfomsg header{};
  header.ifi_flags = header.ifi_change = IFF_UP;
  return {message(RTM_SETLINK, NLM_F_ACK, raw(header), text_attribute(IFLA_IFNAME, name)),
          say("{RTM_SETLINK, ", quoted(name), " up}")};
}

std::string target_attribute(NetTarget target) {
  const bool by_fd = target.kind == NetTarget::Kind::fd;
  return number_attribute(by_fd ? IFLA_NET_NS_FD : IFLA_NET_NS_PID, target.number);
}

std::string target_text(NetTarget target) {
  return say(target.kind == NetTarget::Kind::fd ? "netns of fd " : "netns of pid ", target.number);
}

Reply no_device(std::string_view name) { return {-ENODEV, {}, say("find link ", quoted(name))}; }

// The index of a link, 0 if there is none of this name.
int index_of(Actor& actor, std::string_view name) {
  const auto all = must(links(actor));
  const netlink::Link* found = find_link(all, name);
  return found != nullptr ? found->index : 0;
}

struct Prefix {
  in_addr address{};
  std::uint8_t length = 32;
};

Prefix prefix_of(std::string_view text) {
  const std::vector<std::string> parts = split(text, '/');
  Prefix prefix;
  unsigned length = 32;
  if (parts.size() == 2) std::from_chars(parts[1].data(), parts[1].data() + parts[1].size(), length);
  if (parts.empty() || length > 32 || ::inet_pton(AF_INET, parts[0].c_str(), &prefix.address) != 1)
    throw std::logic_error(say(quoted(text), " is no IPv4 prefix"));
  prefix.length = static_cast<std::uint8_t>(length);
  return prefix;
}

}  // namespace

Got<std::vector<netlink::Link>> links(Actor& actor) {
  return dump<netlink::Link>(actor, RTM_GETLINK, netlink::link_of, netlink::text_of);
}

Got<std::vector<netlink::Address>> addresses(Actor& actor) {
  return dump<netlink::Address>(actor, RTM_GETADDR, netlink::address_of, text_of_address);
}

Got<std::vector<netlink::Route>> routes(Actor& actor) {
  return dump<netlink::Route>(actor, RTM_GETROUTE, netlink::route_of, text_of_route);
}

const netlink::Link* find_link(const std::vector<netlink::Link>& links, std::string_view name) {
  const auto found = std::find_if(links.begin(), links.end(), [&](const auto& link) { return link.name == name; });
  return found != links.end() ? &*found : nullptr;
}

Reply add_veth(Actor& actor, std::string_view name, std::string_view peer) {
  const std::string far_end = attribute(VETH_INFO_PEER, raw(ifinfomsg{}) + text_attribute(IFLA_IFNAME, peer));
  const std::string attributes =
      text_attribute(IFLA_IFNAME, name) +
      nest(IFLA_LINKINFO, text_attribute(IFLA_INFO_KIND, "veth") + nest(IFLA_INFO_DATA, far_end));
  return ask(actor, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, raw(ifinfomsg{}), attributes,
             say(quoted(name), " veth peer ", quoted(peer)));
}

Reply set_link_up(Actor& actor, std::string_view name) {
  return netlink_ask(actor, NETLINK_ROUTE, link_up_request(name));
}

Reply set_link_up_by(Actor& actor, int fd, std::string_view name) {
  return netlink_ask_by(actor, fd, link_up_request(name));
}

Reply add_altname(Actor& actor, std::string_view name, std::string_view altname) {
  return ask(actor, RTM_NEWLINKPROP, NLM_F_CREATE | NLM_F_EXCL | NLM_F_APPEND, raw(ifinfomsg{}),
             text_attribute(IFLA_IFNAME, name) + nest(IFLA_PROP_LIST, text_attribute(IFLA_ALT_IFNAME, altname)),
             say(quoted(name), " altname ", quoted(altname)));
}

Reply add_address(Actor& actor, std::string_view link, std::string_view address) {
  const int index = index_of(actor, link);
  if (index == 0) return no_device(link);
  const Prefix prefix = prefix_of(address);
  ifaddrmsg header{};
  header.ifa_family = AF_INET;
  header.ifa_prefixlen = prefix.length;
  header.ifa_index = static_cast<unsigned>(index);
  return ask(actor, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, raw(header),
             attribute(IFA_LOCAL, raw(prefix.address)) + attribute(IFA_ADDRESS, raw(prefix.address)),
             say(address, " dev ", quoted(link)));
}

Reply move_link(Actor& actor, std::string_view name, NetTarget target) {
  return ask(actor, RTM_SETLINK, 0, raw(ifinfomsg{}), text_attribute(IFLA_IFNAME, name) + target_attribute(target),
             say(quoted(name), " to ", target_text(target)));
}

Reply move_link_as(Actor& actor, std::string_view name, NetTarget target, std::string_view new_name) {
  ifinfomsg header{};
  header.ifi_index = index_of(actor, name);
  if (header.ifi_index == 0) return no_device(name);
  return ask(actor, RTM_SETLINK, 0, raw(header), text_attribute(IFLA_IFNAME, new_name) + target_attribute(target),
             say(quoted(name), " to ", target_text(target), " as ", quoted(new_name)));
}

Reply route_socket(Actor& actor) { return actor.call(netlink_socket_step(NETLINK_ROUTE)); }

Reply hear_link_events(Actor& actor) {
  sockaddr_nl address{};
  address.nl_family = AF_NETLINK;
  address.nl_groups = RTMGRP_LINK;
  std::vector<Step> steps;
  steps.push_back(netlink_socket_step(NETLINK_ROUTE));
  steps.push_back(
      step(SYS_bind, "bind", {result_of(0), record(raw(address), "{AF_NETLINK, RTMGRP_LINK}"), num(sizeof address)}));
  steps.front().on_error = wire::OnError::stop;
  std::vector<Reply> replies = actor.batch(std::move(steps));
  if (!replies.back().ok()) return std::move(replies.back());
  return std::move(replies.front());
}

Got<std::vector<LinkEvent>> link_events(Actor& actor, int fd) {
  const NetlinkDatagrams heard = netlink_receive(actor, fd);
  Got<std::vector<LinkEvent>> got{heard.reply};
  std::vector<std::string> words;
  const netlink::Answer answer = netlink::answer_of(heard.datagrams);
  for (const netlink::Message& one : answer.messages) {
    if (one.type != RTM_NEWLINK && one.type != RTM_DELLINK) continue;
    const auto kind = one.type == RTM_NEWLINK ? LinkEvent::Kind::changed : LinkEvent::Kind::gone;
    got.value.push_back({kind, netlink::link_of(one)});
    words.push_back(say(netlink::type_text(one.type), " ", netlink::text_of(got.value.back().link)));
  }
  actor.shows(say("[", join(words, ", "), "]"));
  return got;
}

bool wait_for_links(Actor& actor, const std::function<bool(const std::vector<netlink::Link>&)>& wanted,
                    Milliseconds time) {
  // In equal slices that are counted: what is asked must not depend on the harness's clock, lest a replay ask other
  // things than the recording has.
  constexpr Milliseconds kSlice{100};
  const int events = static_cast<int>(must(hear_link_events(actor)));
  bool seen = wanted(must(links(actor)));
  for (auto left = time / kSlice; !seen && left > 0; --left) {
    if (must(poll(actor, events, POLLIN, kSlice)) == 0) continue;
    must(link_events(actor, events));
    seen = wanted(must(links(actor)));
  }
  must(close(actor, events));
  return seen;
}

}  // namespace nsproof::sys
