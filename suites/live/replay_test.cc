// Every check is replayed from the transcript of a live run and must come to the same observation: the transcript is
// the whole evidence, and nothing that a check goes by is missing from it.
#include "harness/actor/replay.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "harness/catalogue/property.h"
#include "harness/host/facts.h"
#include "harness/support/text.h"
#include "harness/world/bulkhead.h"
#include "harness/world/world.h"

namespace nsproof {
namespace {

Observation replay(const Property& row, const Sandbox& sandbox, const Transcript& transcript) {
  auto recording = std::make_shared<Recording>(Recording{transcript, 0});
  Transcript again;
  try {
    auto outside = std::make_unique<Actor>("outside", replay_transport(recording, "outside"), again);
    outside->set_pid(2);  // as the warden of every layer knows it
    World world(std::move(outside), sandbox, Way::clone3);
    Observation seen = row.check(world);
    if (recording->next != transcript.entries.size()) return unknown("the replay ended before the recording");
    return seen;
  } catch (const Broken& broken) {
    return unknown(broken.what());
  }
}

TEST(ReplayTest, EveryCheckComesToTheSameObservation) {
  const HostReport host = examine_host();
  ASSERT_EQ(host.bulkhead, "");
  Keeper keeper;
  int replayed = 0;
  for (const Property& row : catalogue()) {
    // A layer with a cgroup of its own is the runner's to make.
    if (unmet_need(row, host.facts) || std::count(row.needs.begin(), row.needs.end(), Need::cgroup2) > 0) continue;
    const std::string_view id = row.id;
    SCOPED_TRACE(std::string(id));
    Sandbox sandbox = row.sandbox;
    sandbox.namespaces = subject_namespaces(row);
    Transcript transcript;
    Observation live;
    try {
      Layer layer(keeper, Ns::net);
      World world(layer.make_outside(transcript), sandbox, Way::clone3);
      live = row.check(world);
    } catch (const Broken& broken) {
      ADD_FAILURE() << "live: " << broken.what();
      continue;
    }
    const Observation again = replay(row, sandbox, transcript);
    EXPECT_EQ(name_of(again.outcome), name_of(live.outcome)) << again.reason;
    EXPECT_EQ(again.reason, live.reason);
    ++replayed;
  }
  EXPECT_GT(replayed, 0);
}

}  // namespace
}  // namespace nsproof
