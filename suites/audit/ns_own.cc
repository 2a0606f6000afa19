// The namespaces themselves: whether the container has one of its own or shares the host's (namespaces(7)). That of
// users is in ns_user.cc.
#include "harness/audit/rule.h"
#include "harness/audit/view.h"
#include "harness/support/text.h"

namespace nsproof::audit {
namespace {

Sight shared_with_host(View& view, Ns type) {
  const NamespaceView& seen = view.name_space(type);
  if (seen.ownership == Ownership::undecided) return unknown(seen.how);
  return weak_if(seen.ownership == Ownership::host, seen.how);
}

// A fact, for most runtimes cannot make one: nothing but offsets of two clocks is in it.
Sight clocks(View& view) {
  const sys::Got<std::string>& link = view.process_link("ns/time");
  if (link.error() == ENOENT) return not_applicable("this kernel has no time namespaces");
  return not_applicable(view.name_space(Ns::time).how);
}

const Rules rows = {
    {
        .id = "ns.pid.host",
        .title = "The container shares the host's PID namespace.",
        .severity = Severity::high,
        .why = "Its processes see those of the host, their arguments and environment, and may signal and trace them.",
        .how = "The inode of /proc/PID/ns/pid is the initial namespace's, or that of the process outside.",
        .references = {"pid_namespaces(7)", "CIS Docker 5.16", "CIS Kubernetes 5.2.3", "PSS baseline: hostPID"},
        .fix = {.oci = R"({"linux":{"+namespaces":[{"type":"pid"}]}})",
                .docker = "without --pid=host",
                .kubernetes = "hostPID: false",
                .bwrap = "--unshare-pid --proc /proc"},
        .look = [](View& view) { return shared_with_host(view, Ns::pid); },
        // In a user namespace a procfs can be mounted only with a PID namespace of one's own, so the other one is
        // bound.
        .spoil = {.config = R"({"linux":{"-namespaces":[{"type":"pid"}]},"-mounts":[{"type":"proc"}],)"
                            R"("+mounts":[{"destination":"/proc","type":"bind","source":"/proc",)"
                            R"("options":["rbind","nosuid","noexec","nodev"]}]})",
                  .also = {"ns.any.inherited", "mnt.proc.hidepid-off"}},
    },
    {
        .id = "ns.net.host",
        .title = "The container shares the host's network namespace.",
        .severity = Severity::high,
        .why =
            "It reaches services that listen on the host's loopback and abstract Unix sockets, and sees its traffic.",
        .how = "The inode of /proc/PID/ns/net is the initial namespace's, or that of the process outside; before Linux "
               "6.18 a sysctl that only the initial one has.",
        .references = {"network_namespaces(7)", "CIS Docker 5.10", "CIS Kubernetes 5.2.5", "PSS baseline: hostNetwork",
                       "CVE-2020-15257"},
        .fix = {.oci = R"({"linux":{"+namespaces":[{"type":"network"}]}})",
                .docker = "without --network=host",
                .kubernetes = "hostNetwork: false",
                .bwrap = "--unshare-net"},
        .look = [](View& view) { return shared_with_host(view, Ns::net); },
        .spoil = {.config = R"({"linux":{"-namespaces":[{"type":"network"}],"sysctl":null}})",
                  .also = {"ns.any.inherited"}},
    },
    {
        .id = "ns.ipc.host",
        .title = "The container shares the host's IPC namespace.",
        .severity = Severity::high,
        .why = "It sees the host's shared memory, semaphores and message queues, and opens those that modes allow.",
        .how = "The inode of /proc/PID/ns/ipc is the initial namespace's, or that of the process outside.",
        .references = {"ipc_namespaces(7)", "CIS Docker 5.17", "CIS Kubernetes 5.2.4", "PSS baseline: hostIPC"},
        .fix = {.oci = R"({"linux":{"+namespaces":[{"type":"ipc"}]}})",
                .docker = "--ipc=private",
                .kubernetes = "hostIPC: false",
                .bwrap = "--unshare-ipc"},
        .look = [](View& view) { return shared_with_host(view, Ns::ipc); },
        // An mqueue of a foreign IPC namespace cannot be mounted in a user namespace.
        .spoil = {.config = R"({"linux":{"-namespaces":[{"type":"ipc"}]},"-mounts":[{"destination":"/dev/mqueue"}]})",
                  .also = {"ns.any.inherited"}},
    },
    {
        .id = "ns.uts.host",
        .title = "The container shares the host's UTS namespace.",
        .severity = Severity::low,
        .why = "It knows the host by name, and with CAP_SYS_ADMIN renames it.",
        .how = "The inode of /proc/PID/ns/uts is the initial namespace's, or that of the process outside.",
        .references = {"uts_namespaces(7)", "CIS Docker 5.21"},
        .fix = {.oci = R"({"linux":{"+namespaces":[{"type":"uts"}]}})",
                .docker = "without --uts=host",
                .kubernetes = "hostNetwork: false",
                .bwrap = "--unshare-uts"},
        .look = [](View& view) { return shared_with_host(view, Ns::uts); },
        .spoil = {.config = R"({"hostname":null,"linux":{"-namespaces":[{"type":"uts"}]}})",
                  .also = {"ns.any.inherited"}},
    },
    {
        .id = "ns.cgroup.host",
        .title = "The container shares the host's cgroup namespace.",
        .severity = Severity::low,
        .why = "Paths of cgroups tell it the names of pods, containers and services of the host.",
        .how = "The inode of /proc/PID/ns/cgroup is the initial namespace's, or that of the process outside.",
        .references = {"cgroup_namespaces(7)", "CIS Docker 5.25"},
        .fix = {.oci = R"({"linux":{"+namespaces":[{"type":"cgroup"}]}})",
                .docker = "--cgroupns=private",
                .bwrap = "--unshare-cgroup"},
        .look = [](View& view) { return shared_with_host(view, Ns::cgroup); },
        .spoil = {.config = R"({"linux":{"-namespaces":[{"type":"cgroup"}]}})", .also = {"ns.any.inherited"}},
    },
    {
        .id = "ns.mnt.host",
        .title = "The process shares the host's mount namespace.",
        .severity = Severity::critical,
        .why =
            "It is where the host's file systems are; a root directory alone is no boundary to a privileged process.",
        .how = "The inode of /proc/PID/ns/mnt is the initial namespace's, or that of the process outside.",
        .references = {"mount_namespaces(7)", "chroot(2)"},
        .fix = {.oci = R"({"linux":{"+namespaces":[{"type":"mount"}]}})",
                .docker = "docker run instead of chroot",
                .bwrap = "bwrap instead of chroot"},
        .look = [](View& view) { return shared_with_host(view, Ns::mnt); },
        // Nothing can be mounted from a user namespace without a mount namespace of one's own.
        .spoil = {.config = R"({"process":{"user":{"uid":65532}},"linux":{"uidMappings":null,"gidMappings":null,)"
                            R"("-namespaces":[{"type":"user"},{"type":"mount"}]}})",
                  .prepare = {"mount --bind {rootfs} {rootfs}"},
                  .also = {"ns.user.none"}},
    },
    {
        .id = "ns.time.host",
        .title = "The container shares the host's time namespace.",
        .severity = Severity::info,
        .why = "It reads when the host was started; the clock that tells the date is one for all in any case.",
        .how = "The inode of /proc/PID/ns/time is the initial namespace's.",
        .references = {"time_namespaces(7)"},
        .look = clocks,
    },
};

}  // namespace
}  // namespace nsproof::audit
