// Every check is replayed from the transcript of a live run and must come to the same observation: the transcript is
// the whole evidence, and nothing that a check goes by is missing from it.

#include <gtest/gtest.h>

#include <algorithm>

#include "harness/catalogue/property.h"
#include "harness/host/facts.h"
#include "harness/support/text.h"
#include "harness/world/bulkhead.h"
#include "harness/world/replay_check.h"
#include "harness/world/world.h"

namespace nsproof {
namespace {

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
    const Observation again = replay_check(row.check, sandbox, Way::clone3, transcript);
    EXPECT_EQ(name_of(again.outcome), name_of(live.outcome)) << again.reason;
    EXPECT_EQ(again.reason, live.reason);
    ++replayed;
  }
  EXPECT_GT(replayed, 0);
}

}  // namespace
}  // namespace nsproof
