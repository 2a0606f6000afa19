#include "harness/runtime/oci_names.h"

#include <algorithm>
#include <array>
#include <span>

#include "harness/runtime/oci_config.h"

namespace nsproof {
namespace {

struct NamespaceName {
  std::string_view name;
  Ns type;
};

constexpr NamespaceName kNamespaces[] = {
    {"pid", Ns::pid}, {"network", Ns::net}, {"mount", Ns::mnt},     {"ipc", Ns::ipc},
    {"uts", Ns::uts}, {"user", Ns::user},   {"cgroup", Ns::cgroup}, {"time", Ns::time},
};

// In the order of their numbers (linux/capability.h).
constexpr std::string_view kCapabilities[] = {
    "CAP_CHOWN",
    "CAP_DAC_OVERRIDE",
    "CAP_DAC_READ_SEARCH",
    "CAP_FOWNER",
    "CAP_FSETID",
    "CAP_KILL",
    "CAP_SETGID",
    "CAP_SETUID",
    "CAP_SETPCAP",
    "CAP_LINUX_IMMUTABLE",
    "CAP_NET_BIND_SERVICE",
    "CAP_NET_BROADCAST",
    "CAP_NET_ADMIN",
    "CAP_NET_RAW",
    "CAP_IPC_LOCK",
    "CAP_IPC_OWNER",
    "CAP_SYS_MODULE",
    "CAP_SYS_RAWIO",
    "CAP_SYS_CHROOT",
    "CAP_SYS_PTRACE",
    "CAP_SYS_PACCT",
    "CAP_SYS_ADMIN",
    "CAP_SYS_BOOT",
    "CAP_SYS_NICE",
    "CAP_SYS_RESOURCE",
    "CAP_SYS_TIME",
    "CAP_SYS_TTY_CONFIG",
    "CAP_MKNOD",
    "CAP_LEASE",
    "CAP_AUDIT_WRITE",
    "CAP_AUDIT_CONTROL",
    "CAP_SETFCAP",
    "CAP_MAC_OVERRIDE",
    "CAP_MAC_ADMIN",
    "CAP_SYSLOG",
    "CAP_WAKE_ALARM",
    "CAP_BLOCK_SUSPEND",
    "CAP_AUDIT_READ",
    "CAP_PERFMON",
    "CAP_BPF",
    "CAP_CHECKPOINT_RESTORE",
};

constexpr std::string_view kLimits[] = {
    "RLIMIT_AS",      "RLIMIT_CORE",     "RLIMIT_CPU",        "RLIMIT_DATA",   "RLIMIT_FSIZE", "RLIMIT_LOCKS",
    "RLIMIT_MEMLOCK", "RLIMIT_MSGQUEUE", "RLIMIT_NICE",       "RLIMIT_NOFILE", "RLIMIT_NPROC", "RLIMIT_RSS",
    "RLIMIT_RTPRIO",  "RLIMIT_RTTIME",   "RLIMIT_SIGPENDING", "RLIMIT_STACK",
};

// The specification has the first four; runc and crun read the others, too.
constexpr std::string_view kPropagations[] = {"shared",  "slave",  "private",  "unbindable",
                                              "rshared", "rslave", "rprivate", "runbindable"};

constexpr std::string_view kSeccompActions[] = {"SCMP_ACT_KILL",  "SCMP_ACT_KILL_PROCESS", "SCMP_ACT_KILL_THREAD",
                                                "SCMP_ACT_TRAP",  "SCMP_ACT_ERRNO",        "SCMP_ACT_TRACE",
                                                "SCMP_ACT_ALLOW", "SCMP_ACT_LOG",          "SCMP_ACT_NOTIFY"};

constexpr std::string_view kSeccompOperators[] = {"SCMP_CMP_NE", "SCMP_CMP_LT", "SCMP_CMP_LE",       "SCMP_CMP_EQ",
                                                  "SCMP_CMP_GE", "SCMP_CMP_GT", "SCMP_CMP_MASKED_EQ"};

bool is_one_of(std::span<const std::string_view> names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

std::optional<Ns> oci_namespace(std::string_view type) {
  for (const NamespaceName& row : kNamespaces)
    if (row.name == type) return row.type;
  return std::nullopt;
}

std::optional<unsigned> capability_named(std::string_view name) {
  const auto* const found = std::find(std::begin(kCapabilities), std::end(kCapabilities), name);
  if (found == std::end(kCapabilities)) return std::nullopt;
  return static_cast<unsigned>(found - std::begin(kCapabilities));
}

std::optional<std::string_view> capability_called(unsigned number) {
  if (number >= std::size(kCapabilities)) return std::nullopt;
  return kCapabilities[number];
}

bool is_limit(std::string_view name) { return is_one_of(kLimits, name); }
bool is_propagation(std::string_view name) { return is_one_of(kPropagations, name); }
bool is_seccomp_action(std::string_view name) { return is_one_of(kSeccompActions, name); }
bool is_seccomp_operator(std::string_view name) { return is_one_of(kSeccompOperators, name); }

}  // namespace nsproof
