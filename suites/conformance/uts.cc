// UTS namespaces: the host name and the domain name, and who sees a change of them (uts_namespaces(7)).
#include "harness/sys/uts.h"

#include <cerrno>

#include "harness/catalogue/property.h"
#include "harness/support/text.h"
#include "harness/world/world.h"

namespace nsproof {
namespace {

// One of the two names that a UTS namespace holds.
struct Name {
  std::string_view noun;
  Reply (*set)(Actor&, std::string_view);
  std::string sys::Uts::*field;
};

constexpr Name kHost = {"host name", sys::sethostname, &sys::Uts::nodename};
constexpr Name kDomain = {"domain name", sys::setdomainname, &sys::Uts::domainname};

constexpr std::string_view kNoPrivilege =
    "root of a user namespace may change the names only of a UTS namespace that its user namespace owns";

std::string seen_by(Actor& actor, const Name& name) { return must(sys::uname(actor)).*name.field; }

Observation judge_change(const Name& name, std::string_view who, std::string_view seen) {
  if (seen == "before") return isolated(say(who, " still has the ", name.noun, " from before the change"));
  if (seen == "after") return leaked(say(who, " has the ", name.noun, " that was set elsewhere"));
  return unknown(say(who, " has a ", name.noun, " that nobody set: ", quoted(seen)));
}

template <const Name& name>
Observation outside_change_hidden(World& w) {
  must(name.set(w.outside(), "before"));
  w.inside();
  must(name.set(w.outside(), "after"));
  return judge_change(name, "inside", seen_by(w.inside(), name));
}

// Inside changes the name, if it may; a change that was granted must be there to be hidden.
void change_inside(World& w, const Name& name) {
  const Reply reply = name.set(w.inside(), "after");
  if (reply.error() == EPERM) return;
  must(reply);
  if (seen_by(w.inside(), name) != "after") throw Broken(say("inside set a ", name.noun, " that it does not see"));
}

template <const Name& name>
Observation inside_change_hidden(World& w) {
  must(name.set(w.outside(), "before"));
  change_inside(w, name);
  return judge_change(name, "outside", seen_by(w.outside(), name));
}

template <const Name& name>
Observation sibling_change_hidden(World& w) {
  must(name.set(w.outside(), "before"));
  w.peer();
  change_inside(w, name);
  return judge_change(name, "the other sandbox", seen_by(w.peer(), name));
}

enum class NameSet { before_creation, after_creation };

template <const Name& name, NameSet when>
Observation copied_at_creation(World& w) {
  if (when == NameSet::before_creation) must(name.set(w.outside(), "origin"));
  w.inside();
  if (when == NameSet::after_creation) must(name.set(w.outside(), "origin"));
  const std::string seen = seen_by(w.inside(), name);
  if (seen == "origin") return isolated(say("inside has the ", name.noun, " of its creator"));
  return leaked(say("inside has another ", name.noun, " than its creator: ", quoted(seen)));
}

constexpr std::string_view kCopyDiffers = "the creator sets its name only after it has made the namespace";

const Rows rows = {
    {
        .id = "uts.hostname.outside-change-hidden",
        .claim = "A host name that is set outside is not seen inside.",
        .how = "Outside sets a host name, makes the sandbox and sets another one; inside reads its own with uname(2).",
        .source = "uts_namespaces(7)",
        .since = {2, 6, 19},
        .isolated_by = Ns::uts,
        .check = outside_change_hidden<kHost>,
    },
    {
        .id = "uts.hostname.inside-change-hidden",
        .claim = "A host name that is set inside is not seen outside.",
        .how = "Inside sets a host name with sethostname(2); outside reads its own with uname(2).",
        .source = "uts_namespaces(7), sethostname(2)",
        .since = {2, 6, 19},
        .isolated_by = Ns::uts,
        .also_isolated_by = Ns::user,
        .exception = kNoPrivilege,
        .reach = Reach::any_alone,
        .check = inside_change_hidden<kHost>,
    },
    {
        .id = "uts.hostname.sibling-change-hidden",
        .claim = "A host name that is set in one sandbox is not seen in another.",
        .how = "Inside sets a host name; a second sandbox made by the same outside reads its own with uname(2).",
        .source = "uts_namespaces(7), sethostname(2)",
        .since = {2, 6, 19},
        .isolated_by = Ns::uts,
        .also_isolated_by = Ns::user,
        .exception = kNoPrivilege,
        .check = sibling_change_hidden<kHost>,
    },
    {
        .id = "uts.hostname.copied-at-creation",
        .claim = "A new UTS namespace starts with the host name of the one that its creator is in.",
        .how = "Outside sets a host name and makes the sandbox; inside reads its own with uname(2).",
        .source = "uts_namespaces(7), clone(2)",
        .since = {2, 6, 19},
        .sandbox = {.namespaces = Ns::uts},
        .check = copied_at_creation<kHost, NameSet::before_creation>,
        .control = copied_at_creation<kHost, NameSet::after_creation>,
        .control_differs = kCopyDiffers,
    },
    {
        .id = "uts.domainname.outside-change-hidden",
        .claim = "A domain name that is set outside is not seen inside.",
        .how =
            "Outside sets a domain name, makes the sandbox and sets another one; inside reads its own with uname(2).",
        .source = "uts_namespaces(7), setdomainname(2)",
        .since = {2, 6, 19},
        .isolated_by = Ns::uts,
        .reach = Reach::any_alone,
        .check = outside_change_hidden<kDomain>,
    },
    {
        .id = "uts.domainname.inside-change-hidden",
        .claim = "A domain name that is set inside is not seen outside.",
        .how = "Inside sets a domain name with setdomainname(2); outside reads its own with uname(2).",
        .source = "uts_namespaces(7), setdomainname(2)",
        .since = {2, 6, 19},
        .isolated_by = Ns::uts,
        .also_isolated_by = Ns::user,
        .exception = kNoPrivilege,
        .reach = Reach::any_alone,
        .check = inside_change_hidden<kDomain>,
    },
    {
        .id = "uts.domainname.sibling-change-hidden",
        .claim = "A domain name that is set in one sandbox is not seen in another.",
        .how = "Inside sets a domain name; a second sandbox made by the same outside reads its own with uname(2).",
        .source = "uts_namespaces(7), setdomainname(2)",
        .since = {2, 6, 19},
        .isolated_by = Ns::uts,
        .also_isolated_by = Ns::user,
        .exception = kNoPrivilege,
        .reach = Reach::any_alone,
        .check = sibling_change_hidden<kDomain>,
    },
    {
        .id = "uts.domainname.copied-at-creation",
        .claim = "A new UTS namespace starts with the domain name of the one that its creator is in.",
        .how = "Outside sets a domain name and makes the sandbox; inside reads its own with uname(2).",
        .source = "uts_namespaces(7), clone(2)",
        .since = {2, 6, 19},
        .sandbox = {.namespaces = Ns::uts},
        .check = copied_at_creation<kDomain, NameSet::before_creation>,
        .control = copied_at_creation<kDomain, NameSet::after_creation>,
        .control_differs = kCopyDiffers,
    },
};

}  // namespace
}  // namespace nsproof
