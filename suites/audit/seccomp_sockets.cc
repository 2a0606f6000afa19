// The families of sockets that a filter lets through: each is a part of the kernel of its own, and most are loaded as
// modules when somebody first asks for one (address_families(7)).
#include <linux/capability.h>
#include <linux/netlink.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>

#include "harness/audit/auditor.h"
#include "harness/support/text.h"
#include "suites/audit/seccomp_group.h"

namespace nsproof::audit {
namespace {

struct Family {
  std::string id;    // "alg"
  std::string name;  // "AF_ALG"
  std::uint64_t number;
  std::uint64_t type;
  Severity severity;
  std::string what;  // the title goes on with it
  std::string why;
  std::vector<std::string> references;
  std::string protocol;  // in /proc/net/protocols, where the family is there; a beginning
  std::function<Sight(View&, Sight)> weigh = {};
};

std::vector<Family> families() {
  return {
      {"alg",
       "AF_ALG",
       38,
       SOCK_SEQPACKET,
       Severity::high,
       "the kernel's cryptography",
       "Everybody may ask for it without any capability, and kernels that are not patched write where they should "
       "read.",
       {"CVE-2026-31431", "CVE-2019-8912", "address_families(7)"},
       "ALG"},
      {"vsock",
       "AF_VSOCK",
       40,
       SOCK_STREAM,
       Severity::medium,
       "sockets to the virtual machine's host",
       "They have no namespace on most kernels: the container talks to the hypervisor and to the agents behind it.",
       {"vsock(7)", "CVE-2021-26708", "CVE-2025-21756"},
       "AF_VSOCK"},
      {"packet",
       "AF_PACKET",
       17,
       SOCK_RAW,
       Severity::medium,
       "packets as they are on the wire",
       "With CAP_NET_RAW, which a user namespace gives, it reads and forges the traffic of its network; its rings have "
       "been a way to the kernel's memory.",
       {"packet(7)", "CVE-2016-8655", "CVE-2017-7308", "CVE-2020-14386"},
       "PACKET",
       worse_with(CAP_NET_RAW, Severity::high)},
      {"key",
       "AF_KEY",
       15,
       SOCK_RAW,
       Severity::low,
       "the keys of IPsec",
       "An old interface that libraries for IPsec have left, in reach of whoever has a user namespace.",
       {"RFC 2367", "CVE-2022-1353", "CVE-2022-3028"},
       "KEY"},
      {"xdp",
       "AF_XDP",
       44,
       SOCK_RAW,
       Severity::low,
       "packets past the kernel's network stack",
       "It maps rings of a network device into the container.",
       {"Documentation/networking/af_xdp.rst"},
       "XDP"},
      {"tipc",
       "AF_TIPC",
       30,
       SOCK_RDM,
       Severity::medium,
       "the protocol of clusters",
       "It is loaded when asked for, parses what anybody sends, and has been taken over from the network.",
       {"CVE-2021-43267", "CVE-2022-0435"},
       "TIPC"},
      {"rds",
       "AF_RDS",
       21,
       SOCK_SEQPACKET,
       Severity::medium,
       "reliable datagrams",
       "It is loaded when asked for, needs no capability, and few machines use it.",
       {"CVE-2010-3904", "CVE-2019-11815"},
       "RDS"},
      {"can",
       "AF_CAN",
       29,
       SOCK_RAW,
       Severity::medium,
       "the buses of vehicles",
       "It is loaded when asked for, needs no capability, and few machines use it.",
       {"CVE-2010-2959", "CVE-2021-3609", "CVE-2021-34693"},
       "CAN"},
      {"bluetooth",
       "AF_BLUETOOTH",
       31,
       SOCK_RAW,
       Severity::medium,
       "Bluetooth",
       "It is loaded when asked for, and its many protocols are hardly ever of use in a container.",
       {"CVE-2020-12351", "CVE-2021-3573"},
       "HCI"},
      {"smc",
       "AF_SMC",
       43,
       SOCK_STREAM,
       Severity::low,
       "shared memory over RDMA",
       "It is loaded when asked for, needs no capability, and few machines use it.",
       {"address_families(7)", "Documentation/networking/smc-sysctl.rst"},
       "SMC"},
      {"rxrpc",
       "AF_RXRPC",
       33,
       SOCK_DGRAM,
       Severity::low,
       "remote calls of AFS",
       "It is loaded when asked for, needs no capability, and few machines use it.",
       {"Documentation/networking/rxrpc.rst", "CVE-2023-2006"},
       "RXRPC"},
      {"nfc",
       "AF_NFC",
       39,
       SOCK_SEQPACKET,
       Severity::low,
       "near-field communication",
       "It is loaded when asked for, and hardly ever of use in a container.",
       {"CVE-2021-23134", "CVE-2021-38208"},
       "NFC"},
      {"pppox",
       "AF_PPPOX",
       24,
       SOCK_STREAM,
       Severity::low,
       "tunnels of PPP",
       "It is loaded when asked for; tunnels are made by the host.",
       {"CVE-2014-4943", "CVE-2015-8569"},
       "PPP"},
      {"kcm",
       "AF_KCM",
       41,
       SOCK_DGRAM,
       Severity::low,
       "the multiplexer of message streams",
       "It needs no capability, and takes programs of BPF that cut streams into messages.",
       {"Documentation/networking/kcm.rst"},
       "KCM"},
      {"qipcrtr",
       "AF_QIPCRTR",
       42,
       SOCK_DGRAM,
       Severity::low,
       "the router of Qualcomm's processors",
       "It is loaded when asked for, needs no capability, and servers have no use for it.",
       {"CVE-2019-19079", "CVE-2021-29647"},
       "QIPCRTR"},
  };
}

// What nobody has used for decades, or only on one kind of device.
const std::vector<std::pair<std::string, std::uint64_t>>& old_families() {
  static const std::vector<std::pair<std::string, std::uint64_t>> all = {
      {"AF_AX25", 3},  {"AF_IPX", 4},      {"AF_APPLETALK", 5}, {"AF_NETROM", 6},      {"AF_ATMPVC", 8},
      {"AF_X25", 9},   {"AF_ROSE", 11},    {"AF_DECnet", 12},   {"AF_ECONET", 19},     {"AF_ATMSVC", 20},
      {"AF_IRDA", 23}, {"AF_WANPIPE", 25}, {"AF_LLC", 26},      {"AF_IB", 27},         {"AF_MPLS", 28},
      {"AF_IUCV", 32}, {"AF_ISDN", 34},    {"AF_PHONET", 35},   {"AF_IEEE802154", 36}, {"AF_CAIF", 37},
      {"AF_MCTP", 45},
  };
  return all;
}

Trial socket_of(const std::string& label, std::uint64_t family, std::uint64_t type, std::uint64_t protocol = 0) {
  return labelled(label, trial(SYS_socket, "socket", {family, type, protocol}));
}

// A kernel that has no such protocol and can load no modules never will.
Sight weigh_presence(View& view, Sight sight, const Family& family) {
  const sys::Got<std::string>& protocols = view.process_file("net/protocols");
  if (!protocols.ok()) return sight;
  const std::vector<std::string> lines = lines_of(protocols.value);
  const bool there = std::any_of(lines.begin(), lines.end(),
                                 [&](const std::string& line) { return line.starts_with(family.protocol); });
  if (there) sight.observed += "; the kernel has it loaded";
  if (there || view.access("/proc/modules", F_OK) != ENOENT) return sight;
  const Severity severity = sight.severity.value_or(family.severity);
  std::string reason = sight.severity_reason + (sight.severity_reason.empty() ? "" : "; ");
  return weighing(std::move(sight), lowered(severity),
                  reason + "one step less, for this kernel does not have it and loads no modules");
}

std::string rule_of_number(std::uint64_t number, std::string_view action) {
  return say(R"({"names":["socket"],)", action, R"(,"args":[{"index":0,"value":)", number, R"(,"op":"SCMP_CMP_EQ"}]})");
}

constexpr std::string_view kAllow = R"("action":"SCMP_ACT_ALLOW")";
constexpr std::string_view kRefuse = R"("action":"SCMP_ACT_ERRNO","errnoRet":97)";  // EAFNOSUPPORT

std::string allow_family(std::uint64_t number) {
  return filter_change(std::string(kAllRefusals), rule_of_number(number, kAllow));
}

Rule rule_of_family(const Family& family) {
  const auto weigh = [family](View& view, Sight sight) {
    if (family.weigh) sight = family.weigh(view, std::move(sight));
    return weigh_presence(view, std::move(sight), family);
  };
  Rule rule = rule_of({.id = say("seccomp.af-", family.id, ".reachable"),
                       .title = say("The seccomp filter lets through sockets of ", family.name, ": ", family.what, "."),
                       .severity = family.severity,
                       .why = family.why,
                       .references = family.references,
                       .trials = {socket_of(say("socket(", family.name, ")"), family.number, family.type)},
                       .names = {"socket"},
                       .weigh = weigh,
                       .change = allow_family(family.number)});
  rule.fix = refuse_with(filter_change(rule_of_number(family.number, kAllow), rule_of_number(family.number, kRefuse)),
                         {say("socket with ", family.name)}, Profile::stricter);
  return rule;
}

Rule old_families_rule() {
  std::vector<Trial> trials;
  for (const auto& [name, number] : old_families()) trials.push_back(socket_of(name, number, SOCK_DGRAM));
  Rule rule = rule_of({.id = "seccomp.af-old.reachable",
                       .title = "The seccomp filter lets through sockets of families that nobody uses.",
                       .severity = Severity::low,
                       .why = "Each is code of the kernel that is loaded when asked for and hardly tested.",
                       .references = {"address_families(7)", "CVE-2010-3848", "CVE-2020-35519", "CVE-2022-1204"},
                       .trials = trials,
                       .names = {"socket"},
                       .change = allow_family(5)});
  std::vector<std::string> allowed;
  std::vector<std::string> refusals;
  for (const auto& one : old_families()) {
    allowed.push_back(rule_of_number(one.second, kAllow));
    refusals.push_back(rule_of_number(one.second, kRefuse));
  }
  rule.fix = refuse_with(filter_change(join(allowed, ","), join(refusals, ",")), {"socket with these families"},
                         Profile::stricter);
  return rule;
}

// Netlink has many sides, and filters that look at the third argument are rare.
Sight netlink_protocols(View& view) {
  const std::vector<std::pair<std::string, std::uint64_t>> protocols = {
      {"ROUTE", NETLINK_ROUTE},         {"SOCK_DIAG", NETLINK_SOCK_DIAG}, {"XFRM", NETLINK_XFRM},
      {"SELINUX", NETLINK_SELINUX},     {"ISCSI", NETLINK_ISCSI},         {"AUDIT", NETLINK_AUDIT},
      {"CONNECTOR", NETLINK_CONNECTOR}, {"NETFILTER", NETLINK_NETFILTER}, {"KOBJECT_UEVENT", NETLINK_KOBJECT_UEVENT},
      {"GENERIC", NETLINK_GENERIC},     {"RDMA", NETLINK_RDMA},           {"CRYPTO", NETLINK_CRYPTO}};
  std::vector<Trial> trials;
  trials.reserve(protocols.size());
  for (const auto& [name, number] : protocols) trials.push_back(socket_of(name, AF_NETLINK, SOCK_RAW, number));
  return not_applicable(say("netlink: ", try_calls(view, trials).text()));
}

std::vector<Rule> make_rules() {
  std::vector<Rule> all;
  for (const Family& family : families()) all.push_back(rule_of_family(family));
  all.push_back(old_families_rule());
  all.push_back({.id = "seccomp.netlink.protocols",
                 .title = "The protocols of netlink that the seccomp filter lets through.",
                 .severity = Severity::info,
                 .why = "Programs need NETLINK_ROUTE; NETLINK_NETFILTER and NETLINK_XFRM have been ways into the "
                        "kernel for whoever has a user namespace.",
                 .how = std::string(kTried),
                 .references = {"netlink(7)", "CVE-2022-32250", "CVE-2024-1086"},
                 .side = Side::inside,
                 .look = netlink_protocols});
  return all;
}

const Rules rows(make_rules());

}  // namespace
}  // namespace nsproof::audit
