// Netlink messages as bytes (netlink(7), rtnetlink(7)): building requests and reading answers. Pure. What is read comes
// from a probe and may be hostile: no length is believed before it is checked, and a wrong one throws Babbled.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/actor/step.h"

namespace nsproof::netlink {

// Building, from the inside out. Attributes are padded, so that they may be joined with +.
std::string attribute(std::uint16_t type, std::string_view data);
std::string text_attribute(std::uint16_t type, std::string_view text);  // NUL-terminated
std::string nest(std::uint16_t type, std::string_view attributes);      // NLA_F_NESTED

template <class T>
std::string number_attribute(std::uint16_t type, T value) {
  return attribute(type, raw(value));
}

// `header` is the structure of the family (ifinfomsg, say). NLM_F_REQUEST is added to the flags.
inline constexpr std::uint32_t kSequence = 1;
std::string message(std::uint16_t type, std::uint16_t flags, std::string_view header, std::string_view attributes);

// Reading. The views point into the bytes that were read.
struct Message {
  std::uint16_t type = 0;
  std::uint16_t flags = 0;
  std::uint32_t sequence = 0;
  std::string_view payload;
};
std::vector<Message> messages_of(std::string_view datagram);

struct Attribute {
  std::uint16_t type = 0;  // without the flag bits
  std::string_view data;
};
std::vector<Attribute> attributes_of(std::string_view bytes);

// The last attribute of this type, which is the one that the kernel would take.
std::optional<std::string_view> find(const std::vector<Attribute>& attributes, std::uint16_t type);
// Its text up to a NUL, or to its end.
std::string text_in(const std::vector<Attribute>& attributes, std::uint16_t type);
// Its number, 0 if there is none; throws if it is too short.
std::uint32_t number_in(const std::vector<Attribute>& attributes, std::uint16_t type);

// What all datagrams of an answer say together.
struct Answer {
  std::vector<Message> messages;  // without errors, acknowledgements and the end mark
  int acknowledged = 0;           // NLMSG_ERROR with 0
  int error = 0;                  // the first errno that a message carries
  bool ended = false;             // NLMSG_DONE was seen: a dump is complete
};
Answer answer_of(const std::vector<std::string>& datagrams);

// The messages that checks look at.
struct Link {
  int index = 0;
  std::string name;
  unsigned flags = 0;  // IFF_UP ... (netdevice(7))
};
Link link_of(const Message& message);

struct Address {
  int link = 0;      // index
  std::string text;  // "192.0.2.1/32"
};
Address address_of(const Message& message);

struct Route {
  std::uint32_t table = 0;  // 254 main, 255 local (rtnetlink(7))
  std::string destination;  // "192.0.2.1/32", "default"
};
Route route_of(const Message& message);

std::string nft_table_of(const Message& message);  // its name

// For transcripts.
std::string text_of(const Link& link);      // "lo<UP,RUNNING>"
std::string type_text(std::uint16_t type);  // "RTM_NEWLINK"

}  // namespace nsproof::netlink
