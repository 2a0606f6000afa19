// The kernel's keys: whether the container has a session keyring of its own, and whether keys of others are in sight.
#include "harness/audit/rule.h"
#include "harness/audit/view.h"
#include "harness/support/text.h"
#include "harness/sys/keys.h"
#include "suites/audit/mnt_keys.h"

namespace nsproof::audit {
namespace {

Sight look_at_session(View& view) {
  // A session keyring goes from parent to child, so who looks from outside has its own and not the container's.
  if (view.from_host()) return unknown("only a process of the container can tell: run nsproof audit there");
  const sys::Got<std::string>& name =
      view.ask("session keyring", [](Actor& actor) { return sys::keyring_name(actor, sys::Keyring::session); });
  if (name.error() == ENOKEY) return hardened("there is no session keyring");
  if (!name.ok() && (name.error() == ENOSYS || name.error() == EPERM))
    return hardened(say("keyctl(2) is refused: ", errno_name(name.error())));
  if (!name.ok()) return unknown(say("keyctl(KEYCTL_DESCRIBE): ", errno_name(name.error())));
  return judge_session(name.value, view.user_namespace().ownership == Ownership::own);
}

Sight look_at_keys(View& view) {
  const sys::Got<std::string>& text = view.file("/proc/keys");
  if (text.error() == ENOENT) return not_applicable("there is no /proc/keys");
  // EINVAL: the null device is there instead.
  if (text.error() == EINVAL || text.error() == EACCES)
    return hardened(say("/proc/keys cannot be read: ", text.error() == EINVAL ? "it is masked" : "EACCES"));
  if (!text.ok()) return unknown(say("/proc/keys: ", errno_name(text.error())));
  return judge_keys(text.value, view.status().euid());
}

// keyctl(2) has no library in perl: its numbers are those of asm/unistd.h.
constexpr const char* kKeys = R"(my ($add, $ctl) = `uname -m` =~ /x86_64/ ? (248, 250) : (217, 219); )";

const Rules rows = {
    {
        .id = "key.session.inherited",
        .title = "The container's processes have the session keyring of whoever started it.",
        .severity = Severity::medium,
        .why =
            "Keys of the host's user, for Kerberos or an encrypted file system, can be used inside, and the container "
            "can leave keys to it.",
        .how = "keyctl(2) with KEYCTL_DESCRIBE of the session keyring: a runtime's has the container's name, that of a "
               "login is _ses, that of a user without a session _uid_ses.",
        .references = {"keyrings(7)", "session-keyring(7)", "CVE-2016-0728"},
        .fix = {.docker = "without --security-opt seccomp=unconfined",
                .podman = "keyring = true in containers.conf",
                .kubernetes = "securityContext: {seccompProfile: {type: RuntimeDefault}}",
                .bwrap = "keyctl session - bwrap ..."},
        .side = Side::inside,
        .look = look_at_session,
        .spoil = {.config = R"({"linux":{"seccomp":{"+syscalls":[{"names":["keyctl"],"action":"SCMP_ACT_ALLOW"}],
                  "-syscalls":[{"names":["add_key","clone3","io_uring_enter","io_uring_register","io_uring_setup",
                  "keyctl","request_key"]}]}}})",
                  .wrap = {"perl", "-e",
                           say(kKeys,
                               "syscall($ctl, 1, 0) >= 0 or die; splice @ARGV, 4, 0, '--no-new-keyring'; "
                               "exec @ARGV")},
                  .also = {"seccomp.keyring.reachable"}},
    },
    {
        .id = "key.foreign.readable",
        .title = "Keys of other users can be seen in the container.",
        .severity = Severity::medium,
        .why = "Users of different containers have the same number, and so the same keys; what they call them tells "
               "what they are for.",
        .how = "Entries of /proc/keys of other users than the audited one that others may see.",
        .references = {"keyrings(7)", "proc_keys(5)", "OCI runtime specification: maskedPaths"},
        .fix = {.oci = R"({"linux":{"+maskedPaths":["/proc/keys"]}})",
                .docker = "without --security-opt systempaths=unconfined and --privileged",
                .podman = "without --security-opt unmask=ALL and --privileged",
                .kubernetes = "securityContext: {procMount: Default}",
                .bwrap = "--ro-bind /dev/null /proc/keys"},
        .look = look_at_keys,
        // The key ends with the session of the runtime: KEYCTL_JOIN_SESSION_KEYRING, add_key, KEYCTL_SETPERM,
        // KEYCTL_CHOWN to a user of the container.
        .spoil = {.config = R"({"linux":{"-maskedPaths":["/proc/keys"]}})",
                  .wrap = {"perl", "-e",
                           say(kKeys,
                               "syscall($ctl, 1, 0) >= 0 or die; "
                               "my ($type, $name, $text) = ('user', 'nsproof', 'x'); "
                               "my $key = syscall($add, $type, $name, $text, 1, -3); $key > 0 or die; "
                               "syscall($ctl, 5, $key, 0x3f030003) == 0 or die; "
                               "syscall($ctl, 4, $key, 300005, -1) == 0 or die; exec @ARGV")},
                  .also = {"mask.keys.*"}},
    },
};

}  // namespace
}  // namespace nsproof::audit
