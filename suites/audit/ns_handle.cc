// Handles of namespaces that are not the container's: who owns those that it is in, what can be walked to, and what can
// be entered. None is entered (ioctl_nsfs(2), setns(2)).
#include <linux/capability.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

#include "harness/audit/initial_namespaces.h"
#include "harness/audit/rule.h"
#include "harness/audit/view.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/nsfs.h"
#include "suites/audit/ns_judge.h"

namespace nsproof::audit {

Sight judge_walk(std::string_view call, int error) {
  if (error == 0) return weak(say(call, " gives a descriptor of another mount namespace"));
  const std::string seen = say(call, ": ", errno_name(error));
  if (error == ENOTTY || error == EINVAL) return not_applicable(say(seen, ", which is there since Linux 6.12"));
  if (error == EPERM || error == ENOENT || error == ENOSYS) return hardened(seen);
  return unknown(seen);
}

namespace {

// The types whose namespaces belong to a user namespace above the caller's, separated by blanks.
sys::Got<std::string> inherited_types(Actor& inside) {
  sys::Got<sys::NsIdentity> own = sys::ns_identity(inside, "self", Ns::user);
  sys::Got<std::string> got{own.reply};
  if (!own.ok()) return got;
  std::vector<std::string> types;
  for (const Ns type : {Ns::mnt, Ns::pid, Ns::net, Ns::ipc, Ns::uts, Ns::cgroup}) {
    const Reply opened = sys::open_ns(inside, "self", type);
    if (opened.error() == ENOENT) continue;
    got.reply = opened;
    if (!opened.ok()) return got;
    const int fd = static_cast<int>(opened.value);
    const Reply owner = sys::ns_get_userns(inside, fd);
    sys::close(inside, fd);
    if (owner.ok()) sys::close(inside, static_cast<int>(owner.value));
    if (owner.error() == EPERM) types.emplace_back(name_of(type));
    if (!owner.ok() && owner.error() != EPERM) {
      got.reply = owner;
      return got;
    }
  }
  got.value = join(types, " ");
  return got;
}

Sight inherited(View& view) {
  const UserNamespaceView& user = view.user_namespace();
  if (user.ownership == Ownership::undecided) return unknown(user.how);
  if (user.ownership == Ownership::host)
    return not_applicable("the container has no user namespace of its own, which is a finding by itself");
  const sys::Got<std::string>& types = view.ask("owners of namespaces", inherited_types);
  if (!types.ok()) return unknown(say(types.reply.call, ": ", errno_name(types.error())));
  if (types.value.empty()) return hardened("NS_GET_USERNS tells the owner of every one but that of time");
  const std::string seen = say("NS_GET_USERNS is refused with EPERM for: ", types.value);
  for (const std::string& type : words_of(types.value))
    if (view.name_space(*ns_named(type)).ownership == Ownership::host) return weak(seen);
  return weak(seen, Severity::low, "none of them is the host's");
}

// linux/nsfs.h, Linux 6.12; older headers lack them.
struct MountNamespaceInfo {
  std::uint32_t size = sizeof(MountNamespaceInfo);
  std::uint32_t mounts = 0;
  std::uint64_t id = 0;
};
constexpr std::uint64_t kNext = _IOR(0xb7, 11, MountNamespaceInfo);
constexpr std::uint64_t kPrevious = _IOR(0xb7, 12, MountNamespaceInfo);

// The descriptor of a neighbour's mount namespace, which is closed at once.
Reply walk(Actor& inside) {
  const Reply opened = sys::open_ns(inside, "self", Ns::mnt);
  if (!opened.ok()) return opened;
  const int fd = static_cast<int>(opened.value);
  Reply found;
  for (const auto& [request, name] : {std::pair{kNext, "NS_MNT_GET_NEXT"}, std::pair{kPrevious, "NS_MNT_GET_PREV"}}) {
    found = inside.call(SYS_ioctl, "ioctl", {num(fd), named(request, name), out(sizeof(MountNamespaceInfo))});
    if (found.ok()) sys::close(inside, static_cast<int>(found.value));
    if (found.ok()) break;
  }
  sys::close(inside, fd);
  return found;
}

Sight walks(View& view) {
  const Reply& found = view.call("walk of mount namespaces", walk);
  return judge_walk(found.call, found.error());
}

Sight mounted(View& view) {
  std::size_t own = 0;
  for (const sys::MountInfo& mount : view.mounts()) {
    if (mount.type != "nsfs") continue;
    const std::string kind = mount.root.substr(0, mount.root.find(':'));
    const std::optional<Ns> type = ns_named(kind);
    if (type && inode_in(mount.root) == view.name_space(*type).inode) {
      ++own;
      continue;
    }
    const std::string seen = say(quoted(mount.target), " is ", quoted(mount.root));
    if (!view.status().effective(CAP_SYS_ADMIN))
      return weak(seen, Severity::medium, "without CAP_SYS_ADMIN it cannot be entered");
    return weak(seen);
  }
  return hardened(own == 0 ? "no mount is of type nsfs" : "mounts of type nsfs are of the container's own namespaces");
}

// Process 1 of the PID namespace is the outermost that can be seen: the host's, a pod's, or the container's own.
Sight enterable(View& view) {
  if (!view.status().effective(CAP_SYS_ADMIN)) return hardened("CAP_SYS_ADMIN is not effective");
  std::vector<std::string> others;
  for (const Ns type : {Ns::mnt, Ns::net, Ns::ipc, Ns::uts}) {
    const sys::Got<std::string>& link = view.link(say("/proc/1/ns/", name_of(type)));
    if (link.ok() && inode_in(link.value) != 0 && inode_in(link.value) != view.name_space(type).inode)
      others.push_back(quoted(link.value));
  }
  if (others.empty())
    return hardened("CAP_SYS_ADMIN is effective, but process 1 shows no namespace of another container");
  const Reached reached = view.reach({.number = SYS_setns, .name = "setns"});
  const std::string seen = say("CAP_SYS_ADMIN is effective, and process 1 shows ", join(others, " "));
  if (reached.how != Reached::How::reached) return hardened(say(seen, "; the seccomp filter refuses setns(2)"));
  return weak(say(seen, "; setns(2) is not filtered"));
}

const Rules rows = {
    {
        .id = "ns.any.inherited",
        .title = "A namespace of the container belongs to a user namespace above its own.",
        .severity = Severity::medium,
        .why = "Whoever made it is in it as well, or may enter it: it is no boundary of this container.",
        .how = "ioctl NS_GET_USERNS on every link in /proc/self/ns but those of time and user: EPERM means an owner "
               "above.",
        .references = {"ioctl_nsfs(2)", "user_namespaces(7)"},
        .fix = {.oci = R"({"linux":{"namespaces":[{"type":"pid"},{"type":"network"},{"type":"ipc"},{"type":"uts"},)"
                       R"({"type":"mount"},{"type":"cgroup"},{"type":"user"}]}})",
                .docker = "without --network=host, --pid=host, --ipc=host, --uts=host",
                .kubernetes = "hostUsers: false",
                .bwrap = "--unshare-all, without --share-net"},
        .side = Side::inside,
        .look = inherited,
        .spoil = {.config = R"({"hostname":null,"linux":{"namespaces":[{"type":"pid"},{"type":"network"},)"
                            R"({"type":"ipc"},{"type":"mount"},{"type":"cgroup"},{"type":"user"},)"
                            R"({"type":"uts","path":"/run/nsproof-uts"}]}})",
                  .prepare = {"touch /run/nsproof-uts; unshare --uts=/run/nsproof-uts hostname pod"}},
    },
    {
        .id = "ns.mnt.walk",
        .title = "The container can walk to the mount namespaces of others.",
        .severity = Severity::high,
        .why = "It reads every mount of the host and of other containers, and gets descriptors to enter them with.",
        .how = "ioctl NS_MNT_GET_NEXT and NS_MNT_GET_PREV on /proc/self/ns/mnt; what they give is closed at once.",
        .references = {"ioctl_nsfs(2)", "mount_namespaces(7)"},
        .fix = {.oci = R"({"process":{"capabilities":{"-bounding":["CAP_SYS_ADMIN"],"-effective":["CAP_SYS_ADMIN"],)"
                       R"("-permitted":["CAP_SYS_ADMIN"],"-inheritable":["CAP_SYS_ADMIN"],)"
                       R"("-ambient":["CAP_SYS_ADMIN"]}}})",
                .docker = "--cap-drop SYS_ADMIN",
                .kubernetes = "securityContext: {privileged: false, capabilities: {drop: [SYS_ADMIN]}}",
                .bwrap = "--unshare-user --cap-drop CAP_SYS_ADMIN"},
        .side = Side::inside,
        .look = walks,
        .spoil = {.impossible = "Linux lets only processes of the initial PID namespace walk, and fixtures have one of "
                                "their own"},
    },
    {
        .id = "ns.handle.mount",
        .title = "The handle of a namespace of somebody else is mounted in the container.",
        .severity = Severity::high,
        .why = "With CAP_SYS_ADMIN it is entered by setns(2), and for as long as it is mounted it cannot go away.",
        .how = "Mounts of type nsfs in /proc/PID/mountinfo whose namespace is not the container's own.",
        .references = {"namespaces(7)", "setns(2)", "ip-netns(8)"},
        .fix = {.oci = R"({"-mounts":[{"source":"/run/netns"}]})",
                .docker = "without -v /run/netns:... and -v /proc/PID/ns/...",
                .kubernetes = "volumes: without hostPath: {path: /run/netns}",
                .bwrap = "without --bind /run/netns"},
        .look = mounted,
        .spoil = {.config = R"({"+mounts":[{"destination":"/run/handle","type":"bind","source":"/proc/1/ns/uts",)"
                            R"("options":["bind"]}]})"},
    },
    {
        .id = "ns.join.ready",
        .title = "The container can enter namespaces of the host or of a neighbour.",
        .severity = Severity::critical,
        .why = "One call of setns(2), as nsenter(1) makes it, and the process is outside.",
        .how = "CAP_SYS_ADMIN is effective, /proc/1/ns shows other namespaces than the container's, and the seccomp "
               "filter lets setns(2) through. It is not called.",
        .references = {"setns(2)", "nsenter(1)", "ptrace(2): access mode checking"},
        .fix = {.oci = R"({"linux":{"+namespaces":[{"type":"pid"}]},"process":{"capabilities":)"
                       R"({"-effective":["CAP_SYS_ADMIN"],"-permitted":["CAP_SYS_ADMIN"],)"
                       R"("-bounding":["CAP_SYS_ADMIN"],"-ambient":["CAP_SYS_ADMIN"]}}})",
                .docker = "without --pid=host, --cap-drop SYS_ADMIN",
                .kubernetes = "hostPID: false",
                .bwrap = "--unshare-pid --cap-drop CAP_SYS_ADMIN"},
        .look = enterable,
        .spoil =
            {.config =
                 R"({"process":{"user":{"uid":65532},"capabilities":{"bounding":["CAP_SYS_ADMIN","CAP_SYS_PTRACE"],)"
                 R"("effective":["CAP_SYS_ADMIN","CAP_SYS_PTRACE"],"permitted":["CAP_SYS_ADMIN","CAP_SYS_PTRACE"],)"
                 R"("inheritable":["CAP_SYS_ADMIN","CAP_SYS_PTRACE"],"ambient":["CAP_SYS_ADMIN","CAP_SYS_PTRACE"]}},)"
                 R"("-mounts":[{"type":"proc"}],"+mounts":[{"destination":"/proc","type":"bind","source":"/proc",)"
                 R"("options":["rbind","nosuid","noexec","nodev"]}],)"
                 R"("linux":{"uidMappings":null,"gidMappings":null,"-namespaces":[{"type":"user"},{"type":"pid"}],)"
                 R"("seccomp":{"-syscalls":[{"names":["setns"],"action":"SCMP_ACT_ERRNO"}],)"
                 R"("+syscalls":[{"names":["setns"],"action":"SCMP_ACT_ALLOW"}]}}})",
             .also = {"seccomp.namespaces.creatable", "ns.user.none", "ns.pid.host", "mnt.proc.hidepid-off",
                      "mask.kernel-addresses.readable", "cap.sys-admin.held", "cap.sys-ptrace.held", "cap.set.*",
                      "cap.ambient.set", "cap.inheritable.set"}},
    },
};

}  // namespace
}  // namespace nsproof::audit
