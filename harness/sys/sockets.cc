#include "harness/sys/sockets.h"

#include <arpa/inet.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/un.h>

#include <cstddef>
#include <cstring>
#include <stdexcept>

#include "harness/support/text.h"
#include "harness/sys/names.h"

namespace nsproof::sys {
namespace {

constexpr int kNetnsCookie = 71;  // SO_NETNS_COOKIE; older headers lack it

Arg family_arg(int family) {
  switch (family) {
    case AF_UNIX: return named(AF_UNIX, "AF_UNIX");
    case AF_INET: return named(AF_INET, "AF_INET");
    case AF_INET6: return named(AF_INET6, "AF_INET6");
    case AF_NETLINK: return named(AF_NETLINK, "AF_NETLINK");
    case AF_PACKET: return named(AF_PACKET, "AF_PACKET");
    default: return num(family);
  }
}

std::string type_text(int type) {
  switch (type) {
    case SOCK_STREAM: return "SOCK_STREAM";
    case SOCK_DGRAM: return "SOCK_DGRAM";
    case SOCK_RAW: return "SOCK_RAW";
    default: return std::to_string(type);
  }
}

Step socket_step(int family, int type, int protocol) {
  return step(
      SYS_socket, "socket",
      {family_arg(family), named(static_cast<std::uint64_t>(type | SOCK_CLOEXEC), type_text(type) + "|SOCK_CLOEXEC"),
       num(protocol)});
}

Arg address_arg(const SocketAddress& address) { return record(address.bytes, address.text); }
Arg length_arg(std::string_view data) { return num(static_cast<std::int64_t>(data.size())); }

Step address_step(long number, std::string_view name, Arg fd, const SocketAddress& address) {
  return step(number, name, {std::move(fd), address_arg(address), length_arg(address.bytes)});
}

Step listen_step(Arg fd, int backlog) { return step(SYS_listen, "listen", {std::move(fd), num(backlog)}); }

Step send_step(int fd, std::string_view data, const SocketAddress* address) {
  return step(SYS_sendto, "sendto",
              {num(fd), bytes(data), length_arg(data), named(MSG_NOSIGNAL, "MSG_NOSIGNAL"),
               address != nullptr ? address_arg(*address) : null(),
               num(address != nullptr ? static_cast<std::int64_t>(address->bytes.size()) : 0)});
}

// The socket that the first step made, or the error of the step that failed. A socket that came to nothing is left to
// its process.
Reply socket_or_error(std::vector<Reply> replies) {
  if (!replies.back().ok()) return std::move(replies.back());
  return std::move(replies.front());
}

Reply batch_of(Actor& actor, std::vector<Step> steps) {
  for (Step& one : steps) one.on_error = wire::OnError::stop;
  return socket_or_error(actor.batch(std::move(steps)));
}

template <class Structure>
Structure structure_in(const std::string& data) {
  Structure value{};
  std::memcpy(&value, data.data(), std::min(sizeof value, data.size()));
  return value;
}

std::string unix_text(std::string_view name) {
  if (name.empty()) return "{AF_UNIX}";
  if (name.front() == '\0') return say("{AF_UNIX, @", quoted(name.substr(1)), "}");
  return say("{AF_UNIX, ", quoted(name, 108), "}");
}

SocketAddress unix_address(std::string_view name) {
  sockaddr_un address{};
  if (name.size() > sizeof address.sun_path) throw std::logic_error("a Unix address that is too long");
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, name.data(), name.size());
  return {raw(address).substr(0, offsetof(sockaddr_un, sun_path) + name.size()), unix_text(name)};
}

std::string inet_text(int family, const void* address, std::uint16_t port) {
  char text[INET6_ADDRSTRLEN] = "?";
  ::inet_ntop(family, address, text, sizeof text);
  return say(family == AF_INET6 ? "{AF_INET6, [" : "{AF_INET, ", text, family == AF_INET6 ? "]:" : ":", port, "}");
}

std::string address_text(const SocketAddress& address) {
  switch (family_of(address)) {
    case AF_INET: {
      const auto in = structure_in<sockaddr_in>(address.bytes);
      return inet_text(AF_INET, &in.sin_addr, ntohs(in.sin_port));
    }
    case AF_INET6: {
      const auto in6 = structure_in<sockaddr_in6>(address.bytes);
      return inet_text(AF_INET6, &in6.sin6_addr, ntohs(in6.sin6_port));
    }
    case AF_UNIX: return unix_text(std::string_view(address.bytes).substr(offsetof(sockaddr_un, sun_path)));
    default: return say("{family ", family_of(address), "}");
  }
}

}  // namespace

SocketAddress inet(std::string_view text, std::uint16_t port) {
  const std::string address(text);
  sockaddr_in in{};
  if (::inet_pton(AF_INET, address.c_str(), &in.sin_addr) == 1) {
    in.sin_family = AF_INET;
    in.sin_port = htons(port);
    return {raw(in), inet_text(AF_INET, &in.sin_addr, port)};
  }
  sockaddr_in6 in6{};
  if (::inet_pton(AF_INET6, address.c_str(), &in6.sin6_addr) != 1)
    throw std::logic_error(say(quoted(text), " is no Internet address"));
  in6.sin6_family = AF_INET6;
  in6.sin6_port = htons(port);
  return {raw(in6), inet_text(AF_INET6, &in6.sin6_addr, port)};
}

SocketAddress unix_path(std::string_view path) { return unix_address(std::string(path) + '\0'); }
SocketAddress unix_abstract(std::string_view name) { return unix_address('\0' + std::string(name)); }

