// Where an actor's calls are recorded for as long as a scope lasts: in one transcript, or for those that keep the
// harness going and prove nothing in none.
#pragma once

#include "harness/actor/actor.h"

namespace nsproof {

class RecordedIn {
 public:
  RecordedIn(Actor& actor, Transcript& transcript) : actor_(actor), before_(actor.transcript()) {
    actor.set_transcript(transcript);
  }
  RecordedIn(const RecordedIn&) = delete;
  RecordedIn& operator=(const RecordedIn&) = delete;
  ~RecordedIn() { actor_.set_transcript(before_); }

 private:
  Actor& actor_;
  Transcript& before_;
};

class Unseen {
 public:
  explicit Unseen(Actor& actor) : scope_(actor, unseen_) {}

 private:
  Transcript unseen_;
  RecordedIn scope_;
};

}  // namespace nsproof
