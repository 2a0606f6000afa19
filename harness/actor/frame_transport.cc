#include "harness/actor/frame_transport.h"

#include <algorithm>
#include <cstring>

#include "harness/support/text.h"

namespace nsproof {

wire::Hello FrameTransport::hello(Milliseconds deadline) {
  wire::Hello hello;
  read_exactly(reinterpret_cast<char*>(&hello), sizeof hello, Clock::now() + deadline);
  if (hello.magic != wire::kHelloMagic || hello.version != wire::kVersion)
    throw Babbled("what answered is not our probe: its first bytes are no hello");
  arena_ = hello.arena;
  return hello;
}

void FrameTransport::submit(std::span<const Step> steps) {
  steps_ = steps;
  put(encode(steps, arena_, ++sequence_));
}

bool FrameTransport::new_image(Milliseconds deadline) {
  const auto until = Clock::now() + deadline;
  std::uint32_t magic = 0;
  try {
    while (end_ - begin_ < sizeof magic) {
      std::memmove(buffer_, buffer_ + begin_, end_ - begin_);
      end_ -= begin_;
      begin_ = 0;
      end_ += get(buffer_ + end_, sizeof buffer_ - end_, until);
    }
  } catch (const Lost&) {
    if (end_ > begin_) throw_no_probe();
    throw;
  }
  std::memcpy(&magic, buffer_ + begin_, sizeof magic);
  if (magic == wire::kHelloMagic) return true;
  if (magic == wire::kReplyMagic) return false;
  throw_no_probe();
}

void FrameTransport::throw_no_probe() const {
  constexpr std::size_t kShown = 200;
  throw Babbled(say("what answered is not our probe; it said ",
                    quoted(std::string_view(buffer_ + begin_, std::min(kShown, end_ - begin_)))));
}

std::vector<Reply> FrameTransport::collect(Milliseconds deadline) {
  const auto until = Clock::now() + deadline;
  wire::Reply header;
  read_exactly(reinterpret_cast<char*>(&header), sizeof header, until);
  std::string body(body_bytes(steps_, header, sequence_), '\0');
  read_exactly(body.data(), body.size(), until);
  return decode(steps_, header, body);
}

void FrameTransport::read_exactly(char* data, std::size_t bytes, Clock::time_point until) {
  while (bytes > 0) {
    if (begin_ == end_) {
      end_ = get(buffer_, sizeof buffer_, until);
      begin_ = 0;
    }
    const std::size_t take = std::min(bytes, end_ - begin_);
    std::memcpy(data, buffer_ + begin_, take);
    begin_ += take;
    data += take;
    bytes -= take;
  }
}

}  // namespace nsproof