int family_of(const SocketAddress& address) { return structure_in<sa_family_t>(address.bytes); }

std::uint16_t port_of(const SocketAddress& address) {
  switch (family_of(address)) {
    case AF_INET: return ntohs(structure_in<sockaddr_in>(address.bytes).sin_port);
    case AF_INET6: return ntohs(structure_in<sockaddr_in6>(address.bytes).sin6_port);
    default: return 0;
  }
}

Reply socket(Actor& actor, int family, int type, int protocol) {
  return actor.call(socket_step(family, type, protocol));
}

Reply bind(Actor& actor, int fd, const SocketAddress& address) {
  return actor.call(address_step(SYS_bind, "bind", num(fd), address));
}

Reply listen(Actor& actor, int fd, int backlog) { return actor.call(listen_step(num(fd), backlog)); }

Reply connect(Actor& actor, int fd, const SocketAddress& address) {
  return actor.call(address_step(SYS_connect, "connect", num(fd), address));
}

Reply accept(Actor& actor, int fd) {
  return actor.call(SYS_accept4, "accept4", {num(fd), null(), null(), named(SOCK_CLOEXEC, "SOCK_CLOEXEC")});
}

Got<SocketAddress> getsockname(Actor& actor, int fd) {
  const socklen_t room = sizeof(sockaddr_storage);
  Got<SocketAddress> got{
      actor.call(SYS_getsockname, "getsockname", {num(fd), out(room), in_out(raw(room), say("[", room, "]"))})};
  if (!got.ok()) return got;
  const auto length = out_as<socklen_t>(got.reply, 1);
  if (length < sizeof(sa_family_t) || length > room) throw Babbled("a socket address with a wrong length");
  got.value.bytes = out_bytes(got.reply, 0, length).substr(0, length);
  got.value.text = address_text(got.value);
  actor.shows(got.value.text);
  return got;
}

Reply send(Actor& actor, int fd, std::string_view data) { return actor.call(send_step(fd, data, nullptr)); }

Reply send_to(Actor& actor, int fd, std::string_view data, const SocketAddress& address) {
  return actor.call(send_step(fd, data, &address));
}

Got<std::string> receive(Actor& actor, int fd, std::size_t bytes) {
  Step made = step(SYS_recvfrom, "recvfrom",
                   {num(fd), out(bytes), num(static_cast<std::int64_t>(bytes)), named(MSG_DONTWAIT, "MSG_DONTWAIT"),
                    null(), null()});
  return call_for_bytes(actor, std::move(made));
}

Reply serve(Actor& actor, int type, const SocketAddress& address) {
  std::vector<Step> steps;
  steps.push_back(socket_step(family_of(address), type, 0));
  steps.push_back(address_step(SYS_bind, "bind", result_of(0), address));
  if (type == SOCK_STREAM) steps.push_back(listen_step(result_of(0), 8));
  return batch_of(actor, std::move(steps));
}

Reply call_on(Actor& actor, const SocketAddress& address) {
  std::vector<Step> steps;
  steps.push_back(socket_step(family_of(address), SOCK_STREAM, 0));
  steps.push_back(address_step(SYS_connect, "connect", result_of(0), address));
  return batch_of(actor, std::move(steps));
}

Got<std::uint64_t> netns_cookie(Actor& actor) {
  const socklen_t room = sizeof(std::uint64_t);
  std::vector<Step> steps;
  steps.push_back(socket_step(AF_UNIX, SOCK_DGRAM, 0));
  steps.push_back(step(SYS_getsockopt, "getsockopt",
                       {result_of(0), named(SOL_SOCKET, "SOL_SOCKET"), named(kNetnsCookie, "SO_NETNS_COOKIE"),
                        out(room), in_out(raw(room), say("[", room, "]"))}));
  steps.push_back(step(SYS_close, "close", {result_of(0)}));
  steps.front().on_error = wire::OnError::stop;
  std::vector<Reply> replies = actor.batch(std::move(steps));
  Got<std::uint64_t> got{std::move(replies.at(replies.size() > 1 ? 1 : 0))};
  if (got.ok()) {
    got.value = out_as<std::uint64_t>(got.reply);
    actor.shows(say("[", got.value, "]"), 1);
  }
  return got;
}

Reply namespace_of_socket(Actor& actor, int fd) {
  return actor.call(SYS_ioctl, "ioctl", {num(fd), named(SIOCGSKNS, "SIOCGSKNS")});
}

Got<int> poll(Actor& actor, int fd, short events, Milliseconds time) {
  static constexpr FlagName kEvents[] = {
      {POLLIN, "POLLIN"}, {POLLOUT, "POLLOUT"}, {POLLERR, "POLLERR"}, {POLLHUP, "POLLHUP"}, {POLLPRI, "POLLPRI"}};
  const pollfd one{fd, events, 0};
  const timespec limit{time.count() / 1000, time.count() % 1000 * 1'000'000};
  const std::string wanted = flags_text(static_cast<std::uint64_t>(events), kEvents);
  Got<int> got{actor.call(SYS_ppoll, "ppoll",
                          {in_out(raw(one), say("[{fd=", fd, ", events=", wanted, "}]")), num(1),
                           record(raw(limit), say(time.count(), " ms")), null(), num(0)})};
  if (got.ok()) {
    got.value = static_cast<unsigned short>(out_as<pollfd>(got.reply).revents);
    actor.shows(say("[{revents=", flags_text(static_cast<std::uint64_t>(got.value), kEvents), "}]"));
  }
  return got;
}

}  // namespace nsproof::sys
