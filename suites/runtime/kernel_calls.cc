// What a system call reaches that no namespace divides: the kernel's log, virtual machine sockets, and user namespaces,
// which give whoever may make one the use of all the privileged code that namespaces open.
#include <linux/vm_sockets.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cstring>

#include "harness/catalogue/property.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/process.h"
#include "harness/sys/sockets.h"
#include "harness/world/world.h"

namespace nsproof {
namespace {

Observation userns_refused(World& w) {
  const Reply made = sys::unshare(w.inside(), CLONE_NEWUSER);
  if (made.ok()) return allowed("unshare(CLONE_NEWUSER) succeeds");
  return refused(say("unshare(CLONE_NEWUSER): ", errno_name(made.error())));
}

// syslog(2): the whole ring buffer, which stays as it is.
Observation log_hidden(World& w) {
  constexpr int kReadAll = 3;  // SYSLOG_ACTION_READ_ALL
  constexpr int kBytes = 1024;
  const Reply text =
      w.inside().call(SYS_syslog, "syslog", {named(kReadAll, "SYSLOG_ACTION_READ_ALL"), out(kBytes), num(kBytes)});
  if (text.ok() && text.value > 0) return leaked(say("syslog(2) gives ", text.value, " bytes of the kernel's log"));
  return isolated(say("syslog(2): ", text.ok() ? "nothing" : errno_name(text.error())));
}

sys::SocketAddress vsock_address(unsigned cid, unsigned port) {
  sockaddr_vm address{};
  address.svm_family = AF_VSOCK;
  address.svm_cid = cid;
  address.svm_port = port;
  return {raw(address), say("{sa_family=AF_VSOCK, svm_cid=", cid, ", svm_port=", port, "}")};
}

// The port that bind(2) chose: two runs at once on one machine share its ports.
unsigned vsock_port_of(const sys::SocketAddress& address) {
  sockaddr_vm bound{};
  std::memcpy(&bound, address.bytes.data(), std::min(address.bytes.size(), sizeof bound));
  return bound.svm_port;
}

// Asking for a socket of a family that the kernel does not have yet could load a module.
bool has_vsock(World& w) {
  return must(sys::read_file(w.outside(), "/proc/net/protocols")).find("\nAF_VSOCK ") != std::string::npos;
}

// A port that one process has bound is taken for all who share it; nothing needs to be sent.
Observation vsock_apart(World& w) {
  if (!has_vsock(w)) return unknown("this kernel has no virtual machine sockets now");
  const auto host = static_cast<int>(must(sys::socket(w.outside(), AF_VSOCK, SOCK_STREAM)));
  must(sys::bind(w.outside(), host, vsock_address(VMADDR_CID_ANY, VMADDR_PORT_ANY)));
  const unsigned port = vsock_port_of(must(sys::getsockname(w.outside(), host)));
  const sys::SocketAddress address = vsock_address(VMADDR_CID_ANY, port);
  const Reply made = sys::socket(w.inside(), AF_VSOCK, SOCK_STREAM);
  if (!made.ok()) return isolated(say("socket(AF_VSOCK): ", errno_name(made.error())));
  const Reply bound = sys::bind(w.inside(), static_cast<int>(made.value), address);
  if (bound.error() == EADDRINUSE) return leaked("a port of AF_VSOCK that the host has bound is taken inside, too");
  if (bound.ok()) return isolated("the same port of AF_VSOCK can be bound inside, too");
  return isolated(say("bind(2) to a port of AF_VSOCK: ", errno_name(bound.error())));
}

const RuntimeRows rows = {
    {
        .id = "kernel.userns.refused",
        .claim = "A process of the sandbox cannot make a user namespace, and with it get privileges over others.",
        .how = "Inside calls unshare(2).",
        .source =
            "user_namespaces(7), Documentation/admin-guide/sysctl/user.rst; the default seccomp filters of engines",
        .since = {3, 8, 0},
        .reach = Reach::any_sandbox,
        .check = userns_refused,
    },
    {
        .id = "kernel.log.unreadable",
        .claim = "The kernel's log cannot be read in a sandbox.",
        .how = "Inside asks syslog(2) for the text, which stays in the log.",
        .source = "syslog(2), Documentation/admin-guide/sysctl/kernel.rst, dmesg_restrict",
        .since = {2, 6, 24},
        .reach = Reach::any_sandbox,
        .manner = Manner::look,
        .check = log_hidden,
    },
    {
        .id = "kernel.vsock.ports-apart",
        .claim = "The ports of virtual machine sockets that the host uses are not those of the sandbox.",
        .how = "Outside binds a port of AF_VSOCK; inside finds out whether it is taken.",
        .source = "vsock(7), https://github.com/moby/moby/issues/10939",
        .since = {4, 8, 0},
        .reach = Reach::any_sandbox,
        .check = vsock_apart,
    },
};

}  // namespace
}  // namespace nsproof
