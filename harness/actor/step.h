// One remote system call as data: its number, its arguments, and how to say it in words.
// A transport turns steps into frames; a replay compares their words with a recording.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/wire/frame.h"

namespace nsproof {

struct Pointer;

struct Arg {
  enum class Kind { value, memory, result_of, loaded_word };
  Kind kind = Kind::value;
  std::uint64_t value = 0;        // the value itself, the index of the earlier step, or an offset in the arena
  std::string bytes;              // memory: what the arena holds before the call
  bool comes_back = false;        // memory: an output argument, sent back after the call
  std::vector<Pointer> pointers;  // memory: addresses to store in it
  std::string text;               // as strace(1) would print it
};

// An address that a record holds: where in it, and of what.
struct Pointer {
  std::uint32_t offset = 0;
  Arg pointee;
};

struct Step {
  long number = 0;
  std::string name;
  std::vector<Arg> args;
  wire::Kind kind = wire::Kind::syscall;
  wire::OnError on_error = wire::OnError::go_on;
  wire::Send send = wire::Send::all;
  wire::Files files = wire::Files::copied;
  int hidden_args = 0;    // trailing arguments that are the probe's business and not the kernel's
  bool plumbing = false;  // keeps the harness going and proves nothing: not in the transcript
  bool optional = false;  // asks whether there is more: in the transcript only if there was
};

// The arguments. The text says what the kernel is told; addresses are never shown, they are the harness's.
Arg num(std::int64_t value);
Arg hex(std::uint64_t value);
Arg named(std::uint64_t value, std::string text);
Arg null();
Arg str(std::string_view text);                      // NUL-terminated
Arg path(std::string_view text);                     // the same, never shortened in the transcript
Arg bytes(std::string_view data);                    // without a terminator
Arg record(std::string data, std::string text);      // a structure
Arg out(std::size_t size);                           // memory that the call fills
Arg in_out(std::string data, std::string text);      // memory that the call reads and fills
Arg address(std::uint64_t value, std::string text);  // an address in the probe
Arg result_of(int step);                             // the result of an earlier step of the same batch
Arg loaded_word(std::uint32_t offset);               // the 32-bit word at this offset of the arena

template <class T>
std::string raw(const T& value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

// "sethostname("nsproof", 7)". Results of earlier steps of the batch stand where they were used.
std::string text_of(const Step& step, std::span<const std::int64_t> results);

struct Reply;
// What a call looks like that succeeded and brought nothing back: 0, and outputs as they went in.
Reply unchanged_reply(const Step& step);

// What came back of one step.
struct Reply {
  std::int64_t value = 0;
  std::vector<std::string> outs;
  std::string call;  // for messages

  [[nodiscard]] bool ok() const { return value >= 0 || value <= -4096; }
  [[nodiscard]] int error() const { return ok() ? 0 : static_cast<int>(-value); }
};

}  // namespace nsproof
