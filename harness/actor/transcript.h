// The ordered record of every call that every actor of a world made: the evidence behind a verdict.
// It is plain data, so that a report can print it and a replay can answer from it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace nsproof {

// The one entry that is no system call: whether the harness saw the end of an actor's channel.
inline constexpr const char* kGoneCall = "gone?";

// How `shows` begins for a call that was never answered, and for one that could not even be asked for.
inline constexpr const char* kUnfinished = "unfinished: ";
inline constexpr const char* kUnsent = "not sent: ";

struct Entry {
  std::string actor;
  std::string call;               // decoded as strace(1) would: sethostname("nsproof", 7)
  std::int64_t value = 0;         // as the kernel gave it: -errno on failure
  std::vector<std::string> outs;  // raw bytes that came back, one string an output argument
  std::string shows;              // the decoded output: {nodename="vm"}
  std::int64_t nanoseconds = 0;   // of the frame that carried the call, seen from the harness

  bool operator==(const Entry&) const = default;
};

struct Transcript {
  std::vector<Entry> entries;
};

// "0", "42", "-1 EPERM (Operation not permitted)"
std::string result_text(std::int64_t value);

// `outside  uname() = 0 {nodename="vm"}`: one line, without time.
std::string line_of(const Entry& entry);

}  // namespace nsproof
