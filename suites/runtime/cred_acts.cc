// Capabilities by what they are for: each act does nothing at all, and its answer tells whether the privilege was
// there.
#include <linux/capability.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstring>

#include "harness/catalogue/property.h"
#include "harness/runtime/contract.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/ids.h"
#include "harness/sys/privileged.h"
#include "harness/world/world.h"

namespace nsproof {
namespace {

// A raw socket; packet(7), raw(7).
Reply open_raw_socket(Actor& actor) {
  Reply made =
      actor.call(SYS_socket, "socket",
                 {named(AF_INET, "AF_INET"), named(SOCK_RAW, "SOCK_RAW"), named(IPPROTO_ICMP, "IPPROTO_ICMP")});
  if (made.ok()) must(sys::close(actor, static_cast<int>(made.value)));
  return made;
}

// The flags of a network interface that does not exist (netdevice(7)): EPERM, or ENODEV for who may set them.
Reply set_missing_interface(Actor& actor) {
  const Reply made =
      actor.call(SYS_socket, "socket", {named(AF_INET, "AF_INET"), named(SOCK_DGRAM, "SOCK_DGRAM"), num(0)});
  if (!made.ok()) return made;
  ifreq request{};
  std::strncpy(request.ifr_name, "nsproof-none", IFNAMSIZ - 1);
  Reply reply = actor.call(
      SYS_ioctl, "ioctl",
      {num(made.value), named(SIOCSIFFLAGS, "SIOCSIFFLAGS"), in_out(raw(request), "{ifr_name=\"nsproof-none\"}")});
  must(sys::close(actor, static_cast<int>(made.value)));
  return reply;
}

Reply bind_low_port(Actor& actor) {
  const Reply made =
      actor.call(SYS_socket, "socket", {named(AF_INET, "AF_INET"), named(SOCK_DGRAM, "SOCK_DGRAM"), num(0)});
  if (!made.ok()) return made;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(1);
  Reply reply =
      actor.call(SYS_bind, "bind", {num(made.value), record(raw(address), "{0.0.0.0, port 1}"), num(sizeof address)});
  must(sys::close(actor, static_cast<int>(made.value)));
  return reply;
}

// A file of its own in memory, given to somebody else.
Reply give_away_file(Actor& actor) {
  const Reply made = actor.call(SYS_memfd_create, "memfd_create", {str("gift"), num(MFD_CLOEXEC)});
  if (!made.ok()) return made;
  Reply reply = actor.call(SYS_fchown, "fchown", {num(made.value), num(1), num(1)});
  must(sys::close(actor, static_cast<int>(made.value)));
  return reply;
}

// Dropping a capability that does not exist: EPERM, or EINVAL for who may drop any.
Reply drop_no_capability(Actor& actor) { return sys::drop_bounding(actor, 63); }

// delete_module(2) of a name that no module has: EPERM, or ENOENT for who may.
Reply delete_missing_module(Actor& actor) {
  return actor.call(SYS_delete_module, "delete_module",
                    {str("nsproof-no-such-module"), named(O_NONBLOCK, "O_NONBLOCK")});
}

// acct(2) to a file that does not exist: EPERM, or ENOENT for who may.
Reply account_to_missing_file(Actor& actor) { return actor.call(SYS_acct, "acct", {path("/nsproof-no-such-file")}); }

Reply change_root_to_root(Actor& actor) { return sys::chroot(actor, "/"); }
Reply take_group(Actor& actor) { return sys::setresgid(actor, 1, 1, 1); }
Reply take_user(Actor& actor) { return sys::setresuid(actor, 1, 1, 1); }

struct Act {
  unsigned capability;
  std::string_view name;
  Reply (*perform)(Actor&);
  int allowed = 0;  // the errno of who has the capability; 0 is success
};

// The last two change the process, so they are the last.
constexpr Act kActs[] = {
    {CAP_SYS_TIME, "CAP_SYS_TIME", sys::adjtimex_impossible_tick, EINVAL},
    {CAP_SYSLOG, "CAP_SYSLOG", sys::syslog_no_console_level, EINVAL},
    {CAP_SYS_ADMIN, "CAP_SYS_ADMIN", sys::swapon_missing_file, ENOENT},
    {CAP_SYS_BOOT, "CAP_SYS_BOOT", sys::reboot_without_magic, EINVAL},
    {CAP_SYS_MODULE, "CAP_SYS_MODULE", delete_missing_module, ENOENT},
    {CAP_SYS_PACCT, "CAP_SYS_PACCT", account_to_missing_file, ENOENT},
    {CAP_SYS_NICE, "CAP_SYS_NICE", sys::raise_own_priority},
    {CAP_SYS_CHROOT, "CAP_SYS_CHROOT", change_root_to_root},
    {CAP_SETPCAP, "CAP_SETPCAP", drop_no_capability, EINVAL},
    {CAP_NET_RAW, "CAP_NET_RAW", open_raw_socket},
    {CAP_NET_ADMIN, "CAP_NET_ADMIN", set_missing_interface, ENODEV},
    {CAP_NET_BIND_SERVICE, "CAP_NET_BIND_SERVICE", bind_low_port},
    {CAP_CHOWN, "CAP_CHOWN", give_away_file},
    {CAP_SETGID, "CAP_SETGID", take_group},
    {CAP_SETUID, "CAP_SETUID", take_user},
};

bool was_allowed(const Act& act, const Reply& reply) {
  return act.allowed == 0 ? reply.ok() : reply.error() == act.allowed;
}

bool is_asked(const Contract& contract, const Act& act) {
  return (contract.capabilities->effective >> act.capability & 1) != 0;
}

Observation withheld_refused(World& w) {
  std::vector<std::string> open;
  std::vector<std::string> closed;
  for (const Act& act : kActs) {
    if (is_asked(w.contract(), act)) continue;
    const Reply reply = act.perform(w.inside());
    if (was_allowed(act, reply)) {
      open.push_back(
          say(act.name, " (", reply.call, reply.ok() ? " succeeded" : ": " + errno_name(reply.error()), ")"));
    } else {
      closed.push_back(say(act.name, " ", errno_name(reply.error())));
    }
  }
  if (open.empty()) return isolated(say("refused: ", join(closed, ", ")));
  return leaked(say("what takes these was allowed: ", join(open, ", ")));
}

std::optional<std::string> asked_to_withhold(const Contract& contract) {
  if (!contract.capabilities) return std::nullopt;
  std::vector<std::string> withheld;
  for (const Act& act : kActs)
    if (!is_asked(contract, act)) withheld.emplace_back(act.name);
  if (withheld.empty()) return std::nullopt;
  return say("no ", join(withheld, ", "));
}

const RuntimeRows rows = {
    {
        .id = "cred.capabilities.withheld-acts-refused",
        .claim = "What takes a capability that was not asked for is refused.",
        .how = "For each of fifteen capabilities inside makes a call that has no effect, and whose errno tells whether "
               "the privilege was there: a tick that no clock has, a module and a swap file that do not exist.",
        .source = "OCI runtime-spec config.md, process.capabilities; capabilities(7)",
        .since = {3, 17},
        .reach = Reach::any_alone,
        .check = withheld_refused,
        .asked = asked_to_withhold,
    },
};

}  // namespace
}  // namespace nsproof
