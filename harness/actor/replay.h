// Actors that answer from a recorded transcript, so that every judgement can be tested with no kernel and no root.
// A check that asks something else than the recording has is told so with Broken.
#pragma once

#include <memory>
#include <string>

#include "harness/actor/transcript.h"
#include "harness/actor/transport.h"

namespace nsproof {

// The recording and how far it has been read; all actors of one replay share it.
struct Recording {
  Transcript transcript;
  std::size_t next = 0;
};

// `name`: the actor that this transport plays.
std::unique_ptr<Transport> replay_transport(std::shared_ptr<Recording> recording, std::string name);

}  // namespace nsproof
