// What a namespace says of itself: the questions of ioctl_nsfs(2) and pidfd ioctls, and who may look.
#include <cerrno>

#include "harness/catalogue/property.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/nsfs.h"
#include "harness/sys/process.h"
#include "harness/world/world.h"

namespace nsproof {
namespace {

int open_own(Actor& actor, Ns type) { return static_cast<int>(must(sys::open_ns(actor, "self", type))); }
int open_of(Actor& actor, const Actor& other, Ns type) {
  return static_cast<int>(must(sys::open_ns(actor, std::to_string(other.pid()), type)));
}

// Every type asked by a descriptor of the type that `shift` says.
Observation types_tell(World& w, unsigned shift) {
  for (const Ns type : kAllNamespaces) {
    const auto asked = static_cast<Ns>((static_cast<unsigned>(type) + shift) % kAllNamespaces.size());
    const auto flag = static_cast<std::uint64_t>(must(sys::ns_get_nstype(w.outside(), open_own(w.outside(), asked))));
    if (flag != clone_flag(type)) return leaked(say("a descriptor taken for ", name_of(type), " says another type"));
  }
  return isolated("each of the eight says its own type");
}

Observation types_of_their_own(World& w) { return types_tell(w, 0); }
Observation types_of_others(World& w) { return types_tell(w, 1); }

Observation owner_differs(World& w) {
  const int uts = open_of(w.outside(), w.inside(), Ns::uts);
  const auto owner = static_cast<int>(must(sys::ns_get_userns(w.outside(), uts)));
  const auto identity = must(sys::ns_identity(w.outside(), owner));
  const auto own = must(sys::ns_identity(w.outside(), "self", Ns::user));
  const auto theirs = must(sys::ns_identity(w.outside(), std::to_string(w.inside().pid()), Ns::user));
  if (identity != theirs) return unknown("the owner is neither the user namespace of outside nor that of inside");
  if (identity == own) return leaked("the UTS namespace of inside is owned by the user namespace of outside");
  return isolated("the UTS namespace of inside is owned by the user namespace of inside");
}

// NS_GET_PARENT knows parents of pid and user namespaces only.
Observation parent_of(World& w, Ns type) {
  const Reply reply = sys::ns_get_parent(w.outside(), open_of(w.outside(), w.inside(), type));
  if (reply.ok()) {
    const auto parent = must(sys::ns_identity(w.outside(), static_cast<int>(reply.value)));
    if (parent == must(sys::ns_identity(w.outside(), "self", type)))
      return allowed("the parent is outside's namespace");
    return unknown("the parent is not the namespace that it was made in");
  }
  if (reply.error() == EINVAL) return refused("EINVAL");
  return unknown(say(reply.call, ": ", errno_name(reply.error())));
}

Observation parent_of_uts(World& w) { return parent_of(w, Ns::uts); }
Observation parent_of_pid(World& w) { return parent_of(w, Ns::pid); }

// The parent of the outermost namespace that the caller may know is beyond its scope.
Observation parent_beyond(World& w, Actor& (*asker)(World&)) {
  Actor& actor = asker(w);
  const auto fd = static_cast<int>(must(sys::open_ns(actor, "self", Ns::user)));
  const Reply reply = sys::ns_get_parent(actor, fd);
  if (reply.error() == EPERM) return refused("EPERM: the parent is out of scope");
  if (reply.ok()) return allowed("the parent can be had");
  return unknown(say(reply.call, ": ", errno_name(reply.error())));
}

Observation parent_from_inside(World& w) {
  return parent_beyond(w, [](World& world) -> Actor& { return world.inside(); });
}

Observation parent_from_outside(World& w) {
  const int fd = open_of(w.outside(), w.inside(), Ns::user);
  const Reply reply = sys::ns_get_parent(w.outside(), fd);
  if (reply.ok()) return allowed("outside gets the parent of the namespace of inside");
  if (reply.error() == EPERM) return refused("EPERM");
  return unknown(say(reply.call, ": ", errno_name(reply.error())));
}

Observation owner_uid(World& w, Ns type) {
  const auto owner = sys::ns_get_owner_uid(w.outside(), open_of(w.outside(), w.inside(), type));
  if (owner.error() == EINVAL) return refused("EINVAL");
  if (owner.ok() && owner.value == 0) return allowed("the owner is uid 0, which made it");
  return unknown(say("errno ", owner.error(), ", uid ", owner.value));
}

Observation owner_uid_of_uts(World& w) { return owner_uid(w, Ns::uts); }
Observation owner_uid_of_user(World& w) { return owner_uid(w, Ns::user); }

enum class File { regular, space };

Observation ask_file(World& w, File file) {
  const int fd = file == File::regular
                     ? static_cast<int>(must(sys::open(w.outside(), "/tmp/file", O_RDWR | O_CREAT | O_CLOEXEC)))
                     : open_own(w.outside(), Ns::uts);
  const Reply reply = sys::ns_get_nstype(w.outside(), fd);
  if (reply.ok()) return allowed("the type is told");
  if (reply.error() == ENOTTY) return refused("ENOTTY");
  return unknown(say(reply.call, ": ", errno_name(reply.error())));
}

Observation ask_regular(World& w) { return ask_file(w, File::regular); }
Observation ask_namespace(World& w) { return ask_file(w, File::space); }

Observation id_is_its_own(World& w) {
  const int fd = open_of(w.outside(), w.inside(), Ns::uts);
  const auto theirs = must(sys::ns_get_id(w.outside(), fd));
  const auto again = must(sys::ns_get_id(w.outside(), fd));
  const auto ours = must(sys::ns_get_id(w.outside(), open_own(w.outside(), Ns::uts)));
  if (theirs == 0 || theirs != again) return unknown(say("an id that is no id: ", theirs, ", then ", again));
  return theirs == ours ? leaked(say("both have the id ", ours)) : isolated(say("inside ", theirs, ", outside ", ours));
}

Observation mount_id(World& w, Actor& (*second)(World&)) {
  Actor& other = second(w);
  const auto id = must(sys::ns_get_id(w.outside(), open_of(w.outside(), w.inside(), Ns::mnt)));
  const auto mount = must(sys::ns_get_mntns_id(w.outside(), open_of(w.outside(), other, Ns::mnt)));
  return id == mount ? isolated(say("both say ", id)) : leaked(say(id, " and ", mount));
}

Observation mount_id_of_the_same(World& w) {
  return mount_id(w, [](World& world) -> Actor& { return world.inside(); });
}
Observation mount_id_of_another(World& w) {
  return mount_id(w, [](World& world) -> Actor& { return world.outside(); });
}

// The namespaces that a pidfd of `whose` leads to, against the links of inside.
Observation pidfd_leads(World& w, Actor& (*whose)(World&)) {
  const auto pidfd = static_cast<int>(must(sys::pidfd_open(w.outside(), whose(w).pid())));
  for (const Ns type : kAllNamespaces) {
    const auto fd = static_cast<int>(must(sys::pidfd_get_namespace(w.outside(), pidfd, type)));
    const auto by_pidfd = must(sys::ns_identity(w.outside(), fd));
    const auto by_link = must(sys::ns_identity(w.outside(), std::to_string(w.inside().pid()), type));
    if (by_pidfd != by_link) return leaked(say("the ", name_of(type), " namespace is another one"));
  }
  return isolated("all eight are those of the links");
}

Observation pidfd_of_inside(World& w) {
  return pidfd_leads(w, [](World& world) -> Actor& { return world.inside(); });
}
Observation pidfd_of_another(World& w) {
  return pidfd_leads(w, [](World& world) -> Actor& { return world.fork(world.outside(), "another"); });
}

Observation links_of_outside(World& w) {
  const std::string process = must(sys::readlink(w.outside(), "/proc/self"));
  const auto link = sys::readlink(w.inside(), say("/proc/", process, "/ns/uts"));
  if (link.ok()) return leaked(say("inside reads ", link.value));
  if (link.error() == EACCES || link.error() == EPERM) return isolated(errno_name(link.error()));
  return unknown(say(link.reply.call, ": ", errno_name(link.error())));
}

const Sandbox kEverything{.namespaces = NsSet::all()};

const Rows rows = {
    {
        .id = "api.nsfs.tells-type",
        .claim = "NS_GET_NSTYPE on a descriptor of /proc/PID/ns/TYPE gives the CLONE_NEW* flag of that type.",
        .how = "Outside asks a descriptor of each of its eight namespaces.",
        .source = "ioctl_nsfs(2)",
        .since = {5, 6, 0},
        .needs = {Need::all_namespaces},
        .check = types_of_their_own,
        .control = types_of_others,
        .control_differs = "a descriptor of the next type is asked instead",
    },
    {
        .id = "api.nsfs.owner-is-creator-namespace",
        .claim = "A namespace that is made together with a user namespace is owned by it.",
        .how = "Outside asks the UTS namespace of inside for its owner (NS_GET_USERNS) and compares it with the user "
               "namespaces of both.",
        .source = "ioctl_nsfs(2), user_namespaces(7)",
        .since = {5, 3, 0},
        .isolated_by = Ns::user,
        .sandbox = {.namespaces = Ns::uts},
        .check = owner_differs,
    },
    {
        .id = "api.nsfs.parent-only-of-nested-types",
        .claim = "NS_GET_PARENT is refused for types that do not nest: EINVAL.",
        .how = "Outside asks the UTS namespace of inside for its parent.",
        .source = "ioctl_nsfs(2)",
        .since = {5, 3, 0},
        .sandbox = {.namespaces = {Ns::uts, Ns::pid}},
        .check = parent_of_uts,
        .control = parent_of_pid,
        .control_differs = "its pid namespace is asked",
    },
    {
        .id = "api.nsfs.parent-out-of-scope",
        .claim = "A process cannot get the parent of its own user namespace: EPERM.",
        .how = "Inside asks its user namespace for its parent.",
        .source = "ioctl_nsfs(2)",
        .since = {5, 3, 0},
        .sandbox = {.namespaces = Ns::user},
        .check = parent_from_inside,
        .control = parent_from_outside,
        .control_differs = "outside, which is in the parent, asks",
    },
    {
        .id = "api.nsfs.owner-uid-only-of-user",
        .claim = "NS_GET_OWNER_UID is for user namespaces; others refuse it: EINVAL.",
        .how = "Outside asks the UTS namespace of inside.",
        .source = "ioctl_nsfs(2)",
        .since = {5, 3, 0},
        .sandbox = {.namespaces = {Ns::uts, Ns::user}},
        .check = owner_uid_of_uts,
        .control = owner_uid_of_user,
        .control_differs = "its user namespace is asked, and tells the uid that made it",
    },
    {
        .id = "api.nsfs.only-namespaces",
        .claim = "The questions of ioctl_nsfs(2) are refused on any other file: ENOTTY.",
        .how = "Outside asks a regular file for its namespace type.",
        .source = "ioctl_nsfs(2)",
        .since = {5, 3, 0},
        .check = ask_regular,
        .control = ask_namespace,
        .control_differs = "a UTS namespace is asked",
    },
    {
        .id = "api.nsfs.id-is-its-own",
        .claim = "NS_GET_ID gives each namespace a number of its own, the same every time.",
        .how = "Outside asks the UTS namespaces of inside and of itself.",
        .source = "linux/nsfs.h",
        .since = {6, 18, 0},
        .isolated_by = Ns::uts,
        .check = id_is_its_own,
    },
    {
        .id = "api.nsfs.mount-id-is-the-id",
        .claim = "NS_GET_MNTNS_ID and NS_GET_ID give the same number for a mount namespace.",
        .how = "Outside asks the mount namespace of inside both questions.",
        .source = "linux/nsfs.h",
        .since = {6, 18, 0},
        .sandbox = {.namespaces = Ns::mnt},
        .check = mount_id_of_the_same,
        .control = mount_id_of_another,
        .control_differs = "the second question goes to the mount namespace of outside",
    },
    {
        .id = "api.pidfd.leads-to-namespaces",
        .claim = "PIDFD_GET_*_NAMESPACE gives descriptors of the namespaces that the links of /proc/PID/ns name.",
        .how = "Outside gets all eight by a pidfd of inside and compares them with its links.",
        .source = "linux/pidfd.h",
        .since = {6, 11, 0},
        .sandbox = kEverything,
        .check = pidfd_of_inside,
        .control = pidfd_of_another,
        .control_differs = "the pidfd is that of a process outside",
    },
    {
        .id = "api.proc-ns.links-of-outside-unreadable",
        .claim = "A process in a user namespace cannot read the namespace links of a process outside it.",
        .how = "Inside reads the UTS link of outside in the /proc of the layer.",
        .source = "namespaces(7), ptrace(2) PTRACE_MODE_READ_FSCREDS",
        .since = {5, 3, 0},
        .isolated_by = Ns::user,
        .check = links_of_outside,
    },
};

}  // namespace
}  // namespace nsproof
