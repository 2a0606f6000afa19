// A probe of the harness's own in the namespaces of nsproof: for those who must look at the machine itself.
#pragma once

#include <memory>

#include "harness/actor/actor.h"
#include "harness/launch/first_probe.h"

namespace nsproof {

// It ends with this object, and with nsproof. Throws Broken.
class Hand {
 public:
  explicit Hand(Transcript& transcript);
  Hand(const Hand&) = delete;
  Hand& operator=(const Hand&) = delete;
  ~Hand();

  Actor& actor() { return *actor_; }

 private:
  void end() const;

  FirstProbe first_;
  std::unique_ptr<Actor> actor_;
};

}  // namespace nsproof
