// The parts of /proc and /sys through which the kernel takes orders: whether they are mounted read-only. A mount that
// says so in mountinfo is believed if statfs(2) says so, too, and nothing below it is writable again.
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "harness/audit/auditor.h"
#include "harness/audit/rule.h"
#include "harness/audit/view.h"
#include "harness/support/text.h"
#include "suites/audit/mask_exposure.h"
#include "suites/audit/mask_fixtures.h"

namespace nsproof::audit {
namespace {

struct Row {
  const char* id;
  std::string path;
  std::string witness;  // a file that root may write
  Severity severity;
  const char* why;
  Spoil spoil;
};

// The same sysfs without "ro". The cgroups are mounted on it, and so have to come after.
constexpr const char* kWritableSysfs = R"({
  "-mounts": [{"destination": "/sys", "options": ["nosuid", "noexec", "nodev", "ro"]},
              {"destination": "/sys/fs/cgroup", "options": ["nosuid", "noexec", "nodev", "relatime", "ro"]}],
  "+mounts": [{"destination": "/sys", "type": "sysfs", "source": "sysfs", "options": ["nosuid", "noexec", "nodev"]},
              {"destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup",
               "options": ["ro", "nosuid", "noexec", "nodev", "relatime"]}]})";

std::vector<Row> table() {
  return {
      {"ro.proc-sys.writable",
       "/proc/sys",
       "/proc/sys/kernel/core_pattern",
       Severity::high,
       "Most sysctls are not namespaced: one write changes the host, and some name programs that it runs as root.",
       {.config = not_read_only({"/proc/sys"})}},
      {"ro.proc-irq.writable",
       "/proc/irq",
       "/proc/irq/default_smp_affinity",
       Severity::medium,
       "It decides which processors serve the host's devices.",
       {.config = not_read_only({"/proc/irq"})}},
      {"ro.proc-bus.writable",
       "/proc/bus",
       "/proc/bus",
       Severity::medium,
       "Below it are the configuration spaces of the host's PCI devices.",
       {.config = not_read_only({"/proc/bus"})}},
      {"ro.proc-fs.writable",
       "/proc/fs",
       "/proc/fs",
       Severity::low,
       "Drivers of file systems take orders there.",
       {.config = not_read_only({"/proc/fs"})}},
      {"ro.sys.writable",
       "/sys",
       "/sys/power/state",
       Severity::high,
       "sysfs is the host's devices, drivers, modules and memory management; it is not namespaced but for networks.",
       // A user namespace gets a writable sysfs only where it sees one already (mount_namespaces(7)).
       {.config = kWritableSysfs,
        .prepare = {"mkdir /run/nsproof-sysfs; unshare -n mount -t sysfs none /run/nsproof-sysfs"}}},
  };
}

// LXC's proc:mixed makes the sysctls of the network writable again, which are the container's own.
bool is_own_network(View& view, std::string_view target) {
  return target == "/proc/sys/net" && view.name_space(Ns::net).ownership == Ownership::own;
}

bool has_option(const sys::MountInfo& mount, std::string_view name) {
  for (const std::string& one : split(mount.options, ','))
    if (one == name) return true;
  return false;
}

// Mounts of the same file system further down that can be written again.
std::vector<std::string> writable_below(View& view, const std::string& path, const std::string& type) {
  std::vector<std::string> found;
  for (const sys::MountInfo& mount : view.mounts()) {
    if (mount.type != type || !mount.target.starts_with(path + "/") || has_option(mount, "ro")) continue;
    if (is_own_network(view, mount.target)) continue;
    const sys::Got<sys::FileSystem>& seen = view.file_system(mount.target);
    if (seen.ok() && (seen.value.flags & ST_RDONLY) == 0) found.push_back(quoted(mount.target));
  }
  return found;
}

Sight look_at_part(View& view, const Row& row) {
  const Exposure stand = exposure(view, row.path);
  switch (stand.how) {
    case Exposure::How::absent: return not_applicable(say(row.path, ": ", stand.text));
    case Exposure::How::hidden:
    case Exposure::How::masked: return hardened(say(row.path, ": ", stand.text));
    case Exposure::How::forged: return hardened(say(row.path, " is not the kernel's: ", stand.text));
    case Exposure::How::undecided: return unknown(say(row.path, ": ", stand.text));
    default: break;
  }
  const sys::Got<sys::FileSystem>& seen = view.file_system(row.path);
  const sys::MountInfo* mount = view.mount_of(row.path);
  if (!seen.ok() || mount == nullptr) return unknown(say("nothing tells what ", row.path, " is mounted from"));
  const bool says_so = has_option(*mount, "ro");
  const bool is_so = (seen.value.flags & ST_RDONLY) != 0;
  const int error = view.access(row.witness, W_OK);
  const std::string access = say("permission to write ", row.witness, ": ", error == 0 ? "granted" : errno_name(error));
  const std::string where = say(row.path, " is on the mount at ", mount->target);
  if (says_so && is_so && error != 0) {
    const std::vector<std::string> below = writable_below(view, row.path, mount->type);
    if (!below.empty()) return weak(say(where, ", which is read-only, but not what is mounted on ", join(below, ", ")));
    return hardened(say(where, ", which is read-only; ", access));
  }
  const std::string observed = say(where, ", which is ", is_so ? "read-only" : "writable", "; ", access);
  if (error == EACCES || error == EPERM)
    return weak(observed, std::max(lowered(row.severity), Severity::low), "permissions refuse who was looked at");
  return weak(observed);
}

std::vector<Rule> make_rules() {
  std::vector<Rule> rules;
  for (const Row& row : table())
    rules.push_back({
        .id = row.id,
        .title = say("In the container, ", row.path, " is not read-only."),
        .severity = row.severity,
        .why = row.why,
        .how = say("The mount that ", row.path, " is on is not ro in mountinfo or in statfs(2), or ", row.witness,
                   " can be written, or a mount below it is writable again."),
        .references = {"config-linux.md: readonlyPaths", "PSS baseline: procMount", "CIS Docker 5.4"},
        .fix = {.oci = read_only({row.path}),
                .docker = "without --privileged and --security-opt systempaths=unconfined",
                .podman = "without --privileged and --security-opt unmask=ALL",
                .kubernetes = "securityContext: {procMount: Default, privileged: false}",
                .bwrap = say("--ro-bind ", row.path, " ", row.path)},
        .confined = Confined::by_user_namespace,
        .look = [row](View& view) { return look_at_part(view, row); },
        .spoil = row.spoil,
    });
  return rules;
}

const Rules rows(make_rules());

}  // namespace
}  // namespace nsproof::audit
