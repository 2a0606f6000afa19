#include "harness/sys/netlink_exchange.h"

#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <cerrno>

namespace nsproof::sys {
namespace {

// A dump fills buffers of the size that its reader offers, at most a page or 8 KiB at first (NLMSG_GOODSIZE).
constexpr std::size_t kDatagramBytes = 8 * 1024;

std::string protocol_text(int protocol) {
  switch (protocol) {
    case NETLINK_ROUTE: return "NETLINK_ROUTE";
    case NETLINK_NETFILTER: return "NETLINK_NETFILTER";
    default: return std::to_string(protocol);
  }
}

Step send_step(Arg fd, const NetlinkRequest& request) {
  return step(SYS_sendto, "sendto",
              {std::move(fd), record(request.bytes, request.text), num(static_cast<std::int64_t>(request.bytes.size())),
               num(0), null(), num(0)});
}

// What lies ready, as far as `datagrams` go.
void add_receives(std::vector<Step>& steps, const Arg& fd, std::size_t datagrams) {
  for (std::size_t i = 0; i < datagrams; ++i) {
    // MSG_TRUNC: the length is that of the datagram, even if the buffer is shorter.
    Step made = step(SYS_recvfrom, "recvfrom",
                     {fd, out(kDatagramBytes), num(kDatagramBytes),
                      named(MSG_DONTWAIT | MSG_TRUNC, "MSG_DONTWAIT|MSG_TRUNC"), null(), null()});
    made.send = wire::Send::as_returned;
    made.optional = i > 0;
    steps.push_back(std::move(made));
  }
}

Step close_step() { return step(SYS_close, "close", {result_of(0)}); }

void collect(NetlinkDatagrams& answered, Reply& reply) {
  if (reply.error() == EAGAIN || !answered.reply.ok()) return;
  if (!reply.ok()) {
    answered.reply = std::move(reply);
    return;
  }
  if (static_cast<std::size_t>(reply.value) > kDatagramBytes)
    throw Babbled(say("a netlink datagram of ", reply.value, " bytes"));
  answered.datagrams.emplace_back(out_bytes(reply, 0, 0));
}

Reply acknowledgement(Actor& actor, NetlinkDatagrams answered, std::size_t steps_back) {
  if (!answered.reply.ok()) return std::move(answered.reply);
  const netlink::Answer answer = netlink::answer_of(answered.datagrams);
  if (answer.error == 0 && answer.acknowledged == 0)
    throw Babbled(say(answered.reply.call, ": the kernel did not acknowledge it"));
  actor.shows(answer.error == 0 ? "acknowledged" : errno_name(answer.error), steps_back);
  answered.reply.value = -answer.error;
  return std::move(answered.reply);
}

}  // namespace

Step netlink_socket_step(int protocol) {
  return step(SYS_socket, "socket",
              {named(AF_NETLINK, "AF_NETLINK"), named(SOCK_RAW | SOCK_CLOEXEC, "SOCK_RAW|SOCK_CLOEXEC"),
               named(static_cast<std::uint64_t>(protocol), protocol_text(protocol))});
}

NetlinkDatagrams netlink_exchange(Actor& actor, int protocol, const NetlinkRequest& request, std::size_t datagrams) {
  std::vector<Step> steps;
  steps.push_back(netlink_socket_step(protocol));
  steps.front().on_error = wire::OnError::stop;
  steps.push_back(send_step(result_of(0), request));
  add_receives(steps, result_of(0), datagrams);
  steps.push_back(close_step());
  std::vector<Reply> replies = actor.batch(std::move(steps));
  if (replies.size() < 2) return {std::move(replies.at(0)), {}};
  NetlinkDatagrams answered{replies[1], {}};
  for (std::size_t i = 2; i + 1 < replies.size(); ++i) collect(answered, replies[i]);
  return answered;
}

NetlinkDatagrams netlink_receive(Actor& actor, int fd) {
  std::vector<Step> steps;
  add_receives(steps, num(fd), kDumpDatagrams);
  std::vector<Reply> replies = actor.batch(std::move(steps));
  NetlinkDatagrams answered;
  answered.reply.call = replies.at(0).call;
  for (Reply& reply : replies) collect(answered, reply);
  return answered;
}

Reply netlink_ask(Actor& actor, int protocol, const NetlinkRequest& request) {
  return acknowledgement(actor, netlink_exchange(actor, protocol, request, kAskDatagrams), 1);
}

Reply netlink_ask_by(Actor& actor, int fd, const NetlinkRequest& request) {
  std::vector<Step> steps;
  steps.push_back(send_step(num(fd), request));
  add_receives(steps, num(fd), 1);
  std::vector<Reply> replies = actor.batch(std::move(steps));
  NetlinkDatagrams answered{replies.at(0), {}};
  collect(answered, replies.at(1));
  return acknowledgement(actor, std::move(answered), 0);
}

Reply dump_reply(Reply reply, const netlink::Answer& answer) {
  if (answer.error != 0) reply.value = -answer.error;
  if (answer.error == 0 && !answer.ended)
    throw Broken(say(reply.call, ": the dump is longer than what was read of it"));
  return reply;
}

}  // namespace nsproof::sys
