// Remote calls that turn the number of a process in one pid namespace, or a descriptor of it, into its number in
// another (ioctl_nsfs(2), pidfd_open(2)).
#pragma once

#include "harness/sys/sys.h"

namespace nsproof::sys {

// `ns` is a descriptor of a pid namespace. ESRCH if the process has no number on the other side.
Reply ns_get_pid_in_pidns(Actor& actor, int ns, int pid);    // the caller's number -> that of the namespace
Reply ns_get_pid_from_pidns(Actor& actor, int ns, int pid);  // the namespace's number -> that of the caller

// PIDFD_GET_INFO: the number of the process behind a pidfd as the caller counts. ESRCH if it has
// none there, or EREMOTE (from Linux 7.0, 6.19.10 and 6.18.14 on).
Got<int> pidfd_get_info(Actor& actor, int pidfd);

}  // namespace nsproof::sys
