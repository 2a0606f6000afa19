// Which program listens at a socket, by the name that it has: that of the file, and that which it had on the host.
#include <algorithm>

#include "harness/support/text.h"
#include "suites/audit/mnt_sockets.h"
#include "suites/audit/mnt_table.h"

namespace nsproof::audit {
namespace {

struct Known {
  std::string_view pattern;
  std::string_view program;
};

constexpr Known kRuntimes[] = {
    {"*docker*.sock", "Docker"},
    {"*containerd*.sock*", "containerd"},
    {"*/containerd-shim*", "containerd's shim"},
    {"*/crio*.sock", "CRI-O"},
    {"*/podman*.sock", "Podman"},
    {"*/buildkit*.sock", "BuildKit"},
    {"*/kubelet*.sock", "the kubelet"},
    {"*/device-plugins/*.sock", "a device plugin of the kubelet"},
    {"*/dockershim.sock", "dockershim"},
    {"*/cri-dockerd.sock", "cri-dockerd"},
    {"*/frakti.sock", "frakti"},
    {"*/balena*.sock", "balenaEngine"},
    {"*/nerdctl*.sock", "nerdctl"},
    {"*lxd*/unix.socket", "LXD"},
    {"*incus*/unix.socket", "Incus"},
    {"*/libvirt/*sock*", "libvirt"},
    {"*/libvirt-sock*", "libvirt"},
    {"*firecracker*.sock*", "Firecracker"},
    {"*/runsc-*.sock", "gVisor"},
    {"*/kata*.sock*", "Kata Containers"},
    {"*/io.podman", "Podman"},
};

constexpr Known kServices[] = {
    {"*/system_bus_socket", "the D-Bus of the system"},
    {"*/dbus/user_bus_socket", "the D-Bus of a user"},
    {"*/run/user/*/bus", "the D-Bus of a user"},
    {"*/systemd/private", "systemd"},
    {"*/systemd/notify", "systemd"},
    {"*/systemd/io.systemd.*", "systemd"},
    {"*/systemd/userdb/*", "systemd"},
    {"*/systemd/journal/*", "systemd-journald"},
    {"*/udev/control", "udev"},
    {"*/avahi-daemon/socket", "Avahi"},
    {"*/.X11-unix/X*", "an X server"},
    {"*/wayland-*", "a Wayland compositor"},
    {"*/pulse/native", "PulseAudio"},
    {"*/pipewire-*", "PipeWire"},
    {"*/snapd*.socket", "snapd"},
    {"*/ssh-*/agent.*", "an SSH agent"},
    {"*/S.gpg-agent*", "a GnuPG agent"},
    {"*/keyring/*", "a keyring daemon"},
    {"*/cups.sock", "CUPS"},
    {"*/acpid.socket", "acpid"},
    {"*/rpcbind.sock", "rpcbind"},
    {"*/nscd/socket", "nscd"},
};

template <std::size_t N>
std::string_view program_of(const Known (&known)[N], std::string_view path) {
  const auto found =
      std::find_if(std::begin(known), std::end(known), [&](const Known& one) { return glob_match(one.pattern, path); });
  return found != std::end(known) ? found->program : std::string_view();
}

}  // namespace

std::string_view runtime_of_socket(std::string_view path) { return program_of(kRuntimes, path); }

std::string_view system_service_of_socket(std::string_view path) {
  return runtime_of_socket(path).empty() ? program_of(kServices, path) : std::string_view();
}

Sight judge_sockets(const SocketFiles& files, SocketKind kind) {
  const auto program = kind == SocketKind::runtime ? runtime_of_socket : system_service_of_socket;
  std::vector<std::string> found;
  std::size_t own = 0;
  bool open = false;
  for (const SocketFile& one : files.found) {
    // A container may call what it binds as it likes; its root in the mount table is the name on the host.
    std::string_view name = program(one.original);
    if (name.empty()) name = program(one.path);
    if (name.empty()) continue;
    if (one.own) {
      ++own;
      continue;
    }
    std::string text = quoted(one.path, 120);
    if (!one.original.empty()) text += say(" (", quoted(one.original, 120), " there)");
    found.push_back(
        say(text, " of ", name, one.writable ? ", open to the audited user" : ", closed to the audited user"));
    open = open || one.writable;
  }
  if (found.empty() && !files.complete)
    return unknown(say("there is more than the ", files.looked_at, " names that were looked at, and none so far"));
  if (found.empty())
    return hardened(say("none among ", files.found.size(), " sockets",
                        own > 0 ? say(" but ", own, " of the container's own processes") : "", " (", files.looked_at,
                        " names in /run, /var/run, /tmp and mounts)"));
  if (open) return weak(some_of(found));
  return weak(some_of(found), kind == SocketKind::runtime ? Severity::high : Severity::low,
              "connect(2) needs permission to write, which the audited user does not have");
}

}  // namespace nsproof::audit
