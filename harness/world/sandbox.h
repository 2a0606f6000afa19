// What stands between outside and inside: namespaces, id maps, mounts, clocks and the way it is all made.
// Plain data; a launcher turns it into processes.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "harness/catalogue/namespaces.h"

namespace nsproof {

// The ways to get a process into new namespaces.
enum class Way {
  clone3,   // clone3(2) with all flags at once
  unshare,  // unshare(2), then fork
  setns,    // a holder makes the namespaces; the member joins them one by one by /proc/PID/ns (setns(2))
  pidfd,    // the same, joined all at once by the holder's pidfd
};

inline constexpr Way kAllWays[] = {Way::clone3, Way::unshare, Way::setns, Way::pidfd};
std::string_view name_of(Way way);
std::optional<Way> way_named(std::string_view name);

// One line of /proc/PID/uid_map or gid_map (user_namespaces(7)).
struct Extent {
  std::uint32_t inside = 0;
  std::uint32_t outside = 0;
  std::uint32_t count = 1;
};

// The map of a new user namespace. As a default root inside is root outside, the only map that every caller may
// write; rows about foreign ids ask for more.
struct IdMap {
  std::vector<Extent> extents = {{0, 0, 1}};  // none: the map is left unwritten and every id is unmapped

  static IdMap none() { return {{}}; }
  static IdMap shifted() { return {{{0, 100000, 65536}}}; }  // root inside is nobody that outside knows
};

enum class Propagation { unchanged, make_private, make_shared, make_slave, make_unbindable };

enum class Proc {
  inherited,
  fresh,  // a procfs of the sandbox's own pid namespace on /proc; needs a mount namespace of its own
};

// Seconds added to the clocks in a new time namespace (time_namespaces(7)).
struct ClockOffsets {
  std::int64_t monotonic = 0;
  std::int64_t boottime = 0;
  [[nodiscard]] bool any() const { return monotonic != 0 || boottime != 0; }
};

struct Sandbox {
  NsSet namespaces = {};
  IdMap map = {};
  Propagation propagation = Propagation::unchanged;
  Proc proc = Proc::inherited;
  ClockOffsets clocks = {};
};

}  // namespace nsproof
