// The profiles themselves. A filter here is a list of refusals: what is not named is left to the target. It names what
// the profile refuses to a container with the profile's own capabilities.
#include <linux/sched.h>
#include <sys/socket.h>

#include <cerrno>
#include <initializer_list>

#include "harness/runtime/oci_config.h"
#include "harness/runtime/policy.h"
#include "harness/support/text.h"

namespace nsproof {
namespace {

using Texts = std::vector<std::string>;

// The inheritable and the ambient set are empty since CVE-2022-24769.
sys::CapabilitySets capabilities_of(std::initializer_list<std::string_view> names) {
  std::uint64_t set = 0;
  for (const std::string_view name : names) set |= std::uint64_t{1} << capability_named(say("CAP_", name)).value();
  return {.inheritable = 0, .permitted = set, .effective = set, .bounding = set, .ambient = 0};
}

SeccompRule refusal(int error, const Texts& calls) { return {calls, "SCMP_ACT_ERRNO", error, false, {}}; }

SeccompRule refused_socket(std::uint64_t family) {
  return {{"socket"}, "SCMP_ACT_ERRNO", EPERM, true, {{0, "SCMP_CMP_EQ", family, 0}}};
}

// A call with one of the flags in its first argument (clone(2), unshare(2)).
std::vector<SeccompRule> refused_namespaces(const std::string& call) {
  std::vector<SeccompRule> rules;
  for (const Ns type : kAllNamespaces) {
    const std::uint64_t flag = clone_flag(type);
    if (call == "clone" && type == Ns::time) continue;  // its bit is part of the exit signal (clone(2))
    rules.push_back({{call}, "SCMP_ACT_ERRNO", EPERM, true, {{0, "SCMP_CMP_MASKED_EQ", flag, flag}}});
  }
  return rules;
}

SeccompFilter refusals(std::vector<SeccompRule> rules, const std::vector<SeccompRule>& more = {}) {
  rules.insert(rules.end(), more.begin(), more.end());
  return {"SCMP_ACT_ALLOW", std::nullopt, std::move(rules)};
}

// Every engine mounts these so; the rest of a mount is the target's business.
std::vector<ContractMount> usual_mounts() {
  const Texts plain = {"nosuid", "noexec", "nodev"};
  const Texts readonly = {"nosuid", "noexec", "nodev", "ro"};
  return {{"/proc", "proc", "proc", plain},
          {"/dev/shm", "tmpfs", "shm", plain},
          {"/dev/mqueue", "mqueue", "mqueue", plain},
          {"/sys", "sysfs", "sysfs", readonly}};
}

Texts usual_readonly_paths() { return {"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"}; }

// What every engine masks.
Texts masked_paths_and(const Texts& more) {
  Texts paths = {"/proc/acpi",        "/proc/kcore",       "/proc/keys", "/proc/latency_stats", "/proc/timer_list",
                 "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi", "/sys/firmware"};
  paths.insert(paths.end(), more.begin(), more.end());
  return paths;
}

// What a container of any engine has: nothing of the process that made it, and no device but the specification's.
Contract container() {
  Contract demands;
  demands.namespaces = {Ns::mnt, Ns::pid, Ns::net, Ns::ipc, Ns::uts, Ns::cgroup};
  demands.mounts = usual_mounts();
  demands.readonly_paths = usual_readonly_paths();
  demands.devices.emplace();
  demands.device_rules = {{false, 'a', std::nullopt, std::nullopt, "rwm"}};
  demands.private_environment = true;
  demands.only_standard_descriptors = true;
  return demands;
}

Contract nothing() {
  Contract demands;
  demands.private_root = false;
  return demands;
}

// moby: daemon/pkg/oci (capabilities, paths, devices) and profiles/seccomp/default.json, as of August 2026 (b985e231).
// The masks of thermal_throttle, one a processor, are left out: their number is the machine's.
Contract docker_default() {
  Contract demands = container();
  demands.namespaces = demands.namespaces.with(Ns::time);
  demands.masked_paths = masked_paths_and({"/proc/asound", "/proc/interrupts", "/sys/devices/virtual/powercap"});
  demands.capabilities =
      capabilities_of({"CHOWN", "DAC_OVERRIDE", "FSETID", "FOWNER", "MKNOD", "NET_RAW", "SETGID", "SETUID", "SETFCAP",
                       "SETPCAP", "NET_BIND_SERVICE", "SYS_CHROOT", "KILL", "AUDIT_WRITE"});
  std::vector<SeccompRule> by_argument = refused_namespaces("clone");
  by_argument.push_back(refused_socket(AF_VSOCK));
  by_argument.push_back(refused_socket(AF_ALG));
  demands.seccomp = refusals({refusal(ENOSYS, {"clone3"}), refusal(EPERM, {"acct",
                                                                           "add_key",
                                                                           "bpf",
                                                                           "clock_settime",
                                                                           "create_module",
                                                                           "delete_module",
                                                                           "fanotify_init",
                                                                           "finit_module",
                                                                           "fsconfig",
                                                                           "fsmount",
                                                                           "fsopen",
                                                                           "fspick",
                                                                           "get_mempolicy",
                                                                           "init_module",
                                                                           "io_uring_enter",
                                                                           "io_uring_register",
                                                                           "io_uring_setup",
                                                                           "ioperm",
                                                                           "iopl",
                                                                           "kcmp",
                                                                           "kexec_file_load",
                                                                           "kexec_load",
                                                                           "keyctl",
                                                                           "lookup_dcookie",
                                                                           "mbind",
                                                                           "mount",
                                                                           "mount_setattr",
                                                                           "move_mount",
                                                                           "move_pages",
                                                                           "nfsservctl",
                                                                           "open_by_handle_at",
                                                                           "open_tree",
                                                                           "perf_event_open",
                                                                           "pidfd_getfd",
                                                                           "pivot_root",
                                                                           "process_madvise",
                                                                           "query_module",
                                                                           "quotactl",
                                                                           "quotactl_fd",
                                                                           "reboot",
                                                                           "request_key",
                                                                           "set_mempolicy",
                                                                           "setdomainname",
                                                                           "sethostname",
                                                                           "setns",
                                                                           "settimeofday",
                                                                           "swapoff",
                                                                           "swapon",
                                                                           "sysfs",
                                                                           "syslog",
                                                                           "umount2",
                                                                           "unshare",
                                                                           "uselib",
                                                                           "userfaultfd",
                                                                           "ustat",
                                                                           "vhangup"})},
                             by_argument);
  return demands;
}

// podman and containers/common, as of May 2026 (c6580b4a); the filter is the one of seccomp.json. Its default is
// ENOSYS, and it lets more calls pass than Docker's: mount, unshare, setns and keyctl are left to the capabilities.
Contract podman_default() {
  Contract demands = container();
  demands.masked_paths = masked_paths_and({"/proc/interrupts", "/sys/devices/virtual/powercap", "/sys/fs/selinux"});
  demands.capabilities = capabilities_of({"CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "NET_BIND_SERVICE",
                                          "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"});
  demands.sysctls = {{"net.ipv4.ping_group_range", "0 0"}};
  demands.seccomp = refusals(
      {refusal(ENOSYS, {"add_key", "create_module", "io_uring_enter", "io_uring_register", "io_uring_setup",
                        "quotactl_fd", "request_key"}),
       refusal(
           EPERM,
           {"acct",          "bpf",        "clock_settime", "delete_module",     "finit_module",    "init_module",
            "ioperm",        "iopl",       "kcmp",          "kexec_file_load",   "kexec_load",      "lookup_dcookie",
            "migrate_pages", "move_pages", "nfsservctl",    "open_by_handle_at", "perf_event_open", "process_madvise",
            "query_module",  "quotactl",   "setdomainname", "sethostname",       "settimeofday",    "swapoff",
            "swapon",        "sysfs",      "uselib",        "userfaultfd",       "ustat",           "vhangup",
            "vmsplice"})});
  return demands;
}

// Everything that namespaces and their companions can keep apart, and refusals for what is not namespaced: keyrings
// (keyrings(7)), vsock (vsock(7)), and the calls that reach deep into the kernel.
Contract isolated_profile() {
  Contract demands = container();
  demands.namespaces = NsSet::all();
  demands.readonly_root = true;
  demands.root_propagation = "private";
  demands.masked_paths = masked_paths_and({"/proc/asound"});
  demands.groups.emplace();
  demands.capabilities = sys::CapabilitySets{};
  demands.no_new_privs = true;
  std::vector<SeccompRule> by_argument = refused_namespaces("clone");
  for (const SeccompRule& rule : refused_namespaces("unshare")) by_argument.push_back(rule);
  by_argument.push_back(refused_socket(AF_VSOCK));
  by_argument.push_back(refused_socket(AF_ALG));
  demands.seccomp = refusals({refusal(ENOSYS, {"clone3"}),
                              refusal(EPERM, {"add_key", "bpf", "io_uring_enter", "io_uring_register", "io_uring_setup",
                                              "kexec_load", "kexec_file_load", "keyctl", "mount", "mount_setattr",
                                              "move_mount", "open_by_handle_at", "open_tree", "perf_event_open",
                                              "pivot_root", "request_key", "setns", "umount2", "userfaultfd"})},
                             by_argument);
  return demands;
}

}  // namespace

std::span<const Policy> policies() {
  static const std::vector<Policy> all = {
      {"as-requested", "what the target was asked for, and nothing more", nothing()},
      {"docker-default", "what Docker gives a container without options (August 2026, cgroup v2)", docker_default()},
      {"podman-default", "what podman gives a container of root without options (May 2026, cgroup v2)",
       podman_default()},
      {"isolated", "all eight namespaces private, no capabilities, read-only root, calls around namespaces refused",
       isolated_profile()},
  };
  return all;
}

}  // namespace nsproof
