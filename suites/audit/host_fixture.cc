// The network of fixtures that need one.
#include "suites/audit/host_fixture.h"

#include "harness/support/text.h"

namespace nsproof::audit {

Spoil with_interface(std::string_view words) {
  // In place of `crun --root DIRECTORY run --bundle BUNDLE ID`: the process keeps the standard input and output that it
  // is created with; nobody else may, for it is told by their end that the process is gone.
  // Its sysfs may be the layer's, bound there by crun, whose network then gets interfaces of the same names: a sysfs of
  // another network is another rule's finding.
  const std::string script =
      say("ip link add eth0 type veth peer name eth1 </dev/null >/dev/null || exit; "
          "\"$1\" --root \"$3\" create --bundle \"$6\" \"$7\" || exit; exec </dev/null; "
          "pid=$(\"$1\" --root \"$3\" state \"$7\" | tr -cs a-z0-9 ' ' | grep -o ' pid [0-9]*' | cut -d' ' -f3); "
          "exec >/dev/null; nsenter -t \"$pid\" -n sh -ec '"
          "ip link add eth0 type veth peer name eth1; "
          "for i in all eth0 eth1; do cd /proc/sys/net/ipv4/conf/$i; "
          "for f in accept_redirects accept_source_route route_localnet; do echo 0 > $f; done; "
          "cd /proc/sys/net/ipv6/conf/$i; for f in accept_redirects accept_ra; do echo 0 > $f; done; done; ",
          words,
          "' || exit; \"$1\" --root \"$3\" start \"$7\" || exit; "
          "while grep -q 'State:.[^Z]' \"/proc/$pid/status\"; do sleep 0.05; done");
  return {.wrap = {"sh", "-c", script, "-"}};
}

}  // namespace nsproof::audit
