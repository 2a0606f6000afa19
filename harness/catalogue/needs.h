// What a property may need of the machine, and which of it is there. Needs are declared beside the property and
// settled before it runs; a check never discovers in its body that it cannot run.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "harness/catalogue/namespaces.h"

namespace nsproof {

struct KernelVersion {
  int major = 0;
  int minor = 0;
  int patch = 0;
  auto operator<=>(const KernelVersion&) const = default;
};

KernelVersion kernel_version(std::string_view release);  // "6.18.44-amd64" -> {6, 18, 44} (uname(2))
// The same where a distribution keeps one release name for many stable updates ("6.1.0-56-amd64") and names the update
// elsewhere: in uname(2)'s version ("#1 SMP Debian 6.1.192-2") or in /proc/version_signature. `names` holds all of
// that.
KernelVersion kernel_version(std::string_view release, std::string_view names);
// What a person writes for a kernel: "6.1", "6.1.20", "6.18.44-amd64".
std::optional<KernelVersion> kernel_named(std::string_view text);
std::string text_of(KernelVersion version);

enum class Need {
  initial_root,    // root over the initial user namespace
  many_ids,        // the right to map more than the caller's own id
  all_namespaces,  // every one of the eight types can be made here
  cgroup2,         // a cgroup2 hierarchy in which a group of our own can be made
  veth,            // pairs of virtual Ethernet devices
  nf_tables,       // nftables over netlink
  mqueue,          // POSIX message queues and their file system
  sysvipc,         // System V IPC
  ipv6,            // IPv6 sockets
  net_core_files,  // /proc/sys/net/core in a network namespace that the caller's user namespace owns
};

inline constexpr Need kAllNeeds[] = {Need::initial_root, Need::many_ids,      Need::all_namespaces, Need::cgroup2,
                                     Need::veth,         Need::nf_tables,     Need::mqueue,         Need::sysvipc,
                                     Need::ipv6,         Need::net_core_files};

std::string_view name_of(Need need);         // "initial-root"
std::string_view description_of(Need need);  // one line for people

using Needs = std::initializer_list<Need>;

// What this machine gives: for every need nothing if it is met, or why it is not.
struct Facts {
  KernelVersion kernel;
  NsSet namespaces = NsSet::all();               // the types that can be made here
  std::map<Ns, std::string> no_namespaces = {};  // why not the others
  std::map<Need, std::string> missing;
};

// Why not all of these types can be made here; nothing if they can.
std::optional<std::string> missing_types(NsSet wanted, const Facts& facts);

}  // namespace nsproof
