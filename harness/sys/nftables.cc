// nftables over nfnetlink, as far as checks need it: tables, and a base chain that drops. Declared in netlink.h.
#include <arpa/inet.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>

#include "harness/support/text.h"
#include "harness/sys/netlink.h"
#include "harness/sys/netlink_exchange.h"

namespace nsproof::sys {
namespace {

using netlink::message;
using netlink::nest;
using netlink::number_attribute;
using netlink::text_attribute;

constexpr std::uint8_t kFamily = NFPROTO_IPV4;

std::uint16_t nft_type(unsigned type) { return static_cast<std::uint16_t>(NFNL_SUBSYS_NFTABLES << 8 | type); }

// Changes travel between two messages that name the subsystem and make one transaction of them (nfnetlink_rcv_batch()
// in net/netfilter/nfnetlink.c).
std::string transaction(const std::string& changes) {
  nfgenmsg header{AF_UNSPEC, NFNETLINK_V0, htons(NFNL_SUBSYS_NFTABLES)};
  return message(NFNL_MSG_BATCH_BEGIN, 0, raw(header), "") + changes + message(NFNL_MSG_BATCH_END, 0, raw(header), "");
}

std::string change(unsigned type, unsigned flags, const std::string& attributes) {
  const nfgenmsg header{kFamily, NFNETLINK_V0, 0};
  return message(nft_type(type), static_cast<std::uint16_t>(NLM_F_CREATE | flags), raw(header), attributes);
}

// Netlink attributes of nftables are in network byte order.
std::string number(std::uint16_t type, std::uint32_t value) { return number_attribute(type, htonl(value)); }

std::string same(const std::string& text) { return text; }

}  // namespace

Reply add_table(Actor& actor, std::string_view name) {
  return netlink_ask(actor, NETLINK_NETFILTER,
                     {transaction(change(NFT_MSG_NEWTABLE, NLM_F_ACK, text_attribute(NFTA_TABLE_NAME, name))),
                      say("{NFT_MSG_NEWTABLE, ip ", quoted(name), "}")});
}

Got<std::vector<std::string>> tables(Actor& actor) {
  const nfgenmsg header{kFamily, NFNETLINK_V0, 0};
  return netlink_dump<std::string>(
      actor, NETLINK_NETFILTER,
      {message(nft_type(NFT_MSG_GETTABLE), NLM_F_DUMP, raw(header), ""), "{NFT_MSG_GETTABLE, ip}"},
      netlink::nft_table_of, same);
}

Reply add_dropping_filter(Actor& actor, std::string_view table) {
  const std::string hook = number(NFTA_HOOK_HOOKNUM, NF_INET_LOCAL_OUT) + number(NFTA_HOOK_PRIORITY, 0);
  const std::string chain = text_attribute(NFTA_CHAIN_TABLE, table) + text_attribute(NFTA_CHAIN_NAME, "output") +
                            nest(NFTA_CHAIN_HOOK, hook) + number(NFTA_CHAIN_POLICY, NF_DROP) +
                            text_attribute(NFTA_CHAIN_TYPE, "filter");
  return netlink_ask(actor, NETLINK_NETFILTER,
                     {transaction(change(NFT_MSG_NEWTABLE, 0, text_attribute(NFTA_TABLE_NAME, table)) +
                                  change(NFT_MSG_NEWCHAIN, NLM_F_ACK, chain)),
                      say("{NFT_MSG_NEWTABLE, ip ", quoted(table), "; NFT_MSG_NEWCHAIN, output policy drop}")});
}

}  // namespace nsproof::sys
