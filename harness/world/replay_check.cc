#include "harness/world/replay_check.h"

#include "harness/actor/actor.h"
#include "harness/actor/replay.h"
#include "harness/world/world.h"

namespace nsproof {

Observation replay_check(Check check, const Sandbox& sandbox, Way way, const Transcript& transcript) {
  auto recording = std::make_shared<Recording>(Recording{transcript, 0});
  Transcript again;
  try {
    auto outside = std::make_unique<Actor>("outside", replay_transport(recording, "outside"), again);
    outside->set_pid(2);  // as the warden of every layer knows it
    World world(std::move(outside), sandbox, way);
    Observation seen = check(world);
    if (recording->next != transcript.entries.size()) return unknown("replay: the check ended before the recording");
    return seen;
  } catch (const Broken& broken) {
    return unknown(broken.what());
  }
}

}  // namespace nsproof
