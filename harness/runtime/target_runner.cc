#include "harness/runtime/target_runner.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <memory>

#include "harness/launch/launch.h"
#include "harness/runtime/attached_runner.h"
#include "harness/runtime/container.h"
#include "harness/support/text.h"
#include "harness/world/spawn.h"
#include "harness/world/world.h"

namespace nsproof {
namespace {

using Clock = std::chrono::steady_clock;

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

bool shares_container(const Property& property) { return property.reach == Reach::any_sandbox; }

// A layer with the sandbox of one target in it, which the checks that leave nothing behind share.
class Site final : public RuntimePlace {
 public:
  Site(Keeper& keeper, CgroupForest* forest, const Target& target) : target_(target), layer_(keeper, forest) {
    furnish(layer_);
  }

  Run run(const Property& property, Check check, const Contract& expected, const RunOptions& options);
  // False after a check that may have left something behind, which the next must not see.
  [[nodiscard]] bool clean() const { return clean_; }

  Launched start(World& world, const std::string& name) override;
  void stop() override;
  bool start_in_vain() override { return nsproof::start_in_vain(layer_, target_, *transcript_); }
  [[nodiscard]] const Contract& contract() const override { return *expected_; }
  [[nodiscard]] std::string rootfs() const override { return rootfs_; }
  [[nodiscard]] int launcher() const override { return launcher_; }

 private:
  Observation check_in_world(Check check, Transcript& transcript);
  Container& shared();

  const Target& target_;
  ForeignLayer layer_;
  Transcript start_;
  std::unique_ptr<Container> shared_;
  std::vector<std::unique_ptr<Container>> own_;
  // Of the check that is running.
  bool share_ = false;
  const Contract* expected_ = nullptr;
  Transcript* transcript_ = nullptr;
  int launcher_ = 0;
  std::string rootfs_;
  bool clean_ = true;
};

Container& Site::shared() {
  if (!shared_) shared_ = std::make_unique<Container>(layer_, target_, "shared", start_);
  return *shared_;
}

Launched Site::start(World& world, const std::string& name) {
  if (share_) {
    Actor& member = world.adopt(shared().make_member(name, *transcript_));
    launcher_ = shared().launcher();
    rootfs_ = shared().rootfs();
    return {&member, &shared().root()};
  }
  own_.push_back(std::make_unique<Container>(layer_, target_, name, *transcript_));
  launcher_ = own_.back()->launcher();
  rootfs_ = own_.back()->rootfs();
  return {&own_.back()->root(), &own_.back()->root()};
}

void Site::stop() {
  if (own_.empty()) throw Broken("a check that shares a container wants to stop it");
  own_.back()->stop();
}

Observation Site::check_in_world(Check check, Transcript& transcript) {
  std::unique_ptr<Actor> outside = must_spawn(layer_.warden(), 0, "outside");
  outside->set_transcript(transcript);
  World world(std::move(outside), *this);
  Observation seen = check(world);
  if (shared_) shared_->end_members();
  return seen;
}

Run Site::run(const Property& property, Check check, const Contract& expected, const RunOptions& options) {
  Run run;
  share_ = shares_container(property);
  expected_ = &expected;
  transcript_ = &run.transcript;
  launcher_ = 0;
  run.world = say(target_.name, share_ ? " in a shared container" : " in a container of its own");
  const auto start = Clock::now();
  clean_ = share_;
  try {
    const CheckDeadline deadline(options.call_deadline, options.check_deadline);
    run.observation = check_in_world(check, run.transcript);
  } catch (const Broken& broken) {
    run.observation = unknown(broken.what());
    clean_ = false;
  } catch (const std::exception& error) {
    run.observation = unknown(say("unexpected: ", error.what()));
    clean_ = false;
  }
  own_.clear();
  run.milliseconds = milliseconds_since(start);
  return run;
}

std::string requested_text(const Property& property, const Contract& contract) {
  if (!property.isolated_by)
    return property.asked != nullptr ? property.asked(contract).value_or("nothing") : "nothing";
  const Ns type = *property.isolated_by;
  const auto joined = contract.joined.find(type);
  if (joined != contract.joined.end()) return say(name_of(type), " namespace ", joined->second);
  return contract.namespaces.has(type) ? say("new ", name_of(type), " namespace")
                                       : say("the launcher's ", name_of(type), " namespace");
}

std::string effective_text(const Observation& seen) {
  return seen.outcome == Outcome::leaked ? "open" : std::string(name_of(seen.outcome));
}

NsSet isolating_types(const Contract& contract) {
  NsSet types = contract.namespaces;
  for (const auto& [type, path] : contract.joined) types = types.with(type);
  return types;
}

Case unsupported(Case one, std::string why) {
  one.verdict = Verdict::unsupported;
  one.missing = one.reason = std::move(why);
  return one;
}

// One worker: a keeper that sees the machine's tree, a site for the target that it is at, and one for the controls.
class TargetWorker {
 public:
  TargetWorker(CgroupForest* forest, Attached* attached, const Facts& facts, const Policy& policy,
               const RunOptions& options)
      : forest_(forest), attached_(attached), facts_(facts), policy_(policy), options_(options) {}

  Case run(const Task& task);

 private:
  Run run_at(std::unique_ptr<Site>& site, const Target& target, const Property& property, Check check,
             const Contract& expected);
  void judge_kernel_row(const Property& property, const Contract& expected, Case& one);
  Keeper& keeper();

