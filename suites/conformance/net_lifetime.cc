// Network namespaces: when they end and what keeps them (namespaces(7), network_namespaces(7)). Their end is seen from
// outside by a veth pair, which goes when one of its ends goes. The kernel does that later, in a worker, so it is
// waited for; a second namespace that nothing keeps tells how long.
#include <fcntl.h>
#include <linux/sched.h>

#include "harness/catalogue/property.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/mounts.h"
#include "harness/sys/netlink.h"
#include "harness/sys/process.h"
#include "harness/sys/sockets.h"
#include "harness/world/enter.h"
#include "harness/world/world.h"

namespace nsproof {
namespace {

constexpr Milliseconds kPatience{8000};
constexpr std::string_view kName = "/tmp/name";

// What outside holds of the network namespace of inside when its processes end.
enum class Hold { nothing, descriptor, socket, closed_socket, name, removed_name };

void tether(World& w, Actor& tenant, std::string_view link) {
  must(sys::add_veth(w.outside(), link, say(link, "-far")));
  must(sys::move_link(w.outside(), say(link, "-far"), {sys::NetTarget::Kind::pid, tenant.pid()}));
}

bool has_link(const std::vector<netlink::Link>& links, std::string_view name) {
  return sys::find_link(links, name) != nullptr;
}

bool vanishes(World& w, std::string_view link) {
  return sys::wait_for_links(
      w.outside(), [&](const auto& links) { return !has_link(links, link); }, kPatience);
}

int open_net(Actor& actor, std::string_view path) {
  return static_cast<int>(must(sys::open(actor, path, O_RDONLY | O_CLOEXEC)));
}

// Takes hold; the value is the descriptor that does it, or -1.
int take_hold(World& w, Hold hold) {
  Actor& outside = w.outside();
  const std::string net = say("/proc/", w.inside().pid(), "/ns/net");
  switch (hold) {
    case Hold::nothing: return -1;
    case Hold::descriptor: return open_net(outside, net);
    case Hold::socket:
    case Hold::closed_socket: {
      const int home = open_net(outside, "/proc/self/ns/net");
      must_enter(outside, w.inside().pid(), Ns::net);
      const int fd = static_cast<int>(must(sys::socket(outside, AF_INET, SOCK_DGRAM)));
      must(sys::setns(outside, home, CLONE_NEWNET));
      must(sys::close(outside, home));
      if (hold == Hold::socket) return fd;
      must(sys::close(outside, fd));
      return -1;
    }
    case Hold::name:
    case Hold::removed_name:
      must(sys::make_file(outside, kName, ""));
      must(sys::mount(outside, net, kName, "", MS_BIND));
      return -1;
  }
  return -1;
}

// A descriptor of the namespace by what outside holds of it.
int by_hold(World& w, Hold hold, int held) {
  if (hold == Hold::descriptor) return held;
  if (hold == Hold::socket) return static_cast<int>(must(sys::namespace_of_socket(w.outside(), held)));
  return open_net(w.outside(), kName);
}

// The namespace is entered and the far end of the pair looked for.
bool far_end_is_there(World& w, int net, std::string_view link) {
  Actor& visitor = w.fork(w.outside(), "visitor");
  must_enter_descriptor(visitor, net, Ns::net);
  const bool there = has_link(must(sys::links(visitor)), say(link, "-far"));
  w.end(w.outside(), visitor);
  must(sys::close(w.outside(), net));
  return there;
}

// What became of the namespace; a row claims one of the two.
enum class Fate { ended, alive };

Observation fate_after(World& w, Hold hold, Fate claimed) {
  Actor& outside = w.outside();
  Actor& inside = w.inside();
  Actor& sentinel = w.clone(outside, CLONE_NEWNET, "sentinel");
  tether(w, inside, "watched");
  tether(w, sentinel, "sentinel");
  const int held = take_hold(w, hold);
  w.end(outside, inside);
  if (&w.init() != &inside) w.end(outside, w.init());
  w.end(outside, sentinel);
  if (!vanishes(w, "sentinel")) return unknown("a network namespace that nothing keeps did not end in time");

  const auto judged = [&](Fate fate, std::string reason) {
    return fate == claimed ? isolated(std::move(reason)) : leaked(std::move(reason));
  };
  const bool kept =
      hold == Hold::descriptor || hold == Hold::socket || hold == Hold::name || hold == Hold::removed_name;
  if (kept) {
    if (!has_link(must(sys::links(outside)), "watched")) return judged(Fate::ended, "it ended while outside held it");
    // Entering closes the descriptor, so it is the name or the socket alone that holds from here on.
    if (!far_end_is_there(w, by_hold(w, hold, held), "watched"))
      return unknown("the namespace can be entered, and the link that was moved there is gone");
  }
  if (hold == Hold::removed_name) must(sys::umount(outside, kName));
  if (kept && hold != Hold::removed_name)
    return judged(Fate::alive, "it is there with its link after its last process is gone");
  if (!vanishes(w, "watched")) return judged(Fate::alive, "its link is still there after some seconds");
  return judged(Fate::ended, "its link and the peer outside are gone");
}

const Rows rows = {
    {
        .id = "net.lifetime.links-die-with-it",
        .claim = "A network namespace ends with its last process, and virtual links in it and their peers go.",
        .how =
            "One end of a veth pair is inside; all processes inside are killed; outside waits for its end to vanish.",
        .source = "network_namespaces(7), veth(4)",
        .since = {2, 6, 29},
        .sandbox = {.namespaces = Ns::net},
        .needs = {Need::veth},
        .check = [](World& w) { return fate_after(w, Hold::nothing, Fate::ended); },
        .control = [](World& w) { return fate_after(w, Hold::descriptor, Fate::ended); },
        .control_differs = "outside holds an open descriptor of the namespace",
    },
    {
        .id = "net.lifetime.socket-pins",
        .claim = "An open socket keeps its network namespace alive after the last process in it.",
        .how = "Outside has a socket from inside's network namespace; all processes inside are killed; outside reaches "
               "the "
               "namespace through the socket (SIOCGSKNS) and looks for the link that it had moved there.",
        .source = "network_namespaces(7), commit c62cce2caee5 (net: add an ioctl to get a socket network namespace)",
        .since = {4, 10},
        .sandbox = {.namespaces = Ns::net},
        .needs = {Need::veth},
        .check = [](World& w) { return fate_after(w, Hold::socket, Fate::alive); },
        .control = [](World& w) { return fate_after(w, Hold::closed_socket, Fate::alive); },
        .control_differs = "the socket is closed before",
    },
    {
        .id = "net.lifetime.name-outlives-processes",
        .claim =
            "A network namespace whose file is bind-mounted outlives its processes and can be entered by that name.",
        .how =
            "Outside binds /proc/PID/ns/net of inside to a name, as ip-netns(8) does; all processes inside are killed; "
            "outside enters by the name and looks for the link that it had moved there.",
        .source = "namespaces(7), ip-netns(8)",
        .since = {3, 0},
        .sandbox = {.namespaces = Ns::net},
        .needs = {Need::veth},
        .check = [](World& w) { return fate_after(w, Hold::name, Fate::alive); },
        .control = [](World& w) { return fate_after(w, Hold::nothing, Fate::alive); },
        .control_differs = "the namespace has no name",
    },
    {
        .id = "net.lifetime.dies-with-its-name",
        .claim = "A network namespace that only its name keeps ends when the name is unmounted.",
        .how =
            "As in net.lifetime.name-outlives-processes; then outside unmounts the name and waits for its end of the "
            "veth pair to vanish.",
        .source = "namespaces(7), ip-netns(8)",
        .since = {3, 0},
        .sandbox = {.namespaces = Ns::net},
        .needs = {Need::veth},
        .check = [](World& w) { return fate_after(w, Hold::removed_name, Fate::ended); },
        .control = [](World& w) { return fate_after(w, Hold::name, Fate::ended); },
        .control_differs = "the name is not unmounted",
    },
};

}  // namespace
}  // namespace nsproof
