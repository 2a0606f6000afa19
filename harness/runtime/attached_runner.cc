#include "harness/runtime/attached_runner.h"

#include <chrono>
#include <csignal>

#include "harness/actor/unseen.h"
#include "harness/launch/launch.h"
#include "harness/runtime/container.h"
#include "harness/sys/process.h"
#include "harness/world/spawn.h"
#include "harness/world/world.h"

namespace nsproof {
namespace {

using Clock = std::chrono::steady_clock;

class AttachedPlace final : public RuntimePlace {
 public:
  AttachedPlace(Attached& attached, const Contract& expected, Transcript& transcript, Actor* outside)
      : attached_(attached), expected_(expected), outside_(outside), shown_(attached.root(), transcript) {}
  ~AttachedPlace() override {
    try {
      const Unseen clean_up(attached_.root());
      for (const int pid : members_) {
        sys::kill(attached_.root(), pid, SIGKILL);
        sys::wait4(attached_.root(), pid);
      }
    } catch (const Broken&) {
      // They end with their channels.
    }
  }

  Launched start(World& world, const std::string& name) override {
    std::unique_ptr<Actor> member = must_spawn(attached_.root(), 0, name);
    members_.push_back(member->pid());
    member->set_pid(outside_ != nullptr ? pid_seen_by(*outside_, *member) : 0);
    Actor& made = world.adopt(std::move(member));
    return {&made, &attached_.root()};
  }
  void stop() override { throw Broken("a container that somebody uses is not stopped"); }
  bool start_in_vain() override { throw Broken("nobody knows how this container is started"); }
  [[nodiscard]] const Contract& contract() const override { return expected_; }
  [[nodiscard]] std::string rootfs() const override { return ""; }
  [[nodiscard]] int launcher() const override { return 0; }

 private:
  Attached& attached_;
  const Contract& expected_;
  Actor* outside_;
  std::vector<int> members_;
  RecordedIn shown_;  // the probe outlives the run, and its transcript
};

}  // namespace

std::optional<Run> run_attached(Attached& attached, const Property& property, const Contract& expected,
                                const RunOptions& options) {
  Run run;
  run.world = "the container";
  const auto start = Clock::now();
  try {
    const CheckDeadline deadline(options.call_deadline, options.check_deadline);
    std::unique_ptr<Actor> outside = attached.make_outside(run.transcript);
    if (!outside) return std::nullopt;
    AttachedPlace place(attached, expected, run.transcript, outside.get());
    World world(std::move(outside), place);
    run.observation = property.check(world);
  } catch (const Broken& broken) {
    run.observation = unknown(broken.what());
  } catch (const std::exception& error) {
    run.observation = unknown(error.what());
  }
  run.milliseconds = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
  return run;
}

}  // namespace nsproof
