// What a property may need of the machine, and which of it is there. Needs are declared beside the property and
// settled before it runs; a check never discovers in its body that it cannot run.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
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
};

inline constexpr Need kAllNeeds[] = {Need::initial_root, Need::many_ids, Need::all_namespaces,
                                     Need::cgroup2,      Need::veth,     Need::nf_tables,
                                     Need::mqueue,       Need::sysvipc,  Need::ipv6};

std::string_view name_of(Need need);         // "initial-root"
std::string_view description_of(Need need);  // one line for people

using Needs = std::initializer_list<Need>;

// What this machine gives: for every need nothing if it is met, or why it is not.
struct Facts {
  KernelVersion kernel;
  NsSet namespaces = NsSet::all();  // the types that this kernel has
  std::map<Need, std::string> missing;
};

}  // namespace nsproof
