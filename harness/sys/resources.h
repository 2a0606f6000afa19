// Remote calls about memory and what a user may have of it: shared mappings, a look at an address, resource limits.
#pragma once

#include <sys/resource.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/sys/sys.h"

namespace nsproof::sys {

// A shared mapping of a file from its beginning (mmap(2), MAP_SHARED); the value is the address.
Reply map_shared(Actor& actor, int fd, std::size_t bytes);
Reply ftruncate(Actor& actor, int fd, std::size_t bytes);

// What is at an address of the actor's process, and a change to it, through a pipe: the kernel copies, so that an
// address where nothing is mapped is EFAULT and not the end of the probe. At most a page at a time.
Got<std::string> peek(Actor& actor, std::uint64_t address, std::size_t bytes);
Reply poke(Actor& actor, std::uint64_t address, std::string_view data);

// prlimit(2) of the caller, the soft and the hard limit alike.
Reply set_limit(Actor& actor, int resource, std::string_view resource_name, std::uint64_t limit);

}  // namespace nsproof::sys
