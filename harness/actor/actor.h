// The harness's handle on one live probe. Every act of a check is a remote system call of some actor, and every one
// of them goes into the transcript of its world.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "harness/actor/step.h"
#include "harness/actor/transcript.h"
#include "harness/actor/transport.h"

namespace nsproof {

// The time that the calls of this thread's check may take, each and all together. Without one a call may take ten
// seconds; what is left of the check bounds every single call.
class CheckDeadline {
 public:
  CheckDeadline(Milliseconds each_call, Milliseconds whole_check);
  CheckDeadline(const CheckDeadline&) = delete;
  CheckDeadline& operator=(const CheckDeadline&) = delete;
  ~CheckDeadline();
};

// How long a call that is made now may take.
Milliseconds call_deadline();

class Actor {
 public:
  // Waits for the hello. `transcript` must outlive the actor.
  Actor(std::string name, std::unique_ptr<Transport> transport, Transcript& transcript);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const wire::Hello& hello() const { return hello_; }

  // The process id, in the numbers of the actor that made it (clone(2)).
  [[nodiscard]] int pid() const { return pid_; }
  void set_pid(int pid) { pid_ = pid; }

  // The descriptor of its channel, in its own numbers.
  [[nodiscard]] int channel() const { return channel_; }
  void set_channel(int fd) { channel_ = fd; }

  // True while a call is begun and not finished; after one that missed its deadline, for ever.
  [[nodiscard]] bool busy() const { return !pending_.empty(); }

  Reply call(Step step);
  Reply call(long number, std::string_view name, std::vector<Arg> args);
  // Several calls in one frame; fewer replies than steps when a step said to stop on error.
  std::vector<Reply> batch(std::vector<Step> steps);

  // A call that blocks: begin it, let others act, then finish it.
  void begin(std::vector<Step> steps);
  void begin(long number, std::string_view name, std::vector<Arg> args);
  std::vector<Reply> finish();
  Reply finish_one();

  // Adds what an output argument says, in words, to the record of a call: the last one, or an earlier one.
  void shows(std::string text, std::size_t steps_back = 0);

  // execve(2) of a file that, soon or late, is a probe on the same channel: the reply of a call that failed, or 0 when
  // the new image has said hello.
  Reply execute(Step step);
  // After execveat(2) of the probe in this actor: a new image says hello on the same channel.
  void expect_new_image();

  // True when the process is gone, which shows as the end of its channel. Part of the evidence like any call.
  bool gone(Milliseconds deadline = call_deadline());

  Transport& transport() { return *transport_; }
  Transcript& transcript() { return *transcript_; }
  void set_transcript(Transcript& transcript) { transcript_ = &transcript; }

 private:
  void record_unanswered(std::string_view how, std::string_view why);
  void record(const std::vector<Reply>& replies, std::chrono::nanoseconds took);

  std::string name_;
  std::unique_ptr<Transport> transport_;
  Transcript* transcript_;
  wire::Hello hello_{};
  int pid_ = 0;
  int channel_ = 0;
  std::vector<Step> pending_;
  std::chrono::steady_clock::time_point begun_;
};

// Makes one step of a plain call.
Step step(long number, std::string_view name, std::vector<Arg> args);

// The value of a call that a check cannot go without; throws Broken with the call and its errno otherwise.
std::int64_t must(const Reply& reply);

// The bytes of an output argument as a structure; throws Babbled if too few came back.
template <class T>
T out_as(const Reply& reply, std::size_t index = 0);

std::string_view out_bytes(const Reply& reply, std::size_t index, std::size_t at_least);

template <class T>
T out_as(const Reply& reply, std::size_t index) {
  T value;
  __builtin_memcpy(&value, out_bytes(reply, index, sizeof value).data(), sizeof value);
  return value;
}

}  // namespace nsproof
