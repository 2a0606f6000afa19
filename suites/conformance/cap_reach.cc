// Capabilities: over which namespaces they count: downwards, and never upwards or sideways (user_namespaces(7)).
#include <linux/capability.h>
#include <net/if.h>

#include <cerrno>

#include "harness/sys/files.h"
#include "harness/sys/mounts.h"
#include "harness/sys/netlink.h"
#include "harness/sys/nsfs.h"
#include "harness/sys/privileged.h"
#include "harness/sys/uts.h"
#include "suites/conformance/user_common.h"

namespace nsproof {
namespace {

constexpr std::uint32_t kUser = 1000;

// A user namespace that uid 1000 made, and a descriptor of it which children of outside inherit.
int namespace_of_user(World& w) {
  Actor& child = w.clone(ordinary_user(w, kUser), CLONE_NEWUSER, "child");
  return static_cast<int>(must(sys::open_ns(w.outside(), std::to_string(child.pid()), Ns::user)));
}

// Joining asks for CAP_SYS_ADMIN in the namespace to be joined (setns(2)), and success is what the claims say.
Observation reach_of(Actor& actor, int fd) {
  const Observation joined = judge_refusal(sys::setns(actor, fd, CLONE_NEWUSER), {EPERM});
  if (joined.outcome == Outcome::leaked) return isolated(say(actor.name(), " has CAP_SYS_ADMIN over the namespace"));
  if (joined.outcome == Outcome::isolated) return leaked(say(actor.name(), " has no CAP_SYS_ADMIN over the namespace"));
  return joined;
}

Observation user_reaches(World& w, std::uint32_t id) {
  const int fd = namespace_of_user(w);
  return reach_of(ordinary_user(w, id), fd);
}

enum class SysAdmin { held, dropped };

Observation root_reaches(World& w, SysAdmin capability) {
  const int fd = namespace_of_user(w);
  Actor& root = w.fork(w.outside(), "root");
  sys::Capabilities set = must(sys::capget(root));
  if (capability == SysAdmin::dropped) set.effective &= ~(1ULL << CAP_SYS_ADMIN);
  must(sys::capset(root, set));
  return reach_of(root, fd);
}

enum class Side { sibling, own_child };

Observation uts_joined(World& w, Side side) {
  const int of_peer = static_cast<int>(must(sys::open_ns(w.outside(), std::to_string(w.peer().pid()), Ns::uts)));
  if (side == Side::sibling) return judge_refusal(sys::setns(w.inside(), of_peer, CLONE_NEWUTS), {EPERM});
  Actor& child = w.clone(w.inside(), CLONE_NEWUSER | CLONE_NEWUTS, "child");
  const int of_child = static_cast<int>(must(sys::open_ns(w.inside(), std::to_string(child.pid()), Ns::uts)));
  return judge_refusal(sys::setns(w.inside(), of_child, CLONE_NEWUTS), {EPERM});
}

// Root inside, or a child of it in a new namespace of one more type, which then belongs to inside.
Actor& root_with(World& w, std::uint64_t flags) {
  return flags == 0 ? w.inside() : w.clone(w.inside(), flags, "owner");
}

Observation host_name_set(World& w, std::uint64_t flags) {
  must(sys::sethostname(w.outside(), "before"));
  Actor& actor = root_with(w, flags);
  const Reply reply = sys::sethostname(actor, "after");
  const std::string name = must(sys::uname(actor)).nodename;
  if (reply.error() == EPERM && name == "before") return refused("sethostname gets EPERM and the name stays");
  if (reply.ok() && name == "after") return allowed("the name was set");
  return unknown(say(reply.call, " = ", result_text(reply.value), ", and the name is ", quoted(name)));
}

Observation mounted(World& w, std::uint64_t flags) {
  Actor& actor = root_with(w, flags);
  const Reply reply = sys::mount(actor, "tmpfs", "/mnt", "tmpfs");
  const bool there = sys::mount_at(must(sys::mountinfo(actor)), "/mnt").has_value();
  if (reply.error() == EPERM && !there) return refused("mount gets EPERM and nothing is mounted");
  if (reply.ok() && there) return allowed("the file system is mounted");
  return unknown(
      say(reply.call, " = ", result_text(reply.value), there ? ", and it is there" : ", and it is not there"));
}

bool loopback_is_up(Actor& actor) {
  const std::vector<netlink::Link> all = must(sys::links(actor));
  const netlink::Link* loopback = sys::find_link(all, "lo");
  return loopback != nullptr && (loopback->flags & IFF_UP) != 0;
}

Observation link_set_up(World& w, std::uint64_t flags) {
  Actor& actor = root_with(w, flags);
  if (loopback_is_up(actor)) return unknown("the loopback device is up before anybody touched it");
  const Reply reply = sys::set_link_up(actor, "lo");
  const bool up = loopback_is_up(actor);
  if (reply.error() == EPERM && !up) return refused("the request gets EPERM and the device stays down");
  if (reply.ok() && up) return allowed("the device is up");
  return unknown(say(reply.call, " = ", result_text(reply.value), up ? ", and it is up" : ", and it is down"));
}

// EINVAL is what who may reboot gets for the wrong magic numbers; nothing is rebooted in either case.
Observation reboot_asked(World& w, std::uint64_t flags) {
  const Reply reply = sys::reboot_without_magic(root_with(w, flags));
  if (reply.error() == EPERM) return refused("reboot gets EPERM");
  if (reply.error() == EINVAL) return allowed("reboot gets EINVAL, for the magic numbers alone");
  return unknown(say(reply.call, " = ", result_text(reply.value)));
}

Observation outsides_name_changed(World& w) {
  must(sys::sethostname(w.outside(), "before"));
  const Reply reply = sys::sethostname(w.inside(), "after");
  const std::string name = must(sys::uname(w.outside())).nodename;
  if (name == "after") return leaked("outside has the name that inside set");
  if (name != "before") return unknown(say("outside has a name that nobody set: ", quoted(name)));
  if (reply.ok() || reply.error() == EPERM)
    return isolated(say("outside keeps its name; ", reply.call, " = ", result_text(reply.value)));
  return unknown(say(reply.call, " failed with ", errno_name(reply.error())));
}

Observation outsides_tree_changed(World& w) {
  const Reply reply = sys::mount(w.inside(), "tmpfs", "/mnt", "tmpfs");
  if (sys::mount_at(must(sys::mountinfo(w.outside())), "/mnt")) return leaked("outside has the mount that inside made");
  if (reply.ok() || reply.error() == EPERM)
    return isolated(say("outside has no such mount; ", reply.call, " = ", result_text(reply.value)));
  return unknown(say(reply.call, " failed with ", errno_name(reply.error())));
}

Observation outsides_link_changed(World& w) {
  const Reply reply = sys::set_link_up(w.inside(), "lo");
  if (loopback_is_up(w.outside())) return leaked("the loopback device of outside is up");
  if (reply.ok() || reply.error() == EPERM)
    return isolated(say("the loopback device of outside is down; ", reply.call, " = ", result_text(reply.value)));
  return unknown(say(reply.call, " failed with ", errno_name(reply.error())));
}

Observation modeless_file_opened(World& w) {
  must(sys::make_file(w.outside(), "/tmp/modeless", "outside"));
  must(sys::chmod(w.outside(), "/tmp/modeless", 0));
  return judge_refusal(sys::open(w.inside(), "/tmp/modeless", O_RDONLY | O_CLOEXEC), {EACCES});
}

const Rows rows = {
    {
        .id = "cap.reach.owner-has-all",
        .claim = "The user who made a user namespace has every capability over it from the parent namespace.",
        .how = "Uid 1000 made a namespace; another process of uid 1000 without capabilities joins it.",
        .source = "user_namespaces(7), \"Capabilities\"",
        .since = {3, 8},
        .makes = Ns::user,
        .needs = {Need::many_ids},
        .check = [](World& w) { return user_reaches(w, kUser); },
        .control = [](World& w) { return user_reaches(w, kUser + 1); },
        .control_differs = "the process belongs to uid 1001",
    },
    {
        .id = "cap.reach.flows-down",
        .claim = "A capability in a user namespace counts in those below it, whoever made them.",
        .how = "Outside, root with CAP_SYS_ADMIN, joins a namespace that uid 1000 made.",
        .source = "user_namespaces(7), \"Capabilities\"",
        .since = {3, 8},
        .makes = Ns::user,
        .needs = {Need::many_ids},
        .check = [](World& w) { return root_reaches(w, SysAdmin::held); },
        .control = [](World& w) { return root_reaches(w, SysAdmin::dropped); },
        .control_differs = "root has dropped CAP_SYS_ADMIN",
    },
    {
        .id = "cap.reach.never-sideways",
        .claim = "Root inside has no capability over what belongs to a sibling user namespace.",
        .how = "Inside calls setns(2) with the uts namespace of a second sandbox like its own.",
        .source = "user_namespaces(7), \"Capabilities\"; setns(2), EPERM",
        .since = {3, 8},
        .sandbox = {.namespaces = {Ns::user, Ns::uts}},
        .check = [](World& w) { return uts_joined(w, Side::sibling); },
        .control = [](World& w) { return uts_joined(w, Side::own_child); },
        .control_differs = "the uts namespace belongs to a user namespace that inside made",
    },
    {
        .id = "cap.reach.outside-name-kept",
        .claim = "Root inside cannot set the host name of outside.",
        .how = "Inside calls sethostname(2); outside reads its name.",
        .source =
            "user_namespaces(7), \"Interaction of user namespaces and other types of namespaces\"; capabilities(7)",
        .since = {3, 8},
        .isolated_by = Ns::user,
        .also_isolated_by = Ns::uts,
        .exception = "in a uts namespace of its own the name that inside sets is another one",
        .check = outsides_name_changed,
    },
    {
        .id = "cap.reach.outside-mounts-kept",
        .claim = "Root inside cannot mount anything where outside would see it.",
        .how = "Inside mounts a tmpfs; outside reads its mountinfo.",
        .source =
            "user_namespaces(7), \"Interaction of user namespaces and other types of namespaces\"; capabilities(7)",
        .since = {3, 8},
        .isolated_by = Ns::user,
        .also_isolated_by = Ns::mnt,
        .exception = "in a mount namespace of its own inside mounts into another tree",
        .check = outsides_tree_changed,
    },
    {
        .id = "cap.reach.outside-links-kept",
        .claim = "Root inside cannot configure the network devices of outside.",
        .how = "Inside sets the loopback device up; outside, where it is down, looks at its own.",
        .source = "network_namespaces(7); capabilities(7), CAP_NET_ADMIN",
        .since = {3, 8},
        .isolated_by = Ns::user,
        .also_isolated_by = Ns::net,
        .exception = "in a network namespace of its own the loopback device is another one",
        .check = outsides_link_changed,
    },
    {
        .id = "cap.reach.unmapped-inode-closed",
        .claim = "CAP_DAC_OVERRIDE counts only for files whose owner has a mapping.",
        .how = "Outside makes a file of mode 0000; inside, with every capability and unwritten maps, opens it.",
        .source = "user_namespaces(7), \"Capabilities\"; capable_wrt_inode_uidgid() in kernel/capability.c",
        .since = {3, 8},
        .isolated_by = Ns::user,
        .sandbox = {.map = IdMap::none()},
        .check = modeless_file_opened,
    },
    {
        .id = "cap.own-uts.sethostname",
        .claim = "Root inside may set the host name in a uts namespace that it owns, not in one it was born with.",
        .how = "Inside, in a new user namespace only, calls sethostname(2) and reads the name.",
        .source = "user_namespaces(7), \"Interaction of user namespaces and other types of namespaces\"",
        .since = {3, 8},
        .sandbox = {.namespaces = Ns::user},
        .check = [](World& w) { return host_name_set(w, 0); },
        .control = [](World& w) { return host_name_set(w, CLONE_NEWUTS); },
        .control_differs = "a child of inside in a new uts namespace does it",
    },
    {
        .id = "cap.own-mnt.mount",
        .claim = "Root inside may mount in a mount namespace that it owns, not in the one it was born with.",
        .how = "Inside, in a new user namespace only, mounts a tmpfs and reads its mountinfo.",
        .source = "user_namespaces(7), \"Interaction of user namespaces and other types of namespaces\"",
        .since = {3, 8},
        .sandbox = {.namespaces = Ns::user},
        .check = [](World& w) { return mounted(w, 0); },
        .control = [](World& w) { return mounted(w, CLONE_NEWNS); },
        .control_differs = "a child of inside in a new mount namespace does it",
    },
    {
        .id = "cap.own-net.link-up",
        .claim =
            "Root inside may configure devices in a network namespace that it owns, not in the one it was born with.",
        .how = "Inside, in a new user namespace only, sets the loopback device up and looks at it.",
        .source =
            "user_namespaces(7), \"Interaction of user namespaces and other types of namespaces\"; capabilities(7)",
        .since = {3, 8},
        .sandbox = {.namespaces = Ns::user},
        .makes = Ns::net,
        .check = [](World& w) { return link_set_up(w, 0); },
        .control = [](World& w) { return link_set_up(w, CLONE_NEWNET); },
        .control_differs = "a child of inside in a new network namespace does it",
    },
    {
        .id = "cap.own-pid.reboot",
        .claim = "Root inside may reboot the pid namespace that it owns, not the one it was born with.",
        .how =
            "Inside, in a new user namespace only, calls reboot(2) with wrong magic numbers, so that nothing happens.",
        .source = "reboot(2), \"Behavior inside PID namespaces\"; capabilities(7), CAP_SYS_BOOT",
        .since = {3, 8},
        .sandbox = {.namespaces = Ns::user},
        .check = [](World& w) { return reboot_asked(w, 0); },
        .control = [](World& w) { return reboot_asked(w, CLONE_NEWPID); },
        .control_differs = "a child of inside in a new pid namespace does it",
    },
};

}  // namespace
}  // namespace nsproof
