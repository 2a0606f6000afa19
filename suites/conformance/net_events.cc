// Network namespaces: events of links reach the listeners of their own namespace and no others (netlink(7)).
#include <algorithm>

#include "harness/catalogue/property.h"
#include "harness/support/text.h"
#include "harness/sys/netlink.h"
#include "harness/world/enter.h"
#include "harness/world/world.h"

namespace nsproof {
namespace {

bool heard(Actor& listener, int fd, std::string_view link) {
  const auto events = must(sys::link_events(listener, fd));
  return std::any_of(events.begin(), events.end(), [&](const sys::LinkEvent& one) { return one.link.name == link; });
}

// An event is sent within the call that causes it (rtnl_notify() in net/core/rtnetlink.c), so none is on its way.
Observation events_hidden(Actor& maker, Actor& listener, std::string_view who) {
  const int fd = static_cast<int>(must(sys::hear_link_events(listener)));
  must(sys::add_veth(maker, "event0", "event1"));
  if (heard(listener, fd, "event0")) return leaked(say(who, " hears of a link that was made on the other side"));
  return isolated(say(who, " hears nothing of a link that was made on the other side"));
}

Observation outside_events(World& w) { return events_hidden(w.outside(), w.inside(), "inside"); }

Observation inside_events(World& w) {
  // Inside may have no privilege over its network namespace; a process of outside that joins it has.
  Actor& guest = w.fork(w.outside(), "guest");
  must_enter(guest, w.inside().pid(), Ns::net);
  return events_hidden(guest, w.outside(), "outside");
}

enum class Change { made, none };

Observation own_events(World& w, Change change) {
  const int fd = static_cast<int>(must(sys::hear_link_events(w.inside())));
  if (change == Change::made) must(sys::add_veth(w.inside(), "event0", "event1"));
  if (heard(w.inside(), fd, "event0")) return isolated("inside hears of the link that it made");
  return leaked("inside hears of no link");
}

const Rows rows = {
    {
        .id = "net.event.outside-hidden",
        .claim = "Link events of outside are not heard inside.",
        .how = "Inside listens to RTMGRP_LINK while outside makes a veth pair.",
        .source = "netlink(7), network_namespaces(7)",
        .since = {2, 6, 29},
        .isolated_by = Ns::net,
        .reach = Reach::any_alone,
        .needs = {Need::veth},
        .check = outside_events,
    },
    {
        .id = "net.event.inside-hidden",
        .claim = "Link events of the inner network namespace are not heard outside.",
        .how =
            "Outside listens to RTMGRP_LINK while a process that has joined inside's network namespace makes a pair.",
        .source = "netlink(7), network_namespaces(7)",
        .since = {3, 0},
        .isolated_by = Ns::net,
        .reach = Reach::any_alone,
        .needs = {Need::veth},
        .check = inside_events,
    },
    {
        .id = "net.event.own-heard",
        .claim = "Link events of one's own network namespace are heard.",
        .how = "Inside listens to RTMGRP_LINK and makes a veth pair.",
        .source = "rtnetlink(7)",
        .since = {2, 6, 29},
        .sandbox = {.namespaces = Ns::net},
        .needs = {Need::veth},
        .check = [](World& w) { return own_events(w, Change::made); },
        .control = [](World& w) { return own_events(w, Change::none); },
        .control_differs = "no link is made",
    },
};

}  // namespace
}  // namespace nsproof
