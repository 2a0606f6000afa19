// The floor to compare with: the same kernel work as a bare loop would do it, sharing no code with the harness but the
// image of the probe.
#pragma once

#include <cstdint>

namespace nsproof::bench {

// clone3(2) with these flags, execveat(2) of the probe from a memfd, and the read of its first bytes. Then, outside the
// timed part, the end of it. Returns microseconds; throws std::system_error if any call fails.
double bare_launch(int image, std::uint64_t flags);

// A process that answers every message on a socket pair with one of the same size.
class BarePingPong {
 public:
  explicit BarePingPong(std::size_t request_bytes, std::size_t reply_bytes);
  BarePingPong(const BarePingPong&) = delete;
  BarePingPong& operator=(const BarePingPong&) = delete;
  ~BarePingPong();
  void ping();

 private:
  int socket_ = -1;
  int pid_ = 0;
  std::size_t request_bytes_;
  std::size_t reply_bytes_;
};

}  // namespace nsproof::bench
