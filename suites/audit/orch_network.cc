// Whether a cloud's metadata service can be reached, by routes alone, and whether ports of the orchestrator listen
// here.
#include "suites/audit/orch_network.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <optional>

#include "harness/audit/rule.h"
#include "harness/audit/view.h"
#include "harness/support/text.h"
#include "suites/audit/host_fixture.h"

namespace nsproof::audit {
namespace {

constexpr unsigned kUp = 1;           // RTF_UP
constexpr unsigned kReject = 0x0200;  // RTF_REJECT of linux/route.h: unreachable, blackhole, prohibit

struct Service {
  const char* address;
  const char* of;
};
constexpr Service kServices4[] = {
    {"169.254.169.254", "most clouds"}, {"169.254.170.2", "Amazon ECS"}, {"100.100.100.200", "Alibaba Cloud"}};
constexpr Service kServices6[] = {{"fd00:ec2::254", "Amazon EC2"}};

struct Port {
  unsigned number;
  const char* of;
};
constexpr Port kPorts[] = {{2375, "Docker"},
                           {2376, "Docker"},
                           {2379, "etcd"},
                           {2380, "etcd"},
                           {6443, "the API server"},
                           {10250, "the kubelet"},
                           {10255, "the kubelet, read-only"},
                           {10257, "the controller manager"},
                           {10259, "the scheduler"}};

template <class T>
std::optional<T> hex_number(std::string_view word) {
  T value{};
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value, 16);
  if (error != std::errc{} || end != word.data() + word.size()) return std::nullopt;
  return value;
}

// The interface of the most specific route, if that leads anywhere.
struct Best {
  int length = -1;
  std::uint64_t metric = 0;
  bool leads = false;
  std::string interface;
  void offer(int its_length, std::uint64_t its_metric, bool its_leads, const std::string& its_interface) {
    if (its_length < length || (its_length == length && its_metric >= metric)) return;
    *this = {its_length, its_metric, its_leads, its_interface};
  }
};

// Addresses of /proc/net/route are the four bytes of the network, read as a number of the machine.
Best best_route4(std::string_view table, const char* address) {
  std::uint32_t wanted = 0;
  inet_pton(AF_INET, address, &wanted);
  Best best;
  for (const std::string& line : lines_of(table)) {
    const std::vector<std::string> words = words_of(line);
    if (words.size() < 8) continue;
    const auto destination = hex_number<std::uint32_t>(words[1]);
    const auto flags = hex_number<unsigned>(words[3]);
    const auto mask = hex_number<std::uint32_t>(words[7]);
    if (!destination || !flags || !mask || (wanted & *mask) != *destination || (*flags & kUp) == 0) continue;
    std::uint64_t metric = 0;
    std::from_chars(words[6].data(), words[6].data() + words[6].size(), metric);
    best.offer(std::popcount(*mask), metric, (*flags & kReject) == 0, words[0]);
  }
  return best;
}

std::optional<std::array<std::uint8_t, 16>> bytes_of_hex(std::string_view word) {
  std::array<std::uint8_t, 16> bytes{};
  if (word.size() != 32) return std::nullopt;
  for (std::size_t i = 0; i < 16; ++i) {
    const auto byte = hex_number<std::uint8_t>(word.substr(2 * i, 2));
    if (!byte) return std::nullopt;
    bytes[i] = *byte;
  }
  return bytes;
}

bool same_prefix(const std::array<std::uint8_t, 16>& a, const std::array<std::uint8_t, 16>& b, unsigned bits) {
  for (unsigned bit = 0; bit < bits; ++bit)
    if (((a[bit / 8] ^ b[bit / 8]) >> (7 - bit % 8) & 1) != 0) return false;
  return true;
}

Best best_route6(std::string_view table, const char* address) {
  std::array<std::uint8_t, 16> wanted{};
  inet_pton(AF_INET6, address, wanted.data());
  Best best;
  for (const std::string& line : lines_of(table)) {
    const std::vector<std::string> words = words_of(line);
    if (words.size() < 10) continue;
    const auto destination = bytes_of_hex(words[0]);
    const auto length = hex_number<unsigned>(words[1]);
    const auto metric = hex_number<std::uint32_t>(words[5]);
    const auto flags = hex_number<unsigned>(words[8]);
    if (!destination || !length || *length > 128 || !metric || !flags || (*flags & kUp) == 0) continue;
    if (same_prefix(*destination, wanted, *length))
      best.offer(static_cast<int>(*length), *metric, (*flags & kReject) == 0, words[9]);
  }
  return best;
}

void collect(std::string& found, const Service& service, const Best& best) {
  if (best.leads)
    found += say(found.empty() ? "" : ", ", service.address, " (", service.of, ") by ", quoted(best.interface),
                 best.length == 0 ? ", the default route" : "");
}

void collect_ports(std::string& found, std::string_view table) {
  for (const std::string& line : lines_of(table)) {
    const std::vector<std::string> words = words_of(line);
    if (words.size() < 4 || words[3] != "0A") continue;  // TCP_LISTEN
    const std::size_t colon = words[1].rfind(':');
    if (colon == std::string::npos) continue;
    const auto number = hex_number<unsigned>(std::string_view(words[1]).substr(colon + 1));
    const auto port = std::find_if(std::begin(kPorts), std::end(kPorts),
                                   [&](const Port& one) { return number && one.number == *number; });
    if (port == std::end(kPorts)) continue;
    const std::string text = say(port->number, " (", port->of, ")");
    if (found.find(text) == std::string::npos) found += say(found.empty() ? "" : ", ", text);
  }
}

// The text of a table of the process's network namespace; empty if the kernel has no such protocol.
std::string table_of(View& view, const char* name) {
  const sys::Got<std::string>& text = view.process_file(say("net/", name));
  if (!text.ok() && text.error() != ENOENT)
    throw CouldNotLook(say("/proc/PID/net/", name, ": ", errno_name(text.error())));
  return text.value;
}

// A listener in the sandbox's network namespace, which ends with the layer or after half a minute.
Spoil listening(unsigned port) {
  Spoil spoil = with_interface("perl /nsproof-listen");
  spoil.prepare = {say("echo 'use IO::Socket::INET; $s = IO::Socket::INET->new(Listen => 1, LocalPort => ", port,
                       ") or die; fork and exit; sleep 30' > /nsproof-listen")};
  return spoil;
}

const Rules rows = {
    {
        .id = "orch.metadata.routed",
        .title = "A route leads from the container to a cloud's metadata service.",
        .severity = Severity::medium,
        .why = "On a virtual machine of a cloud it hands out credentials of the machine to everybody who asks.",
        .how = "The routes of /proc/PID/net/route and ipv6_route. No packet is sent: whether something on the way "
               "refuses one does not show.",
        .references = {"Amazon EC2: Use IMDSv2, hop limit", "CIS EKS 5.4.1", "CVE-2020-8558"},
        .fix = {.docker = "--network=none, or on the host: iptables -I DOCKER-USER -d 169.254.0.0/16 -j DROP",
                .kubernetes = "kind: NetworkPolicy ... egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: "
                              "[169.254.0.0/16]}}]}]",
                .bwrap = "--unshare-net",
                .host =
                    "ip route add unreachable 169.254.169.254  # in that network namespace; IMDSv2 with hop limit 1"},
        .look = [](View& view) { return judge_metadata_routes(table_of(view, "route"), table_of(view, "ipv6_route")); },
        .spoil = with_interface("ip address add 192.0.2.2/24 dev eth0; ip link set eth1 up; ip link set eth0 up; "
                                "ip route add default via 192.0.2.1"),
    },
    {
        .id = "orch.control-port.listening",
        .title = "A port of the orchestrator listens in the container's network namespace.",
        .severity = Severity::high,
        .why = "Kubelet, etcd and the engine often trust whoever reaches them from their own host, and command every "
               "container of it.",
        .how = "Listening sockets in /proc/PID/net/tcp and tcp6. No connection is made.",
        .references = {"CIS Kubernetes 4.2.1", "CIS Docker 2.7", "CIS Docker 5.10"},
        .fix = {.oci = R"({"linux":{"+namespaces":[{"type":"network"}]}})",
                .docker = "without --network=host",
                .kubernetes = "hostNetwork: false",
                .bwrap = "--unshare-net"},
        .look = [](View& view) { return judge_control_ports(table_of(view, "tcp"), table_of(view, "tcp6")); },
        .spoil = listening(10250),
    },
    {
        .id = "orch.cluster-names.searched",
        .title = "The names that the resolver completes.",
        .severity = Severity::info,
        .why = "They name the cluster and the namespace of the pod.",
        .how = "The line search of /etc/resolv.conf.",
        .references = {"resolv.conf(5)"},
        .look =
            [](View& view) {
              const sys::Got<std::string>& text = view.file("/etc/resolv.conf", 64 * 1024);
              for (const std::string& line : lines_of(text.value))
                if (line.starts_with("search ") || line.starts_with("domain "))
                  return not_applicable(quoted(line, 200));
              return not_applicable(text.ok() ? "no search line" : say("/etc/resolv.conf: ", errno_name(text.error())));
            },
    },
};

}  // namespace

Sight judge_metadata_routes(std::string_view route, std::string_view ipv6_route) {
  std::string found;
  for (const Service& one : kServices4) collect(found, one, best_route4(route, one.address));
  for (const Service& one : kServices6) collect(found, one, best_route6(ipv6_route, one.address));
  return found.empty() ? hardened("no route leads to a metadata service") : weak(found);
}

Sight judge_control_ports(std::string_view tcp, std::string_view tcp6) {
  std::string found;
  collect_ports(found, tcp);
  collect_ports(found, tcp6);
  return found.empty() ? hardened("no such port listens here") : weak(found);
}

}  // namespace nsproof::audit
