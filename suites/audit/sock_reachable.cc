// Sockets of the host that the container can reach: those of runtimes and of system services in the file system,
// abstract ones of a shared network namespace, and channels to whoever runs the machine.
#include <sys/sysmacros.h>

#include <algorithm>

#include "harness/audit/rule.h"
#include "harness/audit/view.h"
#include "harness/support/text.h"
#include "suites/audit/fd_tables.h"
#include "suites/audit/mnt_sockets.h"
#include "suites/audit/mnt_table.h"

namespace nsproof::audit {
namespace {

// With its own network namespace a container sees the abstract names of its own processes, and of its pod's, only.
Sight look_at_abstract(View& view) {
  const NamespaceView& net = view.name_space(Ns::net);
  const sys::Got<std::string>& table = view.process_file("net/unix");
  if (!table.ok()) return unknown(say("/proc/PID/net/unix: ", errno_name(table.error())));
  std::vector<std::string> names;
  std::vector<std::string> runtimes;
  for (const UnixSocket& one : parse_unix_sockets(table.value)) {
    if (!one.listening || !one.path.starts_with('@')) continue;
    names.push_back(quoted(one.path, 80));
    const std::string as_path = say("/", one.path.substr(1));
    if (!runtime_of_socket(as_path).empty()) runtimes.push_back(names.back());
  }
  if (net.ownership == Ownership::own) return hardened(say(net.how, "; ", names.size(), " abstract names are in it"));
  if (names.empty())
    return net.ownership == Ownership::host ? hardened("nobody listens at an abstract name of the host's network")
                                            : unknown(net.how);
  if (net.ownership == Ownership::undecided) return unknown(say(net.how, "; there: ", some_of(names)));
  if (!runtimes.empty()) return weak(say("a runtime listens at ", some_of(runtimes)));
  return weak(some_of(names), Severity::medium, "none of them is known for a runtime's");
}

// Looked at with stat(2) and faccessat2(2) alone: to open one could already be a message.
Sight look_at_channels(View& view) {
  std::vector<std::string> paths = {"/dev/vsock", "/dev/vhost-vsock", "/dev/vmci", "/dev/vboxguest", "/dev/vport0p1"};
  for (const std::string& name : view.names("/dev/virtio-ports", 32).value)
    paths.push_back("/dev/virtio-ports/" + name);
  std::vector<std::string> found;
  for (const std::string& path : paths) {
    const sys::Got<struct stat>& seen = view.stat(path);
    // Links of /dev/virtio-ports lead to nodes; the null device is what masks one.
    if (!seen.ok() || !(S_ISCHR(seen.value.st_mode) || S_ISLNK(seen.value.st_mode))) continue;
    if (S_ISCHR(seen.value.st_mode) && major(seen.value.st_rdev) == 1) continue;
    if (view.writable(path)) found.push_back(quoted(path));
  }
  if (found.empty()) return hardened(say("none of ", paths.size(), " known nodes is there and open"));
  return weak(some_of(found));
}

std::string socket_at(const std::string& path) {
  return say("mkdir -p \"$(dirname ", path,
             ")\" && perl -e 'use Socket; socket(S, AF_UNIX, SOCK_STREAM, 0) or die; "
             "bind(S, pack_sockaddr_un($ARGV[0])) or die' ",
             path, " && chmod 666 ", path);
}

const Rules rows = {
    {
        .id = "sock.runtime.reachable",
        .title = "The socket of a container runtime or a hypervisor can be reached from the container.",
        .severity = Severity::critical,
        .why = "Whoever may connect to it asks for a container with the host's root directory in it: it is root on the "
               "host.",
        .how = "lstat(2) and faccessat2(2) of sockets that a bounded walk of /run, /var/run, /tmp and of what is bound "
               "finds, and of those that DOCKER_HOST and its like name; none is connected to.",
        .references = {"CIS Docker 5.32", "NSA/CISA Kubernetes Hardening", "dockerd(8)"},
        .fix = {.oci = R"({"-mounts":[{"source":"/var/run/docker.sock"},{"source":"/run/docker.sock"}]})",
                .docker = "without -v /var/run/docker.sock:...; a proxy that allows the few calls that are needed",
                .kubernetes = "no volume with hostPath: {path: /run/containerd/containerd.sock}",
                .bwrap = "--tmpfs /run"},
        .look = [](View& view) { return judge_sockets(socket_files(view), SocketKind::runtime); },
        .spoil = {.prepare = {socket_at("{rootfs}/var/run/docker.sock")}},
    },
    {
        .id = "sock.system.reachable",
        .title = "The socket of a system service of the host can be reached from the container.",
        .severity = Severity::medium,
        .why = "systemd, D-Bus, an X server or an SSH agent act for whoever connects to them, outside.",
        .how = "lstat(2) and faccessat2(2) of sockets that a bounded walk of /run, /var/run, /tmp and of what is bound "
               "finds; none is connected to.",
        .references = {"dbus-daemon(1)", "systemd(1)", "Xsecurity(7)"},
        .fix = {.oci = R"({"-mounts":[{"source":"/run/dbus/system_bus_socket"},{"source":"/tmp/.X11-unix"}]})",
                .docker = "without -v /run/...:... and -v /tmp/.X11-unix:...",
                .kubernetes = "no volume with hostPath: {path: /run}",
                .bwrap = "--tmpfs /run --tmpfs /tmp"},
        .look = [](View& view) { return judge_sockets(socket_files(view), SocketKind::system); },
        .spoil = {.prepare = {socket_at("{rootfs}/var/run/dbus/system_bus_socket")}},
    },
    {
        .id = "sock.abstract.foreign",
        .title = "Abstract sockets of the host's processes can be reached from the container.",
        .severity = Severity::high,
        .why = "They have no permissions: whoever shares the network namespace may connect. containerd's shim could be "
               "told to start processes on the host that way.",
        .how = "Listening sockets with an abstract name in /proc/PID/net/unix, if the network namespace is the host's.",
        .references = {"CVE-2020-15257", "unix(7)", "network_namespaces(7)"},
        .fix = {.oci = R"({"linux":{"+namespaces":[{"type":"network"}]}})",
                .docker = "without --net=host",
                .kubernetes = "hostNetwork: false",
                .bwrap = "--unshare-net"},
        .look = look_at_abstract,
        .spoil = {.config = R"({"linux":{"sysctl":null,"-namespaces":[{"type":"network"}]}})",
                  .wrap = {"perl", "-e",
                           "use Socket; $^F = 9; socket(S, AF_UNIX, SOCK_STREAM, 0) or die; "
                           "bind(S, pack_sockaddr_un(qq(\\0/containerd-shim/nsproof.sock))) or die; "
                           "listen(S, 1) or die; exec @ARGV"},
                  .also = {"ns.net.host", "ns.any.inherited"}},
    },
    {
        .id = "sock.host-channel.writable",
        .title = "A channel to the hypervisor can be written to.",
        .severity = Severity::medium,
        .why = "Agents of the machine's owner listen at its other end, and take what comes for the machine's own word.",
        .how = "stat(2) and faccessat2(2) of /dev/vsock, virtio ports and other nodes that virtual machines have; none "
               "is opened.",
        .references = {"vsock(7)", "CIS Docker 5.18"},
        .fix = {.oci = R"({"linux":{"-devices":[{"path":"/dev/vsock"}]},"-mounts":[{"source":"/dev/vsock"}]})",
                .docker = "without --device /dev/vsock and -v /dev:...",
                .kubernetes = "no volume with hostPath: {path: /dev/vsock}",
                .bwrap = "--dev /dev instead of --dev-bind"},
        .look = look_at_channels,
        .spoil = {.config = R"({"+mounts":[{"destination":"/dev/vsock","type":"bind","source":"/srv/nsproof-vsock",
                  "options":["bind","rw","nosuid","noexec"]}],"linux":{"resources":{"+devices":[{"allow":true,
                  "type":"c","major":10,"minor":121,"access":"rw"}]}}})",
                  .prepare = {"mount -t tmpfs -o size=64k tmpfs /mnt && mknod -m 666 /mnt/nsproof-vsock c 10 121 && "
                              "mkdir -p /srv && : >/srv/nsproof-vsock && "
                              "mount --bind /mnt/nsproof-vsock /srv/nsproof-vsock"},
                  .also = {"dev.node.unexpected"}},
    },
};

}  // namespace
}  // namespace nsproof::audit
