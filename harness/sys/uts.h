// Remote calls about the names of the machine (uname(2), sethostname(2)).
#pragma once

#include <string>
#include <string_view>

#include "harness/sys/sys.h"

namespace nsproof::sys {

struct Uts {
  std::string sysname;
  std::string nodename;
  std::string release;
  std::string version;
  std::string machine;
  std::string domainname;
};

Got<Uts> uname(Actor& actor);
Reply sethostname(Actor& actor, std::string_view name);
Reply setdomainname(Actor& actor, std::string_view name);

// The release field of uname(2) with everything behind its terminator, out of a buffer that was filled with `fill`.
Got<std::string> uname_release_bytes(Actor& actor, char fill);
// What getcwd(2) leaves of such a buffer of the same size: it writes no more than its text needs.
Got<std::string> getcwd_bytes(Actor& actor, char fill);

Reply personality(Actor& actor, std::uint64_t persona, std::string_view persona_name);

// poll(2) of an open sysctl for a change since it was opened or last polled (POLLERR|POLLPRI). The value of the reply
// is 1 if there was one, 0 after the timeout.
Reply poll_change(Actor& actor, int fd, Milliseconds timeout);

}  // namespace nsproof::sys
