// What every transport to a live probe does alike: frames over a stream of bytes that somebody else moves.
#pragma once

#include <chrono>
#include <string_view>

#include "harness/actor/transport.h"

namespace nsproof {

class FrameTransport : public Transport {
 public:
  wire::Hello hello(Milliseconds deadline) override;
  void submit(std::span<const Step> steps) override;
  bool new_image(Milliseconds deadline) override;
  std::vector<Reply> collect(Milliseconds deadline) override;

 protected:
  using Clock = std::chrono::steady_clock;

  // Sends all of these bytes; throws Lost when nobody reads them any more.
  virtual void put(std::string_view bytes) = 0;
  // Waits for bytes and stores at least one and at most `size` of them. Throws Hung when the time has come, Lost at the
  // end of the stream.
  virtual std::size_t get(char* buffer, std::size_t size, Clock::time_point until) = 0;

 private:
  [[noreturn]] void throw_no_probe() const;
  void read_exactly(char* data, std::size_t bytes, Clock::time_point until);

  std::uint64_t arena_ = 0;
  std::uint32_t sequence_ = 0;
  std::span<const Step> steps_;
  // One large receive usually brings a whole reply; what is left over stays in the buffer.
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  char buffer_[8192];
};

}  // namespace nsproof
