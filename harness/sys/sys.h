// Remote system calls, typed: sys::sethostname(inside, "x") is sethostname(2) made by the probe of `inside`.
// Every area has a file of its own; this one holds what they share.
#pragma once

#include <string>
#include <utility>

#include "harness/actor/actor.h"

namespace nsproof::sys {

// A call that brings data back: the reply with its errno, and the data if it succeeded.
template <class T>
struct Got {
  Reply reply;
  T value{};

  [[nodiscard]] bool ok() const { return reply.ok(); }
  [[nodiscard]] int error() const { return reply.error(); }
};

// A call whose value is how many bytes it stored in its one output argument.
Got<std::string> call_for_bytes(Actor& actor, Step step);

}  // namespace nsproof::sys

namespace nsproof {

// The data of a call that a check cannot go without; throws Broken otherwise.
template <class T>
T must(sys::Got<T> got) {
  must(got.reply);
  return std::move(got.value);
}

}  // namespace nsproof
