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

}  // namespace nsproof::sys
