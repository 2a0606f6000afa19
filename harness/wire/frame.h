// The frames that the harness and a probe exchange: the only header that both sides share.
// Everything is fixed-size, native-endian and trusted by neither side; a frame that breaks a bound ends the talk.
#pragma once

#include <cstdint>

namespace nsproof::wire {

inline constexpr std::uint32_t kRequestMagic = 0x51504e53;  // "SNPQ"
inline constexpr std::uint32_t kReplyMagic = 0x52504e53;    // "SNPR"
inline constexpr std::uint32_t kHelloMagic = 0x48504e53;    // "SNPH"
inline constexpr std::uint32_t kVersion = 1;
inline constexpr std::uint32_t kMaxCalls = 16;
inline constexpr std::uint32_t kArenaBytes = 64 * 1024;
inline constexpr int kArguments = 6;

enum class Kind : std::uint8_t {
  syscall = 0,
  // fork, clone or clone3. The child takes descriptor args[5] as its channel, says hello there and serves.
  clone = 1,
  // As clone, for a child that shares the memory of its creator: its arena is at args[4].
  clone_sharing_memory = 2,
  // Calls the function at `number`, which is how the vDSO (an ABI, not a system call) is reached.
  function = 3,
};

enum class OnError : std::uint8_t { go_on = 0, stop = 1 };

// In result_of: the argument is the 32-bit word at this offset of the arena, read when the call is made. This is how a
// descriptor that recvmsg(2) has just stored reaches the next call of the same frame.
inline constexpr std::uint8_t kLoadWord = 0xff;

// How many of the bytes asked for are sent back: all, or as many as the call said it produced.
enum class Send : std::uint8_t { all = 0, as_returned = 1 };

// Whether the child of a clone has descriptors of its own, so that it may move its channel to 0 and 1.
enum class Files : std::uint8_t { copied = 0, shared = 1 };

struct Call {
  std::uint64_t number;                // system call number, or address of a function
  std::uint64_t args[kArguments];      // addresses point into the arena, whose place the hello told
  std::uint8_t result_of[kArguments];  // n > 0: take the result of call n-1 of this frame instead of args
  Kind kind;
  OnError on_error;
  Send send;
  Files files;
  std::uint8_t reserved[6];
  std::uint32_t out_offset;  // bytes of the arena to send back after the call
  std::uint32_t out_bytes;
};
static_assert(sizeof(Call) == 80);

// Followed by `calls` Call records and `in_bytes` bytes, which are placed at the start of the arena.
struct Request {
  std::uint32_t magic;
  std::uint32_t sequence;
  std::uint32_t calls;
  std::uint32_t in_bytes;
};
static_assert(sizeof(Request) == 16);

struct Result {
  std::int64_t value;       // as the kernel gave it: -errno on failure
  std::uint32_t out_bytes;  // bytes of this call in the tail of the reply
  std::uint32_t reserved;
};
static_assert(sizeof(Result) == 16);

// Followed by `executed` Result records and `out_bytes` bytes, in the order of the calls.
struct Reply {
  std::uint32_t magic;
  std::uint32_t sequence;
  std::uint32_t executed;
  std::uint32_t out_bytes;
};
static_assert(sizeof(Reply) == 16);

// The first thing that a probe says on its channel, and all it says about itself.
struct Hello {
  std::uint32_t magic;
  std::uint32_t version;
  std::uint64_t arena;     // address of kArenaBytes bytes that are the harness's to fill
  std::uint64_t handler;   // address of a signal handler that does nothing
  std::uint64_t restorer;  // address of its rt_sigreturn trampoline (SA_RESTORER)
  std::uint64_t vdso;      // AT_SYSINFO_EHDR (getauxval(3)), 0 if there is none
};
static_assert(sizeof(Hello) == 40);

}  // namespace nsproof::wire
