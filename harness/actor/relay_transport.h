// A transport to a probe that the harness cannot reach itself: another actor, the carrier, sends and receives for it by
// remote system calls. So a sandbox needs no channel but one stream of bytes, however many processes are in it.
#pragma once

#include <memory>

#include "harness/actor/actor.h"

namespace nsproof {

// `socket`: the carrier's end of a stream socket, in its own numbers. The carrier must outlive the transport, and must
// not be busy when the transport is used.
std::unique_ptr<Transport> relay_transport(Actor& carrier, int socket);

}  // namespace nsproof
