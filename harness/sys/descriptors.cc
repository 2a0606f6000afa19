#include "harness/sys/descriptors.h"

#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include <cstddef>
#include <cstring>

#include "harness/support/text.h"

namespace nsproof::sys {
namespace {

constexpr std::size_t kControlBytes = CMSG_SPACE(sizeof(int));

// A message of one byte with this control data, which is an output argument if `control` is.
Arg message_with(Arg control, std::string text) {
  const iovec part{nullptr, 1};
  msghdr message{};
  message.msg_iovlen = 1;
  message.msg_controllen = kControlBytes;
  Arg parts = record(raw(part), "");
  parts.pointers = {{offsetof(iovec, iov_base), record(std::string(1, '.'), "")}};
  Arg header = record(raw(message), std::move(text));
  header.pointers = {{offsetof(msghdr, msg_control), std::move(control)}, {offsetof(msghdr, msg_iov), parts}};
  return header;
}

}  // namespace

Got<Pair> socket_pair(Actor& actor) {
  Got<Pair> got{actor.call(SYS_socketpair, "socketpair",
                           {named(AF_UNIX, "AF_UNIX"), named(SOCK_DGRAM | SOCK_CLOEXEC, "SOCK_DGRAM|SOCK_CLOEXEC"),
                            num(0), out(sizeof(Pair))})};
  if (got.ok()) {
    got.value = out_as<Pair>(got.reply);
    actor.shows(say("[", got.value.first, ", ", got.value.second, "]"));
  }
  return got;
}

Reply send_descriptor(Actor& actor, int socket, int fd) {
  cmsghdr header{};
  header.cmsg_level = SOL_SOCKET;
  header.cmsg_type = SCM_RIGHTS;
  header.cmsg_len = CMSG_LEN(sizeof fd);
  std::string control = raw(header) + raw(fd);
  control.resize(kControlBytes, '\0');
  return actor.call(
      SYS_sendmsg, "sendmsg",
      {num(socket), message_with(record(std::move(control), ""), say("{SCM_RIGHTS [", fd, "]}")), num(0)});
}

Got<int> receive_descriptor(Actor& actor, int socket) {
  constexpr int kFlags = MSG_DONTWAIT | MSG_CMSG_CLOEXEC;
  Got<int> got{actor.call(SYS_recvmsg, "recvmsg",
                          {num(socket), message_with(in_out(std::string(kControlBytes, '\0'), ""), "{a message}"),
                           named(kFlags, "MSG_DONTWAIT|MSG_CMSG_CLOEXEC")})};
  if (!got.ok()) return got;
  const std::string_view control = out_bytes(got.reply, 0, kControlBytes);
  cmsghdr header;
  std::memcpy(&header, control.data(), sizeof header);
  if (header.cmsg_level != SOL_SOCKET || header.cmsg_type != SCM_RIGHTS || header.cmsg_len < CMSG_LEN(sizeof(int)))
    throw Babbled("a message came without a descriptor");
  std::memcpy(&got.value, control.data() + CMSG_LEN(0), sizeof got.value);
  actor.shows(say("{SCM_RIGHTS [", got.value, "]}"));
  return got;
}

}  // namespace nsproof::sys
