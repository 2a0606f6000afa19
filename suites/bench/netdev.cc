// What a network namespace needs to be of use: its loopback up, and a veth pair to somebody else; made in place against
// made and moved.
#include <fcntl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "harness/bench/case.h"
#include "harness/bench/child.h"
#include "harness/bench/clock.h"
#include "harness/bench/tape.h"
#include "harness/support/fd.h"
#include "harness/support/text.h"
#include "harness/sys/netlink_messages.h"

namespace nsproof::bench {
namespace {

constexpr std::uint16_t kMake = NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK;
constexpr std::uint32_t kIndex = 100;  // of the end that stays, so that later messages need no question

// Sends a request and waits for its acknowledgement; its errno.
int ask(const std::string& request) {
  static int socket = -1;
  if (socket < 0) socket = ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  if (socket < 0 || ::send(socket, request.data(), request.size(), 0) < 0) return errno;
  char answer[4096];
  const ssize_t bytes = ::recv(socket, answer, sizeof answer, 0);
  if (bytes < static_cast<ssize_t>(sizeof(nlmsghdr) + sizeof(nlmsgerr))) return EPROTO;
  nlmsgerr error{};
  std::memcpy(&error, answer + sizeof(nlmsghdr), sizeof error);
  return -error.error;
}

// The other namespace, and a name that no device has there: earlier ones may not be gone yet.
struct Neighbour {
  int fd = -1;
  std::string name;
};

std::string veth_request(int peer_namespace, const std::string& peer_name) {
  const ifinfomsg none{};
  std::string peer = raw(none) + netlink::text_attribute(IFLA_IFNAME, peer_name);
  if (peer_namespace >= 0) peer += netlink::number_attribute(IFLA_NET_NS_FD, peer_namespace);
  ifinfomsg header{};
  header.ifi_index = kIndex;
  return netlink::message(
      RTM_NEWLINK, kMake, raw(header),
      netlink::text_attribute(IFLA_IFNAME, "v0") +
          netlink::nest(IFLA_LINKINFO, netlink::text_attribute(IFLA_INFO_KIND, "veth") +
                                           netlink::nest(IFLA_INFO_DATA, netlink::attribute(VETH_INFO_PEER, peer))));
}

std::string move_request(const Neighbour& to) {
  ifinfomsg header{};
  header.ifi_index = kIndex;
  return netlink::message(
      RTM_NEWLINK, NLM_F_ACK, raw(header),
      netlink::number_attribute(IFLA_NET_NS_FD, to.fd) + netlink::text_attribute(IFLA_IFNAME, to.name));
}

std::string delete_request() {
  ifinfomsg header{};
  header.ifi_index = kIndex;
  return netlink::message(RTM_DELLINK, NLM_F_ACK, raw(header), "");
}

int set_loopback_up() {
  const Fd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq request{};
  std::strcpy(request.ifr_name, "lo");
  request.ifr_flags = IFF_UP | IFF_RUNNING;
  return ::ioctl(socket.get(), SIOCSIFFLAGS, &request) == 0 ? 0 : errno;
}

struct Operation {
  const char* name;
  const char* title;
  const char* floor;
  // In a child in a network namespace of its own.
  int (*before)(const Neighbour& other);
  int (*act)(const Neighbour& other);
};

int nothing(const Neighbour&) { return 0; }
int make_pair(const Neighbour&) { return ask(veth_request(-1, "p0")); }
int make_in_place(const Neighbour& other) { return ask(veth_request(other.fd, other.name)); }
int move_away(const Neighbour& other) { return ask(move_request(other)); }
int delete_pair(const Neighbour&) { return ask(delete_request()); }
int loopback_up(const Neighbour&) { return set_loopback_up(); }

constexpr Operation kOperations[] = {
    {"lo_up", "the loopback of a new network namespace is set up", "", nothing, loopback_up},
    {"veth_pair", "a veth pair is made, both ends here", "", nothing, make_pair},
    {"veth_in_place", "a veth pair is made with its peer in another namespace", "netdev/veth_pair", nothing,
     make_in_place},
    {"veth_move", "one end of a veth pair is moved to another namespace", "netdev/veth_pair", make_pair, move_away},
    {"veth_delete", "a veth pair is deleted", "netdev/veth_pair", make_pair, delete_pair},
};

void operate(const Place& place, Notebook& notebook) {
  const std::uint32_t rounds = place.effort == Effort::full ? 100 : 30;
  const Holder neighbour(CLONE_NEWNET);
  int failures[std::size(kOperations)] = {};
  for (std::uint32_t round = 0; round < rounds && (round < 5 || place.time_left()); ++round) {
    std::uint32_t index = 0;
    for (const Operation& operation : kOperations) {
      Neighbour target{-1, say("n", index, "x", round)};
      const Inside inside = timed_inside(
          CLONE_NEWNET,
          [&] {
            target.fd = ::open(say("/proc/", neighbour.pid(), "/ns/net").c_str(), O_RDONLY | O_CLOEXEC);
            return operation.before(target);
          },
          [&] { return operation.act(target); });
      const double took = us_of(inside.nanoseconds);
      if (inside.error == 0) {
        notebook.sample(index, round, &took, 1);
      } else {
        notebook.refused(index, inside.error);
        if (++failures[index] == 5) notebook.unsupported(index, inside.error, "rtnetlink refused it");
      }
      ++index;
    }
    notebook.progress(static_cast<double>(round + 1) / rounds);
  }
}

std::vector<Study> netdev_study() {
  Study study;
  for (const Operation& operation : kOperations) {
    CaseSpec one;
    one.id = std::string("netdev/") + operation.name;
    one.title = operation.title;
    one.floor = operation.floor;
    one.head = "time";
    one.set = "net";
    one.phases = {{"time", "the request, until the kernel has answered it"}};
    study.cases.push_back(std::move(one));
  }
  study.from = Effort::standard;
  study.seconds[1] = 4;
  study.seconds[2] = 15;
  study.run = operate;
  return {study};
}

const FamilyRow row = {{"netdev", "Devices of a network namespace", 13, nullptr, netdev_study}};

}  // namespace
}  // namespace nsproof::bench
