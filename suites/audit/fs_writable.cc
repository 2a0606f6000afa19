// Files and directories that an ordinary user of the container could use to become another one: accounts, and the
// places where programs are looked for.
#include <algorithm>

#include "harness/audit/rule.h"
#include "harness/audit/view.h"
#include "harness/support/text.h"
#include "suites/audit/mnt_table.h"

namespace nsproof::audit {
namespace {

Sight look_at_accounts(View& view) {
  if (view.status().euid() == 0) return not_applicable("the audited process is root, whose files these are");
  std::vector<std::string> found;
  int there = 0;
  for (const char* path : {"/etc/passwd", "/etc/shadow", "/etc/group", "/etc/gshadow", "/etc/sudoers",
                           "/etc/ld.so.preload", "/etc/ld.so.conf", "/etc/pam.d", "/etc/crontab", "/etc"}) {
    there += view.exists(path) ? 1 : 0;
    if (view.writable(path)) found.push_back(path);
  }
  if (!found.empty()) return weak(say("user ", view.status().euid(), " may write to ", some_of(found)));
  return hardened(say("none of ", there, " that are there, for user ", view.status().euid()));
}

Sight look_at_path(View& view) {
  constexpr std::size_t kMost = 64;
  const sys::Got<std::string>& environment = view.process_file("environ");
  if (!environment.ok()) return unknown(say("/proc/PID/environ: ", errno_name(environment.error())));
  std::string value;
  bool set = false;
  for (const std::string& one : split(environment.value, '\0'))
    if (one.starts_with("PATH=")) value = one.substr(5), set = true;
  if (!set) return not_applicable("the environment has no PATH");
  const bool root = view.status().euid() == 0;
  std::vector<std::string> found;
  std::vector<std::string> directories = split(value, ':');
  directories.resize(std::min(directories.size(), kMost));
  for (const std::string& one : directories) {
    // Also an empty part is the working directory (execvp(3)).
    if (!one.starts_with('/'))
      found.push_back(say(quoted(one), ", which depends on the working directory"));
    else if (!root && view.writable(one))
      found.push_back(quoted(one, 120));
  }
  if (!found.empty()) return weak(say(some_of(found), ", for user ", view.status().euid()));
  return hardened(say("none of the ", directories.size(), " directories", root ? " is relative" : ""));
}

const Rules rows = {
    {
        .id = "fs.accounts.writable",
        .title = "An ordinary user of the container may write to its accounts.",
        .severity = Severity::medium,
        .why = "A line in /etc/passwd or a library in ld.so.preload makes that user root of the container.",
        .how = "faccessat2(2) with W_OK of /etc, of /etc/passwd and of other files that programs of root trust.",
        .references = {"passwd(5)", "ld.so(8)", "CVE-2019-5021", "CIS Distribution Independent Linux 6.1"},
        .fix = {.oci = R"({"root":{"readonly":true}})",
                .docker = "--read-only; RUN chmod 644 /etc/passwd in the Dockerfile",
                .kubernetes = "securityContext: {readOnlyRootFilesystem: true}",
                .bwrap = "--ro-bind /etc/passwd /etc/passwd"},
        .look = look_at_accounts,
        .spoil = {.config = R"({"root":{"readonly":false}})",
                  .prepare = {"chmod 666 {rootfs}/etc/passwd"},
                  .also = {"mnt.rootfs.writable"}},
    },
    {
        .id = "fs.path.writable",
        .title = "The audited user may write to a directory where programs are looked for.",
        .severity = Severity::medium,
        .why = "A program that is left there under a common name is executed by the next one who calls it, as root, "
               "perhaps.",
        .how = "faccessat2(2) with W_OK of every directory of PATH in /proc/PID/environ.",
        .references = {"execvp(3)", "CWE-426", "CIS Distribution Independent Linux 6.2"},
        .fix = {.oci = R"({"process":{"env":["PATH=/usr/sbin:/usr/bin:/sbin:/bin"]}})",
                .docker = "-e PATH=/usr/sbin:/usr/bin:/sbin:/bin --read-only",
                .kubernetes = "env: [{name: PATH, value: /usr/sbin:/usr/bin:/sbin:/bin}]",
                .bwrap = "--setenv PATH /usr/bin:/bin"},
        .look = look_at_path,
        .spoil = {.config = R"({"process":{"env":["PATH=/tmp:/usr/bin:/bin"]}})"},
    },
};

}  // namespace
}  // namespace nsproof::audit
