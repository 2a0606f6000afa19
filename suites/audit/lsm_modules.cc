// The security modules: which of them are active, what they say of the container's processes, and whether their
// policies can be seen from it.
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "harness/support/text.h"
#include "suites/audit/lsm_judge.h"
#include "suites/audit/seccomp_calls.h"

namespace nsproof::audit {
namespace {

// Linux 6.8 and 5.13; the same number on every machine.
constexpr long kLsmListModules = 461;
constexpr long kLandlockCreateRuleset = 444;
constexpr std::uint64_t kLandlockVersion = 1;  // LANDLOCK_CREATE_RULESET_VERSION

Contents contents_of(const sys::Got<std::string>& got) { return {got.value, got.error()}; }

// EINVAL of attr/current means that no module has labels, unless something is mounted there that is no file.
Contents attribute(View& view, const std::string& name) {
  for (const sys::MountInfo& mount : view.mounts())
    if (mount.target.starts_with("/proc/") && mount.target.find("/attr") != std::string::npos)
      throw CouldNotLook(say("something is mounted at ", quoted(mount.target)));
  return contents_of(view.process_file("attr/" + name));
}

// A call that changes nothing is made only if no filter answers it, or kills for it.
bool may_call(View& view, long number, const std::string& name) {
  if (view.from_host()) return true;
  return view.reach(trial(number, name).call).how == Reached::How::reached;
}

std::vector<std::string> listed_modules(const Reply& reply) {
  std::vector<std::string> names;
  const std::string_view ids = out_bytes(reply, 0, 0);
  for (std::int64_t i = 0; i < reply.value && static_cast<std::size_t>(i + 1) * 8 <= ids.size(); ++i) {
    std::uint64_t id = 0;
    std::memcpy(&id, ids.data() + i * 8, sizeof id);
    names.push_back(lsm_name(id));
  }
  return names;
}

Sight look_at_modules(View& view) {
  if (may_call(view, kLsmListModules, "lsm_list_modules")) {
    const Reply& reply = view.call("lsm_list_modules", [](Actor& actor) {
      const std::uint32_t size = 32 * sizeof(std::uint64_t);
      return actor.call(kLsmListModules, "lsm_list_modules", {out(size), in_out(raw(size), ""), num(0)});
    });
    if (reply.ok()) return judge_modules(listed_modules(reply));
  }
  const sys::Got<std::string>& list = view.file("/sys/kernel/security/lsm");
  if (list.ok() && !list.value.empty()) return judge_modules(split(trim(list.value), ','));
  // A label can only be a module's.
  const Contents label = attribute(view, "current");
  if (label.error == 0 && !label.text.empty()) return hardened(say("a module labels: ", quoted(label.text)));
  return unknown(say("lsm_list_modules is refused or not known, and /sys/kernel/security/lsm: ",
                     list.ok() ? "empty" : errno_name(list.error())));
}

Sight landlock(View& view) {
  if (!may_call(view, kLandlockCreateRuleset, "landlock_create_ruleset"))
    return not_applicable("the filter refuses Landlock to programs that would confine themselves");
  const Reply& reply = view.call("landlock_create_ruleset", [](Actor& actor) {
    return actor.call(kLandlockCreateRuleset, "landlock_create_ruleset",
                      {null(), num(0), named(kLandlockVersion, "LANDLOCK_CREATE_RULESET_VERSION")});
  });
  return not_applicable(reply.ok() ? say("Landlock ABI ", reply.value) : say("Landlock: ", errno_name(reply.error())));
}

// The file systems in which modules keep their policies.
Sight look_for_policies(View& view) {
  std::vector<std::string> open;
  for (const sys::MountInfo& mount : view.mounts()) {
    const bool policies = mount.type == "securityfs" || mount.type == "selinuxfs" || mount.type == "smackfs";
    // What is mounted over it later hides it.
    if (!policies || view.mount_at(mount.target) != &mount || !view.exists(mount.target)) continue;
    const sys::MountInfo* on_top = view.mount_of(mount.target);
    if (on_top != &mount) continue;
    const sys::Got<sys::FileSystem>& seen = view.file_system(mount.target);
    if (!seen.ok()) continue;
    open.push_back(say(mount.type, " at ", quoted(mount.target)));
  }
  if (open.empty()) return hardened("neither securityfs nor selinuxfs nor smackfs is in sight");
  return weak(some_of(open, 4));
}

constexpr const char* kBootTime = "which modules a kernel has is decided when it boots; the unit tests judge what such a machine would say";

const Rules rows = {
    {
        .id = "lsm.modules.none",
        .title = "The kernel has no module for mandatory access control.",
        .severity = Severity::medium,
        .why = "Nothing but capabilities, namespaces and the filter stands between the container and the host: a fault "
               "in one of them is not caught by a policy.",
        .how = "lsm_list_modules(2), or else /sys/kernel/security/lsm, or else whether processes have labels.",
        .references = {"Documentation/admin-guide/LSM/index.rst", "CIS Docker 5.2", "CIS Docker 5.3"},
        .fix = {.host = "boot with lsm=...,apparmor, or with security=selinux"},
        .look = look_at_modules,
        .spoil = {.impossible = kBootTime},
    },
    {
        .id = "lsm.apparmor.unconfined",
        .title = "AppArmor is active, but the container has no profile.",
        .severity = Severity::medium,
        .why = "The engines' profiles deny mounts, writes below /proc and /sys, and sockets that no filter can see.",
        .how = "/proc/PID/attr/apparmor/current, or else attr/current, is \"unconfined\".",
        .references = {"apparmor(7)", "CIS Docker 5.2", "PSS baseline: AppArmor", "NSA/CISA Kubernetes hardening"},
        .fix = {.oci = R"({"process":{"apparmorProfile":"docker-default"}})",
                .docker = "without --security-opt apparmor=unconfined and without --privileged",
                .kubernetes = "securityContext: {appArmorProfile: {type: RuntimeDefault}}"},
        .look =
            [](View& view) {
              return judge_apparmor_profile(attribute(view, "apparmor/current"), attribute(view, "current"),
                                            contents_of(view.file("/sys/kernel/security/apparmor/.ns_level")));
            },
        .spoil = {.impossible = kBootTime},
    },
    {
        .id = "lsm.apparmor.complain",
        .title = "The container's AppArmor profile only complains.",
        .severity = Severity::medium,
        .why = "What the profile forbids is written to the log, and done.",
        .how = "The mode behind the name in /proc/PID/attr/apparmor/current, or else attr/current.",
        .references = {"apparmor(7)", "CIS Docker 5.2"},
        .fix = {.host = "aa-enforce PROFILE"},
        .look =
            [](View& view) {
              return judge_apparmor_mode(attribute(view, "apparmor/current"), attribute(view, "current"));
            },
        .spoil = {.impossible = kBootTime},
    },
    {
        .id = "lsm.selinux.unconfined",
        .title = "SELinux is active, but the container's type is not confined.",
        .severity = Severity::high,
        .why = "spc_t and the types of the system's daemons may do to the host whatever its root may.",
        .how = "The third field of the context in /proc/PID/attr/current.",
        .references = {"container_selinux(8)", "CIS Docker 5.3", "PSS baseline: SELinux",
                       "NSA/CISA Kubernetes hardening"},
        .fix = {.oci = R"({"process":{"selinuxLabel":"system_u:system_r:container_t:s0:c14,c783"}})",
                .docker = "--selinux-enabled for dockerd, and without --security-opt label=disable",
                .podman = "without --security-opt label=disable and without --privileged",
                .kubernetes = "securityContext: {seLinuxOptions: {type: container_t}}"},
        .look = [](View& view) { return judge_selinux_type(attribute(view, "current")); },
        .spoil = {.impossible = kBootTime},
    },
    {
        .id = "lsm.selinux.shared-level",
        .title = "The container's SELinux context has no categories of its own.",
        .severity = Severity::medium,
        .why = "Two categories that only one container has keep containers of the same type out of each other's files.",
        .how = "The level of the context in /proc/PID/attr/current has fewer than two categories, or a range of them.",
        .references = {"selinux(8)", "mcs(8)", "CIS Docker 5.3"},
        .fix = {.oci = R"({"process":{"selinuxLabel":"system_u:system_r:container_t:s0:c14,c783"}})",
                .docker = "without --security-opt label=level:s0",
                .kubernetes = "securityContext: {seLinuxOptions: {level: \"s0:c14,c783\"}}"},
        .look = [](View& view) { return judge_selinux_categories(attribute(view, "current")); },
        .spoil = {.impossible = kBootTime},
    },
    {
        .id = "lsm.selinux.permissive",
        .title = "SELinux is permissive: it logs what it would refuse.",
        .severity = Severity::medium,
        .why = "Every container's type is no more than a name.",
        .how = "/sys/fs/selinux/enforce is 0.",
        .references = {"selinux(8)", "setenforce(8)"},
        .fix = {.host = "setenforce 1, and SELINUX=enforcing in /etc/selinux/config"},
        .look =
            [](View& view) {
              return judge_selinux_mode(attribute(view, "current"), contents_of(view.file("/sys/fs/selinux/enforce")));
            },
        .spoil = {.impossible = kBootTime},
    },
    {
        .id = "lsm.lockdown.off",
        .title = "The kernel is not locked down: the host's root may change its memory and code.",
        .severity = Severity::low,
        .why = "Whoever gets to be root of the host can go on into the kernel, and hide there.",
        .how = "/sys/kernel/security/lockdown.",
        .references = {"kernel_lockdown(7)"},
        .fix = {.host = "boot with lockdown=integrity"},
        .look = [](View& view) { return judge_lockdown(contents_of(view.file("/sys/kernel/security/lockdown"))); },
        .spoil = {.impossible = "lockdown is for the whole machine and cannot be lifted; the unit tests judge what such a machine would say"},
    },
    {
        .id = "lsm.policy.in-sight",
        .title = "The file system of a security module is mounted in the container.",
        .severity = Severity::medium,
        .why = "It tells the policies, and with CAP_MAC_ADMIN of the host they are loaded and removed there.",
        .how = "Mounts of securityfs, selinuxfs and smackfs that nothing is mounted over.",
        .references = {"Documentation/admin-guide/LSM/apparmor.rst", "apparmor_parser(8)", "CIS Docker 5.6"},
        .fix = {.oci = R"({"-mounts":[{"source":"/sys/kernel/security"},{"type":"securityfs"}],)"
                       R"("linux":{"+maskedPaths":["/sys/kernel/security","/sys/fs/selinux"]}})",
                .docker = "without --volume /sys/kernel/security",
                .kubernetes = "without a hostPath volume of /sys"},
        .look = look_for_policies,
        .spoil = {.config = R"({"+mounts":[{"destination":"/mnt","type":"bind","source":"/sys/kernel/security",)"
                            R"("options":["bind","ro","nosuid","noexec","nodev"]}]})",
                  .prepare = {"mountpoint -q /sys/kernel/security || mount -t securityfs securityfs "
                              "/sys/kernel/security"},
                  .also = {"mask.control-fs.mounted"}},
    },
    {
        .id = "lsm.landlock.version",
        .title = "Which version of Landlock programs in the container can confine themselves with.",
        .severity = Severity::info,
        .why = "Landlock needs no privilege; whether a program uses it shows only to itself.",
        .how = "landlock_create_ruleset(2) with LANDLOCK_CREATE_RULESET_VERSION, which makes nothing.",
        .references = {"landlock(7)", "landlock_create_ruleset(2)"},
        .look = landlock,
    },
};

}  // namespace
}  // namespace nsproof::audit
