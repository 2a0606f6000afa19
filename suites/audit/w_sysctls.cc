// Sysctls that a container has of its own but that are not safe to set in shared places, and hold other values than the
// kernel gives to new namespaces.
#include <cerrno>

#include "harness/audit/rule.h"
#include "harness/audit/view.h"
#include "harness/support/text.h"

namespace nsproof::audit {
namespace {

struct Sysctl {
  Ns name_space;
  const char* name;   // below /proc/sys
  const char* value;  // of a new namespace, words apart by one blank
};

// Only what does not depend on the machine's memory and is not inherited from the host: ipc/namespace.c, ipc/mqueue.c,
// include/uapi/linux/{msg,sem,shm}.h, net/ipv4/{af_inet,tcp_ipv4}.c. Those that the Pod Security Standards call safe
// are not among them.
constexpr Sysctl kSysctls[] = {
    {Ns::ipc, "kernel/msgmax", "8192"},
    {Ns::ipc, "kernel/msgmnb", "16384"},
    {Ns::ipc, "kernel/msgmni", "32000"},
    {Ns::ipc, "kernel/sem", "32000 1024000000 500 32000"},
    {Ns::ipc, "kernel/shmall", "18446744073692774399"},
    {Ns::ipc, "kernel/shmmax", "18446744073692774399"},
    {Ns::ipc, "kernel/shmmni", "4096"},
    {Ns::ipc, "fs/mqueue/msg_default", "10"},
    {Ns::ipc, "fs/mqueue/msg_max", "10"},
    {Ns::ipc, "fs/mqueue/msgsize_default", "8192"},
    {Ns::ipc, "fs/mqueue/msgsize_max", "8192"},
    {Ns::ipc, "fs/mqueue/queues_max", "256"},
    {Ns::net, "net/ipv4/ip_nonlocal_bind", "0"},
    {Ns::net, "net/ipv4/ip_forward_use_pmtu", "0"},
    {Ns::net, "net/ipv4/ip_forward_update_priority", "1"},
    {Ns::net, "net/ipv4/tcp_tw_reuse", "2"},
    {Ns::net, "net/ipv4/tcp_syn_retries", "6"},
    {Ns::net, "net/ipv4/tcp_orphan_retries", "0"},
    {Ns::net, "net/ipv4/icmp_echo_ignore_broadcasts", "1"},
};

Sight unsafe_sysctls(View& view) {
  std::vector<std::string> other;
  std::vector<std::string> unread;
  std::size_t as_new = 0;
  for (const Sysctl& one : kSysctls) {
    const NamespaceView& owner = view.name_space(one.name_space);
    if (owner.ownership == Ownership::undecided) return unknown(owner.how);
    if (owner.ownership == Ownership::host) continue;  // the host's values are the host's
    const sys::Got<std::string>& text = view.file(say("/proc/sys/", one.name));
    if (text.error() == ENOENT || text.error() == ENOTDIR) continue;
    if (!text.ok()) {
      unread.push_back(say(one.name, " (", errno_name(text.error()), ")"));
      continue;
    }
    const std::string value = join(words_of(text.value), " ");
    if (value == one.value)
      ++as_new;
    else
      other.push_back(say(one.name, " = ", quoted(value), ", new ones have ", one.value));
  }
  if (!other.empty()) return weak(join(other, "; "));
  if (!unread.empty()) return unknown(join(unread, ", "));
  if (as_new == 0) return not_applicable("the container has no such sysctl of its own");
  return hardened(say(as_new, " sysctls have the values of a new namespace"));
}

const Rules rows = {
    {
        .id = "sysctl.unsafe.set",
        .title = "The container runs with sysctls that are not safe on a shared machine.",
        .severity = Severity::medium,
        .why =
            "They are the container's own, but lift limits of memory that the kernel spends for it, or change how it "
            "treats the network; the Pod Security Standards allow none of them.",
        .how = "Sysctls of the IPC and network namespace that are not on the list of safe ones, compared with what the "
               "kernel gives to a new namespace.",
        .references = {"PSS baseline: sysctls", "sysvipc(7)", "mq_overview(7)", "config-linux.md: sysctl"},
        .fix = {.oci = R"({"linux":{"sysctl":null}})",
                .docker = "without --sysctl",
                .kubernetes = "securityContext: {sysctls: []}",
                .bwrap = "--unshare-ipc --unshare-net",
                .host = "without kernel.* and fs.mqueue.* in default_sysctls of containers.conf"},
        .look = unsafe_sysctls,
        .spoil = {.config = R"({"linux":{"sysctl":{"kernel.msgmax":"16384"}}})"},
    },
};

}  // namespace
}  // namespace nsproof::audit
