// System calls that change the machine as a whole: its kernel, clock, devices, swap and accounts. No container needs
// one of them.
#include <linux/capability.h>
#include <sys/syscall.h>

#include "suites/audit/seccomp_group.h"

namespace nsproof::audit {
namespace {

// Linux 5.14.
constexpr long kQuotactlFd = 443;

std::vector<Trial> port_calls() {
#if defined(__x86_64__)
  return {trial(SYS_iopl, "iopl", {3}), trial(SYS_ioperm, "ioperm", {0x70, 2, 1})};
#else
  return {};
#endif
}

const Rules rows({
    rule_of({.id = "seccomp.kexec.reachable",
             .title = "The seccomp filter lets through the calls that start another kernel.",
             .severity = Severity::high,
             .why = "Whoever may load a kernel to boot into owns the machine; only a capability is left in the way.",
             .references = {"kexec_load(2)", "PSS restricted: seccomp", "CIS Docker 5.22"},
             .trials = {trial(SYS_kexec_load, "kexec_load"), trial(SYS_kexec_file_load, "kexec_file_load")},
             .names = {"kexec_load", "kexec_file_load"},
             .confined = Confined::by_user_namespace,
             .weigh = needs_one_of({CAP_SYS_BOOT})}),
    rule_of({.id = "seccomp.modules.reachable",
             .title = "The seccomp filter lets through the calls that load and unload kernel modules.",
             .severity = Severity::high,
             .why = "A module is code of the kernel; only a capability is left in the way.",
             .references = {"init_module(2)", "PSS restricted: seccomp", "CIS Docker 5.22"},
             .trials = {trial(SYS_init_module, "init_module"), trial(SYS_finit_module, "finit_module"),
                        trial(SYS_delete_module, "delete_module")},
             .names = {"init_module", "finit_module", "delete_module"},
             .confined = Confined::by_user_namespace,
             .weigh = needs_one_of({CAP_SYS_MODULE})}),
    rule_of({.id = "seccomp.reboot.reachable",
             .title = "The seccomp filter lets reboot through.",
             .severity = Severity::high,
             .why = "With CAP_SYS_BOOT it stops the machine, or with a PID namespace of its own the container's init.",
             .references = {"reboot(2)", "pid_namespaces(7)", "CIS Docker 5.22"},
             .trials = {trial(SYS_reboot, "reboot", {0xfee1dead, 672274793, 0x89abcdef})},
             .names = {"reboot"},
             .confined = Confined::by_user_namespace,
             .weigh = needs_one_of({CAP_SYS_BOOT})}),
    rule_of({.id = "seccomp.clock.settable",
             .title = "The seccomp filter lets through the calls that set the machine's clock.",
             .severity = Severity::medium,
             .why = "The clock is everybody's: certificates, logs and leases of all tenants depend on it.",
             .references = {"settimeofday(2)", "clock_settime(2)", "CIS Docker 5.22"},
             .trials = {trial(SYS_settimeofday, "settimeofday"), trial(SYS_clock_settime, "clock_settime")},
             .names = {"settimeofday", "clock_settime", "clock_settime64", "stime"},
             .confined = Confined::by_user_namespace,
             .weigh = needs_one_of({CAP_SYS_TIME})}),
    rule_of({.id = "seccomp.port-io.reachable",
             .title = "The seccomp filter lets through the calls that give access to I/O ports.",
             .severity = Severity::medium,
             .why = "Ports reach devices past the kernel and all of its permissions.",
             .references = {"iopl(2)", "ioperm(2)", "CIS Docker 5.22"},
             .trials = port_calls(),
             .names = {"iopl", "ioperm"},
             .confined = Confined::by_user_namespace,
             .weigh = needs_one_of({CAP_SYS_RAWIO})}),
    rule_of({.id = "seccomp.swap.reachable",
             .title = "The seccomp filter lets swapon and swapoff through.",
             .severity = Severity::medium,
             .why = "Swap is the machine's: other tenants' memory is written to a file of the caller's choice.",
             .references = {"swapon(2)", "CIS Docker 5.22"},
             .trials = {trial(SYS_swapon, "swapon"), trial(SYS_swapoff, "swapoff")},
             .names = {"swapon", "swapoff"},
             .confined = Confined::by_user_namespace,
             .weigh = needs_one_of({CAP_SYS_ADMIN})}),
    rule_of(
        {.id = "seccomp.accounting.reachable",
         .title = "The seccomp filter lets through acct and quotactl.",
         .severity = Severity::medium,
         .why = "They switch the accounting of all processes of a PID namespace, and the quotas of file systems that "
                "others use, too.",
         .references = {"acct(2)", "quotactl(2)", "CIS Docker 5.22"},
         .trials = {trial(SYS_acct, "acct"), trial(SYS_quotactl, "quotactl"), trial(kQuotactlFd, "quotactl_fd")},
         .names = {"acct", "quotactl", "quotactl_fd"},
         .confined = Confined::by_user_namespace,
         .weigh = needs_one_of({CAP_SYS_PACCT, CAP_SYS_ADMIN})}),
    rule_of({.id = "seccomp.vhangup.reachable",
             .title = "The seccomp filter lets vhangup through.",
             .severity = Severity::low,
             .why = "It takes the terminal away from everybody else who uses it.",
             .references = {"vhangup(2)", "CIS Docker 5.22"},
             .trials = {trial(SYS_vhangup, "vhangup")},
             .names = {"vhangup"},
             .confined = Confined::by_user_namespace,
             .weigh = needs_one_of({CAP_SYS_TTY_CONFIG})}),
    rule_of({.id = "seccomp.kernel-log.reachable",
             .title = "The seccomp filter lets syslog through, which reads and clears the kernel's log.",
             .severity = Severity::low,
             .why = "The log tells addresses, devices and the doings of other tenants; only a capability and a sysctl "
                    "are left in the way.",
             .references = {"syslog(2)", "kernel.dmesg_restrict", "CIS Docker 5.22"},
             .trials = {trial(SYS_syslog, "syslog", {3})},
             .names = {"syslog"}}),
});

}  // namespace
}  // namespace nsproof::audit
