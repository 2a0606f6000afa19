#include "harness/actor/relay_transport.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>

#include "harness/actor/frame_transport.h"
#include "harness/support/text.h"

namespace nsproof {
namespace {

// The carrier's arena must hold what is carried, and it waits in slices so that it can be asked something else before
// long.
constexpr std::size_t kPart = 32 * 1024;
constexpr Milliseconds kSlice{200};

Step plumbing(long number, std::string_view name, std::vector<Arg> args) {
  Step made = step(number, name, std::move(args));
  made.plumbing = true;
  return made;
}

class RelayTransport final : public FrameTransport {
 public:
  RelayTransport(Actor& carrier, int socket) : carrier_(carrier), socket_(socket) { carry_bytes_only(); }

  std::unique_ptr<Transport> pass_channel(std::string_view /*name*/) override { throw_passes_nothing(); }
  void pass_descriptor(int /*fd*/) override { throw_passes_nothing(); }

  bool ended(Milliseconds deadline) override {
    const auto until = Clock::now() + deadline;
    for (;;) {
      const short events = wait_for(POLLIN | POLLRDHUP, left(until));
      if ((events & (POLLHUP | POLLRDHUP | POLLERR)) != 0) return true;
      if (events != 0 || Clock::now() >= until) return false;
    }
  }

 private:
  [[noreturn]] static void throw_passes_nothing() {
    throw std::logic_error("a relayed channel passes no descriptors");
  }

  static Milliseconds left(Clock::time_point until) {
    return std::clamp(std::chrono::duration_cast<Milliseconds>(until - Clock::now()), Milliseconds{0}, kSlice);
  }

  Step poll_step(short events, Milliseconds time) const {
    const pollfd one{socket_, events, 0};
    const timespec limit{time.count() / 1000, time.count() % 1000 * 1'000'000};
    return plumbing(SYS_ppoll, "ppoll", {in_out(raw(one), ""), num(1), record(raw(limit), ""), null(), num(0)});
  }

  short wait_for(short events, Milliseconds time) {
    const Reply reply = carrier_.call(poll_step(events, time));
    return reply.value > 0 ? out_as<pollfd>(reply).revents : short{0};
  }

  void put(std::string_view all) override {
    while (!all.empty()) {
      const std::string_view part = all.substr(0, kPart);
      const Reply sent = carrier_.call(
          plumbing(SYS_sendto, "sendto",
                   {num(socket_), bytes(part), num(static_cast<std::int64_t>(part.size())), num(MSG_NOSIGNAL)}));
      if (sent.error() == EINTR) continue;
      if (!sent.ok() || sent.value > static_cast<std::int64_t>(part.size()))
        throw Lost(say("the probe is gone (", errno_name(sent.error()), " while asking it)"));
      all.remove_prefix(static_cast<std::size_t>(sent.value));
    }
  }

  std::size_t get(char* buffer, std::size_t size, Clock::time_point until) override {
    for (;;) {
      std::vector<Step> steps;
      steps.push_back(poll_step(POLLIN, left(until)));
      steps.push_back(plumbing(SYS_recvfrom, "recvfrom",
                               {num(socket_), out(size), num(static_cast<std::int64_t>(size)), num(MSG_DONTWAIT)}));
      steps.back().send = wire::Send::as_returned;
      const std::vector<Reply> replies = carrier_.batch(std::move(steps));
      if (replies.size() != 2) throw Babbled("a relay answered something else than it was asked");
      const Reply& got = replies[1];
      if (got.error() == EAGAIN || got.error() == EINTR) {
        if (Clock::now() >= until) throw Hung("the probe did not answer before the deadline");
        continue;
      }
      if (!got.ok()) throw Lost(say("the probe is gone (", errno_name(got.error()), ")"));
      if (got.value == 0) throw Lost("the probe is gone: its channel reached the end");
      const auto count = static_cast<std::size_t>(got.value);
      if (count > size || got.outs.at(0).size() < count) throw Babbled("a relay sent less than it said");
      std::memcpy(buffer, got.outs[0].data(), count);
      return count;
    }
  }

  Actor& carrier_;
  int socket_;
};

}  // namespace

std::unique_ptr<Transport> relay_transport(Actor& carrier, int socket) {
  return std::make_unique<RelayTransport>(carrier, socket);
}

}  // namespace nsproof
