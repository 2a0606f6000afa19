#include "harness/host/trials_net.h"

#include "harness/sys/files.h"
#include "harness/sys/netlink.h"
#include "harness/sys/sockets.h"
#include "harness/world/world.h"

namespace nsproof {

void make_veth(Keeper& /*keeper*/, World& world) { must(sys::add_veth(world.outside(), "trial0", "trial1")); }

void use_nf_tables(Keeper& /*keeper*/, World& world) { must(sys::add_dropping_filter(world.outside(), "trial")); }

void use_ipv6(Keeper& /*keeper*/, World& world) {
  must(sys::set_link_up(world.outside(), "lo"));
  must(sys::serve(world.outside(), SOCK_STREAM, sys::inet("::1", 1)));
}

void read_net_core_files(Keeper& /*keeper*/, World& world) {
  must(sys::read_file(world.outside(), "/proc/sys/net/core/somaxconn"));
}

}  // namespace nsproof
