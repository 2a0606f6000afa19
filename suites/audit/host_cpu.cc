// Side channels of the CPU: what the kernel says of each, SMT, mitigations that were switched off, and what the process
// itself may speculate.
#include "suites/audit/host_cpu.h"

#include <linux/magic.h>
#include <linux/prctl.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>

#include "harness/audit/rule.h"
#include "harness/audit/view.h"
#include "harness/support/text.h"
#include "suites/audit/orch_secrets.h"

namespace nsproof::audit {
namespace {

constexpr const char* kDirectory = "/sys/devices/system/cpu/vulnerabilities";
constexpr const char* kDocs = "Linux: Documentation/admin-guide/hw-vuln";
constexpr const char* kImpossible =
    "it is the machine's CPU and how its kernel was started; the unit tests judge texts of such machines";

struct Vulnerability {
  const char* file;
  const char* name;
  const char* reference;
};

constexpr Vulnerability kVulnerabilities[] = {
    {"gather_data_sampling", "gather data sampling (Downfall)", "CVE-2022-40982"},
    {"ghostwrite", "GhostWrite", "CVE-2024-44067"},
    {"indirect_target_selection", "indirect target selection", "CVE-2024-28956"},
    {"itlb_multihit", "iTLB multihit", "CVE-2018-12207"},
    {"l1tf", "L1 terminal fault", "CVE-2018-3646"},
    {"mds", "microarchitectural data sampling", "CVE-2018-12130"},
    {"meltdown", "Meltdown", "CVE-2017-5754"},
    {"mmio_stale_data", "stale data of memory-mapped I/O", "CVE-2022-21125"},
    {"old_microcode", "what its microcode, which is out of date, does not close",
     "Linux: Documentation/admin-guide/hw-vuln/old_microcode.rst"},
    {"reg_file_data_sampling", "register file data sampling", "CVE-2023-28746"},
    {"retbleed", "Retbleed", "CVE-2022-29900"},
    {"spec_rstack_overflow", "speculative return stack overflow (Inception)", "CVE-2023-20569"},
    {"spec_store_bypass", "speculative store bypass", "CVE-2018-3639"},
    {"spectre_v1", "Spectre variant 1", "CVE-2017-5753"},
    {"spectre_v2", "Spectre variant 2", "CVE-2017-5715"},
    {"srbds", "special register buffer data sampling", "CVE-2020-0543"},
    {"tsa", "transient scheduler attacks", "CVE-2024-36350"},
    {"tsx_async_abort", "TSX asynchronous abort", "CVE-2019-11135"},
    {"vmscape", "VMScape", "CVE-2025-40300"},
};

bool is_sysfs(View& view, const std::string& path) {
  const sys::Got<sys::FileSystem>& kind = view.file_system(path);
  return kind.ok() && kind.value.type == SYSFS_MAGIC;
}

Sight look_at_vulnerability(View& view, const std::string& file) {
  if (!view.exists(kDirectory) || !is_sysfs(view, kDirectory)) return unknown(say(kDirectory, " is out of sight"));
  const std::string path = say(kDirectory, "/", file);
  const sys::Got<std::string>& text = view.file(path);
  if (text.error() == ENOENT) return not_applicable("this kernel does not know it");
  if (!text.ok()) return unknown(say(path, ": ", errno_name(text.error())));
  if (!is_sysfs(view, path)) return unknown(say("something is mounted on ", path));
  return judge_vulnerability(text.value);
}

// Files that this table does not have, for they are younger.
Sight look_at_others(View& view) {
  if (!view.exists(kDirectory) || !is_sysfs(view, kDirectory)) return unknown(say(kDirectory, " is out of sight"));
  const sys::Got<std::vector<std::string>>& names = view.names(kDirectory, 128);
  if (!names.ok()) return unknown(say(kDirectory, ": ", errno_name(names.error())));
  std::string vulnerable;
  for (const std::string& name : names.value) {
    if (std::any_of(std::begin(kVulnerabilities), std::end(kVulnerabilities),
                    [&](const Vulnerability& one) { return name == one.file; }))
      continue;
    const sys::Got<std::string>& text = view.file(say(kDirectory, "/", name));
    if (!text.ok()) return unknown(say(kDirectory, "/", quoted(name), ": ", errno_name(text.error())));
    if (judge_vulnerability(text.value).answer == Answer::weak)
      vulnerable += say(vulnerable.empty() ? "" : ", ", quoted(name), ": ", quoted(trim(text.value)));
  }
  return vulnerable.empty() ? hardened("no other file says Vulnerable") : weak(vulnerable);
}

std::string hyphenated(std::string text) {
  std::replace(text.begin(), text.end(), '_', '-');
  return text;
}

Fix with_mitigations() {
  return {.host =
              "boot without mitigations=off, with the newest kernel and microcode (apt-get install intel-microcode "
              "amd64-microcode)"};
}

std::vector<Rule> make_rules() {
  std::vector<Rule> made;
  for (const Vulnerability& one : kVulnerabilities)
    made.push_back({.id = say("host.cpu-", hyphenated(one.file), ".vulnerable"),
                    .title = say("The kernel says that the machine is open to ", one.name, "."),
                    .severity = Severity::medium,
                    .why = "Another tenant of the same machine can read what the container, or the kernel, works with; "
                           "no namespace is in the way.",
                    .how = say(kDirectory, "/", one.file, "."),
                    .references = {kDocs, one.reference},
                    .fix = with_mitigations(),
                    .look = [&one](View& view) { return look_at_vulnerability(view, one.file); },
                    .spoil = {.impossible = kImpossible}});
  return made;
}

const Rules vulnerabilities(make_rules());

std::optional<std::uint64_t> core_cookie(View& view) {
  // Of the audited process: it may share none with who looks.
  const std::vector<int>& pids = view.status().pids;
  if (pids.empty()) return std::nullopt;
  const auto ask = [&](Actor& actor) {
    return actor.call(SYS_prctl, "prctl",
                      {named(PR_SCHED_CORE, "PR_SCHED_CORE"), named(PR_SCHED_CORE_GET, "PR_SCHED_CORE_GET"),
                       num(pids.front()), num(0), out(sizeof(std::uint64_t))});
  };
  const Reply& reply = view.from_host() ? view.host_call("core cookie", ask) : view.call("core cookie", ask);
  if (!reply.ok()) return std::nullopt;
  return out_as<std::uint64_t>(reply);
}

Sight look_at_smt(View& view) {
  const std::string path = "/sys/devices/system/cpu/smt/active";
  const sys::Got<std::string>& active = view.file(path);
  if (active.error() == ENOENT && is_sysfs(view, "/sys/devices/system/cpu"))
    return not_applicable("this kernel knows of no SMT");
  if (!active.ok()) return unknown(say(path, ": ", errno_name(active.error())));
  if (!is_sysfs(view, path)) return unknown(say("something is mounted on ", path));
  return judge_smt(active.value, trim(active.value) == "1" ? core_cookie(view) : std::nullopt);
}

Sight look_at_status(View& view, std::string_view field) {
  view.status();
  return judge_speculation(view.process_file("status").value, field);
}

const Rules rows = {
    {
        .id = "host.cpu-other.vulnerable",
        .title = "The kernel says that the machine is open to a side channel younger than this audit.",
        .severity = Severity::medium,
        .why = "Another tenant of the same machine can read what the container, or the kernel, works with.",
        .how = say(kDirectory, "/*, but for the files that have rules of their own."),
        .references = {kDocs},
        .fix = with_mitigations(),
        .look = look_at_others,
        .spoil = {.impossible = kImpossible},
    },
    {
        .id = "host.smt.shared",
        .title = "Tenants may share a core: simultaneous multithreading is on, without core scheduling.",
        .severity = Severity::medium,
        .why = "Sibling threads share caches and buffers, which is how most side channels cross tenants.",
        .how = "/sys/devices/system/cpu/smt/active, and PR_SCHED_CORE_GET of prctl(2).",
        .references = {"Linux: Documentation/admin-guide/hw-vuln/core-scheduling.rst", "prctl(2)", "CVE-2018-5407"},
        .fix = {.host =
                    "boot with nosmt, or give every container a core scheduling cookie: coresched new -t pid -- ..."},
        .look = look_at_smt,
        .spoil = {.impossible = kImpossible},
    },
    {
        .id = "host.boot-mitigations.off",
        .title = "Mitigations of side channels were switched off when the kernel was started.",
        .severity = Severity::medium,
        .why = "Another tenant of the same machine can read what the container, or the kernel, works with.",
        .how = "Words of /proc/cmdline: mitigations=off, nopti, nospectre_v2 and the like.",
        .references = {"Linux: Documentation/admin-guide/kernel-parameters.txt", kDocs},
        .fix = {.host = "take mitigations=off and its like from GRUB_CMDLINE_LINUX in /etc/default/grub; update-grub"},
        .look =
            [](View& view) {
              // The whole line may hold secrets: only the words that are looked for are shown.
              const sys::Got<std::string>& line =
                  view.ask("cmdline", [](Actor& actor) { return read_unseen(actor, "/proc/cmdline", 64 * 1024); });
              if (!line.ok()) return unknown(say("/proc/cmdline: ", errno_name(line.error())));
              return judge_boot_arguments(line.value);
            },
        .spoil = {.impossible = kImpossible},
    },
    {
        .id = "host.vsyscall.mapped",
        .title = "The page of legacy system calls is mapped at a fixed address in every process.",
        .severity = Severity::low,
        .why = "Addresses that are the same everywhere help an exploit; the page is needed only by programs that were "
               "linked before 2013.",
        .how = "The line [vsyscall] of /proc/PID/maps.",
        .references = {"vdso(7)", "Linux: Documentation/admin-guide/kernel-parameters.txt, vsyscall="},
        .fix = {.host = "boot with vsyscall=none"},
        .look =
            [](View& view) {
              const sys::Got<std::string>& maps = view.process_file("maps");
              if (!maps.ok()) return unknown(say("/proc/PID/maps: ", errno_name(maps.error())));
              return judge_vsyscall(maps.value);
            },
        .spoil = {.impossible = kImpossible},
    },
    {
        .id = "host.speculation-store.allowed",
        .title = "The process may bypass stores speculatively (Spectre variant 4).",
        .severity = Severity::low,
        .why = "Code that runs untrusted code in the same process, such as a browser or a BPF verifier, can be read by "
               "it.",
        .how = "Speculation_Store_Bypass of /proc/PID/status.",
        .references = {"Linux: Documentation/userspace-api/spec_ctrl.rst", "CVE-2018-3639"},
        .fix = {.host = "boot with spec_store_bypass_disable=on, or =seccomp and a filter without "
                        "SECCOMP_FILTER_FLAG_SPEC_ALLOW"},
        .look = [](View& view) { return look_at_status(view, "Speculation_Store_Bypass"); },
        .spoil = {.impossible = kImpossible},
    },
    {
        .id = "host.speculation-branch.allowed",
        .title = "Indirect branches of the process are predicted by what others did (Spectre variant 2).",
        .severity = Severity::low,
        .why = "A neighbour on the same core trains the predictor and reads what the process then touches.",
        .how = "SpeculationIndirectBranch of /proc/PID/status.",
        .references = {"Linux: Documentation/userspace-api/spec_ctrl.rst", "CVE-2017-5715"},
        .fix = {.host = "boot with spectre_v2_user=on, or =seccomp and a filter without "
                        "SECCOMP_FILTER_FLAG_SPEC_ALLOW"},
        .look = [](View& view) { return look_at_status(view, "SpeculationIndirectBranch"); },
        .spoil = {.impossible = kImpossible},
    },
};

}  // namespace
}  // namespace nsproof::audit
