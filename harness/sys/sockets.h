// Remote calls about sockets: Internet and Unix addresses, servers and clients, datagrams, options.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/sys/sys.h"

namespace nsproof::sys {

// A struct sockaddr as bytes, and as strace(1) would print it.
struct SocketAddress {
  std::string bytes;
  std::string text;
};

// IPv4 or IPv6 by the form of the address; throws std::logic_error if it has neither.
SocketAddress inet(std::string_view address, std::uint16_t port);
SocketAddress unix_path(std::string_view path);
SocketAddress unix_abstract(std::string_view name);

int family_of(const SocketAddress& address);
std::uint16_t port_of(const SocketAddress& address);  // 0 if it has none

// All sockets are close-on-exec.
Reply socket(Actor& actor, int family, int type, int protocol = 0);
Reply bind(Actor& actor, int fd, const SocketAddress& address);
Reply listen(Actor& actor, int fd, int backlog = 8);
Reply connect(Actor& actor, int fd, const SocketAddress& address);
Reply accept(Actor& actor, int fd);
Got<SocketAddress> getsockname(Actor& actor, int fd);

// sendto(2) and recvfrom(2); nothing to receive is EAGAIN.
Reply send(Actor& actor, int fd, std::string_view data);
Reply send_to(Actor& actor, int fd, std::string_view data, const SocketAddress& address);
Got<std::string> receive(Actor& actor, int fd, std::size_t bytes = 2048);

// One frame: socket(2), bind(2), and listen(2) for a stream. The value is the socket, or the first error.
Reply serve(Actor& actor, int type, const SocketAddress& address);
// One frame: socket(2) of a stream and connect(2). The value is the socket, or the first error.
Reply call_on(Actor& actor, const SocketAddress& address);

// The option SO_NETNS_COOKIE (socket(7), Linux 5.14) of a new socket: a number that names the caller's network
// namespace for as long as the machine runs.
Got<std::uint64_t> netns_cookie(Actor& actor);
// The ioctl SIOCGSKNS (Linux 4.10): a descriptor of the network namespace that a socket belongs to.
Reply namespace_of_socket(Actor& actor, int fd);

// ppoll(2) of one descriptor: what is ready, 0 when the time has passed.
Got<int> poll(Actor& actor, int fd, short events, Milliseconds time);

}  // namespace nsproof::sys
