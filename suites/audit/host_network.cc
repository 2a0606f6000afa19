// Settings of the container's own network namespace, or of the host's if it shares that one (ip(7), ip-sysctl.rst).
#include <linux/magic.h>

#include <cerrno>

#include "harness/audit/rule.h"
#include "harness/audit/view.h"
#include "harness/support/text.h"
#include "suites/audit/host_fixture.h"
#include "suites/audit/host_sysctl.h"

namespace nsproof::audit {
namespace {

constexpr const char* kDocs = "Linux: Documentation/networking/ip-sysctl.rst";
constexpr std::size_t kInterfaces = 64;

sys::Got<std::string> read_setting(View& view, const std::string& path) {
  sys::Got<std::string> text = view.file(path);
  if (text.ok() && view.file_system(path).value.type != PROC_SUPER_MAGIC)
    throw CouldNotLook(say("something is mounted on ", path));
  return text;
}

// Which values count for an interface (include/linux/inetdevice.h).
enum class Counts {
  either,  // its own, or that of conf/all; both, where it forwards
  both,
  own,
};

class Conf {
 public:
  Conf(View& view, std::string family) : view_(view), directory_(say("/proc/sys/net/", family, "/conf")) {}
  // 0 where there is no such file.
  int value(const std::string& interface, const std::string& setting) {
    const std::string path = say(directory_, "/", interface, "/", setting);
    const sys::Got<std::string> text = read_setting(view_, path);
    if (text.error() == ENOENT) return 0;
    const std::string word = trim(text.value);
    if (!text.ok() || word.empty()) throw CouldNotLook(say(path, ": ", errno_name(text.error())));
    return word == "0" ? 0 : word == "1" ? 1 : 2;
  }
  [[nodiscard]] const std::string& directory() const { return directory_; }

