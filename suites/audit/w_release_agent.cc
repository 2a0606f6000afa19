// The program that control groups of version 1 run on the host when a group falls empty, and who may choose it.
#include "suites/audit/w_release_agent.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "harness/audit/rule.h"
#include "harness/audit/view.h"
#include "harness/support/text.h"
#include "suites/audit/mask_fixtures.h"

namespace nsproof::audit {
namespace {

constexpr unsigned kCapSysAdmin = 21;
constexpr std::size_t kMostMounts = 64;

bool has_version_1(View& view) {
  const sys::Got<std::string>& known = view.file("/proc/filesystems");
  if (!known.ok()) throw CouldNotLook(say("/proc/filesystems: ", errno_name(known.error())));
  const std::vector<std::string> words = words_of(known.value);
  return std::find(words.begin(), words.end(), "cgroup") != words.end();
}

bool is_host_admin(View& view) {
  return view.status().effective(kCapSysAdmin) && view.user_namespace().ownership == Ownership::host;
}

Sight release_agent_files(View& view) {
  std::vector<ReleaseAgent> seen;
  for (const sys::MountInfo& mount : view.mounts())
    if (mount.type == "cgroup" && seen.size() < kMostMounts)
      seen.push_back({mount.target, view.access(mount.target + "/release_agent", W_OK)});
  if (seen.empty() && !has_version_1(view)) return not_applicable("the kernel has no cgroups of version 1");
  return judge_release_agents(seen, is_host_admin(view));
}

Sight mountable(View& view) {
  if (!has_version_1(view)) return not_applicable("the kernel has no cgroups of version 1");
  if (!view.status().effective(kCapSysAdmin)) return hardened("no CAP_SYS_ADMIN to mount with");
  if (!is_host_admin(view))
    return hardened("CAP_SYS_ADMIN is of the container's user namespace, to which no release agent listens");
  const Reached reached = view.reach(ReachCall{.number = SYS_mount, .name = "mount"});
  if (reached.how != Reached::How::reached) return hardened("the seccomp filter refuses mount(2)");
  return weak("CAP_SYS_ADMIN on the host, mount(2) is let through, and the kernel has cgroups of version 1");
}

// The first of two entries for one call counts, and this is the entry that refuses mount.
constexpr const char* kMountAllowed = R"({"linux":{"seccomp":{
  "-syscalls": [{"names": ["chroot", "fsconfig", "fsmount", "fsopen", "fspick", "mount", "mount_setattr", "move_mount",
                           "open_tree", "pivot_root", "umount", "umount2"]}],
  "+syscalls": [{"names": ["mount"], "action": "SCMP_ACT_ALLOW"}]}}})";

const Rules rows = {
    {
        .id = "write.release-agent.open",
        .title = "The container may name the program that the host runs when a control group falls empty.",
        .severity = Severity::critical,
        .why = "The program runs as root of the host, outside every container; making a group empty is all it takes.",
        .how = "The root of a hierarchy of cgroups of version 1 is mounted, and faccessat(2) grants writing to its "
               "release_agent.",
        .references = {"cgroups(7): release_agent", "CVE-2022-0492", "CIS Docker 5.25"},
        .fix = {.oci = R"({"linux":{"+namespaces":[{"type":"cgroup"}]}})",
                .docker = "--cgroupns=private; without --privileged and -v /sys/fs/cgroup:/sys/fs/cgroup",
                .kubernetes = "no hostPath volume of /sys/fs/cgroup; nodes with cgroup v2 only",
                .bwrap = "--unshare-cgroup; without --bind /sys /sys",
                .host = "systemd.unified_cgroup_hierarchy=1 on the kernel's command line"},
        .confined = Confined::by_user_namespace,
        .look = release_agent_files,
        .spoil = {.impossible = "needs the root of a hierarchy, which only the machine's own cgroup namespace has"},
    },
    {
        .id = "write.release-agent.mountable",
        .title = "The container may mount control groups of version 1 and name the program that the host runs.",
        .severity = Severity::critical,
        .why = "With CAP_SYS_ADMIN a hierarchy of version 1 can be mounted anew, and its release_agent runs as root of "
               "the host: one line of shell gets out.",
        .how = "CAP_SYS_ADMIN is effective and of the host's user namespace, the seccomp filter lets mount(2) through, "
               "and /proc/filesystems has cgroup. Nothing is mounted.",
        .references = {"cgroups(7): release_agent", "CVE-2022-0492", "CIS Docker 5.4"},
        .fix = {.oci = without_capability("CAP_SYS_ADMIN"),
                .docker = "without --privileged and --cap-add SYS_ADMIN",
                .kubernetes = "securityContext: {privileged: false, capabilities: {drop: [ALL]}}",
                .bwrap = "--unshare-user --cap-drop ALL",
                .host = "cgroup_no_v1=all on the kernel's command line"},
        .side = Side::inside,
        .look = mountable,
        .spoil = {.config = merged({with_host_capability("CAP_SYS_ADMIN"), kMountAllowed}),
                  .also = {"cap", "cred.user.low", "mask.kernel-addresses.readable", "ns.user.none",
                           "seccomp.mount.reachable"}},
    },
};

}  // namespace

Sight judge_release_agents(const std::vector<ReleaseAgent>& seen, bool host_admin) {
  std::vector<std::string> open;
  std::vector<std::string> undecided;
  std::vector<std::string> roots;
  for (const ReleaseAgent& one : seen) {
    const std::string where = quoted(one.mount);
    if (one.error == 0) open.push_back(where);
    if (one.error == EACCES || one.error == EROFS) roots.push_back(say(where, " (", errno_name(one.error), ")"));
    if (one.error != 0 && one.error != EACCES && one.error != EROFS && one.error != ENOENT && one.error != ENOTDIR)
      undecided.push_back(say(where, " (", errno_name(one.error), ")"));
  }
  const std::string observed = say("release_agent may be written in ", join(open, ", "));
  if (!open.empty() && !host_admin)
    return weak(observed, Severity::high, "kernels since 5.17 also ask for CAP_SYS_ADMIN on the host");
  if (!open.empty()) return weak(observed);
  if (!undecided.empty()) return unknown(say("release_agent in ", join(undecided, ", ")));
  if (!roots.empty()) return hardened(say("release_agent may not be written in ", join(roots, ", ")));
  if (seen.empty()) return hardened("no cgroups of version 1 are mounted");
  return hardened(say(seen.size(), " mounts of cgroups of version 1, none of them the root of a hierarchy"));
}

}  // namespace nsproof::audit
