// For calls that keep the harness going and prove nothing: what an actor does in this scope is in no transcript.
#pragma once

#include "harness/actor/actor.h"

namespace nsproof {

class Unseen {
 public:
  explicit Unseen(Actor& actor) : actor_(actor), shown_(actor.transcript()) { actor.set_transcript(unseen_); }
  Unseen(const Unseen&) = delete;
  Unseen& operator=(const Unseen&) = delete;
  ~Unseen() { actor_.set_transcript(shown_); }

 private:
  Actor& actor_;
  Transcript& shown_;
  Transcript unseen_;
};

}  // namespace nsproof
