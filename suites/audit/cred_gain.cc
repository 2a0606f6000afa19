// Ways to more privileges that a process may still have: no_new_privs(2), securebits, su(1) and sudo(8).
#include <linux/securebits.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include "harness/audit/rule.h"
#include "harness/audit/view.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/process.h"
#include "suites/audit/cred_judge.h"

namespace nsproof::audit {

Sight judge_shadow(std::string_view beginning) {
  if (!beginning.starts_with("root:")) return unknown("/etc/shadow does not begin with root's line");
  const std::string_view rest = beginning.substr(5);
  if (rest.empty()) return unknown("/etc/shadow ends in root's line");
  return weak_if(rest.front() == ':', rest.front() == ':' ? "root's password is empty in /etc/shadow"
                                                          : "root's password is not empty in /etc/shadow");
}

std::string line_without_password(std::string_view sudoers) {
  for (const std::string& line : lines_of(sudoers)) {
    const std::string rule = trim(line);
    if (rule.empty() || rule.front() == '#') continue;
    if (rule.find("NOPASSWD:") != std::string::npos) return rule;
    if (rule.starts_with("Defaults") && rule.find("!authenticate") != std::string::npos) return rule;
  }
  return {};
}

namespace {

// A program that starts as root whoever starts it, and that no mount option keeps from it; empty if there is none.
std::string set_uid_program(View& view, const std::vector<const char*>& paths) {
  for (const char* path : paths) {
    const sys::Got<struct stat>& seen = view.stat(path);
    if (!seen.ok() || !S_ISREG(seen.value.st_mode) || (seen.value.st_mode & S_ISUID) == 0) continue;
    const sys::Got<sys::FileSystem>& on = view.file_system(path);
    constexpr std::uint64_t kNoSuid = 2;  // ST_NOSUID of statvfs(3)
    if (on.ok() && (on.value.flags & kNoSuid) == 0) return path;
  }
  return {};
}

Sight new_privileges(View& view) {
  const sys::Got<std::string>& text = view.process_file("status");
  if (text.ok() && text.value.find("\nNoNewPrivs:") == std::string::npos)
    return unknown("/proc/PID/status does not say: the kernel is older than Linux 4.10");
  if (view.status().no_new_privs) return hardened("NoNewPrivs is 1");
  const std::string program =
      set_uid_program(view, {"/usr/bin/su", "/bin/su", "/usr/bin/sudo", "/usr/bin/passwd", "/usr/bin/mount",
                             "/bin/mount", "/usr/bin/newgrp", "/usr/bin/chsh", "/usr/bin/pkexec"});
  if (program.empty()) return weak("NoNewPrivs is 0");
  return weak("NoNewPrivs is 0", Severity::high, say(program, " is there, and starts as root"));
}

Sight securebits(View& view) {
  const Reply& reply =
      view.call("securebits", [](Actor& actor) { return sys::prctl(actor, PR_GET_SECUREBITS, "PR_GET_SECUREBITS"); });
  if (!reply.ok()) return unknown(say("prctl(PR_GET_SECUREBITS): ", errno_name(reply.error())));
  constexpr std::int64_t kWanted = SECBIT_NOROOT | SECBIT_NOROOT_LOCKED;
  const Status& status = view.status();
  const std::string seen =
      say("securebits are ", reply.value, ", effective user ", ids_inside(view).uid, ", NoNewPrivs ",
          status.no_new_privs ? 1 : 0, ", bounding set: ", capability_names(status.capabilities.bounding));
  if (status.capabilities.bounding == 0 || (reply.value & kWanted) == kWanted) return hardened(seen);
  return weak_if(ids_inside(view).uid == 0 || !status.no_new_privs, seen);
}

// Never more than tells an empty password from any other, so that no hash gets into a report.
constexpr std::size_t kShadowBytes = 6;

sys::Got<std::string> beginning_of_shadow(Actor& actor) {
  sys::Got<std::string> got{sys::open(actor, "/etc/shadow", O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)};
  if (!got.ok()) return got;
  const int fd = static_cast<int>(got.reply.value);
  got = sys::read(actor, fd, kShadowBytes);
  sys::close(actor, fd);
  return got;
}

Sight root_without_password(View& view) {
  if (view.status().no_new_privs) return hardened("NoNewPrivs is 1: su cannot become root");
  const std::string su = set_uid_program(view, {"/usr/bin/su", "/bin/su"});
  if (su.empty()) return not_applicable("there is no su that starts as root");
  const sys::Got<struct stat>& file = view.stat("/etc/shadow");
  if (!file.ok()) return unknown(say("/etc/shadow: ", errno_name(file.error())));
  if (!S_ISREG(file.value.st_mode)) return unknown("/etc/shadow is no regular file");
  const sys::Got<std::string>& beginning = view.ask("beginning of shadow", beginning_of_shadow);
  if (!beginning.ok()) return unknown(say("/etc/shadow: ", errno_name(beginning.error())));
  return judge_shadow(beginning.value);
}

Sight sudo_without_password(View& view) {
  if (view.status().no_new_privs) return hardened("NoNewPrivs is 1: sudo cannot become root");
  if (set_uid_program(view, {"/usr/bin/sudo", "/bin/sudo", "/usr/local/bin/sudo"}).empty())
    return not_applicable("there is no sudo that starts as root");
  std::vector<std::string> files = {"/etc/sudoers"};
  std::string unread;
  constexpr std::size_t kMany = 64;
  const sys::Got<std::vector<std::string>>& more = view.names("/etc/sudoers.d", kMany);
  if (!more.ok() && more.error() != ENOENT) unread = say("/etc/sudoers.d: ", errno_name(more.error()));
  for (const std::string& name : more.value)
    if (name.find('.') == std::string::npos && !name.ends_with('~')) files.push_back(say("/etc/sudoers.d/", name));
  for (const std::string& file : files) {
    const sys::Got<std::string>& text = view.file(file, 64 * 1024);
    if (!text.ok()) unread = say(quoted(file), ": ", errno_name(text.error()));
    const std::string line = line_without_password(text.value);
    if (!line.empty()) return weak(say(quoted(file), " has ", quoted(line)));
  }
  if (!unread.empty()) return unknown(unread);
  return hardened(say("no NOPASSWD in /etc/sudoers and ", files.size() - 1, " files of /etc/sudoers.d"));
}

Sight memory_deny_write_execute(View& view) {
  constexpr int kGetMdwe = 66;  // PR_GET_MDWE, Linux 6.3
  const Reply& reply = view.call("mdwe", [](Actor& actor) { return sys::prctl(actor, kGetMdwe, "PR_GET_MDWE"); });
  return not_applicable(reply.ok() ? say("PR_GET_MDWE is ", reply.value)
                                   : say("PR_GET_MDWE is refused: ", errno_name(reply.error())));
}

constexpr const char* kNewPrivileges = R"({"process":{"noNewPrivileges":false}})";
const Fix kNoNewPrivileges = {.oci = R"({"process":{"noNewPrivileges":true}})",
                              .docker = "--security-opt no-new-privileges",
                              .kubernetes = "securityContext: {allowPrivilegeEscalation: false}",
                              .bwrap = "bwrap always sets it"};

const Rules rows = {
    {
        .id = "cred.no-new-privs.off",
        .title = "The process may gain privileges by executing a file.",
        .severity = Severity::medium,
        .why = "Set-user-ID programs and files with capabilities work in it, and each of them is a way to root.",
        .how = "NoNewPrivs of /proc/PID/status, and whether the usual set-user-ID programs are there.",
        .references = {"prctl(2): PR_SET_NO_NEW_PRIVS", "CIS Docker 5.26", "CIS Kubernetes 5.2.6",
                       "PSS restricted: allowPrivilegeEscalation"},
        .fix = kNoNewPrivileges,
        .confined = Confined::by_user_namespace,
        .look = new_privileges,
        .spoil = {.config = kNewPrivileges},
    },
    {
        .id = "cred.securebits.root-special",
        .title = "Executing a file as root gives the whole bounding set.",
        .severity = Severity::low,
        .why = "Capabilities that were dropped from the process come back with user 0, unless securebits forbid it.",
        .how =
            "prctl(PR_GET_SECUREBITS): SECBIT_NOROOT, locked, is only needed where the bounding set is not empty and "
            "the process is root or may become so.",
        .references = {"capabilities(7)", "prctl(2)"},
        .fix = {.oci = R"({"process":{"noNewPrivileges":true,"user":{"uid":1000},"capabilities":{"bounding":[]}}})",
                .docker = "--cap-drop ALL --security-opt no-new-privileges --user 1000",
                .kubernetes = "securityContext: {capabilities: {drop: [ALL]}, allowPrivilegeEscalation: false}",
                .bwrap = "--cap-drop ALL",
                .host = "setpriv --securebits +noroot,+noroot_locked PROGRAM"},
        .side = Side::inside,
        .confined = Confined::by_user_namespace,
        .look = securebits,
        .spoil = {.config = R"({"process":{"noNewPrivileges":false,"capabilities":{"+bounding":["CAP_CHOWN"]}}})",
                  .also = {"cred.no-new-privs.off", "cap.bounding.wide"}},
    },
    {
        .id = "cred.shadow.empty-root",
        .title = "su makes everybody in the container root without a password.",
        .severity = Severity::medium,
        .why = "Whoever gets into the container as any user is its root at once.",
        .how = "The first six bytes of /etc/shadow, if there is a set-user-ID su and no no_new_privs.",
        .references = {"shadow(5)", "su(1)", "CVE-2019-5021"},
        .fix = {.oci = R"({"process":{"noNewPrivileges":true}})",
                .docker = "--security-opt no-new-privileges",
                .kubernetes = "securityContext: {allowPrivilegeEscalation: false}",
                .host = "RUN passwd --lock root"},
        .confined = Confined::by_user_namespace,
        .look = root_without_password,
        .spoil =
            {.config = kNewPrivileges,
             .prepare = {"mkdir -p {rootfs}/usr/bin; cp {rootfs}/nsprobe {rootfs}/usr/bin/su; "
                         "chmod 4755 {rootfs}/usr/bin/su; printf 'root::19000:0:99999:7:::\\n' >{rootfs}/etc/shadow; "
                         "chmod 0644 {rootfs}/etc/shadow"},
             .also = {"cred.no-new-privs.off", "fs.set-uid.present"}},
    },
    {
        .id = "cred.sudo.no-password",
        .title = "sudo gives privileges without asking for a password.",
        .severity = Severity::medium,
        .why = "Whoever gets into the container as that user is its root at once.",
        .how = "NOPASSWD and !authenticate in /etc/sudoers and /etc/sudoers.d, if there is a set-user-ID sudo and no "
               "no_new_privs.",
        .references = {"sudoers(5)", "sudo(8)"},
        .fix = {.oci = R"({"process":{"noNewPrivileges":true}})",
                .docker = "--security-opt no-new-privileges",
                .kubernetes = "securityContext: {allowPrivilegeEscalation: false}",
                .host = "RUN apt-get purge sudo"},
        .confined = Confined::by_user_namespace,
        .look = sudo_without_password,
        .spoil = {.config = kNewPrivileges,
                  .prepare = {"mkdir -p {rootfs}/usr/bin; cp {rootfs}/nsprobe {rootfs}/usr/bin/sudo; "
                              "chmod 4755 {rootfs}/usr/bin/sudo; "
                              "printf 'ALL ALL=(ALL) NOPASSWD: ALL\\n' >{rootfs}/etc/sudoers; "
                              "chmod 0644 {rootfs}/etc/sudoers"},
                  .also = {"cred.no-new-privs.off", "fs.set-uid.present"}},
    },
    {
        .id = "cred.mdwe.state",
        .title = "Memory that is written may be executed.",
        .severity = Severity::info,
        .why = "Programs that make no code at run time can have the kernel refuse it to whoever takes them over.",
        .how = "prctl(PR_GET_MDWE).",
        .references = {"PR_SET_MDWE(2const)", "systemd.exec(5): MemoryDenyWriteExecute"},
        .side = Side::inside,
        .look = memory_deny_write_execute,
    },
};

}  // namespace
}  // namespace nsproof::audit
