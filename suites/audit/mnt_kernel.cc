// The kernel's own file systems: cgroups that are writable or reach above the container's, and instances of procfs and
// sysfs that show more than the first.
#include "harness/audit/rule.h"
#include "harness/audit/view.h"
#include "harness/support/text.h"
#include "suites/audit/mnt_table.h"

namespace nsproof::audit {
namespace {

bool is_cgroup(const Mount& mount) { return mount.type == "cgroup" || mount.type == "cgroup2"; }

Sight look_at_writable_cgroups(View& view) {
  std::vector<std::string> found;
  bool any = false;
  bool usable = false;
  for (const Mount* one : visible(view.mounts())) {
    if (!is_cgroup(*one)) continue;
    any = true;
    if (!is_writable(*one)) continue;
    found.push_back(described(*one));
    usable = usable || view.writable(one->target + "/cgroup.procs");
  }
  if (!any) return not_applicable("no cgroup file system is mounted");
  if (found.empty()) return hardened("every cgroup file system is mounted read-only");
  if (usable) return weak(some_of(found));
  return weak(some_of(found), Severity::low, "the audited user may not write to cgroup.procs there");
}

// Both are relative to the cgroup namespace of the reader (cgroup_namespaces(7)), so the container's own view of its
// table is what tells: above its own namespace the root of a mount begins with "/..".
Sight look_at_cgroup_roots(View& view) {
  const int pid = view.status().pids.empty() ? 0 : view.status().pids.back();
  const sys::Got<std::string>& table = view.file(say("/proc/", pid, "/mountinfo"));
  if (!table.ok()) return unknown(say("/proc/", pid, "/mountinfo in the container: ", errno_name(table.error())));
  const bool own = view.name_space(Ns::cgroup).ownership == Ownership::own;
  const Mounts mounts = sys::parse_mountinfo(table.value);
  std::vector<std::string> found;
  bool any = false;
  for (const Mount* one : visible(mounts)) {
    if (!is_cgroup(*one)) continue;
    any = true;
    // Only the first cgroup of a hierarchy has these, or has not (cgroups(7); Documentation/admin-guide/cgroup-v2.rst).
    const bool first = one->type == "cgroup" ? view.exists(one->target + "/release_agent")
                                             : view.exists(one->target + "/cgroup.procs") &&
                                                   view.stat(one->target + "/cgroup.events").error() == ENOENT;
    if (first)
      found.push_back(say(quoted(one->target), " is the first cgroup of its hierarchy"));
    else if (is_below(one->root, "/.."))
      found.push_back(say(quoted(one->target), " is ", quoted(one->root), ", above the container's own"));
    else if (!own && one->root == "/")
      found.push_back(say(quoted(one->target), " is the whole hierarchy of the host"));
  }
  if (!any) return not_applicable("no cgroup file system is mounted");
  if (found.empty()) return hardened("every one begins at the container's own cgroup");
  return weak(some_of(found));
}

Sight look_at_hidepid(View& view) {
  std::vector<std::string> found;
  bool any = false;
  for (const Mount* one : visible(view.mounts())) {
    if (one->type != "proc" || one->root != "/") continue;
    any = true;
    const std::optional<std::string> hidden = option_of(one->super_options, "hidepid");
    if ((hidden && *hidden != "0" && *hidden != "off") || option_of(one->super_options, "subset")) continue;
    found.push_back(say(quoted(one->target), ": ", quoted(one->super_options)));
  }
  if (!any) return not_applicable("no procfs is mounted");
  if (found.empty()) return hardened("hidepid or subset=pid on every procfs");
  // It makes a difference only where there is somebody else.
  constexpr int kSample = 64;
  int left = kSample;
  bool others = false;
  for (const std::string& name : view.names("/proc").value) {
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    if (left-- == 0) break;
    const sys::Got<struct stat>& seen = view.stat("/proc/" + name);
    others = others || (seen.ok() && seen.value.st_uid != view.status().euid());
  }
  if (others) return weak(some_of(found));
  return weak(some_of(found), Severity::info, "no process of another user is in sight");
}

const Rules rows = {
    {
        .id = "mnt.cgroup.writable",
        .title = "A cgroup file system is mounted writable.",
        .severity = Severity::medium,
        .why = "A process that may write there changes the limits that hold the container, and moves itself and "
               "others; on version 1 it may make the host execute a program.",
        .how = "Mounts of cgroup and cgroup2 in /proc/PID/mountinfo, and faccessat2(2) of their cgroup.procs.",
        .references = {"cgroups(7)", "CIS Docker 5.25", "CVE-2022-0492"},
        .fix = {.oci = R"({"-mounts":[{"destination":"/sys/fs/cgroup"}],"+mounts":[{"destination":"/sys/fs/cgroup",)"
                       R"("type":"cgroup","source":"cgroup","options":["nosuid","noexec","nodev","relatime","ro"]}]})",
                .docker = "--cgroupns=private, without -v /sys/fs/cgroup:/sys/fs/cgroup:rw and --privileged",
                .podman = "--cgroups=enabled --cgroupns=private --systemd=false",
                .kubernetes = "securityContext: {privileged: false}",
                .bwrap = "without --bind /sys/fs/cgroup"},
        .confined = Confined::by_user_namespace,
        .look = look_at_writable_cgroups,
        .spoil = {.config = R"({"-mounts":[{"destination":"/sys/fs/cgroup",
                  "options":["nosuid","noexec","nodev","relatime","ro"]}],"+mounts":[{"destination":"/sys/fs/cgroup",
                  "type":"cgroup","source":"cgroup","options":["nosuid","noexec","nodev","relatime","rw"]}]})"},
    },
    {
        .id = "mnt.cgroup.host-root",
        .title = "A cgroup file system shows cgroups above the container's own.",
        .severity = Severity::medium,
        .why = "Names and usage of other containers can be read there, and their limits changed if it is writable.",
        .how = "The root of the mount in the mount table of the container's cgroup namespace, and the files that the "
               "first cgroup of a hierarchy has, or has not.",
        .references = {"cgroup_namespaces(7)", "CIS Docker 5.25", "Documentation/admin-guide/cgroup-v2.rst"},
        .fix = {.oci = R"({"-mounts":[{"source":"/sys/fs/cgroup"}],"linux":{"+namespaces":[{"type":"cgroup"}]}})",
                .docker = "--cgroupns=private, without -v /sys/fs/cgroup:...",
                .kubernetes = "no volume with hostPath: {path: /sys/fs/cgroup}",
                .bwrap = "--unshare-cgroup without --ro-bind /sys /sys"},
        .look = look_at_cgroup_roots,
        .spoil = {.config = R"({"+mounts":[{"destination":"/mnt","type":"bind","source":"/srv/nsproof-cgroups",
                  "options":["bind","ro","nosuid","nodev","noexec"]}]})",
                  .prepare = {"mkdir -p /srv/nsproof-cgroups; for one in /sys/fs/cgroup /sys/fs/cgroup/*; do "
                              "if [ -e $one/cgroup.procs ]; then mount --bind $one /srv/nsproof-cgroups; exit; fi; "
                              "done; exit 1"}},
    },
    {
        .id = "mnt.proc.hidepid-off",
        .title = "Every process sees the processes of all users in the container.",
        .severity = Severity::low,
        .why = "Arguments and environment sizes of other users' processes can be read, and secrets with them.",
        .how = "hidepid= and subset= of the procfs mounts in /proc/PID/mountinfo.",
        .references = {"proc(5)", "systemd.exec(5): ProtectProc="},
        .fix = {.oci = R"({"-mounts":[{"destination":"/proc"}],"+mounts":[{"destination":"/proc","type":"proc",)"
                       R"("source":"proc","options":["nosuid","noexec","nodev","hidepid=2"]}]})",
                .podman = "--security-opt proc-opts=hidepid=2"},
        .look = look_at_hidepid,
        .spoil = {.config = R"({"-mounts":[{"destination":"/proc","options":["nosuid","noexec","nodev","hidepid=2"]}],
                  "+mounts":[{"destination":"/proc","type":"proc","source":"proc",
                  "options":["nosuid","noexec","nodev"]}]})"},
    },
    {
        .id = "mnt.proc.unmasked-twin",
        .title = "Another procfs shows what is hidden or read-only in /proc.",
        .severity = Severity::high,
        .why = "The masks of /proc are worth nothing if the same files are open at another path.",
        .how = "All procfs mounts in /proc/PID/mountinfo, and the mounts below each that hide files or make them "
               "read-only.",
        .references = {"OCI runtime specification: maskedPaths", "proc(5)", "PSS baseline: /proc Mount Type"},
        .fix = {.oci = R"({"-mounts":[{"type":"proc"}],"+mounts":[{"destination":"/proc","type":"proc",)"
                       R"("source":"proc","options":["nosuid","noexec","nodev"]}]})",
                .docker = "without -v /proc:...",
                .kubernetes = "no volume with hostPath: {path: /proc}",
                .bwrap = "--proc /proc once, without --bind /proc"},
        .confined = Confined::by_user_namespace,
        .look = [](View& view) { return judge_twin(view.mounts(), "proc", "/proc"); },
        .spoil = {.config = R"({"+mounts":[{"destination":"/mnt","type":"proc","source":"proc",
                  "options":["nosuid","noexec","nodev","hidepid=2"]}]})"},
    },
    {
        .id = "mnt.sysfs.unmasked-twin",
        .title = "Another sysfs shows what is hidden or read-only in /sys.",
        .severity = Severity::high,
        .why = "The masks of /sys are worth nothing if the same files are open at another path.",
        .how = "All sysfs mounts in /proc/PID/mountinfo, and the mounts below each that hide files or make them "
               "read-only.",
        .references = {"OCI runtime specification: maskedPaths", "sysfs(5)"},
        .fix = {.oci = R"({"-mounts":[{"type":"sysfs"}],"+mounts":[{"destination":"/sys","type":"sysfs",)"
                       R"("source":"sysfs","options":["nosuid","noexec","nodev","ro"]}]})",
                .docker = "without -v /sys:...",
                .kubernetes = "no volume with hostPath: {path: /sys}",
                .bwrap = "without --bind /sys"},
        .confined = Confined::by_user_namespace,
        .look = [](View& view) { return judge_twin(view.mounts(), "sysfs", "/sys"); },
        .spoil = {.config = R"({"+mounts":[{"destination":"/mnt","type":"bind","source":"/sys",
                  "options":["bind","ro","nosuid","noexec","nodev"]}]})"},
    },
};

}  // namespace
}  // namespace nsproof::audit
