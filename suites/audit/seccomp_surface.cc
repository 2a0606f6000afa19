// System calls that have been the way into the kernel more than once, and that few programs in containers need.
#include <fcntl.h>
#include <linux/capability.h>
#include <sys/syscall.h>

#include <cerrno>

#include "harness/audit/auditor.h"
#include "harness/support/text.h"
#include "suites/audit/seccomp_group.h"

namespace nsproof::audit {
namespace {

// Linux 6.15.
constexpr long kOpenTreeAttr = 467;

Sight weigh_bpf(View& view, Sight sight) {
  const std::string path = "/proc/sys/kernel/unprivileged_bpf_disabled";
  const long disabled = number_in(view, path).value_or(0);
  if (disabled == 0 || holds_outside(view, CAP_BPF) || holds_outside(view, CAP_SYS_ADMIN)) return sight;
  const Severity less = lowered(sight.severity.value_or(Severity::high));
  return weighing(std::move(sight), less,
                  say("one step less, for kernel.unprivileged_bpf_disabled is ", disabled,
                      ", and the host's CAP_BPF and CAP_SYS_ADMIN are not in effect"));
}

// Level 3 refuses everything to the unprivileged: a patch of Debian, Android and others.
Sight weigh_perf(View& view, Sight sight) {
  const long level = number_in(view, "/proc/sys/kernel/perf_event_paranoid").value_or(2);
  if (level < 3 || holds_outside(view, CAP_PERFMON) || holds_outside(view, CAP_SYS_ADMIN)) return sight;
  const Severity less = lowered(sight.severity.value_or(Severity::high));
  return weighing(std::move(sight), less,
                  say("one step less, for kernel.perf_event_paranoid is ", level,
                      ", and the host's CAP_PERFMON and CAP_SYS_ADMIN are not in effect"));
}

// Documentation/admin-guide/sysctl/kernel.rst, io_uring_disabled.
Sight weigh_io_uring(View& view, Sight sight) {
  const long disabled = number_in(view, "/proc/sys/kernel/io_uring_disabled").value_or(0);
  if (disabled == 2) return hardened(say(sight.observed, "; but kernel.io_uring_disabled is 2: nobody may use it"));
  if (disabled == 1 && !holds_outside(view, CAP_SYS_ADMIN)) {
    const long group = number_in(view, "/proc/sys/kernel/io_uring_group").value_or(-1);
    const std::string switches = say("kernel.io_uring_disabled is 1 and io_uring_group is ", group);
    if (group == -1) return hardened(say(sight.observed, "; but ", switches, ": only the host's root may use it"));
    return weighing(std::move(sight), Severity::low, say(switches, ": only that group and the host's root may use it"));
  }
  return sight;
}

// userfaultfd(2): without the sysctl or CAP_SYS_PTRACE only faults of user mode can be handled, which helps no race in
// the kernel.
Sight weigh_userfaultfd(View& view, Sight sight) {
  const long allowed = number_in(view, "/proc/sys/vm/unprivileged_userfaultfd").value_or(1);
  if (allowed != 0 || holds(view, CAP_SYS_PTRACE)) return sight;
  return weighing(std::move(sight), Severity::low,
                  "one step less, for vm.unprivileged_userfaultfd is 0 and CAP_SYS_PTRACE is not in effect: it handles "
                  "no faults of the kernel");
}

Sight weigh_trace(View& view, Sight sight) {
  if (view.name_space(Ns::pid).ownership != Ownership::host) return sight;
  return weighing(std::move(sight), Severity::high, "the container sees the host's processes");
}

const Rules rows({
    rule_of({.id = "seccomp.mount.reachable",
             .title = "The seccomp filter lets through mount, umount and pivot_root.",
             .severity = Severity::medium,
             .why = "Mounting parses hostile images and options in the kernel, and undoes what a runtime has masked.",
             .references = {"mount(2)", "CIS Docker 5.22", "CVE-2022-0185"},
             .trials = {trial(SYS_mount, "mount"), trial(SYS_umount2, "umount2"), trial(SYS_pivot_root, "pivot_root")},
             .names = {"mount", "umount", "umount2", "pivot_root"},
             .weigh = worse_with(CAP_SYS_ADMIN, Severity::high)}),
    rule_of({.id = "seccomp.mount-api.reachable",
             .title = "The seccomp filter lets through the newer calls that mount: fsopen, open_tree, move_mount.",
             .severity = Severity::medium,
             .why = "They do what mount(2) does, past a filter that only knows mount(2); the parser of fsconfig has "
                    "been the way out.",
             .references = {"fsopen(2)", "mount_setattr(2)", "CVE-2022-0185"},
             .trials = {trial(SYS_fsopen, "fsopen"), trial(SYS_fsconfig, "fsconfig"), trial(SYS_fsmount, "fsmount"),
                        trial(SYS_fspick, "fspick"), trial(SYS_open_tree, "open_tree"),
                        trial(SYS_move_mount, "move_mount"), trial(SYS_mount_setattr, "mount_setattr"),
                        trial(kOpenTreeAttr, "open_tree_attr")},
             .names = {"fsopen", "fsconfig", "fsmount", "fspick", "open_tree", "move_mount", "mount_setattr",
                       "open_tree_attr"},
             .weigh = worse_with(CAP_SYS_ADMIN, Severity::high)}),
    rule_of({.id = "seccomp.bpf.reachable",
             .title = "The seccomp filter lets bpf through.",
             .severity = Severity::high,
             .why = "The verifier of BPF programs has been the way to the kernel's memory again and again.",
             .references = {"bpf(2)", "CVE-2020-8835", "CVE-2021-3490", "CVE-2023-2163"},
             .trials = {trial(SYS_bpf, "bpf")},
             .names = {"bpf"},
             .weigh = weigh_bpf}),
    rule_of({.id = "seccomp.perf.reachable",
             .title = "The seccomp filter lets perf_event_open through.",
             .severity = Severity::high,
             .why = "A large and privileged part of the kernel that also tells what other tenants do.",
             .references = {"perf_event_open(2)", "CVE-2013-2094", "CVE-2023-5717"},
             .trials = {trial(SYS_perf_event_open, "perf_event_open")},
             .names = {"perf_event_open"},
             .weigh = weigh_perf}),
    rule_of(
        {.id = "seccomp.keyring.reachable",
         .title = "The seccomp filter lets through the calls of the kernel's keyrings.",
         .severity = Severity::medium,
         .why = "Keyrings belong to users and sessions and not to containers: keys of others can be found and read.",
         .references = {"keyrings(7)", "CVE-2016-0728", "CVE-2014-9529"},
         .trials = {trial(SYS_keyctl, "keyctl"), trial(SYS_add_key, "add_key"), trial(SYS_request_key, "request_key")},
         .names = {"keyctl", "add_key", "request_key"},
         .error = ENOSYS}),
    rule_of({.id = "seccomp.io-uring.reachable",
             .title = "The seccomp filter lets io_uring through.",
             .severity = Severity::medium,
             .why = "What a ring is asked for is done without system calls and so past the filter; and it has had many "
                    "faults of its own.",
             .references = {"io_uring_setup(2)", "kernel.io_uring_disabled", "CVE-2022-29582", "CVE-2023-2598"},
             .trials = {trial(SYS_io_uring_setup, "io_uring_setup"), trial(SYS_io_uring_enter, "io_uring_enter"),
                        trial(SYS_io_uring_register, "io_uring_register")},
             .names = {"io_uring_setup", "io_uring_enter", "io_uring_register"},
             .error = ENOSYS,
             .weigh = weigh_io_uring}),
    rule_of({.id = "seccomp.userfaultfd.reachable",
             .title = "The seccomp filter lets userfaultfd through.",
             .severity = Severity::medium,
             .why = "It stops the kernel in the middle of a copy for as long as an attacker likes, which wins races.",
             .references = {"userfaultfd(2)", "vm.unprivileged_userfaultfd"},
             .trials = {trial(SYS_userfaultfd, "userfaultfd")},
             .names = {"userfaultfd"},
             .weigh = weigh_userfaultfd}),
    rule_of({.id = "seccomp.handles.reachable",
             .title = "The seccomp filter lets open_by_handle_at through.",
             .severity = Severity::high,
             .why = "With CAP_DAC_READ_SEARCH it opens files of the host's disk by their inode, past every mount "
                    "(known as \"shocker\").",
             .references = {"open_by_handle_at(2)", "CIS Docker 5.22"},
             .trials = {trial(SYS_open_by_handle_at, "open_by_handle_at", {3, 0, O_PATH})},
             .names = {"open_by_handle_at"},
             .confined = Confined::by_user_namespace,
             .weigh = needs_one_of({CAP_DAC_READ_SEARCH})}),
    rule_of({.id = "seccomp.trace.reachable",
             .title = "The seccomp filter lets through the calls that read and steer other processes.",
             .severity = Severity::low,
             .why = "One process of the container takes over the others, and their secrets with them.",
             .references = {"ptrace(2)", "process_vm_readv(2)", "pidfd_getfd(2)", "kcmp(2)"},
             .trials = {trial(SYS_ptrace, "ptrace"), trial(SYS_process_vm_readv, "process_vm_readv"),
                        trial(SYS_process_vm_writev, "process_vm_writev"), trial(SYS_pidfd_getfd, "pidfd_getfd"),
                        trial(SYS_kcmp, "kcmp")},
             .names = {"ptrace", "process_vm_readv", "process_vm_writev", "pidfd_getfd", "kcmp"},
             .profile = Profile::stricter,
             .weigh = weigh_trace}),
    rule_of({.id = "seccomp.fanotify.reachable",
             .title = "The seccomp filter lets fanotify_init through.",
             .severity = Severity::low,
             .why = "It watches, and with CAP_SYS_ADMIN holds up, whole file systems that others use, too.",
             .references = {"fanotify_init(2)", "CVE-2022-1998"},
             .trials = {trial(SYS_fanotify_init, "fanotify_init")},
             .names = {"fanotify_init"},
             .error = EACCES}),
    rule_of({.id = "seccomp.memory-policy.reachable",
             .title = "The seccomp filter lets through the calls that place memory on nodes.",
             .severity = Severity::low,
             .why = "They move the load of one tenant to the memory of another, and move_pages tells of its layout.",
             .references = {"set_mempolicy(2)", "move_pages(2)", "CVE-2017-7616", "CVE-2017-14140"},
             .trials = {trial(SYS_mbind, "mbind"), trial(SYS_set_mempolicy, "set_mempolicy"),
                        trial(SYS_migrate_pages, "migrate_pages"), trial(SYS_move_pages, "move_pages")},
             .names = {"mbind", "set_mempolicy", "migrate_pages", "move_pages", "set_mempolicy_home_node"}}),
});

}  // namespace
}  // namespace nsproof::audit
