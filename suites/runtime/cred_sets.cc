// The five capability sets of a container's process: exactly what was asked for, as far as it can be had.
#include <algorithm>
#include <iterator>

#include "harness/catalogue/property.h"
#include "harness/runtime/contract.h"
#include "harness/support/text.h"
#include "harness/sys/ids.h"
#include "harness/world/world.h"

namespace nsproof {
namespace {

using sys::CapabilitySets;
using Set = std::uint64_t CapabilitySets::*;

// The creator of a user namespace has every capability in it (user_namespaces(7)); elsewhere a runtime can give no more
// than the layer's root has.
std::uint64_t obtainable(World& w) {
  const std::uint64_t all = must(sys::every_capability(w.outside()));
  const Contract& contract = w.contract();
  const bool own_users = contract.namespaces.has(Ns::user) || contract.joined.count(Ns::user) != 0;
  return own_users ? all : all & must(sys::capability_sets(w.outside())).bounding;
}

// What execve(2) makes of the sets that were asked for (capabilities(7), "Transformation of capabilities during
// execve()" and "Capabilities and execution of programs by root"). File capabilities have no part in it.
CapabilitySets expected_sets(World& w) {
  const Contract& contract = w.contract();
  const CapabilitySets& asked = *contract.capabilities;
  const std::uint64_t had = obtainable(w);
  const bool root = contract.uid ? *contract.uid == 0 : must(sys::geteuid(w.inside())) == 0;
  CapabilitySets expected;
  expected.bounding = asked.bounding & had;
  expected.inheritable = asked.inheritable & had;
  expected.ambient = asked.ambient & asked.permitted & asked.inheritable & had;
  expected.permitted = expected.ambient;
  if (root) expected.permitted |= expected.inheritable | expected.bounding;
  if (contract.no_new_privs.value_or(false)) expected.permitted &= asked.permitted;
  expected.effective = root ? expected.permitted : expected.ambient;
  return expected;
}

std::string hex_text(std::uint64_t set) { return hex(set).text; }

Observation compare(std::uint64_t seen, std::uint64_t expected) {
  if (seen == expected) return isolated(say("it is ", hex_text(seen)));
  const std::uint64_t more = seen & ~expected;
  const std::uint64_t less = expected & ~seen;
  return leaked(say("it is ", hex_text(seen), more != 0 ? say(", ", hex_text(more), " of it not asked for") : "",
                    less != 0 ? say(", and ", hex_text(less), " is missing") : ""));
}

template <Set kSet>
Observation set_as_asked(World& w) {
  const CapabilitySets expected = expected_sets(w);
  return compare(must(sys::capability_sets(w.inside())).*kSet, expected.*kSet);
}

// The inheritable and the ambient set of an ordinary root process are empty, which is what most contracts ask for; so
// the control puts something into both that the contract does not ask for.
template <Set kSet>
Observation set_after_raising(World& w) {
  const CapabilitySets asked = *w.contract().capabilities;
  const sys::Capabilities own = must(sys::capget(w.inside()));
  const std::uint64_t unasked = own.permitted & ~(asked.inheritable | asked.ambient);
  if (unasked == 0) return unknown("there is no capability that was not asked for");
  const auto number = static_cast<unsigned>(__builtin_ctzll(unasked));
  sys::Capabilities raised = own;
  raised.inheritable |= std::uint64_t{1} << number;
  must(sys::capset(w.inside(), raised));
  must(sys::raise_ambient(w.inside(), number));
  return set_as_asked<kSet>(w);
}

template <Set kSet>
std::optional<std::string> asked_for_set(const Contract& contract) {
  if (!contract.capabilities) return std::nullopt;
  const std::uint64_t set = (*contract.capabilities).*kSet;
  return set == 0 ? "no capabilities" : say("capabilities ", hex_text(set));
}

constexpr std::string_view kSource = "OCI runtime-spec config.md, process.capabilities; capabilities(7)";
constexpr std::string_view kHow =
    "Inside reads its sets; the expected one is what execve(2) makes of those that were asked for, as far as the "
    "runtime has them to give.";
constexpr std::string_view kRaised = "the process has raised a capability into the inheritable and the ambient set";

const RuntimeRows rows = {
    {
        .id = "cred.capabilities.bounding-as-asked",
        .claim = "The bounding set of the container's process is the one that was asked for.",
        .how = kHow,
        .source = kSource,
        .since = {2, 6, 25},
        .reach = Reach::any_sandbox,
        .manner = Manner::look,
        .check = set_as_asked<&CapabilitySets::bounding>,
        .asked = asked_for_set<&CapabilitySets::bounding>,
    },
    {
        .id = "cred.capabilities.permitted-as-asked",
        .claim = "The permitted set of the container's process is the one that was asked for.",
        .how = kHow,
        .source = kSource,
        .since = {2, 6, 24},
        .reach = Reach::any_sandbox,
        .manner = Manner::look,
        .check = set_as_asked<&CapabilitySets::permitted>,
        .asked = asked_for_set<&CapabilitySets::permitted>,
    },
    {
        .id = "cred.capabilities.effective-as-asked",
        .claim = "The effective set of the container's process is the one that was asked for.",
        .how = kHow,
        .source = kSource,
        .since = {2, 6, 24},
        .reach = Reach::any_sandbox,
        .manner = Manner::look,
        .check = set_as_asked<&CapabilitySets::effective>,
        .asked = asked_for_set<&CapabilitySets::effective>,
    },
    {
        .id = "cred.capabilities.inheritable-as-asked",
        .claim = "The inheritable set of the container's process is the one that was asked for.",
        .how = kHow,
        .source = "OCI runtime-spec config.md, process.capabilities; capabilities(7); CVE-2022-24769",
        .since = {2, 6, 24},
        .reach = Reach::any_sandbox,
        .manner = Manner::look,
        .check = set_as_asked<&CapabilitySets::inheritable>,
        .control = set_after_raising<&CapabilitySets::inheritable>,
        .control_differs = kRaised,
        .asked = asked_for_set<&CapabilitySets::inheritable>,
    },
    {
        .id = "cred.capabilities.ambient-as-asked",
        .claim = "The ambient set of the container's process is the one that was asked for.",
        .how = kHow,
        .source = kSource,
        .since = {4, 3},
        .reach = Reach::any_sandbox,
        .manner = Manner::look,
        .check = set_as_asked<&CapabilitySets::ambient>,
        .control = set_after_raising<&CapabilitySets::ambient>,
        .control_differs = kRaised,
        .asked = asked_for_set<&CapabilitySets::ambient>,
    },
};

}  // namespace
}  // namespace nsproof
