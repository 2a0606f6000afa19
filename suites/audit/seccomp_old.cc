// What old programs needed: calls that nobody makes any more, segments of 16-bit code, and an address space without
// randomisation.
#include <sys/personality.h>
#include <sys/syscall.h>

#include <cerrno>

#include "suites/audit/seccomp_group.h"

namespace nsproof::audit {
namespace {

std::vector<Trial> legacy_calls() {
  std::vector<Trial> trials = {trial(SYS_nfsservctl, "nfsservctl"), trial(SYS_lookup_dcookie, "lookup_dcookie")};
#if defined(__x86_64__)
  const std::vector<Trial> more = {
      trial(SYS_uselib, "uselib"),
      trial(SYS_ustat, "ustat"),
      trial(SYS_sysfs, "sysfs", {3}),
      trial(SYS__sysctl, "_sysctl"),
      trial(SYS_create_module, "create_module"),
      trial(SYS_get_kernel_syms, "get_kernel_syms"),
      trial(SYS_query_module, "query_module"),
      trial(SYS_getpmsg, "getpmsg"),
      trial(SYS_putpmsg, "putpmsg"),
      trial(SYS_afs_syscall, "afs_syscall"),
      trial(SYS_tuxcall, "tuxcall"),
      trial(SYS_security, "security"),
      trial(SYS_vserver, "vserver"),
  };
  trials.insert(trials.end(), more.begin(), more.end());
#endif
  return trials;
}

std::vector<Trial> segments() {
#if defined(__x86_64__)
  return {trial(SYS_modify_ldt, "modify_ldt")};
#else
  return {};
#endif
}

std::vector<Trial> personas() {
  const auto with = [](const char* name, unsigned long value) {
    return labelled(std::string("personality(") + name + ")", trial(SYS_personality, "personality", {value}));
  };
  return {with("ADDR_NO_RANDOMIZE", ADDR_NO_RANDOMIZE), with("READ_IMPLIES_EXEC", READ_IMPLIES_EXEC),
          with("ADDR_COMPAT_LAYOUT", ADDR_COMPAT_LAYOUT), with("MMAP_PAGE_ZERO", MMAP_PAGE_ZERO)};
}

const Rules rows({
    rule_of({.id = "seccomp.personality.unprotected",
             .title = "The seccomp filter lets a process switch the protections of its address space off.",
             .severity = Severity::low,
             .why = "Programs that it then executes have no random addresses, or executable data, which makes the next "
                    "exploit easy.",
             .references = {"personality(2)", "CVE-2009-1895"},
             .trials = personas(),
             .names = {"personality"}}),
    rule_of({.id = "seccomp.legacy.reachable",
             .title = "The seccomp filter lets system calls through that no living program makes.",
             .severity = Severity::low,
             .why = "Code that nobody runs is code that nobody tests, and every call in reach is one more to attack.",
             .references = {"syscalls(2)", "uselib(2)", "lookup_dcookie(2)"},
             .trials = legacy_calls(),
             .names = {"nfsservctl", "lookup_dcookie", "uselib", "ustat", "sysfs", "_sysctl", "create_module",
                       "get_kernel_syms", "query_module", "getpmsg", "putpmsg", "afs_syscall", "tuxcall", "security",
                       "vserver"}}),
    rule_of({.id = "seccomp.ldt.reachable",
             .title = "The seccomp filter lets modify_ldt through.",
             .severity = Severity::low,
             .why = "It makes segments of 16-bit code, which only emulators of DOS and Windows need, and whose corners "
                    "the kernel has got wrong more than once.",
             .references = {"modify_ldt(2)", "CVE-2015-3290", "CVE-2017-17053"},
             .trials = segments(),
             .names = {"modify_ldt"},
             .profile = Profile::stricter}),
});

}  // namespace
}  // namespace nsproof::audit
