// Netlink messages as bytes: what is built is what the kernel expects, and nothing that a probe sends is believed.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <linux/if_link.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>

#include <cerrno>

#include "harness/actor/transport.h"
#include "harness/sys/netlink_messages.h"

namespace nsproof::netlink {
namespace {

std::string error_message(int code) { return message(NLMSG_ERROR, 0, raw(nlmsgerr{code, {}}), ""); }

std::string link_datagram(int index, std::string_view name, unsigned flags) {
  ifinfomsg header{};
  header.ifi_index = index;
  header.ifi_flags = flags;
  return message(RTM_NEWLINK, 0, raw(header), text_attribute(IFLA_IFNAME, name) + number_attribute(IFLA_MTU, 1500U));
}

std::string address_datagram(int family, std::string_view address) {
  ifaddrmsg header{};
  header.ifa_family = static_cast<std::uint8_t>(family);
  header.ifa_prefixlen = 24;
  header.ifa_index = 7;
  return message(RTM_NEWADDR, 0, raw(header), attribute(IFA_ADDRESS, address));
}

Message only_message(const std::string& datagram) { return messages_of(datagram).at(0); }

// A copy of the bytes with another 16-bit word, or 32-bit word, at this offset.
template <class Word>
std::string with_word(std::string bytes, std::size_t offset, Word word) {
  return bytes.replace(offset, sizeof word, raw(word));
}

TEST(NetlinkBuild, AttributeHasItsLengthAndPadding) {
  EXPECT_EQ(attribute(3, "abcde"), std::string("\x09\x00\x03\x00"
                                               "abcde\0\0\0",
                                               12));
  EXPECT_EQ(text_attribute(3, "abc"), attribute(3, std::string("abc\0", 4)));
}

TEST(NetlinkBuild, NestSetsTheFlagAndKeepsTheAttributes) {
  const std::string nested = nest(18, text_attribute(1, "veth"));
  const auto outer = attributes_of(nested);
  ASSERT_EQ(outer.size(), 1U);
  EXPECT_EQ(outer[0].type, 18);
  EXPECT_EQ(text_in(attributes_of(outer[0].data), 1), "veth");
}

TEST(NetlinkBuild, MessageCountsItsBytes) {
  const std::string made = message(RTM_GETLINK, NLM_F_DUMP, raw(rtgenmsg{AF_UNSPEC}), "");
  EXPECT_EQ(made.size(), sizeof(nlmsghdr) + 4);
  const Message read = only_message(made);
  EXPECT_EQ(read.type, RTM_GETLINK);
  EXPECT_EQ(read.flags, NLM_F_DUMP | NLM_F_REQUEST);
  EXPECT_EQ(read.sequence, kSequence);
}

TEST(NetlinkRead, SeveralMessagesOfOneDatagram) {
  const std::string datagram = link_datagram(1, "lo", IFF_UP) + link_datagram(2, "veth0", 0);
  const auto messages = messages_of(datagram);
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_EQ(link_of(messages[0]).name, "lo");
  EXPECT_EQ(link_of(messages[1]).name, "veth0");
  EXPECT_EQ(link_of(messages[1]).index, 2);
}

TEST(NetlinkRead, WrongMessageLengthsAreRefused) {
  const std::string good = link_datagram(1, "lo", 0);
  for (const std::uint32_t length : {0U, 1U, 15U, static_cast<std::uint32_t>(good.size()) + 1, 0xffffffffU})
    EXPECT_THROW(messages_of(with_word(good, 0, length)), Babbled) << length;
  EXPECT_THROW(messages_of(good.substr(0, 15)), Babbled);
  EXPECT_TRUE(messages_of("").empty());
}

TEST(NetlinkRead, WrongAttributeLengthsAreRefused) {
  const std::string good = text_attribute(IFLA_IFNAME, "lo");
  for (const int length : {0, 3, static_cast<int>(good.size()) + 1, 0xffff})
    EXPECT_THROW(attributes_of(with_word(good, 0, static_cast<std::uint16_t>(length))), Babbled) << length;
  EXPECT_THROW(attributes_of("abc"), Babbled);
}

TEST(NetlinkRead, LastAttributeMayLackItsPadding) {
  const std::string cut = attribute(1, "abcde").substr(0, 9);
  const auto read = attributes_of(cut);
  ASSERT_EQ(read.size(), 1U);
  EXPECT_EQ(read[0].data, "abcde");
}

TEST(NetlinkRead, TextEndsAtItsNulOrItsEnd) {
  EXPECT_EQ(text_in(attributes_of(attribute(1, std::string("ab\0cd", 5))), 1), "ab");
  EXPECT_EQ(text_in(attributes_of(attribute(1, "abcd")), 1), "abcd");
  EXPECT_EQ(text_in({}, 1), "");
}

TEST(NetlinkRead, ShortNumberIsRefused) {
  EXPECT_EQ(number_in(attributes_of(number_attribute(1, 1500U)), 1), 1500U);
  EXPECT_EQ(number_in({}, 1), 0U);
  EXPECT_THROW(number_in(attributes_of(attribute(1, "ab")), 1), Babbled);
}

TEST(NetlinkAnswer, AcknowledgementsAndErrors) {
  EXPECT_EQ(answer_of({error_message(0)}).acknowledged, 1);
  EXPECT_EQ(answer_of({error_message(0)}).error, 0);
  EXPECT_EQ(answer_of({error_message(-EPERM), error_message(-EEXIST)}).error, EPERM);
  EXPECT_EQ(answer_of({}).acknowledged, 0);
}

TEST(NetlinkAnswer, ErrorsThatAreNoneAreRefused) {
  EXPECT_THROW(answer_of({error_message(1)}), Babbled);
  EXPECT_THROW(answer_of({error_message(-5000)}), Babbled);
  EXPECT_THROW(answer_of({message(NLMSG_ERROR, 0, "", "")}), Babbled);
}

TEST(NetlinkAnswer, DumpIsWholeOnceItsEndIsSeen) {
  const Answer open = answer_of({link_datagram(1, "lo", 0)});
  EXPECT_FALSE(open.ended);
  EXPECT_EQ(open.messages.size(), 1U);
  EXPECT_TRUE(answer_of({message(NLMSG_DONE, 0, "", "")}).ended);
  EXPECT_EQ(answer_of({message(NLMSG_DONE, 0, raw(-EINTR), "")}).error, EINTR);
}

TEST(NetlinkLink, FlagsAreShown) {
  const std::string datagram = link_datagram(3, "veth0", IFF_UP | IFF_RUNNING);
  EXPECT_EQ(text_of(link_of(only_message(datagram))), "\"veth0\"<UP,RUNNING>");
  EXPECT_EQ(text_of(Link{1, "l\n", 0}), "\"l\\n\"<>");
}

TEST(NetlinkLink, CutShortIsRefused) {
  const std::string datagram = message(RTM_NEWLINK, 0, "1234", "");
  EXPECT_THROW(link_of(only_message(datagram)), Babbled);
}

TEST(NetlinkAddress, BothFamilies) {
  const std::string four = address_datagram(AF_INET, std::string("\xc0\x00\x02\x01", 4));
  EXPECT_EQ(address_of(only_message(four)).text, "192.0.2.1/24");
  EXPECT_EQ(address_of(only_message(four)).link, 7);
  const std::string six = address_datagram(AF_INET6, std::string(15, '\0') + '\x01');
  EXPECT_EQ(address_of(only_message(six)).text, "::1/24");
}

TEST(NetlinkAddress, WrongSizeOrFamilyIsRefused) {
  const std::string of_wrong_size = address_datagram(AF_INET6, "1234");
  const std::string of_no_size = address_datagram(AF_INET, "");
  const std::string of_no_family = address_datagram(99, "1234");
  for (const std::string& datagram : {of_wrong_size, of_no_size, of_no_family})
    EXPECT_THROW(address_of(only_message(datagram)), Babbled);
}

TEST(NetlinkRoute, DefaultAndLargeTables) {
  rtmsg header{};
  header.rtm_family = AF_INET;
  header.rtm_table = RT_TABLE_MAIN;
  const std::string by_default = message(RTM_NEWROUTE, 0, raw(header), "");
  EXPECT_EQ(route_of(only_message(by_default)).destination, "default");
  EXPECT_EQ(route_of(only_message(by_default)).table, 254U);
  header.rtm_dst_len = 32;
  const std::string to_one =
      message(RTM_NEWROUTE, 0, raw(header),
              number_attribute(RTA_TABLE, 1000U) + attribute(RTA_DST, std::string("\xc0\x00\x02\x01", 4)));
  EXPECT_EQ(route_of(only_message(to_one)).destination, "192.0.2.1/32");
  EXPECT_EQ(route_of(only_message(to_one)).table, 1000U);
}

TEST(NetlinkTable, Name) {
  const nfgenmsg header{AF_INET, NFNETLINK_V0, 0};
  const std::string datagram = message(0x0a00, 0, raw(header), text_attribute(NFTA_TABLE_NAME, "wall"));
  EXPECT_EQ(nft_table_of(only_message(datagram)), "wall");
}

// Reads everything that could be read of a datagram; only Babbled may come of it.
void read_everything(const std::string& datagram) {
  const std::vector<std::string> datagrams = {datagram};
  try {
    const Answer answer = answer_of(datagrams);
    for (const Message& one : answer.messages) {
      const auto tried = [&](const auto& read) {
        try {
          read(one);
        } catch (const Babbled&) {
        }
      };
      tried(link_of);
      tried(address_of);
      tried(route_of);
      tried(nft_table_of);
    }
  } catch (const Babbled&) {
  }
}

TEST(NetlinkHostile, EveryCutAndEveryChangedByteIsReadOrRefused) {
  const std::string datagram = link_datagram(1, "lo", 0) +
                               address_datagram(AF_INET, std::string("\xc0\x00\x02\x01", 4)) + error_message(-EPERM) +
                               message(NLMSG_DONE, 0, raw(0), "");
  for (std::size_t length = 0; length <= datagram.size(); ++length) read_everything(datagram.substr(0, length));
  for (std::size_t at = 0; at < datagram.size(); ++at)
    for (int value = 0; value < 256; ++value)
      read_everything(with_word(datagram, at, static_cast<std::uint8_t>(value)));
}

}  // namespace
}  // namespace nsproof::netlink
