// UTS namespaces: who may set the names, how long they may be, and what a namespace does not have of its own.
#include <linux/capability.h>
#include <linux/sched.h>

#include <cerrno>

#include "harness/catalogue/property.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/ids.h"
#include "harness/sys/process.h"
#include "harness/sys/uts.h"
#include "harness/world/world.h"

namespace nsproof {
namespace {

using SetName = Reply (*)(Actor&, std::string_view);

struct Name {
  SetName set;
  std::string sys::Uts::*field;
};

constexpr Name kHost = {sys::sethostname, &sys::Uts::nodename};
constexpr Name kDomain = {sys::setdomainname, &sys::Uts::domainname};

// What came of an attempt to set a name: by the reply and by the name itself.
Observation attempt(Actor& actor, const Name& name, std::string_view value, int refusal) {
  const std::string old = must(sys::uname(actor)).*name.field;
  const Reply reply = name.set(actor, value);
  const std::string seen = must(sys::uname(actor)).*name.field;
  if (reply.ok() && seen == value) return allowed("the name was set");
  if (reply.error() == refusal && seen == old) return refused(say(errno_name(refusal), ", and the name is as it was"));
  return unknown(say("the call said ", errno_name(reply.error()), " and the name is ", quoted(seen, 80)));
}

template <const Name& name, std::size_t length>
Observation set_long_name(World& w) {
  return attempt(w.inside(), name, std::string(length, 'n'), EINVAL);
}

enum class Owner { own_user_namespace, other_user_namespace };

template <const Name& name, Owner owner>
Observation set_as_root_of(World& w) {
  if (owner == Owner::own_user_namespace) w.sandbox().namespaces = w.sandbox().namespaces.with(Ns::uts);
  return attempt(w.inside(), name, "set-inside", EPERM);
}

enum class Order { uts_first, user_first };

// One after the other in the same process: the UTS namespace belongs to the user namespace that its maker was in.
template <Order order>
Observation set_after_unsharing(World& w) {
  Actor& maker = w.fork(w.outside(), "maker");
  must(sys::unshare(maker, order == Order::uts_first ? CLONE_NEWUTS : CLONE_NEWUSER));
  must(sys::unshare(maker, order == Order::uts_first ? CLONE_NEWUSER : CLONE_NEWUTS));
  return attempt(maker, kHost, "set-inside", EPERM);
}

enum class Capability { dropped, kept };

template <const Name& name, Capability capability>
Observation set_with(World& w) {
  auto held = must(sys::capget(w.inside()));
  if (!held.has(CAP_SYS_ADMIN)) return unknown("inside does not have CAP_SYS_ADMIN to begin with");
  // Another capability goes in the control, so that both make the same calls.
  held.effective &= ~(1ULL << (capability == Capability::dropped ? CAP_SYS_ADMIN : CAP_SYS_TIME));
  must(sys::capset(w.inside(), held));
  return attempt(w.inside(), name, "set-inside", EPERM);
}

enum class Field { of_the_kernel, of_the_namespace };

template <Field field>
Observation same_on_both_sides(World& w) {
  must(sys::sethostname(w.inside(), "its-own"));
  const sys::Uts in = must(sys::uname(w.inside()));
  const sys::Uts out = must(sys::uname(w.outside()));
  const auto parts = [](const sys::Uts& names) {
    return field == Field::of_the_kernel
               ? say(names.sysname, " ", names.release, " ", names.version, " ", names.machine)
               : names.nodename;
  };
  if (parts(in).empty()) return unknown("uname(2) says nothing inside");
  if (parts(in) == parts(out)) return isolated(say("the same inside and outside: ", parts(in)));
  return leaked(say("inside ", quoted(parts(in)), ", outside ", quoted(parts(out))));
}

// Bytes that were not written by the kernel keep this value.
constexpr char kFill = '\x5a';
constexpr std::uint64_t kUname26 = 0x0020000;  // UNAME26 of personality(2)

Observation judge_tail(const std::string& field) {
  const std::size_t end = field.find('\0');
  if (end == std::string::npos) return unknown("the text has no end");
  for (std::size_t i = end; i < field.size(); ++i)
    if (field[i] != '\0') return leaked(say("there are stale bytes behind the text ", quoted(field.substr(0, end))));
  return isolated(say("nothing but zeros behind the text ", quoted(field.substr(0, end))));
}

Observation release_tail(World& w) {
  must(sys::personality(w.inside(), kUname26, "UNAME26"));
  const std::string release = must(sys::uname_release_bytes(w.inside(), kFill));
  if (!release.starts_with("2.6.")) return unknown(say("UNAME26 did not change the release: ", quoted(release)));
  return judge_tail(release);
}

Observation working_directory_tail(World& w) { return judge_tail(must(sys::getcwd_bytes(w.inside(), kFill))); }

constexpr std::string_view kOwnDiffers = "the sandbox has a UTS namespace of its own besides";
constexpr std::string_view kDropDiffers = "CAP_SYS_TIME is dropped instead";

const Rows rows = {
    {
        .id = "uts.hostname.length-limit",
        .claim = "A host name of 65 bytes is refused with EINVAL.",
        .how = "Inside calls sethostname(2) with 65 bytes and looks whether its name changed.",
        .source = "sethostname(2), __NEW_UTS_LEN in linux/utsname.h",
        .since = {2, 6, 19},
        .sandbox = {.namespaces = Ns::uts},
        .check = set_long_name<kHost, 65>,
        .control = set_long_name<kHost, 64>,
        .control_differs = "the name has 64 bytes",
    },
    {
        .id = "uts.domainname.length-limit",
        .claim = "A domain name of 65 bytes is refused with EINVAL.",
        .how = "Inside calls setdomainname(2) with 65 bytes and looks whether its name changed.",
        .source = "setdomainname(2), __NEW_UTS_LEN in linux/utsname.h",
        .since = {2, 6, 19},
        .sandbox = {.namespaces = Ns::uts},
        .check = set_long_name<kDomain, 65>,
        .control = set_long_name<kDomain, 64>,
        .control_differs = "the name has 64 bytes",
    },
    {
        .id = "uts.hostname.foreign-owner-refused",
        .claim = "Root of a user namespace may not set the host name of a UTS namespace that another one owns.",
        .how = "Inside, root of a new user namespace in the UTS namespace of outside, calls sethostname(2).",
        .source = "sethostname(2), user_namespaces(7)",
        .since = {3, 8},
        .sandbox = {.namespaces = Ns::user},
        .check = set_as_root_of<kHost, Owner::other_user_namespace>,
        .control = set_as_root_of<kHost, Owner::own_user_namespace>,
        .control_differs = kOwnDiffers,
    },
    {
        .id = "uts.domainname.foreign-owner-refused",
        .claim = "Root of a user namespace may not set the domain name of a UTS namespace that another one owns.",
        .how = "Inside, root of a new user namespace in the UTS namespace of outside, calls setdomainname(2).",
        .source = "setdomainname(2), user_namespaces(7)",
        .since = {3, 8},
        .sandbox = {.namespaces = Ns::user},
        .check = set_as_root_of<kDomain, Owner::other_user_namespace>,
        .control = set_as_root_of<kDomain, Owner::own_user_namespace>,
        .control_differs = kOwnDiffers,
    },
    {
        .id = "uts.hostname.owned-by-makers-user-namespace",
        .claim = "A UTS namespace belongs to the user namespace that its maker was in when it made it.",
        .how = "A process leaves its UTS namespace first and its user namespace then, and calls sethostname(2).",
        .source = "user_namespaces(7)",
        .since = {3, 8},
        .makes = Ns::user,
        .check = set_after_unsharing<Order::uts_first>,
        .control = set_after_unsharing<Order::user_first>,
        .control_differs = "the user namespace is left first",
    },
    {
        .id = "uts.hostname.needs-capability",
        .claim = "Setting the host name takes CAP_SYS_ADMIN.",
        .how = "Inside takes CAP_SYS_ADMIN out of its effective set and calls sethostname(2).",
        .source = "sethostname(2), capabilities(7)",
        .since = {3, 8},
        .sandbox = {.namespaces = {Ns::user, Ns::uts}},
        .check = set_with<kHost, Capability::dropped>,
        .control = set_with<kHost, Capability::kept>,
        .control_differs = kDropDiffers,
    },
    {
        .id = "uts.domainname.needs-capability",
        .claim = "Setting the domain name takes CAP_SYS_ADMIN.",
        .how = "Inside takes CAP_SYS_ADMIN out of its effective set and calls setdomainname(2).",
        .source = "setdomainname(2), capabilities(7)",
        .since = {3, 8},
        .sandbox = {.namespaces = {Ns::user, Ns::uts}},
        .check = set_with<kDomain, Capability::dropped>,
        .control = set_with<kDomain, Capability::kept>,
        .control_differs = kDropDiffers,
    },
    {
        .id = "uts.release.shared",
        .claim = "System name, release, version and machine are those of the one kernel in every UTS namespace.",
        .how = "Inside sets a host name of its own; then what uname(2) says of the kernel is compared with outside.",
        .source = "uts_namespaces(7), uname(2)",
        .since = {2, 6, 19},
        .sandbox = {.namespaces = Ns::uts},
        .check = same_on_both_sides<Field::of_the_kernel>,
        .control = same_on_both_sides<Field::of_the_namespace>,
        .control_differs = "the host name is compared, which the namespace has of its own",
    },
    {
        .id = "uts.release.no-stale-bytes",
        .claim = "The release that uname(2) makes up for UNAME26 has nothing of the kernel's stack behind it.",
        .how = "Inside takes on the UNAME26 personality and looks at every byte behind the release.",
        .source = "CVE-2012-0957, commit 2702b1526c72",
        .since = {3, 1},
        .sandbox = {.namespaces = Ns::uts},
        .check = release_tail,
        .control = working_directory_tail,
        .control_differs = "the call is getcwd(2), which leaves what was behind its text where it was",
    },
};

}  // namespace
}  // namespace nsproof
