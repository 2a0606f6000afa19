// Files in which a program is named that the kernel then runs as root of the host: whoever may write one has the host.
#include <sys/stat.h>

#include "harness/audit/rule.h"
#include "harness/audit/view.h"
#include "harness/support/text.h"
#include "suites/audit/mask_fixtures.h"
#include "suites/audit/w_files.h"

namespace nsproof::audit {
namespace {

constexpr int kCapSysModule = 16;

const std::vector<KernelSwitch>& helper_paths() {
  static const std::vector<KernelSwitch> paths = {
      {"/proc/sys/kernel/modprobe"},
      {"/proc/sys/kernel/hotplug"},
      {"/proc/sys/kernel/poweroff_cmd"},
      {"/proc/sys/kernel/usermodehelper/bset", kCapSysModule},
      {"/proc/sys/kernel/usermodehelper/inheritable", kCapSysModule},
      {"/sys/kernel/uevent_helper"},
  };
  return paths;
}

Fix fix_of(const std::vector<KernelSwitch>& switches) {
  return {.oci = read_only(places_of("/proc/sys", switches)),
          .docker = "without --privileged and --security-opt systempaths=unconfined; --userns-remap of dockerd",
          .podman = "without --privileged and --security-opt unmask=ALL; --userns=auto",
          .kubernetes = "hostUsers: false; securityContext: {procMount: Default, privileged: false}",
          .bwrap = "--unshare-user --ro-bind /proc/sys /proc/sys"};
}

// An instance of binfmt_misc that belongs to the container's user namespace (Linux 6.7) can only harm the container;
// its files belong to that namespace's root.
Sight binfmt_misc(View& view) {
  std::vector<WriteAccess> seen;
  std::string mine;
  for (const sys::MountInfo& mount : view.mounts()) {
    if (mount.type != "binfmt_misc") continue;
    const std::string path = mount.target + "/register";
    const sys::Got<struct stat>& status = view.stat(path);
    const UserNamespaceView& user = view.user_namespace();
    if (status.ok() && status.value.st_uid == 0 && user.ownership == Ownership::own && !user.identity)
      mine = quoted(path);
    else
      seen.push_back(write_access(view, {path}));
  }
  if (!seen.empty()) return judge_writable(seen);
  if (!mine.empty()) return hardened(say(mine, " is of the container's own user namespace"));
  const sys::Got<std::string>& known = view.file("/proc/filesystems");
  if (known.ok() && known.value.find("binfmt_misc") == std::string::npos)
    return not_applicable("the kernel has no binfmt_misc");
  return hardened("no mount of type binfmt_misc");
}

const Rules rows = {
    {
        .id = "write.core-pattern.open",
        .title = "The container may say which program the host runs when a process crashes.",
        .severity = Severity::critical,
        .why = "A pattern that begins with | names a program that the kernel runs as root of the host, outside every "
               "container; a crash is all that it takes.",
        .how = "faccessat(2) grants writing to /proc/sys/kernel/core_pattern.",
        .references = {"core(5)", "CVE-2022-0811", "config-linux.md: readonlyPaths", "PSS baseline: sysctls"},
        .fix = fix_of({{"/proc/sys/kernel/core_pattern"}}),
        .look = [](View& view) { return any_writable(view, {{"/proc/sys/kernel/core_pattern"}}); },
        .spoil = writable_again({"/proc/sys/kernel/core_pattern"}),
    },
    {
        .id = "write.helper-path.open",
        .title = "The container may name programs that the host's kernel runs.",
        .severity = Severity::critical,
        .why = "The kernel runs them as root of the host: to load a module, to tell of a device, to switch off.",
        .how = "faccessat(2) grants writing to kernel.modprobe, hotplug or poweroff_cmd, the capabilities of such "
               "programs, or /sys/kernel/uevent_helper.",
        .references = {"Documentation/admin-guide/sysctl/kernel.rst: modprobe", "proc_sys_kernel(5)",
                       "config-linux.md: readonlyPaths"},
        .fix = fix_of(helper_paths()),
        .look = [](View& view) { return any_writable(view, helper_paths()); },
        .spoil = writable_again({"/proc/sys/kernel/poweroff_cmd"}),
    },
    {
        .id = "write.binfmt-misc.open",
        .title = "The container may register interpreters for programs of the host.",
        .severity = Severity::critical,
        .why = "A registered interpreter runs in place of the programs that it matches, with the privileges of set-uid "
               "ones: of the host, if the instance of binfmt_misc is the host's.",
        .how = "binfmt_misc is mounted, does not belong to the container's own user namespace, and faccessat(2) grants "
               "writing to its file register.",
        .references = {"Documentation/admin-guide/binfmt-misc.rst"},
        .fix = {.oci = R"({"-mounts":[{"type":"binfmt_misc"},{"destination":"/proc/sys/fs/binfmt_misc"}]})",
                .docker = "without -v /proc/sys/fs/binfmt_misc:/proc/sys/fs/binfmt_misc",
                .kubernetes = "no hostPath volume of /proc/sys/fs/binfmt_misc; hostUsers: false",
                .bwrap = "without --bind /proc/sys/fs/binfmt_misc"},
        .look = binfmt_misc,
        .spoil = {.config = merged({bound("/run/nsproof-binfmt", "/proc/sys/fs/binfmt_misc"), with_hosts_root()}),
                  .prepare = {"mkdir /run/nsproof-binfmt; mount -t binfmt_misc none /run/nsproof-binfmt"},
                  .also = {kHostRootMapped}},
    },
};

}  // namespace
}  // namespace nsproof::audit
