// The frames in which a guest sends its results over a serial line: numbered, with length and checksum in front, and
// compressed, for a serial line that is emulated a byte at a time is slow.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "harness/guest/bytes.h"

namespace nsproof::guest {

enum class FrameKind : std::uint32_t {
  hello = 1,     // the first one: what kernel this is
  began = 2,     // before a task
  finished = 3,  // its case
  end = 4,       // the last one
};

struct Frame {
  FrameKind kind = FrameKind::hello;
  std::uint32_t sequence = 0;
  std::string body;
};

// Bounds of one frame; what is larger is no frame of ours.
inline constexpr std::uint32_t kMaxBody = 16U * 1024 * 1024;
inline constexpr std::uint32_t kMaxPacked = 8U * 1024 * 1024;

std::string pack(const Frame& frame);

// Takes the bytes as they come and gives whole frames, the first of which has sequence number 0. There is no second
// chance: after Corrupt nothing of this channel may be believed any more.
class FrameReader {
 public:
  void take(std::string_view bytes) { buffer_ += bytes; }
  // The next frame if all of it is there. Throws Corrupt.
  std::optional<Frame> next();

 private:
  std::string buffer_;
  std::size_t read_ = 0;
  std::uint32_t sequence_ = 0;
  bool spoilt_ = false;
};

}  // namespace nsproof::guest
