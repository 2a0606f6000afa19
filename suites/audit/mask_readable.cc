// Files in which the kernel tells of the whole machine, whoever asks: whether a mask keeps them from the container.
#include "harness/audit/rule.h"
#include "harness/audit/view.h"
#include "harness/support/text.h"
#include "suites/audit/mask_exposure.h"
#include "suites/audit/mask_fixtures.h"

namespace nsproof::audit {
namespace {

struct Mask {
  const char* id;
  const char* title;
  Severity severity;
  const char* why;
  std::vector<std::string> paths;
  std::vector<std::string> references;
  Spoil spoil = {};
  bool directories = false;
};

std::vector<Mask> masks() {
  const std::string list = "config-linux.md: maskedPaths";
  const std::string pss = "PSS baseline: procMount";
  return {
      {"mask.kcore.readable",
       "The container can read the memory of the host's kernel.",
       Severity::high,
       "/proc/kcore is all of the machine's memory as a core file: every secret of every process.",
       {"/proc/kcore"},
       {"proc_kcore(5)", list, pss},
       {.impossible = "needs a kernel with CONFIG_PROC_KCORE"}},
      {"mask.keys.readable",
       "The container can list keys of the kernel's key rings.",
       Severity::medium,
       "Key rings are not namespaced but by the user namespace: the list names keys of other containers and of the "
       "host.",
       {"/proc/keys"},
       {"proc_keys(5)", "keyrings(7)", list, pss},
       {.config = unmasked({"/proc/keys"})}},
      {"mask.key-users.readable",
       "The container can see which users hold keys, and how many.",
       Severity::low,
       "It tells who is at work on the machine, and how near each is to its quota.",
       {"/proc/key-users"},
       {"proc_key-users(5)", "keyrings(7)"},
       {.config = unmasked({"/proc/key-users"})}},
      {"mask.task-timing.readable",
       "The container can read the names and the timing of the host's tasks.",
       Severity::low,
       "Timers and scheduler statistics name processes outside the PID namespace and have shown kernel addresses.",
       {"/proc/timer_list", "/proc/timer_stats", "/proc/latency_stats", "/proc/sched_debug"},
       {"CVE-2017-5967", list, pss},
       {.config = merged({unmasked({"/proc/timer_list"}), with_hosts_root()}), .also = {kHostRootMapped}}},
      {"mask.hardware.readable",
       "The container can see the host's ACPI, sound and SCSI drivers.",
       Severity::low,
       "These directories tell of the host's hardware, and writing to some of their files has removed devices.",
       {"/proc/acpi", "/proc/asound", "/proc/scsi"},
       {"CVE-2017-16539", "CVE-2018-10892", list, pss},
       {.impossible = "needs hardware with ACPI drivers, a sound card or SCSI"},
       true},
      {"mask.firmware.readable",
       "The container can read the tables and variables of the host's firmware.",
       Severity::low,
       "Firmware tables identify the machine and tell where its memory is.",
       {"/sys/firmware"},
       {list, pss},
       {.config = unmasked({"/sys/firmware"})}},
      {"mask.power.readable",
       "The container can measure the power and heat of the host's processors.",
       Severity::medium,
       "Power meters are a side channel: keys of other processes have been read from them (PLATYPUS).",
       {"/sys/devices/virtual/powercap", "/sys/devices/system/cpu/cpu0/thermal_throttle"},
       {"CVE-2020-8694", "GHSA-jq35-85cj-fj4p", "GHSA-6fw5-f8r9-fgfm"},
       {.impossible = "needs a processor whose power meter the kernel shows"}},
      {"mask.interrupts.readable",
       "The container can count the host's interrupts.",
       Severity::low,
       "How often devices interrupt is a side channel on what others on the machine type and browse.",
       {"/proc/interrupts"},
       {"GHSA-6fw5-f8r9-fgfm", "proc_interrupts(5)"},
       {.config = unmasked({"/proc/interrupts"})}},
      {"mask.kernel-memory.readable",
       "The container can see how the host's kernel uses its memory.",
       Severity::low,
       "Slabs, page flags and kernel mappings help to aim a memory corruption, and page counts tell of others' memory.",
       {"/proc/slabinfo", "/proc/vmallocinfo", "/proc/pagetypeinfo", "/proc/kpagecount", "/proc/kpageflags",
        "/proc/kpagecgroup"},
       {"proc_slabinfo(5)", "proc_kpagecount(5)"},
       {.config = merged({unmasked({"/proc/slabinfo"}), with_hosts_root()}), .also = {kHostRootMapped}}},
      {"mask.kernel-build.readable",
       "The container can read how the host's kernel was built and which modules it has.",
       Severity::low,
       "It tells an attacker which weaknesses are worth a try.",
       {"/proc/config.gz", "/proc/modules"},
       {"proc_config.gz(5)", "proc_modules(5)"},
       {.config = unmasked({"/proc/config.gz"})}},
      {"mask.kernel-notes.readable",
       "The container can read where the host's kernel lies in memory.",
       Severity::medium,
       "vmcoreinfo tells a physical address of the kernel, and its notes have told virtual ones: the secret of KASLR.",
       {"/sys/kernel/notes", "/sys/kernel/vmcoreinfo"},
       {"CVE-2024-26816", "Documentation/ABI/testing/sysfs-kernel-vmcoreinfo"},
       {.config = unmasked({"/sys/kernel"})}},
      {"mask.block-devices.readable",
       "The container can list the host's disks.",
       Severity::low,
       "Names, sizes and serial numbers of the host's disks; with CAP_MKNOD also what to make a node of.",
       {"/sys/dev/block", "/sys/block", "/sys/class/block"},
       {"podman-run(1): --security-opt mask", "Documentation/ABI/stable/sysfs-block"},
       {.config = unmasked({"/sys/block"})}},
  };
}

Fix fix_of(const Mask& mask) {
  const std::vector<std::string>& paths = mask.paths;
  Fix fix = {.oci = masked(paths),
             .docker = "without --privileged and --security-opt systempaths=unconfined",
             .podman = say("--security-opt mask=", join(paths, ":")),
             .kubernetes = "securityContext: {procMount: Default, privileged: false}"};
  // bwrap(1) makes no sysfs unless one is bound; in /proc there is no place for a mount over what does not exist.
  fix.bwrap = paths.front().starts_with("/sys") ? "without --ro-bind /sys /sys"
              : mask.directories                ? say("--tmpfs ", paths.front())
                                                : say("--ro-bind /dev/null ", paths.front());
  return fix;
}

std::vector<Rule> make_rules() {
  std::vector<Rule> rules;
  for (const Mask& mask : masks())
    rules.push_back({
        .id = mask.id,
        .title = mask.title,
        .severity = mask.severity,
        .why = mask.why,
        .how = say("Whether any of ", join(mask.paths, ", "),
                   " can be opened, or listed, and is the kernel's own: nothing else is mounted there."),
        .references = mask.references,
        .fix = fix_of(mask),
        .look = [paths = mask.paths](View& view) { return readable(view, paths); },
        .spoil = mask.spoil,
    });
  return rules;
}

const Rules rows(make_rules());

}  // namespace
}  // namespace nsproof::audit
