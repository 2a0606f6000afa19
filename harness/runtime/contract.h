// What a target was asked for: the namespaces, paths, credentials and limits that its configuration names. Plain data,
// made from an OCI config.json or a target file; what is not named is not promised.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/sys/ids.h"
#include "harness/world/sandbox.h"

namespace nsproof {

// A line of `mounts` of config.json: in words what is mounted where, and with which options.
struct ContractMount {
  std::string destination;
  std::string type;  // "tmpfs", "proc", "bind" ...
  std::string source;
  std::vector<std::string> options;  // "ro", "nosuid", "rprivate" ...
};

struct ContractDevice {
  std::string path;
  char type = 'c';  // 'c', 'b' or 'p'
  unsigned major = 0;
  unsigned minor = 0;
  std::optional<unsigned> mode;
  std::optional<std::uint32_t> uid;
  std::optional<std::uint32_t> gid;
};

// A line of `linux.resources.devices`: device cgroup rules, in their order.
struct DeviceRule {
  bool allow = false;
  char type = 'a';                // 'a', 'c' or 'b'
  std::optional<unsigned> major;  // none: all
  std::optional<unsigned> minor;
  std::string access;  // of "rwm"
};

struct ContractLimit {
  std::string name;  // "RLIMIT_NOFILE"
  std::uint64_t soft = 0;
  std::uint64_t hard = 0;
};

// A condition on one argument of a call, as seccomp_rule_add(3) has it.
struct SeccompCondition {
  unsigned argument = 0;           // 0 to 5
  std::string comparison;          // "SCMP_CMP_MASKED_EQ"
  std::uint64_t value = 0;         // of SCMP_CMP_MASKED_EQ: the mask
  std::uint64_t masked_value = 0;  // only of SCMP_CMP_MASKED_EQ: what is left behind the mask
  bool operator==(const SeccompCondition&) const = default;
};

// One entry of `linux.seccomp.syscalls`. Entries with conditions on arguments are kept and marked.
struct SeccompRule {
  std::vector<std::string> calls;
  std::string action;        // "SCMP_ACT_ERRNO"
  std::optional<int> error;  // errnoRet
  bool conditional = false;  // it has args
  std::vector<SeccompCondition> conditions;
};

struct SeccompFilter {
  std::string default_action;
  std::optional<int> default_error;
  std::vector<SeccompRule> rules;
};

struct Contract {
  // New namespaces. A type that is neither here nor in `joined` is the launcher's own.
  NsSet namespaces;
  std::map<Ns, std::string> joined;  // by path

  std::optional<std::vector<Extent>> uid_map;  // of the new user namespace, relative to the launcher's
  std::optional<std::vector<Extent>> gid_map;
  std::optional<ClockOffsets> clocks;
  std::optional<std::string> hostname;
  std::optional<std::string> domainname;

  bool private_root = true;  // a root directory of its own, with the host's files out of reach
  std::optional<bool> readonly_root;
  std::optional<std::string> root_propagation;  // "private", "rslave" ...
  std::vector<ContractMount> mounts;
  std::vector<std::string> masked_paths;
  std::vector<std::string> readonly_paths;

  std::optional<std::vector<ContractDevice>> devices;  // beyond the defaults of the OCI specification
  std::optional<std::vector<DeviceRule>> device_rules;

  std::optional<std::uint32_t> uid;
  std::optional<std::uint32_t> gid;
  std::optional<std::vector<std::uint32_t>> groups;
  std::optional<unsigned> umask;
  std::optional<sys::CapabilitySets> capabilities;
  std::optional<bool> no_new_privs;
  std::optional<SeccompFilter> seccomp;
  std::optional<std::vector<ContractLimit>> limits;
  std::optional<int> oom_score_adj;
  std::optional<std::vector<std::string>> environment;  // "NAME=value", exactly these
  bool private_environment = false;                     // whatever it holds, nothing of the launcher's
  std::optional<std::string> directory;                 // the working directory
  std::map<std::string, std::string> sysctls;           // "net.ipv4.ip_forward" -> "0"
  bool only_standard_descriptors = false;               // 0, 1 and 2 and no other
};

}  // namespace nsproof
