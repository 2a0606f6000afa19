// Remote calls about who is at the other end of a Unix socket: SCM_CREDENTIALS and SO_PEERCRED (unix(7)).
#pragma once

#include <cstdint>

#include "harness/sys/descriptors.h"

namespace nsproof::sys {

struct Credentials {
  int pid = 0;  // in the numbers of whoever reads it; 0 if that process has none there
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
};

// From now on every message that arrives on this socket brings the credentials of its sender (SO_PASSCRED).
Reply pass_credentials(Actor& actor, int socket);

// Sends one byte and these credentials; EPERM for those of somebody else without the privilege to pretend.
Reply send_credentials(Actor& actor, int socket, const Credentials& claimed);

// Takes a message that is there already (EAGAIN if none is) and the credentials that came with it. Throws Babbled if
// none did.
Got<Credentials> receive_credentials(Actor& actor, int socket);

Got<Credentials> peer_credentials(Actor& actor, int socket);

}  // namespace nsproof::sys
