// The transport over a descriptor: a socket to our own probes.
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "harness/actor/transport.h"
#include "harness/support/text.h"

namespace nsproof {
namespace {

using Clock = std::chrono::steady_clock;

class LiveTransport final : public Transport {
 public:
  explicit LiveTransport(Fd channel) : channel_(std::move(channel)) {}

  wire::Hello hello(Milliseconds deadline) override {
    wire::Hello hello;
    read_exactly(reinterpret_cast<char*>(&hello), sizeof hello, Clock::now() + deadline);
    if (hello.magic != wire::kHelloMagic || hello.version != wire::kVersion)
      throw Babbled("what answered is not our probe: its first bytes are no hello");
    arena_ = hello.arena;
    return hello;
  }

  void submit(std::span<const Step> steps) override {
    steps_ = steps;
    const std::string frame = encode(steps, arena_, ++sequence_);
    std::size_t sent = 0;
    while (sent < frame.size()) {
      const ssize_t put = ::send(channel_.get(), frame.data() + sent, frame.size() - sent, MSG_NOSIGNAL);
      if (put < 0 && errno == EINTR) continue;
      if (put < 0) throw Lost(say("the probe is gone (", errno_name(errno), " while asking it)"));
      sent += static_cast<std::size_t>(put);
    }
  }

  std::vector<Reply> collect(Milliseconds deadline) override {
    const auto until = Clock::now() + deadline;
    wire::Reply header;
    read_exactly(reinterpret_cast<char*>(&header), sizeof header, until);
    std::string body(body_bytes(steps_, header, sequence_), '\0');
    read_exactly(body.data(), body.size(), until);
    return decode(steps_, header, body);
  }

  std::unique_ptr<Transport> pass_channel(std::string_view /*name*/) override {
    ChannelPair pair = channel_pair();
    pass_descriptor(pair.theirs.get());
    return live_transport(std::move(pair.ours));
  }

  void pass_descriptor(int fd) override {
    char byte = 'f';
    iovec part{&byte, 1};
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof fd)] = {};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    cmsghdr* rights = CMSG_FIRSTHDR(&message);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(sizeof fd);
    std::memcpy(CMSG_DATA(rights), &fd, sizeof fd);
    if (::sendmsg(channel_.get(), &message, MSG_NOSIGNAL) != 1)
      throw Lost(say("the probe is gone (", errno_name(errno), " while passing it a descriptor)"));
  }

  bool ended(Milliseconds deadline) override {
    pollfd waiting{channel_.get(), POLLIN | POLLRDHUP, 0};
    const int ready = ::poll(&waiting, 1, static_cast<int>(deadline.count()));
    return ready == 1 && (waiting.revents & (POLLHUP | POLLRDHUP | POLLERR)) != 0;
  }

 private:
  // One large receive usually brings a whole reply; what is left over stays in the buffer.
  void read_exactly(char* data, std::size_t bytes, Clock::time_point until) {
    while (bytes > 0) {
      if (begin_ == end_) refill(until);
      const std::size_t take = std::min(bytes, end_ - begin_);
      std::memcpy(data, buffer_ + begin_, take);
      begin_ += take;
      data += take;
      bytes -= take;
    }
  }

  void refill(Clock::time_point until) {
    for (;;) {
      const auto left = std::chrono::duration_cast<Milliseconds>(until - Clock::now());
      pollfd waiting{channel_.get(), POLLIN, 0};
      const int ready = ::poll(&waiting, 1, std::max(0, static_cast<int>(left.count())));
      if (ready < 0 && errno == EINTR) continue;
      if (ready == 0) throw Hung("the probe did not answer before the deadline");
      const ssize_t got = ::recv(channel_.get(), buffer_, sizeof buffer_, MSG_DONTWAIT);
      if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
      if (got < 0) throw Lost(say("the probe is gone (", errno_name(errno), ")"));
      if (got == 0) throw Lost("the probe is gone: its channel reached the end");
      begin_ = 0;
      end_ = static_cast<std::size_t>(got);
      return;
    }
  }

  Fd channel_;
  std::uint64_t arena_ = 0;
  std::uint32_t sequence_ = 0;
  std::span<const Step> steps_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  char buffer_[8192];
};

}  // namespace

ChannelPair channel_pair() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    throw Broken(say("socketpair: ", errno_name(errno)));
  return {Fd(ends[0]), Fd(ends[1])};
}

std::unique_ptr<Transport> live_transport(Fd channel) { return std::make_unique<LiveTransport>(std::move(channel)); }

}  // namespace nsproof
