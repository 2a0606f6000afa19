// The transport over a descriptor: a socket to our own probes.
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "harness/actor/frame_transport.h"
#include "harness/support/text.h"

namespace nsproof {
namespace {

class LiveTransport final : public FrameTransport {
 public:
  explicit LiveTransport(Fd channel) : channel_(std::move(channel)) {}

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
  void put(std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(channel_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent < 0 && errno == EINTR) continue;
      if (sent < 0) throw Lost(say("the probe is gone (", errno_name(errno), " while asking it)"));
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  std::size_t get(char* buffer, std::size_t size, Clock::time_point until) override {
    for (;;) {
      const auto left = std::chrono::duration_cast<Milliseconds>(until - Clock::now());
      pollfd waiting{channel_.get(), POLLIN, 0};
      const int ready = ::poll(&waiting, 1, std::max(0, static_cast<int>(left.count())));
      if (ready < 0 && errno == EINTR) continue;
      if (ready == 0) throw Hung("the probe did not answer before the deadline");
      const ssize_t got = ::recv(channel_.get(), buffer, size, MSG_DONTWAIT);
      if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
      if (got < 0) throw Lost(say("the probe is gone (", errno_name(errno), ")"));
      if (got == 0) throw Lost("the probe is gone: its channel reached the end");
      return static_cast<std::size_t>(got);
    }
  }

  Fd channel_;
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
