// File systems through which the kernel is watched and steered: whether one is mounted in the container. That their
// directories exist means nothing, sysfs makes them for everybody; the magic number of statfs(2) tells.
#include <linux/magic.h>

#include <algorithm>

#include "harness/audit/rule.h"
#include "harness/audit/view.h"
#include "harness/support/text.h"
#include "suites/audit/mask_fixtures.h"

namespace nsproof::audit {
namespace {

struct Kind {
  std::string type;  // in mountinfo
  std::uint64_t magic;
};

constexpr std::uint64_t kConfigfsMagic = 0x62656570;  // fs/configfs/mount.c

struct Row {
  const char* id;
  const char* title;
  Severity severity;
  const char* why;
  std::vector<Kind> kinds;
  std::vector<std::string> references;
  std::string place;                   // where the first kind is mounted by custom
  std::vector<std::string> also = {};  // that its fixture turns
};

std::vector<Row> table() {
  return {
      {"mask.debugfs.mounted",
       "The kernel's debugfs is mounted in the container.",
       Severity::high,
       "Drivers put there what no one has reviewed as an interface: registers, memory, switches.",
       {{"debugfs", DEBUGFS_MAGIC}},
       {"Documentation/filesystems/debugfs.rst", "config-linux.md: maskedPaths"},
       "/sys/kernel/debug"},
      {"mask.tracefs.mounted",
       "The kernel's tracefs is mounted in the container.",
       Severity::medium,
       "Tracing sees every process of the machine, and its probes can be put anywhere in the kernel.",
       {{"tracefs", TRACEFS_MAGIC}},
       {"Documentation/trace/ftrace.rst"},
       "/sys/kernel/tracing"},
      {"mask.bpffs.mounted",
       "A file system of BPF objects is mounted in the container.",
       Severity::high,
       "Who can open a pinned map or program can change what the host's network filters and tracers do.",
       {{"bpf", BPF_FS_MAGIC}},
       {"bpf(2)"},
       "/sys/fs/bpf"},
      {"mask.firmware-store.mounted",
       "Crash records or variables of the host's firmware are mounted in the container.",
       Severity::medium,
       "pstore holds the kernel's last log; a wrong or deleted EFI variable can leave a machine that never boots "
       "again.",
       {{"pstore", PSTOREFS_MAGIC}, {"efivarfs", EFIVARFS_MAGIC}},
       {"Documentation/ABI/testing/pstore", "Documentation/filesystems/efivarfs.rst"},
       "/sys/fs/pstore"},
      {"mask.control-fs.mounted",
       "A file system by which the host's kernel is configured is mounted in the container.",
       Severity::medium,
       "The security modules' policy, kernel objects of drivers, and the division of the processors' caches belong to "
       "the host.",
       {{"securityfs", SECURITYFS_MAGIC},
        {"selinuxfs", SELINUX_MAGIC},
        {"smackfs", SMACK_MAGIC},
        {"configfs", kConfigfsMagic},
        {"resctrl", RDTGROUP_SUPER_MAGIC}},
       {"Documentation/filesystems/configfs.rst", "Documentation/filesystems/resctrl.rst"},
       "/sys/kernel/security",
       {"lsm.modules.none", "lsm.policy.in-sight"}},
  };
}

std::string types_of(const std::vector<Kind>& kinds) {
  std::vector<std::string> types;
  for (const Kind& kind : kinds) types.push_back(kind.type);
  return join(types, ", ");
}

bool kernel_has_any(View& view, const std::vector<Kind>& kinds) {
  const sys::Got<std::string>& known = view.file("/proc/filesystems");
  if (!known.ok()) return true;  // not told: no reason to call it not applicable
  const std::vector<std::string> words = words_of(known.value);
  return std::any_of(kinds.begin(), kinds.end(),
                     [&](const Kind& kind) { return std::find(words.begin(), words.end(), kind.type) != words.end(); });
}

Sight mounted(View& view, const std::vector<Kind>& kinds) {
  constexpr std::size_t kMost = 16;
  std::vector<std::string> found;
  std::vector<std::string> unseen;
  for (const sys::MountInfo& mount : view.mounts()) {
    const auto kind = std::find_if(kinds.begin(), kinds.end(), [&](const Kind& one) { return one.type == mount.type; });
    if (kind == kinds.end() || found.size() + unseen.size() >= kMost) continue;
    // What lies under another mount is out of reach: then the magic number there is another.
    const sys::Got<sys::FileSystem>& seen = view.file_system(mount.target);
    if (!seen.ok()) unseen.push_back(say(mount.type, " on ", quoted(mount.target), ": ", errno_name(seen.error())));
    if (!seen.ok() || seen.value.type != kind->magic) continue;
    const bool read_only = (seen.value.flags & 1) != 0;  // ST_RDONLY
    found.push_back(say(mount.type, " on ", quoted(mount.target), read_only ? ", read-only" : ", writable"));
  }
  if (!found.empty()) return weak(join(found, "; "));
  if (!unseen.empty()) return unknown(join(unseen, "; "));
  const std::string types = types_of(kinds);
  if (!kernel_has_any(view, kinds)) return not_applicable(say("the kernel does not have ", types));
  return hardened(say("no mount of type ", types));
}

// The place in the container may lie below a mask that would hide it: then only what else that mask covers is masked.
std::string bound_by_custom(const std::string& source, const std::string& place) {
  if (!place.starts_with("/sys/kernel/")) return bound(source, place);
  return merged(
      {unmasked({"/sys/kernel"}), masked({"/sys/kernel/notes", "/sys/kernel/vmcoreinfo"}), bound(source, place)});
}

std::vector<Rule> make_rules() {
  std::vector<Rule> rules;
  for (const Row& row : table()) {
    const std::string type = row.kinds.front().type;
    const std::string source = say("/run/nsproof-", type);
    rules.push_back({
        .id = row.id,
        .title = row.title,
        .severity = row.severity,
        .why = row.why,
        .how =
            say("mountinfo has a mount of type ", types_of(row.kinds), ", and statfs(2) there tells its magic number."),
        .references = row.references,
        .fix = {.oci = say(R"({"-mounts":[{"type":")", type, R"("},{"destination":")", row.place, R"("}]})"),
                .docker = say("without --privileged and -v ", row.place, ":", row.place),
                .kubernetes = say("no hostPath volume of /sys or ", row.place),
                .bwrap = "without --bind /sys /sys"},
        .look = [kinds = row.kinds](View& view) { return mounted(view, kinds); },
        .spoil = {.config = bound_by_custom(source, row.place),
                  .prepare = {say("mkdir ", source, "; mount -t ", type, " none ", source)},
                  .also = row.also},
    });
  }
  return rules;
}

const Rules rows(make_rules());

}  // namespace
}  // namespace nsproof::audit
