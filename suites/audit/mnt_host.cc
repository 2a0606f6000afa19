// What of the host's tree is mounted in the container: its root directory, directories of the host, its devices, and
// what the mount table gives away.
#include "harness/audit/look.h"
#include "harness/audit/rule.h"
#include "harness/audit/view.h"
#include "harness/support/text.h"
#include "suites/audit/mnt_table.h"

namespace nsproof::audit {
namespace {

// stat(2) of the root directory outside, where somebody there can be asked.
std::optional<struct stat> root_of_host(View& view) {
  try {
    const Reply& reply = view.host_call("stat of the root directory",
                                        [](Actor& actor) { return look_at(actor, "/", Links::followed).reply; });
    if (reply.ok()) return out_as<struct stat>(reply);
  } catch (const CouldNotLook&) {
    // Only the inside is known; the tree itself must tell.
  }
  return std::nullopt;
}

// A whole system with what only a machine that boots has: a kernel's modules, or files of a boot loader.
bool looks_like_a_machine(View& view, const std::string& place) {
  const std::string base = place == "/" ? "" : place;
  const sys::Got<std::string>& release = view.file("/proc/sys/kernel/osrelease");
  if (release.ok() && view.exists(say(base, "/lib/modules/", trim(release.value)))) return true;
  int parts = 0;
  for (const char* name : {"/boot", "/etc/passwd", "/etc/fstab", "/proc", "/sys", "/usr", "/var"})
    parts += view.exists(base + name) ? 1 : 0;
  return place != "/" && parts == 7;
}

Sight look_for_host_root(View& view) {
  const Mounts& mounts = view.mounts();
  const std::optional<struct stat> outside = root_of_host(view);
  if (!outside && view.name_space(Ns::mnt).ownership == Ownership::host) return weak(view.name_space(Ns::mnt).how);
  std::vector<std::string> found;
  std::vector<std::string> undecided;
  bool any_writable = false;
  for (const Mount* one : visible(mounts)) {
    const Origin origin = origin_of(*one, mounts);
    if ((origin != Origin::root && origin != Origin::volume) || one->root != "/" || may_hang(*one)) continue;
    const sys::Got<struct stat>& seen = view.stat(one->target);
    if (!seen.ok()) continue;
    const bool same = outside && seen.value.st_dev == outside->st_dev && seen.value.st_ino == outside->st_ino;
    const bool disk = !one->device.starts_with("0:");
    if (!same && !outside && !looks_like_a_machine(view, one->target)) {
      if (disk) undecided.push_back(described(*one));
      continue;
    }
    if (!same && outside) continue;
    found.push_back(say(described(*one), same ? ": the root directory of the host" : ": the tree of a whole machine"));
    any_writable = any_writable || is_writable(*one);
  }
  if (found.empty() && !undecided.empty())
    return unknown(say(some_of(undecided), ": a whole disk, and only the host can tell whether it is its own"));
  if (found.empty())
    return hardened(outside ? "no mount is the root directory of the host" : "no mount looks like a machine's tree");
  if (any_writable) return weak(some_of(found));
  return weak(some_of(found), Severity::high, "it is mounted read-only");
}

Sight look_at_root(View& view) {
  const Mount* root = view.mount_at("/");
  if (root == nullptr) return unknown("the mount table has no line for the root directory");
  if (!is_writable(*root)) return hardened(described(*root));
  if (view.writable("/")) return weak(described(*root));
  return weak(described(*root), Severity::low, "the audited user may not write to the root directory itself");
}

const Rules rows = {
    {
        .id = "mnt.rootfs.writable",
        .title = "The root file system is mounted writable.",
        .severity = Severity::medium,
        .why = "Whoever takes over a process can replace the programs and the configuration that the next one uses, "
               "and bring tools along.",
        .how = "The line of / in /proc/PID/mountinfo, and faccessat2(2) of the root directory with W_OK.",
        .references = {"CIS Docker 5.13", "NSA/CISA Kubernetes Hardening: immutable container file systems",
                       "mount(8)"},
        .fix = {.oci = R"({"root":{"readonly":true}})",
                .docker = "--read-only --tmpfs /tmp",
                .kubernetes = "securityContext: {readOnlyRootFilesystem: true}",
                .bwrap = "--remount-ro /"},
        .look = look_at_root,
        .spoil = {.config = R"({"root":{"readonly":false}})"},
    },
    {
        .id = "mnt.host-root.bound",
        .title = "The root directory of the host is mounted in the container.",
        .severity = Severity::critical,
        .why = "Everything of the host can be read there, and changed if it is writable: cron jobs, keys, the "
               "container runtime itself.",
        .how = "stat(2) of every mount whose root is / is compared with that of the host's root directory; where only "
               "the inside is known, a mount that holds the running kernel's modules or a whole machine's tree.",
        .references = {"CIS Docker 5.6", "CIS Kubernetes 5.2.11", "PSS baseline: HostPath Volumes"},
        .fix = {.oci = R"({"-mounts":[{"source":"/"}]})",
                .docker = "without -v /:...",
                .kubernetes = "no volume with hostPath: {path: /}",
                .bwrap = "without --bind / and --ro-bind / : bind /usr alone"},
        .look = look_for_host_root,
        .spoil = {.config = R"({"+mounts":[{"destination":"/mnt","type":"bind","source":"/",
                  "options":["bind","ro","nosuid","nodev"]}]})"},
    },
    {
        .id = "mnt.sensitive-path.bound",
        .title = "A directory of the host's configuration, keys, logs or programs is mounted in the container.",
        .severity = Severity::high,
        .why = "It holds secrets, or files that processes of the host execute or follow as root: an entry in /etc, a "
               "link in /var/log.",
        .how = "The root field of the mounts in /proc/PID/mountinfo, without what runtimes bind themselves.",
        .references = {"CIS Docker 5.6", "PSS baseline: HostPath Volumes", "CVE-2017-1002101", "CVE-2021-25741"},
        .fix = {.oci = R"({"-mounts":[{"source":"/etc"}]})",
                .docker = "a named volume or a copy instead of -v /etc:...",
                .kubernetes = "a configMap, secret or emptyDir instead of hostPath",
                .bwrap = "--ro-bind the one file that is needed"},
        .look = [](View& view) { return judge_sensitive(view.mounts()); },
        .spoil = {.config = R"({"+mounts":[{"destination":"/mnt","type":"bind","source":"/etc",
                  "options":["bind","ro","nosuid","nodev"]}]})",
                  .also = {"mnt.host-path.bound"}},
    },
    {
        .id = "mnt.host-path.bound",
        .title = "A directory of the host is mounted in the container.",
        .severity = Severity::medium,
        .why = "What the container writes there, the host's processes find, and the other way round; such a mount "
               "ties the container to one machine and its users.",
        .how = "Mounts in /proc/PID/mountinfo that are part of another file system than the container's root, and no "
               "volume of an engine and no file that runtimes bind themselves.",
        .references = {"PSS baseline: HostPath Volumes", "CIS Kubernetes 5.2.11", "NSA/CISA Kubernetes Hardening"},
        .fix = {.oci = R"({"-mounts":[{"type":"bind"}]})",
                .docker = "-v NAME:/path (a volume) instead of -v /host/path:/path",
                .kubernetes = "volumes: [{name: data, emptyDir: {}}]",
                .bwrap = "--tmpfs, or --ro-bind of as little as possible"},
        .look = [](View& view) { return judge_host_paths(view.mounts()); },
        .spoil = {.config = R"({"+mounts":[{"destination":"/mnt","type":"bind","source":"/srv",
                  "options":["bind","ro","nosuid","nodev"]}]})",
                  .prepare = {"mkdir -p /srv"}},
    },
    {
        .id = "mnt.dev.devtmpfs",
        .title = "The host's devtmpfs is mounted in the container.",
        .severity = Severity::high,
        .why = "There is only one, with the nodes of all devices of the machine; only permissions and the device "
               "cgroup are left between the container and the disks.",
        .how = "A mount of devtmpfs as a whole in /proc/PID/mountinfo.",
        .references = {"CIS Docker 5.18", "CIS Docker 5.6", "Documentation/admin-guide/devices.rst"},
        .fix = {.oci = R"({"-mounts":[{"source":"/dev"}]})",
                .docker = "without -v /dev:..., --device for the one that is needed",
                .kubernetes = "no volume with hostPath: {path: /dev}",
                .bwrap = "--dev /dev instead of --dev-bind /dev /dev"},
        .look = [](View& view) { return judge_devtmpfs(view.mounts()); },
        // Without options: those of a mount would be taken over by the one instance that the machine has.
        .spoil = {.config = R"({"+mounts":[{"destination":"/mnt","type":"bind","source":"/srv/nsproof-dev",
                  "options":["bind","ro","nosuid","noexec"]}]})",
                  .prepare = {"mkdir -p /srv/nsproof-dev && mount -t devtmpfs devtmpfs /srv/nsproof-dev"}},
    },
    {
        .id = "mnt.overlay.path-leak",
        .title = "The mount table names the directories of the host that hold the container's files.",
        .severity = Severity::low,
        .why = "Chains that make the host execute a file of the container need to know its path there: that of "
               "core_pattern and of release_agent.",
        .how = "upperdir and workdir of the root's overlay in /proc/PID/mountinfo.",
        .references = {"CVE-2022-0492", "core(5)", "Documentation/filesystems/overlayfs.rst"},
        .fix = {.docker = "--runtime runsc, or another runtime with its own kernel",
                .podman = "--storage-opt overlay.mount_program=/usr/bin/fuse-overlayfs",
                .kubernetes = "runtimeClassName: of a runtime with its own kernel"},
        .look = [](View& view) { return judge_overlay_paths(view.mounts()); },
        .spoil = {.prepare = {"mkdir {state}/upper {state}/work && mount -t overlay overlay -o "
                              "lowerdir={rootfs},upperdir={state}/upper,workdir={state}/work {rootfs}"}},
    },
    {
        .id = "mnt.fuse.writable",
        .title = "A FUSE file system that a process of the host serves is mounted writable.",
        .severity = Severity::medium,
        .why = "Its server runs with the host's rights and parses what the container sends it; through lxcfs the "
               "cgroups of the host could be written.",
        .how = "Mounts of a FUSE type in /proc/PID/mountinfo that are writable, and are lxcfs or have allow_other.",
        .references = {"mount.fuse3(8)", "lxcfs(1)", "CDK: lxcfs-rw"},
        .fix = {.oci = R"({"-mounts":[{"source":"/var/lib/lxcfs"}]})",
                .docker = "-v /var/lib/lxcfs/proc/meminfo:/proc/meminfo:ro",
                .kubernetes = "volumeMounts: [{name: lxcfs, readOnly: true}]",
                .bwrap = "--ro-bind instead of --bind"},
        .look = [](View& view) { return judge_fuse(view.mounts()); },
        .spoil = {.impossible = "a FUSE mount needs a server outside, and whoever looks at one without a server waits"},
    },
};

}  // namespace
}  // namespace nsproof::audit
