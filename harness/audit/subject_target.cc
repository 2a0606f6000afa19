// A sandbox of a runtime as the subject of an audit: a layer, its one container, and nothing planted.
#include "harness/audit/subject.h"
#include "harness/host/cgroup_forest.h"
#include "harness/runtime/container.h"
#include "harness/support/text.h"
#include "harness/sys/process.h"
#include "harness/world/bulkhead.h"
#include "harness/world/machine_view.h"
#include "harness/world/spawn.h"

namespace nsproof::audit {
namespace {

Target without_plants(Target target) {
  target.planting = Planting::nothing;
  return target;
}

class OfTarget final : public Subject {
 public:
  explicit OfTarget(const Target& target, const AuditLayer& layer)
      : target_(without_plants(target)), layer_(layer.keeper(), layer.forest()) {
    furnish(layer_);
    container_ = std::make_unique<Container>(layer_, target_, "audited", unseen_);
    container_->root().set_transcript(unseen_);
    pid_ = static_cast<int>(must(sys::getpid(container_->root())));
    looker_ = std::make_unique<Looker>(container_->root());
    outside_ = must_spawn(layer_.warden(), 0, "outside");
  }

  [[nodiscard]] std::string title() const override { return say("a sandbox of ", target_.name); }
  Actor& parent() override { return container_->root(); }
  Actor& inside() override { return looker_->actor(); }
  void renew_inside() override { looker_->renew(); }
  // To a sandbox in a layer the layer is the host.
  Actor* host() override { return outside_.get(); }
  [[nodiscard]] std::string host_process() const override { return "/proc/self"; }
  [[nodiscard]] std::string process_directory() const override { return say("/proc/", pid_); }

 private:
  Target target_;
  Transcript unseen_;
  ForeignLayer layer_;
  std::unique_ptr<Container> container_;
  int pid_ = 0;
  std::unique_ptr<Looker> looker_;
  std::unique_ptr<Actor> outside_;
};

}  // namespace

struct AuditLayer::Parts {
  std::unique_ptr<CgroupForest> forest = forest_if_any();
  Keeper keeper{nsproof::View::machine};
};

AuditLayer::AuditLayer() : parts_(std::make_unique<Parts>()) {}
AuditLayer::~AuditLayer() = default;
Keeper& AuditLayer::keeper() const { return parts_->keeper; }
CgroupForest* AuditLayer::forest() const { return parts_->forest.get(); }

std::unique_ptr<Subject> audit_target(const Target& target, const AuditLayer& layer) {
  return std::make_unique<OfTarget>(target, layer);
}

}  // namespace nsproof::audit
