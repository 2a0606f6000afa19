// Remote calls about namespaces as files: the links of /proc/PID/ns, and the questions of ioctl_nsfs(2).
#pragma once

#include <cstdint>
#include <string_view>

#include "harness/catalogue/namespaces.h"
#include "harness/sys/sys.h"

namespace nsproof::sys {

// The identity of a namespace: two links are the same namespace if and only if both numbers agree (namespaces(7)).
struct NsIdentity {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  auto operator<=>(const NsIdentity&) const = default;
};

// `process` is a pid in the actor's numbers, or "self"; `link` is the name of a type, or "pid_for_children" ...
Got<NsIdentity> ns_identity(Actor& actor, std::string_view process, std::string_view link);
Got<NsIdentity> ns_identity(Actor& actor, std::string_view process, Ns type);
Got<NsIdentity> ns_identity(Actor& actor, int fd);

// A descriptor of a namespace, from /proc/PID/ns/LINK.
Reply open_ns(Actor& actor, std::string_view process, std::string_view link);
Reply open_ns(Actor& actor, std::string_view process, Ns type);

// The value of each is a new descriptor.
Reply ns_get_userns(Actor& actor, int fd);
Reply ns_get_parent(Actor& actor, int fd);
// The value is the CLONE_NEW* flag of the type.
Reply ns_get_nstype(Actor& actor, int fd);
Got<std::uint32_t> ns_get_owner_uid(Actor& actor, int fd);
// Linux 6.18: the number of a namespace that is never used again.
Got<std::uint64_t> ns_get_id(Actor& actor, int fd);
Got<std::uint64_t> ns_get_mntns_id(Actor& actor, int fd);

// PIDFD_GET_*_NAMESPACE (Linux 6.11); the value is a new descriptor.
Reply pidfd_get_namespace(Actor& actor, int pidfd, Ns type);

// How many namespaces of a type may be made in the caller's user namespace: /proc/sys/user/max_*_namespaces.
Reply set_namespace_limit(Actor& actor, Ns type, int limit);

}  // namespace nsproof::sys