  CgroupForest* forest_;
  Attached* attached_;  // what is judged instead of a sandbox of our own making; may be null
  const Facts& facts_;
  const Policy& policy_;
  const RunOptions& options_;
  std::unique_ptr<Keeper> keeper_;
  const Target* target_ = nullptr;
  std::unique_ptr<Site> subject_;
  std::unique_ptr<Site> control_;
};

Keeper& TargetWorker::keeper() {
  if (keeper_ && (keeper_->actor().busy() || keeper_->actor().gone(Milliseconds{0}))) {
    subject_.reset();
    control_.reset();
    keeper_.reset();
  }
  if (!keeper_) keeper_ = std::make_unique<Keeper>(View::machine);
  return *keeper_;
}

Run TargetWorker::run_at(std::unique_ptr<Site>& site, const Target& target, const Property& property, Check check,
                         const Contract& expected) {
  try {
    Keeper& sound = keeper();
    if (!site) site = std::make_unique<Site>(sound, forest_, target);
  } catch (const Broken& broken) {
    Run run;
    run.world = target.name;
    run.observation = unknown(broken.what());
    return run;
  }
  Run run = site->run(property, check, expected, options_);
  if (!site->clean()) site.reset();
  return run;
}

// Which namespaces the target is expected to have decides what the observation means; the control has none.
void TargetWorker::judge_kernel_row(const Property& property, const Contract& expected, Case& one) {
  const Observation& control = one.control->observation;
  const bool must = must_isolate(property, isolating_types(expected));
  Judgement judgement = control.outcome == Outcome::leaked ? judge_combination(one.subject->observation, must)
                                                           : judge(one.subject->observation, control);
  one.verdict = judgement.verdict;
  one.reason = std::move(judgement.reason);
  one.expected = must ? "isolated" : "open";
}

Case TargetWorker::run(const Task& task) {
  Case one = case_of_target(task);
  const Property& property = *task.property;
  const Target& target = *task.target;
  const auto start = Clock::now();
  if (target_ != &target) {
    subject_.reset();
    target_ = &target;
  }
  const Contract expected = expected_of(target.requested, policy_);
  std::optional<std::string> unmet = unmet_need(property, facts_);
  if (!unmet && property.asked != nullptr && !property.asked(expected)) unmet = "not asked of this target";
  if (unmet) return unsupported(std::move(one), std::move(*unmet));
  static const Target* const bare = builtin_target("bare");
  const Check control = property.control != nullptr ? property.control : property.check;
  if (attached_ != nullptr) {
    std::optional<Run> run = run_attached(*attached_, property, expected, options_);
    if (run) one.subject = std::move(*run);
    if (!run)
      return unsupported(std::move(one),
                         "the probe runs on another kernel, and nothing here could be its control: run nsproof there");
  } else {
    one.subject = run_at(subject_, target, property, property.check, expected);
  }
  one.control = run_at(control_, *bare, property, control, expected);
  one.effective = effective_text(one.subject->observation);
  if (property.isolated_by) {
    judge_kernel_row(property, expected, one);
  } else {
    Judgement judgement = judge(one.subject->observation, one.control->observation);
    one.verdict = judgement.verdict;
    one.reason = std::move(judgement.reason);
    one.expected = property.asked != nullptr ? *property.asked(expected) : "isolated";
  }
  one.milliseconds = milliseconds_since(start);
  return one;
}

}  // namespace

const std::vector<Property>& runtime_suite() {
  static const std::vector<Property> suite = [] {
    std::vector<Property> rows;
    std::copy_if(catalogue().begin(), catalogue().end(), std::back_inserter(rows),
                 [](const Property& row) { return row.reach != Reach::own_sandbox; });
    rows.insert(rows.end(), runtime_catalogue().begin(), runtime_catalogue().end());
    std::stable_partition(rows.begin(), rows.end(), shares_container);
    return rows;
  }();
  return suite;
}

std::string why_no_layer() {
  try {
    Keeper keeper(View::machine);
    const ForeignLayer layer(keeper, nullptr);
  } catch (const Broken& broken) {
    return broken.what();
  }
  return "";
}

Case case_of_target(const Task& task) {
  Case one = case_of(task);
  const Property& property = *task.property;
  one.target = one.variant = task.target->name;
  one.container = shares_container(property) ? "shared" : "own";
  one.requested = requested_text(property, task.target->requested);
  one.control_differs = property.control != nullptr ? std::string(property.control_differs)
                                                    : "the same check in a process that nothing isolates";
  one.reproduce = say("nsproof verify '", one.id, "' ", task.target->option, " -v");
  return one;
}

namespace {

std::vector<Case> run_with(Attached* attached, std::span<const Task> tasks, const Facts& facts, const Policy& policy,
                           const RunOptions& options, Observer& observer, const std::atomic<bool>& stop) {
  const std::unique_ptr<CgroupForest> forest = forest_if_any();
  return run_with_workers(tasks, options, observer, stop, [&]() -> Worker {
    return [worker = std::make_shared<TargetWorker>(forest.get(), attached, facts, policy, options)](const Task& task) {
      return worker->run(task);
    };
  });
}

}  // namespace

std::vector<Case> run_target_tasks(std::span<const Task> tasks, const Facts& facts, const Policy& policy,
                                   const RunOptions& options, Observer& observer, const std::atomic<bool>& stop) {
  return run_with(nullptr, tasks, facts, policy, options, observer, stop);
}

std::vector<Case> run_attached_tasks(std::span<const Task> tasks, Attached& attached, const Facts& facts,
                                     const Policy& policy, const RunOptions& options, Observer& observer,
                                     const std::atomic<bool>& stop) {
  RunOptions one_at_a_time = options;
  one_at_a_time.jobs = 1;  // there is one probe in there
  return run_with(&attached, tasks, facts, policy, one_at_a_time, observer, stop);
}

}  // namespace nsproof
