// Which system calls a seccomp filter lets through to the kernel, found out without executing any of them.
// Filters stack and the strictest action wins (seccomp(2)), so a filter of our own on top of the container's, which
// parks every marked call for a listener, sees exactly those that the container's filter allows.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/actor/actor.h"
#include "harness/sys/compat_call.h"

namespace nsproof::audit {

enum class Abi { native, i386, x32 };  // the last two only exist on x86-64

struct ReachCall {
  long number = 0;
  std::string name;                          // for the transcript: "mount"
  std::array<std::uint64_t, 5> arguments{};  // the sixth carries our mark
  Abi abi = Abi::native;
  auto operator<=>(const ReachCall&) const = default;
};

struct Reached {
  enum class How { reached, refused, killed };
  How how = How::refused;
  int error = 0;  // refused: the filter's errno
};

class ReachProber {
 public:
  // `parent` makes the two helpers, which are its children. Throws Broken where a filter cannot be stacked: seccomp(2)
  // is refused, or another listener is in the chain (EBUSY).
  explicit ReachProber(Actor& parent);
  ReachProber(const ReachProber&) = delete;
  ReachProber& operator=(const ReachProber&) = delete;
  ~ReachProber();

  // In the order of the calls.
  std::vector<Reached> probe(std::span<const ReachCall> calls, Transcript& transcript);

 private:
  void start();
  void stop();
  bool probe_some(std::span<const ReachCall> calls, std::vector<Reached>& results);

  Actor& parent_;
  Transcript unseen_;
  std::unique_ptr<Actor> listener_;  // answers
  std::unique_ptr<Actor> caller_;    // carries the filter and makes the calls
  std::optional<sys::CompatGate> gate_;
  int notifications_ = -1;  // the descriptor of the filter's listener
  int done_ = -1;           // readable when the caller has made all of its calls
  int done_writer_ = -1;
};

}  // namespace nsproof::audit
