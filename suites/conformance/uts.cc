// UTS namespaces: the host name and the domain name (uts_namespaces(7)).
#include "harness/catalogue/property.h"
#include "harness/support/text.h"
#include "harness/sys/uts.h"
#include "harness/world/world.h"

namespace nsproof {
namespace {

Observation outside_change_hidden(World& w) {
  must(sys::sethostname(w.outside(), "before"));
  w.inside();
  must(sys::sethostname(w.outside(), "after"));
  const std::string seen = must(sys::uname(w.inside())).nodename;
  if (seen == "before") return isolated("inside still has the name from before the change outside");
  if (seen == "after") return leaked("inside has the name that was set outside after its creation");
  return unknown(say("inside has a name that nobody set: ", quoted(seen)));
}

const Rows rows = {
    {
        .id = "uts.hostname.outside-change-hidden",
        .claim = "A host name that is set outside is not seen inside.",
        .how = "Outside sets a host name, makes the sandbox and sets another one; inside reads its own with uname(2).",
        .source = "uts_namespaces(7)",
        .since = {2, 6, 19},
        .isolated_by = Ns::uts,
        .check = outside_change_hidden,
    },
};

}  // namespace
}  // namespace nsproof
