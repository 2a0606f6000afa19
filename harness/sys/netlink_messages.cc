#include "harness/sys/netlink_messages.h"

#include <arpa/inet.h>
#include <linux/if_link.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>

#include <algorithm>
#include <cstring>

#include "harness/actor/transport.h"
#include "harness/support/text.h"

namespace nsproof::netlink {
namespace {

constexpr std::size_t kAlignment = 4;  // NLMSG_ALIGNTO and NLA_ALIGNTO

std::size_t aligned(std::size_t bytes) { return (bytes + kAlignment - 1) / kAlignment * kAlignment; }

std::string padded(std::string data) {
  data.resize(aligned(data.size()));
  return data;
}

template <class T>
T structure_at_start(std::string_view bytes, std::string_view what) {
  T value;
  if (bytes.size() < sizeof value) throw Babbled(say(what, " is cut short"));
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

// The attributes behind the structure that a message begins with.
template <class Header>
std::vector<Attribute> attributes_behind(const Message& message) {
  return attributes_of(message.payload.substr(std::min(aligned(sizeof(Header)), message.payload.size())));
}

std::string with_prefix(int family, std::string_view address, unsigned prefix) {
  const std::size_t wanted = family == AF_INET ? sizeof(in_addr) : sizeof(in6_addr);
  if ((family != AF_INET && family != AF_INET6) || address.size() != wanted)
    throw Babbled(say("an address of family ", family, " with ", address.size(), " bytes"));
  char text[INET6_ADDRSTRLEN] = "";
  ::inet_ntop(family, address.data(), text, sizeof text);
  return say(text, "/", prefix);
}

// nlmsgerr carries a negative errno, as the end mark of a dump does; the end mark of some families carries nothing.
int error_in(std::string_view payload, std::size_t at_least) {
  if (payload.size() < at_least) throw Babbled("a netlink error is cut short");
  if (payload.size() < sizeof(int)) return 0;
  const int code = structure_at_start<int>(payload, "a netlink error");
  if (code > 0 || code < -4095) throw Babbled(say("a netlink error that is none: ", code));
  return -code;
}

}  // namespace

std::string attribute(std::uint16_t type, std::string_view data) {
  const nlattr header{static_cast<std::uint16_t>(sizeof(nlattr) + data.size()), type};
  return padded(raw(header) + std::string(data));
}

std::string text_attribute(std::uint16_t type, std::string_view text) {
  return attribute(type, std::string(text) + '\0');
}

std::string nest(std::uint16_t type, std::string_view attributes) { return attribute(type | NLA_F_NESTED, attributes); }

std::string message(std::uint16_t type, std::uint16_t flags, std::string_view header, std::string_view attributes) {
  const std::string body = padded(std::string(header)) + std::string(attributes);
  nlmsghdr start{};
  start.nlmsg_len = static_cast<std::uint32_t>(sizeof start + body.size());
  start.nlmsg_type = type;
  start.nlmsg_flags = static_cast<std::uint16_t>(flags | NLM_F_REQUEST);
  start.nlmsg_seq = kSequence;
  return raw(start) + body;
}

std::vector<Message> messages_of(std::string_view datagram) {
  std::vector<Message> found;
  while (!datagram.empty()) {
    const auto header = structure_at_start<nlmsghdr>(datagram, "a netlink header");
    if (header.nlmsg_len < sizeof header || header.nlmsg_len > datagram.size())
      throw Babbled(say("a netlink message of ", header.nlmsg_len, " bytes in ", datagram.size()));
    found.push_back({header.nlmsg_type, header.nlmsg_flags, header.nlmsg_seq,
                     datagram.substr(sizeof header, header.nlmsg_len - sizeof header)});
    datagram.remove_prefix(std::min(aligned(header.nlmsg_len), datagram.size()));
  }
  return found;
}

std::vector<Attribute> attributes_of(std::string_view bytes) {
  std::vector<Attribute> found;
  while (!bytes.empty()) {
    const auto header = structure_at_start<nlattr>(bytes, "a netlink attribute");
    if (header.nla_len < sizeof header || header.nla_len > bytes.size())
      throw Babbled(say("a netlink attribute of ", header.nla_len, " bytes in ", bytes.size()));
    found.push_back({static_cast<std::uint16_t>(header.nla_type & NLA_TYPE_MASK),
                     bytes.substr(sizeof header, header.nla_len - sizeof header)});
    bytes.remove_prefix(std::min(aligned(header.nla_len), bytes.size()));
  }
  return found;
}

std::optional<std::string_view> find(const std::vector<Attribute>& attributes, std::uint16_t type) {
  for (auto one = attributes.rbegin(); one != attributes.rend(); ++one)
    if (one->type == type) return one->data;
  return std::nullopt;
}

std::string text_in(const std::vector<Attribute>& attributes, std::uint16_t type) {
  const std::string_view data = find(attributes, type).value_or(std::string_view{});
  return std::string(data.substr(0, data.find('\0')));
}

std::uint32_t number_in(const std::vector<Attribute>& attributes, std::uint16_t type) {
  const auto data = find(attributes, type);
  return data ? structure_at_start<std::uint32_t>(*data, "a number in a netlink attribute") : 0;
}

Answer answer_of(const std::vector<std::string>& datagrams) {
  Answer answer;
  const auto note_error = [&](int error) {
    if (answer.error == 0) answer.error = error;
  };
  for (const std::string& datagram : datagrams) {
    for (const Message& one : messages_of(datagram)) {
      if (one.type == NLMSG_ERROR) {
        const int error = error_in(one.payload, sizeof(int));
        if (error == 0) ++answer.acknowledged;
        note_error(error);
      } else if (one.type == NLMSG_DONE) {
        answer.ended = true;
        note_error(error_in(one.payload, 0));
      } else {
        answer.messages.push_back(one);
      }
    }
  }
  return answer;
}

Link link_of(const Message& message) {
  const auto header = structure_at_start<ifinfomsg>(message.payload, "a link");
  return {header.ifi_index, text_in(attributes_behind<ifinfomsg>(message), IFLA_IFNAME), header.ifi_flags};
}

Address address_of(const Message& message) {
  const auto header = structure_at_start<ifaddrmsg>(message.payload, "an address");
  const std::vector<Attribute> attributes = attributes_behind<ifaddrmsg>(message);
  // IFA_LOCAL is one's own where the link has a far end; IPv6 has IFA_ADDRESS only (rtnetlink(7)).
  auto data = find(attributes, IFA_LOCAL);
  if (!data) data = find(attributes, IFA_ADDRESS);
  return {static_cast<int>(header.ifa_index),
          with_prefix(header.ifa_family, data.value_or(std::string_view{}), header.ifa_prefixlen)};
}

Route route_of(const Message& message) {
  const auto header = structure_at_start<rtmsg>(message.payload, "a route");
  const std::vector<Attribute> attributes = attributes_behind<rtmsg>(message);
  // RTA_TABLE has the tables that one byte cannot name.
  const std::uint32_t table = find(attributes, RTA_TABLE) ? number_in(attributes, RTA_TABLE) : header.rtm_table;
  const auto destination = find(attributes, RTA_DST);
  if (!destination) return {table, "default"};
  return {table, with_prefix(header.rtm_family, *destination, header.rtm_dst_len)};
}

std::string nft_table_of(const Message& message) {
  structure_at_start<nfgenmsg>(message.payload, "a table");
  return text_in(attributes_behind<nfgenmsg>(message), NFTA_TABLE_NAME);
}

std::string text_of(const Link& link) {
  std::vector<std::string> flags;
  if ((link.flags & IFF_UP) != 0) flags.emplace_back("UP");
  if ((link.flags & IFF_RUNNING) != 0) flags.emplace_back("RUNNING");
  return say(quoted(link.name), "<", join(flags, ","), ">");
}

std::string type_text(std::uint16_t type) {
  switch (type) {
    case NLMSG_ERROR: return "NLMSG_ERROR";
    case NLMSG_DONE: return "NLMSG_DONE";
    case RTM_NEWLINK: return "RTM_NEWLINK";
    case RTM_DELLINK: return "RTM_DELLINK";
    case RTM_SETLINK: return "RTM_SETLINK";
    case RTM_GETLINK: return "RTM_GETLINK";
    case RTM_NEWADDR: return "RTM_NEWADDR";
    case RTM_GETADDR: return "RTM_GETADDR";
    case RTM_NEWROUTE: return "RTM_NEWROUTE";
    case RTM_NEWLINKPROP: return "RTM_NEWLINKPROP";
    case RTM_GETROUTE: return "RTM_GETROUTE";
    default: return say("type ", type);
  }
}

}  // namespace nsproof::netlink
