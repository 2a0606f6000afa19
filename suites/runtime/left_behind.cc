// What a sandbox leaves behind when it has ended, and when it could not be started: nothing that was not there before.
// Every kind of thing is counted in the layer before and after; the control counts what was left there on purpose.
#include "harness/catalogue/property.h"
#include "harness/support/text.h"
#include "harness/world/world.h"
#include "suites/runtime/left_inventory.h"

namespace nsproof {
namespace {

template <const Kind& kind>
Observation after_end(World& w) {
  const Inventory before = kind.take(w.outside());
  w.inside();
  w.place().stop();
  return compare(w, kind, before, Wait::for_helpers);
}

template <const Kind& kind>
Observation after_failed_start(World& w) {
  const Inventory before = kind.take(w.outside());
  w.place().start_in_vain();
  return compare(w, kind, before, Wait::for_helpers);
}

template <const Kind& kind>
Observation after_leaving_one(World& w) {
  const Inventory before = kind.take(w.outside());
  kind.leave(w);
  w.place().stop();
  return compare(w, kind, before, Wait::no);
}

constexpr std::string_view kOnPurpose = "the payload leaves one behind on purpose, in the layer itself";
constexpr std::string_view kHow =
    "Outside counts them before the sandbox is started and after it was stopped and the tool's clean-up has run.";
constexpr std::string_view kHowInVain =
    "Outside counts them before and after a start of a program that does not exist, and the tool's clean-up.";

template <const Kind& kind>
Property ended(Id id, std::string_view claim, std::vector<Need> needs = {}) {
  return {.id = id,
          .claim = claim,
          .how = kHow,
          .source = "OCI runtime-spec runtime.md, Lifecycle; the manual of the tool",
          .since = {2, 6, 24},
          .reach = Reach::any_alone,
          .needs = std::move(needs),
          .check = after_end<kind>,
          .control = after_leaving_one<kind>,
          .control_differs = kOnPurpose};
}

template <const Kind& kind>
Property failed(Id id, std::string_view claim, std::vector<Need> needs = {}) {
  Property row = ended<kind>(id, claim, std::move(needs));
  row.how = kHowInVain;
  row.source = "OCI runtime-spec runtime.md, Errors and Lifecycle; the manual of the tool";
  row.check = after_failed_start<kind>;
  return row;
}

const RuntimeRows rows = {
    ended<kProcesses>("left.processes.none-after-end", "A sandbox that has ended leaves no process behind."),
    ended<kMounts>("left.mounts.none-after-end", "A sandbox that has ended leaves no mount behind on the host."),
    ended<kCgroups>("left.cgroups.none-after-end", "A sandbox that has ended leaves no cgroup behind."),
    ended<kLinks>("left.links.none-after-end", "A sandbox that has ended leaves no network link behind on the host.",
                  {Need::veth}),
    ended<kNamedNetworks>("left.networks.none-after-end",
                          "A sandbox that has ended leaves no named network namespace behind."),
    ended<kIpcObjects>("left.ipc.none-after-end",
                       "A sandbox that has ended leaves no System V IPC object behind on the host.", {Need::sysvipc}),
    ended<kSettings>("left.settings.none-after-end",
                     "A sandbox that has ended leaves the host's name and settings (sysctl) as they were."),
    ended<kFiles>("left.files.none-after-end",
                  "A sandbox that has ended leaves no file behind where the host keeps temporary ones."),
    failed<kProcesses>("left.processes.none-after-failed-start", "A sandbox that could not start leaves no process."),
    failed<kMounts>("left.mounts.none-after-failed-start", "A sandbox that could not start leaves no mount."),
    failed<kCgroups>("left.cgroups.none-after-failed-start", "A sandbox that could not start leaves no cgroup."),
    failed<kNamedNetworks>("left.networks.none-after-failed-start",
                           "A sandbox that could not start leaves no named network namespace."),
    failed<kFiles>("left.files.none-after-failed-start",
                   "A sandbox that could not start leaves no file where the host keeps temporary ones."),
};

}  // namespace
}  // namespace nsproof
