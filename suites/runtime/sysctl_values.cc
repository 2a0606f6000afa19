// Sysctls that a container was asked to have: they are set inside, do what they are for, and are not set outside.
#include <linux/capability.h>
#include <linux/sched.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>

#include "harness/catalogue/property.h"
#include "harness/runtime/contract.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/world/world.h"

namespace nsproof {
namespace {

// The name may use dots or slashes (sysctl(8)).
std::string file_of(std::string name) {
  if (name.find('/') == std::string::npos) std::replace(name.begin(), name.end(), '.', '/');
  return say("/proc/sys/", name);
}

// Numbers of one line are apart by whatever the kernel likes.
std::string plain(std::string_view value) { return join(words_of(value), " "); }

std::string value_of(Actor& actor, const std::string& name) {
  return plain(must(sys::read_file(actor, file_of(name))));
}

Observation values_as_asked(World& w) {
  std::vector<std::string> right;
  std::vector<std::string> wrong;
  for (const auto& [name, asked] : w.contract().sysctls) {
    const std::string seen = value_of(w.inside(), name);
    (seen == plain(asked) ? right : wrong).push_back(say(name, " is ", seen));
  }
  return wrong.empty() ? isolated(join(right, ", ")) : leaked(join(wrong, ", "));
}

// The values outside while there is a container. What they would be without one is what new namespaces start with,
// since containers before this one may have been set up in the same layer.
Observation values_outside(World& w) {
  w.inside();
  Actor& fresh = w.clone(w.outside(), CLONE_NEWNET | CLONE_NEWIPC, "fresh");
  std::vector<std::string> different;
  for (const auto& [name, asked] : w.contract().sysctls) {
    if (value_of(fresh, name) == plain(asked)) continue;
    const std::string seen = value_of(w.outside(), name);
    if (seen == plain(asked)) return leaked(say(name, " is ", seen, " outside, too"));
    different.push_back(say(name, " is ", seen));
  }
  if (different.empty()) return unknown("what was asked for is what every namespace starts with");
  return isolated(say("outside ", join(different, ", ")));
}

// What a runtime does that has no namespace of its own for the container: here, in the layer's.
Observation set_outside(World& w) {
  for (const auto& [name, asked] : w.contract().sysctls) must(sys::write_file(w.inside(), file_of(name), asked));
  return values_outside(w);
}

// A sysctl of a namespace, which a process of the layer changes for the layer only.
bool belongs_to_namespace(std::string_view name) {
  static constexpr std::string_view kBeginnings[] = {"net/ipv4/",  "net/ipv6/",  "kernel/msg",
                                                     "kernel/sem", "kernel/shm", "fs/mqueue/"};
  const std::string path = file_of(std::string(name)).substr(std::string_view("/proc/sys/").size());
  return std::any_of(std::begin(kBeginnings), std::end(kBeginnings),
                     [&](std::string_view beginning) { return path.starts_with(beginning); });
}

constexpr const char* kPortStart = "net.ipv4.ip_unprivileged_port_start";

Observation low_port_refused(World& w) {
  const auto start = static_cast<std::uint16_t>(std::stoul(w.contract().sysctls.at(kPortStart)));
  const auto bound = [&](std::uint16_t port) {
    const auto socket = must(
        w.inside().call(SYS_socket, "socket", {named(AF_INET, "AF_INET"), named(SOCK_DGRAM, "SOCK_DGRAM"), num(0)}));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    Reply reply = w.inside().call(
        SYS_bind, "bind", {num(socket), record(raw(address), say("{0.0.0.0, port ", port, "}")), num(sizeof address)});
    must(sys::close(w.inside(), static_cast<int>(socket)));
    return reply;
  };
  const Reply below = bound(static_cast<std::uint16_t>(start - 1));
  if (below.ok()) return leaked(say("port ", start - 1, " could be bound"));
  if (below.error() != EACCES) return unknown(say("bind: ", errno_name(below.error())));
  const Reply first = bound(start);
  if (!first.ok()) return leaked(say("port ", start, " cannot be bound: ", errno_name(first.error())));
  return isolated(say("port ", start - 1, " is EACCES, and port ", start, " can be bound"));
}

std::string text_of(const Contract& contract) {
  std::vector<std::string> texts;
  for (const auto& [name, value] : contract.sysctls) texts.push_back(say(name, "=", value));
  return join(texts, ", ");
}

std::optional<std::string> asked_for_sysctls(const Contract& contract) {
  return contract.sysctls.empty() ? std::nullopt : std::optional(text_of(contract));
}

std::optional<std::string> asked_for_namespaced(const Contract& contract) {
  const bool all = std::all_of(contract.sysctls.begin(), contract.sysctls.end(),
                               [](const auto& one) { return belongs_to_namespace(one.first); });
  return all ? asked_for_sysctls(contract) : std::nullopt;
}

std::optional<std::string> asked_for_port_start(const Contract& contract) {
  const auto start = contract.sysctls.find(kPortStart);
  const bool privileged = !contract.capabilities || (contract.capabilities->effective >> CAP_NET_BIND_SERVICE & 1) != 0;
  if (start == contract.sysctls.end() || privileged || plain(start->second) == "0") return std::nullopt;
  return say(kPortStart, "=", start->second);
}

const RuntimeRows rows = {
    {
        .id = "sysctl.values.as-asked",
        .claim = "Every sysctl that was asked for has its value inside.",
        .how = "Inside reads /proc/sys.",
        .source = "OCI runtime-spec config-linux.md, Sysctl; sysctl(8)",
        .since = {2, 6, 24},
        .reach = Reach::any_sandbox,
        .check = values_as_asked,
        .asked = asked_for_sysctls,
    },
    {
        .id = "sysctl.values.not-set-outside",
        .claim = "Sysctls that a container is started with are not set for the machine.",
        .how = "Outside reads them while there is a container, and a process in new namespaces reads their defaults.",
        .source = "OCI runtime-spec config-linux.md, Sysctl; network_namespaces(7); ipc_namespaces(7)",
        .since = {2, 6, 24},
        .reach = Reach::any_alone,
        .check = values_outside,
        .control = set_outside,
        .control_differs = "a process in the layer's own namespaces sets them",
        .asked = asked_for_namespaced,
    },
    {
        .id = "sysctl.port-start.enforced",
        .claim = "Without CAP_NET_BIND_SERVICE the container binds no port below net.ipv4.ip_unprivileged_port_start.",
        .how = "Inside binds the port before it, and the first one that is free for everybody.",
        .source = "OCI runtime-spec config-linux.md, Sysctl; Documentation/networking/ip-sysctl.rst",
        .since = {4, 11},
        .reach = Reach::any_sandbox,
        .check = low_port_refused,
        .asked = asked_for_port_start,
    },
};

}  // namespace
}  // namespace nsproof
