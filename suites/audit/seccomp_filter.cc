// Whether there is a seccomp filter at all, and what it does with a call that it does not know.
#include <linux/capability.h>
#include <sys/syscall.h>

#include <algorithm>

#include "harness/support/text.h"
#include "suites/audit/seccomp_calls.h"

namespace nsproof::audit {
namespace {

// A few refusals that no program misses, for whoever has no profile at all; the profile of an engine is better.
constexpr const char* kFirstAid =
    R"({"linux":{"seccomp":{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["acct","add_key","bpf","clone3",)"
    R"("clock_settime","delete_module","finit_module","fsconfig","fsmount","fsopen","fspick","init_module",)"
    R"("io_uring_enter","io_uring_register","io_uring_setup","ioperm","iopl","kexec_file_load","kexec_load","keyctl",)"
    R"("mount","mount_setattr","move_mount","open_by_handle_at","open_tree","perf_event_open","pivot_root","reboot",)"
    R"("request_key","setns","settimeofday","swapoff","swapon","syslog","umount2","unshare","userfaultfd"],)"
    R"("action":"SCMP_ACT_ERRNO","errnoRet":38}]}}})";

Sight look_at_mode(View& view) {
  const Status& status = view.status();
  switch (status.seccomp_mode) {
    case 0: break;
    case 1: return hardened("Seccomp: 1, which allows read, write and exit alone");
    case 2: return hardened(say("Seccomp: 2, filters: ", status.seccomp_filters));
    default: return unknown("/proc/PID/status has no line Seccomp: a kernel without CONFIG_SECCOMP, or another's file");
  }
  if (holds_outside(view, CAP_SYS_ADMIN))
    return weak("Seccomp: 0", Severity::critical, "the host's CAP_SYS_ADMIN is in effect");
  return weak("Seccomp: 0");
}

// Numbers that no kernel has given to a call: the second and third are far from those that it may give next.
std::vector<Trial> unassigned() { return {number_without_call(400), number_without_call(), number_without_call(1000)}; }

Sight look_at_default(View& view) {
  const Outcome outcome = try_calls(view, unassigned());
  return weak_if(!outcome.through.empty(), say("numbers without a call: ", outcome.text()));
}

// What every profile refuses, and by its number the default action.
Sight look_for_refusals(View& view) {
  if (view.status().seccomp_mode == 0) return not_applicable("there is no filter");
  std::vector<Trial> trials = unassigned();
  for (Trial& one : std::vector<Trial>{
           trial(SYS_kexec_load, "kexec_load"), trial(SYS_init_module, "init_module"), trial(SYS_reboot, "reboot"),
           trial(SYS_mount, "mount"), trial(SYS_umount2, "umount2"), trial(SYS_setns, "setns"), trial(SYS_bpf, "bpf"),
           trial(SYS_perf_event_open, "perf_event_open"), trial(SYS_keyctl, "keyctl"),
           trial(SYS_io_uring_setup, "io_uring_setup"), trial(SYS_userfaultfd, "userfaultfd"),
           trial(SYS_open_by_handle_at, "open_by_handle_at"), trial(SYS_swapon, "swapon"), trial(SYS_acct, "acct"),
           trial(SYS_settimeofday, "settimeofday"), trial(SYS_quotactl, "quotactl")})
    trials.push_back(std::move(one));
  const Outcome outcome = try_calls(view, trials);
  const std::string seen = say("Seccomp: ", view.status().seccomp_mode, "; ", outcome.text());
  return weak_if(outcome.refused.empty(), seen);
}

std::string line_with(const std::string& text, std::string_view beginning) {
  const std::vector<std::string> lines = lines_of(text);
  const auto found =
      std::find_if(lines.begin(), lines.end(), [&](const std::string& line) { return line.starts_with(beginning); });
  return found == lines.end() ? say(beginning, " is not said") : join(words_of(*found), " ");
}

Sight count(View& view) {
  const Status& status = view.status();
  return not_applicable(status.seccomp_filters < 0
                            ? say("Seccomp: ", status.seccomp_mode, "; this kernel does not count filters")
                            : say("filters: ", status.seccomp_filters));
}

// Since Linux 5.16 a filter does not change it any more unless asked to.
Sight speculation(View& view) {
  view.status();
  const std::string& text = view.process_file("status").value;
  return not_applicable(
      say(line_with(text, "Speculation_Store_Bypass:"), "; ", line_with(text, "SpeculationIndirectBranch:")));
}

Sight actions(View& view) {
  std::vector<std::string> seen;
  for (const std::string name : {"actions_avail", "actions_logged"}) {
    const sys::Got<std::string>& text = view.file("/proc/sys/kernel/seccomp/" + name);
    if (!text.ok()) return unknown(say("/proc/sys/kernel/seccomp/", name, ": ", errno_name(text.error())));
    seen.push_back(say(name, ": ", quoted(trim(text.value), 120)));
  }
  return not_applicable(join(seen, "; "));
}

const Rules rows = {
    {
        .id = "seccomp.filter.off",
        .title = "The container has no seccomp filter.",
        .severity = Severity::high,
        .why = "Every system call of the kernel is in reach: those that only an administrator of the host needs, those "
               "that have been the way out before, and those that the next kernel adds.",
        .how = "The line Seccomp of /proc/PID/status.",
        .references = {"seccomp(2)", "CIS Docker 5.22", "CIS Kubernetes 5.6.2", "PSS restricted: seccomp",
                       "NSA/CISA Kubernetes hardening: seccomp"},
        .fix = {.oci = kFirstAid,
                .docker = "without --security-opt seccomp=unconfined and without --privileged",
                .kubernetes = "securityContext: {seccompProfile: {type: RuntimeDefault}}",
                .bwrap = "--seccomp 10 10<filter.bpf"},
        .look = look_at_mode,
        .spoil = {.config = R"({"linux":{"seccomp":null}})",
                  .also = {"seccomp", "lsm.modules.none", "ns.user.creatable", "ns.user.gains-privileges"}},
    },
    {
        .id = "seccomp.filter.refuses-nothing",
        .title = "There is a seccomp filter, but it refuses nothing.",
        .severity = Severity::high,
        .why = "A filter that only logs, or allows whatever it does not name and names nothing, looks like protection "
               "in /proc and in the configuration, and is none.",
        .how = std::string(kTried),
        .references = {"seccomp(2)", "SCMP_ACT_LOG: seccomp_init(3)", "CIS Docker 5.22",
                       "https://github.com/kubernetes/kubernetes/issues/110460"},
        .fix = {.oci = kFirstAid,
                .docker = "without --security-opt seccomp=PROFILE",
                .kubernetes = "securityContext: {seccompProfile: {type: RuntimeDefault}}",
                .bwrap = "--seccomp 10 10<filter.bpf"},
        .side = Side::inside,
        .look = look_for_refusals,
        .spoil = {.config = R"({"linux":{"seccomp":{"defaultAction":"SCMP_ACT_ALLOW","defaultErrnoRet":null,)"
                            R"("syscalls":[{"names":["nfsservctl"],"action":"SCMP_ACT_ERRNO"}]}}})",
                  .also = {"seccomp", "lsm.modules.none", "ns.user.creatable", "ns.user.gains-privileges"}},
    },
    {
        .id = "seccomp.default.allows",
        .title = "The seccomp filter lets through what it does not know.",
        .severity = Severity::medium,
        .why = "A list of what is forbidden is out of date with the next kernel: the calls that it adds are open.",
        .how = say(kTried, " The numbers tried belong to no call."),
        .references = {"seccomp(2)", "PSS restricted: seccomp", "https://docs.docker.com/engine/security/seccomp/"},
        .fix = {.oci = R"({"linux":{"seccomp":{"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":38}}})",
                .docker = R"(without --security-opt seccomp=PROFILE, or with "defaultAction": "SCMP_ACT_ERRNO" in it)",
                .kubernetes = "securityContext: {seccompProfile: {type: RuntimeDefault}}",
                .bwrap = "--seccomp 10 10<filter.bpf, whose last instruction refuses"},
        .side = Side::inside,
        .look = look_at_default,
        .spoil = {.config = R"({"linux":{"seccomp":{"defaultAction":"SCMP_ACT_ALLOW","defaultErrnoRet":null}}})",
                  .also = {"seccomp.af-*", "seccomp.legacy.reachable", "seccomp.mount-api.reachable",
                           "seccomp.personality.unprotected", "lsm.modules.none"}},
    },
    {
        .id = "seccomp.filter.count",
        .title = "How many seccomp filters are stacked.",
        .severity = Severity::info,
        .why = "Each is run for every call; more than the runtime's own tell of a supervisor.",
        .how = "The line Seccomp_filters of /proc/PID/status (Linux 5.9).",
        .references = {"proc_pid_status(5)"},
        .look = count,
    },
    {
        .id = "seccomp.filter.speculation",
        .title = "Which mitigations of speculative execution are switched on for the process.",
        .severity = Severity::info,
        .why = "Until Linux 5.16 a filter switched them on; since then a process or its runtime has to ask for them.",
        .how = "The lines Speculation_Store_Bypass and SpeculationIndirectBranch of /proc/PID/status.",
        .references = {"proc_pid_status(5)", "prctl(2), PR_SET_SPECULATION_CTRL"},
        .look = speculation,
    },
    {
        .id = "seccomp.kernel.actions",
        .title = "Which actions this kernel knows for filters, and which of them it logs.",
        .severity = Severity::info,
        .why = "A refusal that is logged is a sign of attack that somebody may see.",
        .how = "The files actions_avail and actions_logged of /proc/sys/kernel/seccomp.",
        .references = {"seccomp(2)", "Documentation/userspace-api/seccomp_filter.rst"},
        .look = actions,
    },
};

}  // namespace
}  // namespace nsproof::audit
