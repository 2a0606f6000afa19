// Network namespaces: sockets. Abstract names are per namespace, path names are not, and a socket stays where it was
// made (network_namespaces(7), unix(7)).
#include <linux/sched.h>

#include <cerrno>

#include "harness/catalogue/property.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/mounts.h"
#include "harness/sys/netlink.h"
#include "harness/sys/process.h"
#include "harness/sys/sockets.h"
#include "harness/world/world.h"

namespace nsproof {
namespace {

constexpr std::string_view kName = "nsproof-name";

Observation abstract_unreachable(Actor& server, Actor& client, std::string_view who) {
  must(sys::serve(server, SOCK_STREAM, sys::unix_abstract(kName)));
  const Reply called = sys::call_on(client, sys::unix_abstract(kName));
  if (called.ok()) return leaked(say(who, " connects to the other side's abstract name"));
  if (called.error() == ECONNREFUSED) return isolated(say("nobody listens on that abstract name for ", who));
  return unknown(say(called.call, " = ", errno_name(called.error())));
}

Observation abstract_name_free(World& w) {
  must(sys::serve(w.outside(), SOCK_STREAM, sys::unix_abstract(kName)));
  const Reply taken = sys::serve(w.inside(), SOCK_STREAM, sys::unix_abstract(kName));
  if (taken.ok()) return isolated("inside binds the abstract name that outside has bound");
  if (taken.error() == EADDRINUSE) return leaked("the abstract name is taken inside, because outside has bound it");
  return unknown(say(taken.call, " = ", errno_name(taken.error())));
}

enum class Path { visible, covered };

Observation path_reachable(World& w, Path path) {
  const sys::SocketAddress door = sys::unix_path("/tmp/door");
  const int server = static_cast<int>(must(sys::serve(w.outside(), SOCK_STREAM, door)));
  if (path == Path::covered) must(sys::mount(w.inside(), "tmpfs", "/tmp", "tmpfs"));
  const Reply called = sys::call_on(w.inside(), door);
  if (called.error() == ENOENT) return leaked("inside has no such path");
  if (called.error() == ECONNREFUSED) return leaked("inside has the path, and nobody listens there");
  const int client = static_cast<int>(must(called));
  must(sys::send(w.inside(), client, "hello"));
  const int accepted = static_cast<int>(must(sys::accept(w.outside(), server)));
  const std::string heard = must(sys::receive(w.outside(), accepted));
  if (heard != "hello") return unknown(say("outside heard ", quoted(heard)));
  return isolated("inside connects by path to a server in another network namespace and is heard");
}

enum class Made { before_unshare, after_unshare };

// Whether outside, which stays, still reaches a server whose process has left for a new network namespace.
Observation server_reachable(World& w, Made made) {
  Actor& mover = w.inside();
  must(sys::set_link_up(w.outside(), "lo"));
  if (made == Made::after_unshare) {
    must(sys::unshare(mover, CLONE_NEWNET));
    must(sys::set_link_up(mover, "lo"));
  }
  const int server = static_cast<int>(must(sys::serve(mover, SOCK_STREAM, sys::inet("127.0.0.1", 0))));
  const std::uint16_t port = sys::port_of(must(sys::getsockname(mover, server)));
  if (made == Made::before_unshare) must(sys::unshare(mover, CLONE_NEWNET));
  const Reply called = sys::call_on(w.outside(), sys::inet("127.0.0.1", port));
  if (called.error() == ECONNREFUSED) return leaked("outside does not reach the socket");
  must(called);
  must(sys::accept(mover, server));
  return isolated("outside reaches the socket in the network namespace that its process has left");
}

std::uint64_t net_inode(Actor& actor) { return must(sys::stat(actor, "/proc/self/ns/net")).st_ino; }

Observation socket_names_birthplace(World& w, Made made) {
  Actor& mover = w.inside();
  const std::uint64_t old_net = net_inode(mover);
  int fd = -1;
  if (made == Made::before_unshare) fd = static_cast<int>(must(sys::socket(mover, AF_INET, SOCK_DGRAM)));
  must(sys::unshare(mover, CLONE_NEWNET));
  if (made == Made::after_unshare) fd = static_cast<int>(must(sys::socket(mover, AF_INET, SOCK_DGRAM)));
  const std::uint64_t new_net = net_inode(mover);
  if (old_net == new_net) return unknown("unshare succeeded, and the network namespace is the old one");
  const std::uint64_t of_socket =
      must(sys::fstat(mover, static_cast<int>(must(sys::namespace_of_socket(mover, fd))))).st_ino;
  if (of_socket == old_net) return isolated("the socket belongs to the network namespace that its process has left");
  if (of_socket == new_net) return leaked("the socket belongs to the network namespace that its process is in");
  return unknown("the socket belongs to a third network namespace");
}

Observation cookie_differs(World& w) {
  const std::uint64_t out = must(sys::netns_cookie(w.outside()));
  const std::uint64_t in = must(sys::netns_cookie(w.inside()));
  if (out == 0 || in == 0) return unknown("a cookie is 0");
  if (in == out) return leaked(say("inside has the cookie of outside, ", out));
  return isolated(say("the cookie is ", out, " outside and ", in, " inside"));
}

const Rows rows = {
    {
        .id = "net.unix.abstract-outside-unreachable",
        .claim = "An abstract Unix socket of outside is not reached from inside.",
        .how = "Outside listens on an abstract name; inside connects to it.",
        .source = "network_namespaces(7), unix(7)",
        .since = {2, 6, 29},
        .isolated_by = Ns::net,
        .reach = Reach::any_sandbox,
        .check = [](World& w) { return abstract_unreachable(w.outside(), w.inside(), "inside"); },
    },
    {
        .id = "net.unix.abstract-inside-unreachable",
        .claim = "An abstract Unix socket of inside is not reached from outside.",
        .how = "Inside listens on an abstract name; outside connects to it.",
        .source = "network_namespaces(7), unix(7)",
        .since = {2, 6, 29},
        .isolated_by = Ns::net,
        .reach = Reach::any_sandbox,
        .check = [](World& w) { return abstract_unreachable(w.inside(), w.outside(), "outside"); },
    },
    {
        .id = "net.unix.abstract-name-free",
        .claim = "An abstract Unix name that is bound outside is free inside.",
        .how = "Outside and then inside bind the same abstract name.",
        .source = "network_namespaces(7), unix(7)",
        .since = {2, 6, 29},
        .isolated_by = Ns::net,
        .reach = Reach::any_sandbox,
        .check = abstract_name_free,
    },
    {
        .id = "net.unix.pathname-shared",
        .claim =
            "A Unix socket with a path name is reached from other network namespaces; the mount namespace governs it.",
        .how = "Outside listens on a path; inside, in a network namespace of its own, connects to it and says hello.",
        .source = "unix(7), network_namespaces(7)",
        .since = {2, 6, 29},
        .sandbox = {.namespaces = {Ns::net, Ns::mnt}},
        .check = [](World& w) { return path_reachable(w, Path::visible); },
        .control = [](World& w) { return path_reachable(w, Path::covered); },
        .control_differs = "inside covers the directory with a mount of its own",
    },
    {
        .id = "net.socket.stays-in-namespace",
        .claim = "A socket stays in the network namespace in which it was made when its process leaves.",
        .how = "Inside listens on 127.0.0.1 and unshares its network namespace; outside, which stayed, connects.",
        .source = "network_namespaces(7), unshare(2)",
        .since = {2, 6, 29},
        .check = [](World& w) { return server_reachable(w, Made::before_unshare); },
        .control = [](World& w) { return server_reachable(w, Made::after_unshare); },
        .control_differs = "the socket is made after the process has left",
    },
    {
        .id = "net.socket.names-its-namespace",
        .claim = "SIOCGSKNS gives the network namespace in which a socket was made, not that of its process.",
        .how = "Inside makes a socket, unshares its network namespace and compares what SIOCGSKNS gives with "
               "/proc/self/ns.",
        .source = "commit c62cce2caee5 (net: add an ioctl to get a socket network namespace)",
        .since = {4, 10},
        .check = [](World& w) { return socket_names_birthplace(w, Made::before_unshare); },
        .control = [](World& w) { return socket_names_birthplace(w, Made::after_unshare); },
        .control_differs = "the socket is made after the process has left",
    },
    {
        .id = "net.socket.cookie-differs",
        .claim = "SO_NETNS_COOKIE differs between inside and outside.",
        .how = "Outside and inside each make a socket and read the option.",
        .source = "commit e8b9eab99232 (net: retrieve netns cookie via getsocketopt)",
        .since = {5, 14},
        .isolated_by = Ns::net,
        .reach = Reach::any_sandbox,
        .check = cookie_differs,
    },
};

}  // namespace
}  // namespace nsproof