 private:
  View& view_;
  std::string directory_;
};

bool in_force(Conf& conf, const std::string& interface, const std::string& setting, Counts counts) {
  const int own = conf.value(interface, setting);
  const bool forwards = conf.value(interface, "forwarding") != 0;
  // A router listens to no other, unless it is told to by 2 (ip-sysctl.rst).
  if (counts == Counts::own) return forwards ? setting == "accept_ra" && own == 2 : own != 0;
  const bool all = conf.value("all", setting) != 0;
  const bool routes = setting == "accept_redirects" && forwards;
  return counts == Counts::both || routes ? own != 0 && all : own != 0 || all;
}

// One setting of every interface but lo.
Sight look_at_interfaces(View& view, const std::string& family, const std::string& setting, Counts counts) {
  Conf conf(view, family);
  const sys::Got<std::vector<std::string>>& names = view.names(conf.directory(), kInterfaces);
  if (names.error() == ENOENT && view.exists("/proc/sys/net"))
    return not_applicable(say("there is no ", family, " in this network namespace"));
  if (!names.ok()) return unknown(say(conf.directory(), ": ", errno_name(names.error())));
  std::string on;
  std::size_t looked = 0;
  for (const std::string& name : names.value) {
    if (name == "lo" || name == "all" || name == "default") continue;
    ++looked;
    if (in_force(conf, name, setting, counts)) on += say(on.empty() ? "" : ", ", quoted(name));
  }
  if (looked == 0) return not_applicable("this network namespace has no interface but lo");
  return on.empty() ? hardened(say(setting, " of ", family, " is in force for none of ", looked, " interfaces"))
                    : weak(say(setting, " of ", family, " is in force for ", on));
}

Sight look_at_one(View& view, const std::string& path, Sight (*judge)(std::string_view)) {
  const sys::Got<std::string> text = read_setting(view, path);
  if (text.error() == ENOENT && view.exists("/proc/sys/net")) return not_applicable(say("there is no ", path));
  if (!text.ok()) return unknown(say(path, ": ", errno_name(text.error())));
  return judge(text.value);
}

Sight judge_port_start(std::string_view text) {
  constexpr HostSysctl kStart{"", "", "net/ipv4/ip_unprivileged_port_start", Wanted::at_least, 1024, Severity::low, "",
                              "", ""};
  return judge_sysctl(kStart, text);
}

struct PerInterface {
  const char* id;
  const char* title;
  const char* why;
  const char* reference;
  const char* family;
  const char* setting;
  Counts counts;
  const char* key;  // of linux.sysctl
  Severity severity;
};

constexpr PerInterface kSettings[] = {
    {"host.net-localnet.routed", "Packets from outside may be routed to 127.0.0.0/8 here.",
     "Services that listen on the loopback address alone are reached by neighbours on the network.", "CVE-2020-8558",
     "ipv4", "route_localnet", Counts::either, "net.ipv4.conf.all.route_localnet", Severity::medium},
    {"host.net-redirects4.accepted", "ICMP redirects change the routes here.",
     "A neighbour on the network leads the traffic over itself.", "icmp(7)", "ipv4", "accept_redirects", Counts::either,
     "net.ipv4.conf.all.accept_redirects", Severity::low},
    {"host.net-redirects6.accepted", "ICMPv6 redirects change the routes here.",
     "A neighbour on the network leads the traffic over itself.", "RFC 4861", "ipv6", "accept_redirects", Counts::own,
     "net.ipv6.conf.default.accept_redirects", Severity::low},
    {"host.net-router-adverts.accepted", "Router advertisements change the routes here.",
     "A neighbour that may send raw packets becomes the router of the container, and reads what it sends.",
     "CVE-2020-10749", "ipv6", "accept_ra", Counts::own, "net.ipv6.conf.default.accept_ra", Severity::low},
    {"host.net-source-route.accepted", "Packets may say which way they were to take, and are obeyed.",
     "A sender leads answers over itself and past filters.", "RFC 5095", "ipv4", "accept_source_route", Counts::both,
     "net.ipv4.conf.all.accept_source_route", Severity::low},
};

Fix set_to(const std::string& key, const std::string& value) {
  return {.oci = say(R"({"linux":{"sysctl":{")", key, R"(":")", value, R"("}}})"),
          .docker = say("--sysctl ", key, "='", value, "'"),
          .kubernetes = say("securityContext: {sysctls: [{name: ", key, ", value: \"", value, "\"}]}"),
          .host = say("sysctl -w ", key, "='", value, "'  # in that network namespace")};
}

Spoil spoilt(const std::string& key, const std::string& value) {
  return {.config = say(R"({"linux":{"sysctl":{")", key, R"(":")", value, R"("}}})")};
}

std::vector<Rule> make_rules() {
  std::vector<Rule> made;
  for (const PerInterface& one : kSettings)
    made.push_back(
        {.id = one.id,
         .title = one.title,
         .severity = one.severity,
         .why = one.why,
         .how = say("/proc/sys/net/", one.family, "/conf/*/", one.setting, " of every interface but lo."),
         .references = {one.reference, kDocs},
         .fix = set_to(one.key, "0"),
         .look = [&one](View& view) { return look_at_interfaces(view, one.family, one.setting, one.counts); },
         .spoil = with_interface(say("echo 1 > /proc/sys/net/", one.family, "/conf/eth0/", one.setting,
                                     one.counts == Counts::both ? "; echo 1 > /proc/sys/net/ipv4/conf/all/" : "",
                                     one.counts == Counts::both ? one.setting : ""))});
  return made;
}

const Rules settings(make_rules());

const Rules rows = {
    {
        .id = "host.net-ports.unprivileged",
        .title = "Every user may listen on ports below 1024 here.",
        .severity = Severity::low,
        .why = "A process without privileges takes the place of a service, in the host's network namespace of the "
               "host's.",
        .how = "/proc/sys/net/ipv4/ip_unprivileged_port_start.",
        .references = {"ip(7)", kDocs},
        .fix = set_to("net.ipv4.ip_unprivileged_port_start", "1024"),
        .look =
            [](View& view) {
              return look_at_one(view, "/proc/sys/net/ipv4/ip_unprivileged_port_start", judge_port_start);
            },
        .spoil = spoilt("net.ipv4.ip_unprivileged_port_start", "0"),
    },
    {
        .id = "host.net-ping.everybody",
        .title = "Users of many groups may open ICMP sockets here.",
        .severity = Severity::low,
        .why = "Code of the kernel that otherwise asks for CAP_NET_RAW is reached by everybody.",
        .how = "/proc/sys/net/ipv4/ping_group_range.",
        .references = {"icmp(7)", "CVE-2015-3636"},
        .fix = set_to("net.ipv4.ping_group_range", "0 0"),
        .look = [](View& view) { return look_at_one(view, "/proc/sys/net/ipv4/ping_group_range", judge_ping_groups); },
        .spoil = spoilt("net.ipv4.ping_group_range", "0 1000"),
    },
};

}  // namespace
}  // namespace nsproof::audit
