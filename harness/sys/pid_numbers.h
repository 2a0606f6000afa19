// Remote calls that turn the number of a process in one pid namespace into its number in another (ioctl_nsfs(2)).
#pragma once

#include "harness/sys/sys.h"

namespace nsproof::sys {

// `ns` is a descriptor of a pid namespace. ESRCH if the process has no number on the other side.
Reply ns_get_pid_in_pidns(Actor& actor, int ns, int pid);    // the caller's number -> that of the namespace
Reply ns_get_pid_from_pidns(Actor& actor, int ns, int pid);  // the namespace's number -> that of the caller

}  // namespace nsproof::sys
