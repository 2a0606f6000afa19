// Network namespaces: the values under /proc/sys/net that every one of them has for itself, and what they begin with
// (Documentation/networking/ip-sysctl.rst).
#include <netinet/in.h>

#include <algorithm>
#include <cerrno>

#include "harness/catalogue/property.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/netlink.h"
#include "harness/sys/sockets.h"
#include "harness/world/enter.h"
#include "harness/world/world.h"

namespace nsproof {
namespace {

std::string value_of(Actor& actor, std::string_view file) { return trim(must(sys::read_file(actor, file))); }

Observation change_hidden(Actor& writer, Actor& reader, std::string_view who, std::string_view file,
                          std::string_view value) {
  const std::string before = value_of(reader, file);
  if (before == value) return unknown(say(file, " was ", before, " from the start"));
  must(sys::write_file(writer, file, value));
  const std::string written = value_of(writer, file);
  if (written != value) return unknown(say(file, " took ", value, " and reads ", written));
  const std::string after = value_of(reader, file);
  if (after == before) return isolated(say(who, " still reads ", before));
  if (after == value) return leaked(say(who, " reads the ", value, " that was written on the other side"));
  return unknown(say(who, " read ", before, " and then ", after));
}

Observation outside_change_hidden(World& w, std::string_view file, std::string_view value) {
  return change_hidden(w.outside(), w.inside(), "inside", file, value);
}

Observation inside_change_hidden(World& w, std::string_view file, std::string_view value) {
  // Inside may have no privilege over its network namespace; a process of outside that joins it has.
  Actor& guest = w.fork(w.outside(), "guest");
  must_enter(guest, w.inside().pid(), Ns::net);
  return change_hidden(guest, w.outside(), "outside", file, value);
}

// The creator has a value of its own; `standards` are what kernels begin with.
Observation begins_with_standard(World& w, std::string_view file, std::string_view creators,
                                 std::initializer_list<std::string_view> standards) {
  must(sys::write_file(w.outside(), file, creators));
  const std::string seen = value_of(w.inside(), file);
  if (seen == creators) return leaked(say("inside begins with the ", seen, " of its creator"));
  if (std::find(standards.begin(), standards.end(), seen) != standards.end())
    return isolated(say("inside begins with ", seen));
  return unknown(say("inside begins with ", seen, ", which is neither the standard nor its creator's"));
}

// ping_group_range reads as ids of the reader's user namespace, so the effect is looked at: an ICMP socket (icmp(7)).
Observation ping_range_standard(World& w) {
  must(sys::write_file(w.outside(), "/proc/sys/net/ipv4/ping_group_range", "0 0"));
  must(sys::socket(w.outside(), AF_INET, SOCK_DGRAM, IPPROTO_ICMP));
  const Reply made = sys::socket(w.inside(), AF_INET, SOCK_DGRAM, IPPROTO_ICMP);
  if (made.error() == EACCES) return isolated("no group may ping inside");
  must(made);
  return leaked("the group that may ping outside may do so inside");
}

constexpr std::string_view kTtl = "/proc/sys/net/ipv4/ip_default_ttl";

const Rows rows = {
    {
        .id = "net.sysctl.ttl-outside-change-hidden",
        .claim = "A change of net.ipv4.ip_default_ttl outside is not seen inside.",
        .how = "Outside writes 99; inside reads the value before and after.",
        .source = "network_namespaces(7), Documentation/networking/ip-sysctl.rst",
        .since = {4, 6},
        .isolated_by = Ns::net,
        .reach = Reach::any_alone,
        .check = [](World& w) { return outside_change_hidden(w, kTtl, "99"); },
    },
    {
        .id = "net.sysctl.ttl-inside-change-hidden",
        .claim = "A change of net.ipv4.ip_default_ttl in the inner network namespace is not seen outside.",
        .how =
            "A process that has joined inside's network namespace writes 99; outside reads the value before and after.",
        .source = "network_namespaces(7), Documentation/networking/ip-sysctl.rst",
        .since = {4, 6},
        .isolated_by = Ns::net,
        .reach = Reach::any_alone,
        .check = [](World& w) { return inside_change_hidden(w, kTtl, "99"); },
    },
    {
        .id = "net.sysctl.ipv6-hop-limit-independent",
        .claim = "A change of net.ipv6.conf.all.hop_limit outside is not seen inside.",
        .how = "Outside writes 99; inside reads the value before and after.",
        .source = "network_namespaces(7), Documentation/networking/ip-sysctl.rst",
        .since = {2, 6, 29},
        .isolated_by = Ns::net,
        .reach = Reach::any_alone,
        .needs = {Need::ipv6},
        .check = [](World& w) { return outside_change_hidden(w, "/proc/sys/net/ipv6/conf/all/hop_limit", "99"); },
    },
    {
        .id = "net.sysctl.port-start-standard",
        .claim = "A new network namespace begins with ip_unprivileged_port_start 1024, whatever its creator has.",
        .how = "Outside sets its own to 80 and makes the sandbox; inside reads the value.",
        .source = "Documentation/networking/ip-sysctl.rst",
        .since = {4, 11},
        .isolated_by = Ns::net,
        .check =
            [](World& w) {
              return begins_with_standard(w, "/proc/sys/net/ipv4/ip_unprivileged_port_start", "80", {"1024"});
            },
    },
    {
        .id = "net.sysctl.somaxconn-standard",
        .claim = "A new network namespace begins with the standard net.core.somaxconn, whatever its creator has.",
        .how = "Outside sets its own to 77 and makes the sandbox; inside reads 4096, or 128 before Linux 5.4.",
        .source = "Documentation/networking/ip-sysctl.rst, listen(2)",
        .since = {2, 6, 29},
        .isolated_by = Ns::net,
        .needs = {Need::net_core_files},
        .check =
            [](World& w) {
              return begins_with_standard(w, "/proc/sys/net/core/somaxconn", "77", {"4096", "128"});
            },
    },
    {
        .id = "net.sysctl.ping-range-standard",
        .claim = "A new network namespace lets no group open ICMP sockets, whatever its creator has.",
        .how = "Outside lets its own group and makes the sandbox; outside and inside open an ICMP datagram socket.",
        .source = "Documentation/networking/ip-sysctl.rst, icmp(7)",
        .since = {3, 0},
        .isolated_by = Ns::net,
        .check = ping_range_standard,
    },
};

}  // namespace
}  // namespace nsproof
