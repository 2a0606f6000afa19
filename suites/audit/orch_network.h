// What the tables of a network namespace say of cloud metadata services and of the orchestrator's own ports. No packet
// is sent: a route is all that is looked for.
#pragma once

#include <string_view>

#include "harness/audit/finding.h"

namespace nsproof::audit {

// By the texts of /proc/PID/net/route and ipv6_route (empty: no such table).
Sight judge_metadata_routes(std::string_view route, std::string_view ipv6_route);
// By the texts of /proc/PID/net/tcp and tcp6.
Sight judge_control_ports(std::string_view tcp, std::string_view tcp6);

}  // namespace nsproof::audit
