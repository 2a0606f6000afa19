// Remote calls that hand a descriptor from one process to another: SCM_RIGHTS over a pair of Unix sockets (unix(7)).
#pragma once

#include "harness/sys/files.h"

namespace nsproof::sys {

// Two connected datagram sockets. Their SO_PEERCRED is whoever made them.
Got<Pair> socket_pair(Actor& actor);

// One byte with this descriptor.
Reply send_descriptor(Actor& actor, int socket, int fd);
// Takes a message that is there already (EAGAIN if none is); the value is the new descriptor. Throws Babbled if none
// came with it.
Got<int> receive_descriptor(Actor& actor, int socket);

}  // namespace nsproof::sys
