// Remote calls that only root over the initial user namespace may make, each with arguments that do nothing at all when
// the caller is allowed to make it: the answer tells whether the permission was there (capabilities(7)).
#pragma once

#include <string_view>

#include "harness/sys/sys.h"

namespace nsproof::sys {

// adjtimex(2) with a tick of 0, which no clock has: EPERM, or EINVAL for who may set the time.
Reply adjtimex_impossible_tick(Actor& actor);
// The console log level (syslog(2), action 8) without a level: EPERM, or EINVAL for who may set it.
Reply syslog_no_console_level(Actor& actor);
// swapon(2) of a file that does not exist: EPERM, or ENOENT for who may add swap space.
Reply swapon_missing_file(Actor& actor);
// reboot(2) with magic numbers that are not those of reboot(2): EPERM, or EINVAL for who may reboot.
Reply reboot_without_magic(Actor& actor);

// A nice value of -1 for the caller itself (setpriority(2)).
Reply raise_own_priority(Actor& actor);

}  // namespace nsproof::sys
