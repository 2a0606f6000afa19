// What is audited: the container that nsproof itself runs in, that of a process, or one that a runtime has made for the
// purpose. To the rules they are all alike: somebody who looks from inside, and /proc/PID of a process.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "harness/actor/actor.h"
#include "harness/runtime/target.h"

namespace nsproof {
class Keeper;
class CgroupForest;
}  // namespace nsproof

namespace nsproof::audit {

class Subject {
 public:
  Subject() = default;
  Subject(const Subject&) = delete;
  Subject& operator=(const Subject&) = delete;
  virtual ~Subject() = default;

  // In a few words: "this container", "process 4711", "a sandbox of bwrap".
  [[nodiscard]] virtual std::string title() const = 0;

  // Looks from inside, with the standing of the container's processes. A new one is made if the last one hangs.
  virtual Actor& inside() = 0;
  virtual void renew_inside() = 0;
  // Who looks is a child of this, and so are other helpers.
  virtual Actor& parent() { return inside(); }
  // Sees process_directory(): the same, or one on the host.
  virtual Actor& watcher() { return inside(); }
  // A process outside, and whose namespaces are the outside's, as it sees them; null where only the inside is known.
  virtual Actor* host() { return nullptr; }
  [[nodiscard]] virtual std::string host_process() const { return "/proc/1"; }
  [[nodiscard]] virtual bool from_host() const { return false; }
  // "/proc/17": the audited process, in the watcher's numbers.
  [[nodiscard]] virtual std::string process_directory() const = 0;
};

// Who looks from inside: a child of a probe, which can be replaced when it hangs in a call.
class Looker {
 public:
  explicit Looker(Actor& parent);
  Looker(const Looker&) = delete;
  Looker& operator=(const Looker&) = delete;
  ~Looker();

  Actor& actor() { return *actor_; }
  void renew();

 private:
  void end();

  Actor* parent_;
  Transcript unseen_;
  std::unique_ptr<Actor> actor_;
};

// Where nsproof runs. Throws Broken.
std::unique_ptr<Subject> audit_here();

// The container of a process, from the host: its namespaces but that of pids are joined, where nobody can see or signal
// who looks, with its root directory, ids, capabilities and no_new_privs. Nothing of it is executed. Throws Broken.
std::unique_ptr<Subject> audit_process(int pid);

// Where sandboxes are made to be audited: a throw-away layer over the machine's tree. One at a time.
class AuditLayer {
 public:
  // Throws Broken.
  AuditLayer();
  AuditLayer(const AuditLayer&) = delete;
  AuditLayer& operator=(const AuditLayer&) = delete;
  ~AuditLayer();

  [[nodiscard]] Keeper& keeper() const;
  [[nodiscard]] CgroupForest* forest() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

// A sandbox that this target makes, with nothing planted in it; it ends with this object. Throws Broken with what the
// runtime said.
std::unique_ptr<Subject> audit_target(const Target& target, const AuditLayer& layer);

}  // namespace nsproof::audit
