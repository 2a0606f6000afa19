#include "harness/sys/credentials.h"

#include <sys/socket.h>
#include <sys/syscall.h>

#include <cstddef>
#include <cstring>

#include "harness/support/text.h"

namespace nsproof::sys {
namespace {

constexpr std::size_t kControlBytes = CMSG_SPACE(sizeof(ucred));

std::string text_of(const ucred& one) { return say("{pid=", one.pid, ", uid=", one.uid, ", gid=", one.gid, "}"); }

Credentials credentials_of(const ucred& one) { return {one.pid, one.uid, one.gid}; }

Arg socket_level() { return named(SOL_SOCKET, "SOL_SOCKET"); }

// A message of one byte with a control buffer.
Arg message_with(Arg control, std::string text) {
  msghdr message{};
  message.msg_iovlen = 1;
  message.msg_controllen = kControlBytes;
  Arg parts = record(raw(iovec{nullptr, 1}), "");
  parts.pointers = {{offsetof(iovec, iov_base), record("x", "")}};
  Arg header = record(raw(message), std::move(text));
  header.pointers = {{offsetof(msghdr, msg_control), std::move(control)},
                     {offsetof(msghdr, msg_iov), std::move(parts)}};
  return header;
}

ucred credentials_in(std::string_view control) {
  cmsghdr header;
  ucred found;
  std::memcpy(&header, control.data(), sizeof header);
  if (header.cmsg_level != SOL_SOCKET || header.cmsg_type != SCM_CREDENTIALS ||
      header.cmsg_len < CMSG_LEN(sizeof found))
    throw Babbled("a message came without the credentials of its sender");
  std::memcpy(&found, control.data() + CMSG_LEN(0), sizeof found);
  return found;
}

}  // namespace

Reply pass_credentials(Actor& actor, int socket) {
  return actor.call(
      SYS_setsockopt, "setsockopt",
      {num(socket), socket_level(), named(SO_PASSCRED, "SO_PASSCRED"), record(raw(int{1}), "[1]"), num(sizeof(int))});
}

Reply send_credentials(Actor& actor, int socket, const Credentials& claimed) {
  const ucred payload{claimed.pid, claimed.uid, claimed.gid};
  cmsghdr header{};
  header.cmsg_level = SOL_SOCKET;
  header.cmsg_type = SCM_CREDENTIALS;
  header.cmsg_len = CMSG_LEN(sizeof payload);
  std::string control = raw(header) + raw(payload);
  control.resize(kControlBytes, '\0');
  return actor.call(
      SYS_sendmsg, "sendmsg",
      {num(socket), message_with(record(std::move(control), ""), say("{SCM_CREDENTIALS ", text_of(payload), "}")),
       num(0)});
}

Got<Credentials> receive_credentials(Actor& actor, int socket) {
  Got<Credentials> got{
      actor.call(SYS_recvmsg, "recvmsg",
                 {num(socket), message_with(in_out(std::string(kControlBytes, '\0'), ""), "{a message}"),
                  named(MSG_DONTWAIT, "MSG_DONTWAIT")})};
  if (got.ok()) {
    const ucred found = credentials_in(out_bytes(got.reply, 0, kControlBytes));
    got.value = credentials_of(found);
    actor.shows(say("{SCM_CREDENTIALS ", text_of(found), "}"));
  }
  return got;
}

Got<Credentials> peer_credentials(Actor& actor, int socket) {
  Got<Credentials> got{actor.call(SYS_getsockopt, "getsockopt",
                                  {num(socket), socket_level(), named(SO_PEERCRED, "SO_PEERCRED"), out(sizeof(ucred)),
                                   record(raw(socklen_t{sizeof(ucred)}), say("[", sizeof(ucred), "]"))})};
  if (got.ok()) {
    const auto found = out_as<ucred>(got.reply);
    got.value = credentials_of(found);
    actor.shows(text_of(found));
  }
  return got;
}

}  // namespace nsproof::sys
