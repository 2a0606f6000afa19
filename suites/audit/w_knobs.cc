// Switches of the whole machine: its memory, its protections, its devices, its going on at all.
#include "harness/audit/rule.h"
#include "harness/audit/view.h"
#include "harness/support/text.h"
#include "suites/audit/mask_fixtures.h"
#include "suites/audit/w_files.h"
#include "suites/audit/w_paths.h"

namespace nsproof::audit {
namespace {

constexpr int kCapSysPtrace = 19;
constexpr int kCapSysAdmin = 21;
constexpr int kCapSysRawio = 17;

struct Row {
  const char* id;
  const char* title;
  Severity severity;
  const char* why;
  std::vector<KernelSwitch> switches;
  std::vector<Pattern> patterns;
  std::vector<std::string> references;
  std::string place;  // what to mount read-only
  Spoil spoil;
};

std::vector<Row> table() {
  return {
      {"write.crash.open",
       "The container may reboot, stop or crash the host.",
       Severity::high,
       "One write ends every container of the machine, or lets any small fault of the kernel do so.",
       {{"/proc/sysrq-trigger"},
        {"/proc/sys/kernel/sysrq"},
        {"/proc/sys/kernel/panic"},
        {"/proc/sys/kernel/panic_on_oops"},
        {"/proc/sys/kernel/panic_on_warn"},
        {"/proc/sys/kernel/hung_task_panic"},
        {"/proc/sys/kernel/softlockup_panic"},
        {"/proc/sys/vm/panic_on_oom"},
        {"/sys/power/state"},
        {"/sys/kernel/reboot/mode"}},
       {},
       {"Documentation/admin-guide/sysrq.rst", "PSS baseline: sysctls", "config-linux.md: readonlyPaths"},
       "/proc/sysrq-trigger",
       writable_again({"/proc/sys/kernel/panic_on_oops"})},
      {"write.memory-knobs.open",
       "The container may change how the host manages its memory.",
       Severity::high,
       "Dropped caches, other rules of overcommitment or no reserve hit every process of the machine.",
       {{"/proc/sys/vm/drop_caches"},
        {"/proc/sys/vm/overcommit_memory"},
        {"/proc/sys/vm/min_free_kbytes"},
        {"/proc/sys/vm/swappiness"},
        {"/proc/sys/vm/compact_memory"},
        {"/proc/sys/vm/nr_hugepages"},
        {"/proc/sys/vm/oom_kill_allocating_task"},
        {"/proc/sys/vm/max_map_count"}},
       {},
       {"Documentation/admin-guide/sysctl/vm.rst", "PSS baseline: sysctls"},
       "/proc/sys",
       writable_again({"/proc/sys/vm/drop_caches"})},
      {"write.protection-knobs.open",
       "The container may switch off protections of the host's kernel.",
       Severity::high,
       "Address randomisation, restrictions of perf and BPF, and the rules for links and core files are the host's, "
       "and "
       "each one that falls makes the next attack easier.",
       {{"/proc/sys/kernel/randomize_va_space"},
        {"/proc/sys/kernel/perf_event_paranoid"},
        {"/proc/sys/kernel/io_uring_disabled", kCapSysAdmin},
        {"/proc/sys/kernel/kptr_restrict", kCapSysAdmin},
        {"/proc/sys/kernel/dmesg_restrict", kCapSysAdmin},
        {"/proc/sys/kernel/unprivileged_bpf_disabled", kCapSysAdmin},
        {"/proc/sys/kernel/yama/ptrace_scope", kCapSysPtrace},
        {"/proc/sys/fs/suid_dumpable"},
        {"/proc/sys/fs/protected_fifos"},
        {"/proc/sys/fs/protected_hardlinks"},
        {"/proc/sys/fs/protected_regular"},
        {"/proc/sys/fs/protected_symlinks"},
        {"/proc/sys/vm/mmap_min_addr", kCapSysRawio}},
       {},
       {"Documentation/admin-guide/sysctl/kernel.rst", "Documentation/admin-guide/sysctl/fs.rst",
        "PSS baseline: sysctls"},
       "/proc/sys",
       writable_again({"/proc/sys/kernel/randomize_va_space"})},
      {"write.sysfs.open",
       "The container may change the host's devices, processors and drivers in sysfs.",
       Severity::high,
       "Processors can be taken away, disks detached, parameters of loaded modules changed: sysfs is the host's.",
       {{"/sys/kernel/mm/transparent_hugepage/enabled"},
        {"/sys/kernel/mm/ksm/run"},
        {"/sys/kernel/profiling"},
        {"/sys/power/pm_freeze_timeout"}},
       {{"/sys/devices/system/cpu", "cpu*", {"online"}},
        {"/sys/block", "*", {"queue/scheduler", "device/delete"}},
        {"/sys/module", "*", {"uevent"}}},
       {"sysfs(5)", "Documentation/ABI/testing/sysfs-devices-system-cpu"},
       "/sys",
       writable_again({"/sys/power/pm_freeze_timeout"})},
      {"write.pci.open",
       "The container may remove or reprogram the host's PCI devices in sysfs.",
       Severity::critical,
       "Registers of a device that masters the bus reach all of the machine's memory.",
       {{"/sys/bus/pci/rescan"}, {"/sys/bus/pci/drivers_probe"}},
       {{"/sys/bus/pci/devices", "*", {"config", "remove", "resource0", "resource1", "rom", "enable"}}},
       {"Documentation/PCI/sysfs-pci.rst"},
       "/sys",
       writable_again({"/sys/bus/pci/rescan"})},
      {"write.irq.open",
       "The container may choose which processors serve the host's interrupts.",
       Severity::medium,
       "Devices of the whole machine can be slowed down, or their interrupts drawn to where they can be timed.",
       {{"/proc/irq/default_smp_affinity"}},
       {{"/proc/irq", "*", {"smp_affinity", "smp_affinity_list"}}},
       {"Documentation/core-api/irq/irq-affinity.rst", "config-linux.md: readonlyPaths"},
       "/proc/irq",
       writable_again({"/proc/irq/default_smp_affinity"})},
      {"write.bus.open",
       "The container may write to devices on the host's buses.",
       Severity::high,
       "A PCI device can be told to read and write any memory of the host; a USB device can be taken from its driver.",
       {},
       {{"/proc/bus/pci/*", "*", {""}}, {"/dev/bus/usb/*", "*", {""}}},
       {"Documentation/PCI/sysfs-pci.rst", "config-linux.md: readonlyPaths"},
       "/proc/bus",
       {.config = merged({not_read_only({"/proc/bus"}), with_hosts_root()}),
        .also = {"ro.proc-bus.writable", kHostRootMapped}}},
  };
}

std::string described(const Row& row) {
  std::vector<std::string> paths;
  for (const KernelSwitch& one : row.switches) paths.push_back(one.path);
  for (const Pattern& pattern : row.patterns)
    for (const std::string& file : pattern.files)
      paths.push_back(say(pattern.directory, "/", pattern.names, file.empty() ? "" : "/", file));
  return join(paths, ", ");
}

Fix fix_of(const Row& row) {
  return {.oci = read_only(places_of(row.place, row.switches)),
          .docker = "without --privileged and --security-opt systempaths=unconfined; --userns-remap of dockerd",
          .podman = "without --privileged and --security-opt unmask=ALL; --userns=auto",
          .kubernetes = "hostUsers: false; securityContext: {procMount: Default, privileged: false}",
          .bwrap = say("--unshare-user --ro-bind-try ", row.place, " ", row.place)};
}

std::vector<Rule> make_rules() {
  std::vector<Rule> rules;
  for (const Row& row : table())
    rules.push_back({
        .id = row.id,
        .title = row.title,
        .severity = row.severity,
        .why = row.why,
        .how = say("faccessat(2) grants writing to one of ", described(row),
                   ", and the process has the capability that some of them ask for."),
        .references = row.references,
        .fix = fix_of(row),
        .look =
            [row](View& view) {
              std::vector<KernelSwitch> all = row.switches;
              for (const Pattern& pattern : row.patterns)
                for (std::string& path : files_like(view, pattern)) all.push_back({std::move(path)});
              if (all.empty()) return nothing_like(view, row.patterns);
              return any_writable(view, all);
            },
        .spoil = row.spoil,
    });
  return rules;
}

const Rules rows(make_rules());

}  // namespace
}  // namespace nsproof::audit
