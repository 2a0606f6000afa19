#include "harness/audit/subject.h"

#include <unistd.h>

#include <csignal>

#include "harness/actor/unseen.h"
#include "harness/launch/hand.h"
#include "harness/runtime/attached.h"
#include "harness/support/text.h"
#include "harness/sys/process.h"
#include "harness/world/spawn.h"

namespace nsproof::audit {
namespace {

class Here final : public Subject {
 public:
  Here() : hand_(unseen_), looker_(hand_.actor()) {}
  [[nodiscard]] std::string title() const override { return "the place where nsproof runs"; }
  Actor& parent() override { return hand_.actor(); }
  Actor& inside() override { return looker_.actor(); }
  void renew_inside() override { looker_.renew(); }
  [[nodiscard]] std::string process_directory() const override { return say("/proc/", ::getpid()); }

 private:
  Transcript unseen_;
  Hand hand_;
  Looker looker_;
};

class OfProcess final : public Subject {
 public:
  explicit OfProcess(int pid)
      : pid_(pid), attached_(attach_to_process(pid, NsSet::all().without(Ns::pid))), looker_(attached_->root()) {
    host_ = attached_->make_outside(unseen_);
  }
  [[nodiscard]] std::string title() const override { return say("the container of process ", pid_); }
  Actor& inside() override { return looker_.actor(); }
  void renew_inside() override { looker_.renew(); }
  Actor& parent() override { return attached_->root(); }
  Actor& watcher() override { return *host_; }
  Actor* host() override { return host_.get(); }
  [[nodiscard]] bool from_host() const override { return true; }
  [[nodiscard]] std::string process_directory() const override { return say("/proc/", pid_); }

 private:
  int pid_;
  Transcript unseen_;
  std::unique_ptr<Attached> attached_;
  Looker looker_;
  std::unique_ptr<Actor> host_;
};

}  // namespace

Looker::Looker(Actor& parent) : parent_(&parent) { renew(); }

Looker::~Looker() { end(); }

void Looker::end() {
  if (!actor_) return;
  const int pid = actor_->pid();
  actor_.reset();
  try {
    const Unseen clean_up(*parent_);
    sys::kill(*parent_, pid, SIGKILL);
    sys::wait4(*parent_, pid, WNOHANG);  // who hangs in a call that cannot be interrupted is not waited for
  } catch (const Broken&) {
    // The parent is gone, and its children with it.
  }
}

void Looker::renew() {
  end();
  const Unseen set_up(*parent_);
  actor_ = must_spawn(*parent_, 0, "inside");
  actor_->set_transcript(unseen_);
}

std::unique_ptr<Subject> audit_here() { return std::make_unique<Here>(); }
std::unique_ptr<Subject> audit_process(int pid) { return std::make_unique<OfProcess>(pid); }

}  // namespace nsproof::audit
