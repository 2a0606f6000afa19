#include "harness/host/facts.h"

#include <sys/utsname.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>

#include "harness/host/trials.h"
#include "harness/host/trials_types.h"
#include "harness/support/host_file.h"
#include "harness/support/text.h"
#include "harness/sys/mounts.h"
#include "harness/world/bulkhead.h"

namespace nsproof {
namespace {

std::string status_field(std::string_view name) {
  for (const std::string& line : lines_of(host_file("/proc/self/status")))
    if (line.starts_with(name)) return trim(std::string_view(line).substr(name.size()));
  return "unknown";
}

std::string cgroup_mode() {
  bool v1 = false;
  bool v2 = false;
  for (const sys::MountInfo& mount : sys::parse_mountinfo(host_file("/proc/self/mountinfo"))) {
    v1 |= mount.type == "cgroup";
    v2 |= mount.type == "cgroup2";
  }
  if (v1 && v2) return "hybrid";
  if (v1) return "v1";
  return v2 ? "v2" : "none";
}

std::string user() {
  const auto uid = ::geteuid();
  const std::vector<std::string> map = words_of(host_file("/proc/self/uid_map"));
  const bool initial = map.size() == 3 && map[0] == "0" && map[1] == "0" && map[2] == "4294967295";
  const std::string name = uid == 0 ? "root" : say("uid ", uid);
  return initial || map.empty() ? name : name + " in a user namespace";
}

// What usually stands in the way, by how the bulkhead failed.
std::string advice_for(std::string_view failure) {
  if (trim(host_file("/proc/sys/user/max_user_namespaces")) == "0")
    return "user.max_user_namespaces is 0: raise it, or run as root.";
  if (trim(host_file("/proc/sys/kernel/unprivileged_userns_clone")) == "0")
    return "kernel.unprivileged_userns_clone is 0: set it to 1, or run as root.";
  if (trim(host_file("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")) == "1")
    return "AppArmor restricts user namespaces here (kernel.apparmor_restrict_unprivileged_userns=1): run as root, or "
           "give nsproof a profile that allows userns.";
  if (failure.find("\"proc\"") != std::string_view::npos)
    return "A procfs cannot be mounted, as in a container whose /proc is partly covered: run nsproof on the host, or "
           "in "
           "a container with an uncovered /proc.";
  if (failure.find("ENOSPC") != std::string_view::npos) return "A limit in /proc/sys/user is reached: raise it.";
  return "Run as root, or where unprivileged user namespaces are allowed.";
}

}  // namespace

std::string utc_now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
  return text;
}

HostReport examine_host() { return examine_host(kAllNeeds); }

HostReport examine_host(std::span<const Need> needs) {
  HostReport report;
  utsname names{};
  ::uname(&names);
  report.facts.kernel = kernel_version(names.release, say(names.version, " ", host_file("/proc/version_signature")));
  try {
    Keeper keeper;
    try_types(keeper, report.facts);
    report.facts.missing = try_needs(keeper, report.facts, needs);
  } catch (const Broken& broken) {
    report.bulkhead = broken.what();
    report.advice = advice_for(report.bulkhead);
  }
  return report;
}

Environment read_environment(std::string command_line) {
  utsname names{};
  ::uname(&names);
  Environment environment;
  environment.tool_version = NSPROOF_VERSION;
  environment.kernel_release = names.release;
  environment.kernel_version = names.version;
  environment.machine = names.machine;
  environment.host_name = names.nodename;
  environment.user = user();
  environment.capabilities = status_field("CapEff:");
  environment.security_modules = trim(host_file("/sys/kernel/security/lsm"));
  environment.cgroup_mode = cgroup_mode();
  environment.command_line = std::move(command_line);
  environment.started = utc_now();
  return environment;
}

}  // namespace nsproof
