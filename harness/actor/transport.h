// How steps reach a probe and results come back: over a descriptor to a live one, or from a recording.
// Whatever comes back is hostile; a transport checks every bound and throws Lost, Hung or Babbled, never guesses.
#pragma once

#include <chrono>
#include <memory>
#include <span>
#include <stdexcept>
#include <vector>

#include "harness/actor/step.h"
#include "harness/support/fd.h"

namespace nsproof {

using Milliseconds = std::chrono::milliseconds;

// The evidence cannot be had: a probe is gone, silent or talks nonsense, or a set-up step failed. Becomes `broken`.
struct Broken : std::runtime_error {
  using runtime_error::runtime_error;
};
struct Lost : Broken {  // the channel reached its end: the probe is dead
  using Broken::Broken;
};
struct Hung : Broken {  // the deadline passed
  using Broken::Broken;
};
struct Babbled : Broken {  // bytes that are no frame, or the wrong one
  using Broken::Broken;
};

class Transport {
 public:
  Transport() = default;
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;
  virtual ~Transport() = default;

  // Waits for the hello of a new probe.
  virtual wire::Hello hello(Milliseconds deadline) = 0;
  virtual void submit(std::span<const Step> steps) = 0;
  // After an execve(2) was submitted: true when a new image begins to say hello, false when the old one answers, since
  // the call failed. Throws Babbled, and says what it was, when it is neither.
  virtual bool new_image(Milliseconds deadline) = 0;
  // The results of the steps last submitted, in order; fewer than submitted when a step stopped the batch.
  virtual std::vector<Reply> collect(Milliseconds deadline) = 0;
  // Makes a channel for a child that the probe is about to create and hands one end to the probe, which is waiting in
  // recvmsg(2) on its own channel. Returns the transport to the child, whose actor will be called `name`.
  virtual std::unique_ptr<Transport> pass_channel(std::string_view name) = 0;
  // Hands any descriptor of the harness to the probe in the same way.
  virtual void pass_descriptor(int fd) = 0;
  // True once the other end is closed; waits for that at most until the deadline.
  virtual bool ended(Milliseconds deadline) = 0;

  // A stream may lead through somebody else's pipes; from then on it carries bytes and no descriptors.
  void carry_bytes_only() { passes_descriptors_ = false; }
  [[nodiscard]] bool passes_descriptors() const { return passes_descriptors_; }

 private:
  bool passes_descriptors_ = true;
};

// Two ends of a new channel; both close-on-exec.
struct ChannelPair {
  Fd ours;
  Fd theirs;
};
ChannelPair channel_pair();

std::unique_ptr<Transport> live_transport(Fd channel);

// Turns steps into the bytes of a request frame. `arena` is the address that the hello told.
std::string encode(std::span<const Step> steps, std::uint64_t arena, std::uint32_t sequence);

// Reads the bytes behind a reply header. Throws Babbled on anything but an answer to these steps.
std::vector<Reply> decode(std::span<const Step> steps, const wire::Reply& header, std::string_view body);

// How many bytes follow this header; throws Babbled if the header cannot be an answer to these steps.
std::size_t body_bytes(std::span<const Step> steps, const wire::Reply& header, std::uint32_t sequence);

}  // namespace nsproof
