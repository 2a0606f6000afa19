// What the container learns of the machine that no usual runtime hides: facts, for whoever compares sandboxes.
#include <linux/magic.h>

#include <cerrno>

#include "harness/audit/rule.h"
#include "harness/audit/view.h"
#include "harness/support/text.h"

namespace nsproof::audit {
namespace {

// Files that show the machine's numbers unless something like lxcfs is mounted on them.
Sight look_at_machine_wide(View& view) {
  std::string of_machine;
  std::string covered;
  for (const char* name : {"uptime", "loadavg", "meminfo", "cpuinfo", "stat", "swaps", "vmstat"}) {
    const std::string path = say("/proc/", name);
    const sys::Got<sys::FileSystem>& kind = view.file_system(path);
    if (!kind.ok()) continue;
    std::string& list = kind.value.type == PROC_SUPER_MAGIC ? of_machine : covered;
    list += say(list.empty() ? "" : " ", name);
  }
  return not_applicable(say("the machine's: ", of_machine.empty() ? "none" : of_machine,
                            covered.empty() ? "" : say("; something else is mounted on: ", covered)));
}

Sight look_at_login(View& view) {
  const sys::Got<std::string>& text = view.process_file("loginuid");
  if (!text.ok()) return not_applicable(say("/proc/PID/loginuid: ", errno_name(text.error())));
  const std::string id = trim(text.value);
  return not_applicable(id == "4294967295" ? "no login user is recorded" : say("the login user is ", quoted(id)));
}

Sight look_at_interfaces(View& view) {
  const sys::Got<std::vector<std::string>>& names = view.names("/sys/class/net", 64);
  if (!names.ok()) return not_applicable(say("/sys/class/net: ", errno_name(names.error())));
  std::string list;
  for (const std::string& name : names.value) list += say(list.empty() ? "" : " ", quoted(name));
  return not_applicable(say("addresses of hardware are in /sys/class/net/*/address for: ", list));
}

const Rules rows = {
    {
        .id = "leak.load.of-machine",
        .title = "Which numbers of /proc are those of the whole machine.",
        .severity = Severity::info,
        .why = "They identify the machine, and programs that size themselves by them take more than their share.",
        .how = "The kind of file system behind /proc/uptime, loadavg, meminfo, cpuinfo, stat, swaps and vmstat.",
        .references = {"proc(5)", "lxcfs(1)"},
        .look = look_at_machine_wide,
    },
    {
        .id = "leak.login-user.recorded",
        .title = "The login user that the kernel's audit records for the container.",
        .severity = Severity::info,
        .why = "It says who started the container, and is what its processes are audited as.",
        .how = "/proc/PID/loginuid.",
        .references = {"proc_pid_loginuid(5)", "auditctl(8)"},
        .look = look_at_login,
    },
    {
        .id = "leak.hardware-addresses.shown",
        .title = "Network interfaces whose hardware addresses the container can read.",
        .severity = Severity::info,
        .why = "They identify the machine, or the address that the container was given.",
        .how = "Names in /sys/class/net.",
        .references = {"netdevice(7)"},
        .look = look_at_interfaces,
    },
    {
        .id = "leak.kernel-release.shown",
        .title = "The release of the kernel that the container runs on.",
        .severity = Severity::info,
        .why = "It says which holes there may be, to both sides.",
        .how = "/proc/sys/kernel/osrelease.",
        .references = {"uname(2)"},
        .look =
            [](View& view) {
              const sys::Got<std::string>& text = view.file("/proc/sys/kernel/osrelease");
              return not_applicable(text.ok() ? quoted(trim(text.value))
                                              : say("/proc/sys/kernel/osrelease: ", errno_name(text.error())));
            },
    },
};

}  // namespace
}  // namespace nsproof::audit
