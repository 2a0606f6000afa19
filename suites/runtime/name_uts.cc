// The names of the machine as a container has them: those that were asked for, and its own.
#include "harness/catalogue/property.h"
#include "harness/runtime/contract.h"
#include "harness/support/text.h"
#include "harness/sys/uts.h"
#include "harness/world/world.h"

namespace nsproof {
namespace {

Observation host_name_as_asked(World& w) {
  const std::string seen = must(sys::uname(w.inside())).nodename;
  return seen == *w.contract().hostname ? isolated(say("it is ", seen)) : leaked(say("it is ", seen));
}

Observation domain_name_as_asked(World& w) {
  const std::string seen = must(sys::uname(w.inside())).domainname;
  return seen == *w.contract().domainname ? isolated(say("it is ", seen)) : leaked(say("it is ", seen));
}

// A change that inside makes, if it may make one at all; in a container of its own, so nothing is put back.
template <auto kSet, auto kField>
Observation change_hidden(World& w) {
  const std::string changed = "nsproof-changed";
  const std::string before = must(sys::uname(w.outside())).*kField;
  const Reply set = kSet(w.inside(), changed);
  if (!set.ok()) return isolated(say("inside may not change it: ", errno_name(set.error())));
  if (must(sys::uname(w.inside())).*kField != changed) return unknown("inside changed it, and it is as before");
  const std::string after = must(sys::uname(w.outside())).*kField;
  return after == before ? isolated(say("outside still has ", quoted(after)))
                         : leaked(say("inside's change makes it ", after, " outside"));
}

template <auto kName>
std::optional<std::string> asked_for_name(const Contract& contract) {
  return contract.*kName;
}

std::optional<std::string> asked_for_own_names(const Contract& contract) {
  if (!contract.namespaces.has(Ns::uts)) return std::nullopt;
  return "new uts namespace";
}

constexpr std::string_view kHow = "Inside sets it, which may be refused; outside reads it before and after.";

const RuntimeRows rows = {
    {
        .id = "name.hostname.as-asked",
        .claim = "The container has the host name that was asked for.",
        .how = "Inside reads it (uname(2)); outside has another.",
        .source = "OCI runtime-spec config.md, hostname; uts_namespaces(7)",
        .since = {2, 6, 24},
        .reach = Reach::any_sandbox,
        .check = host_name_as_asked,
        .asked = asked_for_name<&Contract::hostname>,
    },
    {
        .id = "name.domainname.as-asked",
        .claim = "The container has the NIS domain name that was asked for.",
        .how = "Inside reads it (uname(2)); outside has another.",
        .source = "OCI runtime-spec config.md, domainname; uts_namespaces(7)",
        .since = {2, 6, 24},
        .reach = Reach::any_sandbox,
        .check = domain_name_as_asked,
        .asked = asked_for_name<&Contract::domainname>,
    },
    {
        .id = "name.hostname.change-hidden",
        .claim = "A change of the host name by the container is not seen outside.",
        .how = kHow,
        .source = "uts_namespaces(7); sethostname(2)",
        .since = {2, 6, 24},
        .reach = Reach::any_alone,
        .check = change_hidden<sys::sethostname, &sys::Uts::nodename>,
        .asked = asked_for_own_names,
    },
    {
        .id = "name.domainname.change-hidden",
        .claim = "A change of the NIS domain name by the container is not seen outside.",
        .how = kHow,
        .source = "uts_namespaces(7); setdomainname(2)",
        .since = {2, 6, 24},
        .reach = Reach::any_alone,
        .check = change_hidden<sys::setdomainname, &sys::Uts::domainname>,
        .asked = asked_for_own_names,
    },
};

}  // namespace
}  // namespace nsproof
