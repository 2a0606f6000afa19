#include "harness/bench/environment.h"

#include <dirent.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <memory>
#include <set>

#include "harness/bench/bench_bulkhead.h"
#include "harness/bench/worker.h"
#include "harness/host/facts.h"
#include "harness/support/host_file.h"
#include "harness/support/text.h"

namespace nsproof::bench {
namespace {

std::string first_words(const std::string& text, std::size_t count) {
  std::vector<std::string> words = words_of(text);
  if (words.size() > count) words.resize(count);
  return join(words, " ");
}

std::string stolen_jiffies() {
  const std::vector<std::string> words = words_of(lines_of(host_file("/proc/stat") + "\n").front());
  return words.size() > 8 ? words[8] : "0";
}

std::string field_of(const std::string& text, std::string_view name) {
  for (const std::string& line : lines_of(text))
    if (line.starts_with(name)) {
      const auto colon = line.find(':');
      if (colon != std::string::npos) return trim(std::string_view(line).substr(colon + 1));
    }
  return "";
}

std::string or_unknown(std::string text) { return text.empty() ? "unknown" : text; }

// What costs something and leaves a trace in /proc or /sys; the kernel's own configuration file is often not there.
std::string configuration() {
  struct Trace {
    const char* name;
    const char* path;
  };
  constexpr Trace kTraces[] = {
      {"IPV6", "/proc/net/if_inet6"},
      {"NETFILTER", "/proc/sys/net/netfilter"},
      {"MPTCP", "/proc/sys/net/mptcp"},
      {"XFRM", "/proc/sys/net/core/xfrm_acq_expires"},
      {"CGROUPS", "/proc/cgroups"},
      {"TIME_NS", "/proc/self/ns/time"},
      {"SCHED_AUTOGROUP", "/proc/sys/kernel/sched_autogroup_enabled"},
      {"KPROBES", "/sys/kernel/debug/kprobes"},
      {"MODULES", "/proc/modules"},
  };
  std::string text;
  for (const Trace& trace : kTraces)
    text += say(text.empty() ? "" : " ", trace.name, ::access(trace.path, F_OK) == 0 ? "=y" : "=n");
  return text;
}

std::string preemption(const utsname& names) {
  const std::string version = names.version;
  std::string build = "no PREEMPT in its version";
  for (const char* word : {"PREEMPT_RT", "PREEMPT_DYNAMIC", "PREEMPT_LAZY", "PREEMPT"})
    if (version.find(word) != std::string::npos) {
      build = word;
      break;
    }
  const std::string running = trim(host_file("/sys/kernel/debug/sched/preempt"));
  return running.empty() ? build : say(build, ", ", running);
}

// Different links below /proc/PID/ns: namespaces that have a process. Those that only a descriptor or a mount holds are
// not seen.
std::string live_namespaces() {
  std::string text;
  for (const Ns type : kAllNamespaces) {
    std::set<ino_t> seen;
    const std::unique_ptr<DIR, int (*)(DIR*)> processes(::opendir("/proc"), ::closedir);
    while (const dirent* entry = processes ? ::readdir(processes.get()) : nullptr) {
      if (!std::isdigit(static_cast<unsigned char>(entry->d_name[0]))) continue;
      struct stat place {};
      if (::stat(say("/proc/", entry->d_name, "/ns/", name_of(type)).c_str(), &place) == 0) seen.insert(place.st_ino);
    }
    text += say(text.empty() ? "" : " ", name_of(type), "=", seen.size());
  }
  return text;
}

std::string resident_kib() { return or_unknown(field_of(host_file("/proc/self/status"), "VmRSS")); }

std::string governor(int cpu) {
  const std::string text = trim(host_file(say("/sys/devices/system/cpu/cpu", cpu, "/cpufreq/scaling_governor")));
  return text.empty() ? "none visible" : text;
}

}  // namespace

EnvironmentStart begin_environment() {
  return {first_words(host_file("/proc/loadavg"), 3), stolen_jiffies(), read_environment("").started};
}

BenchEnvironment end_environment(const EnvironmentStart& start, const std::string& command_line) {
  utsname names{};
  ::uname(&names);
  const Environment host = read_environment(command_line);
  const std::string cpuinfo = host_file("/proc/cpuinfo");
  const std::string model = or_unknown(field_of(cpuinfo, "model name"));
  const bool guest = cpuinfo.find(" hypervisor") != std::string::npos;
  const std::string clock =
      or_unknown(trim(host_file("/sys/devices/system/clocksource/clocksource0/current_clocksource")));
  const std::string online = or_unknown(trim(host_file("/sys/devices/system/cpu/online")));
  const std::size_t cpus = usable_cpus().size();

  BenchEnvironment environment;
  environment.tool_version = host.tool_version;
  environment.command_line = command_line;
  environment.started = start.started;
  environment.machine_name = say(model, ", ", cpus, cpus == 1 ? " CPU" : " CPUs", ", Linux ", names.release);
  environment.machine_identity = join(
      {names.machine, model, online, names.release, names.version, clock, guest ? "guest" : "host", names.nodename},
      "|");
  environment.facts = {
      {"kernel.release", "Kernel", say(names.release, " ", names.machine)},
      {"kernel.version", "Kernel version", names.version},
      {"kernel.preemption", "Preemption", preemption(names)},
      {"kernel.config", "Configuration that matters", configuration()},
      {"cpu.model", "CPU", model},
      {"cpu.online", "CPUs online", online},
      {"cpu.usable", "CPUs that may be used", say(cpus)},
      {"cpu.pinned", "Measured on CPU", say(measuring_cpu())},
      {"cpu.governor", "Frequency governor", governor(measuring_cpu())},
      {"cpu.guest", "Virtual machine", guest ? "yes" : "no sign of it"},
      {"clock.source", "Clock source", clock},
      {"load", "Load, before and after", say(start.load, "; ", first_words(host_file("/proc/loadavg"), 3))},
      {"steal", "Time taken by the hypervisor, jiffies",
       say(std::stoll("0" + stolen_jiffies()) - std::stoll("0" + start.stolen))},
      {"mounts", "Mounts in the measured namespace", say(kStandardMounts)},
      {"mounts.caller", "Mounts in the caller's namespace", say(lines_of(host_file("/proc/self/mountinfo")).size())},
      {"namespaces.live", "Namespaces with a process", live_namespaces()},
      {"harness.resident", "Memory of the harness (fork style copies its tables)", resident_kib()},
      {"user", "User", host.user},
      {"capabilities", "Capabilities", host.capabilities},
      {"security_modules", "Security modules", host.security_modules.empty() ? "unknown" : host.security_modules},
      {"cgroup.mode", "Cgroup mode", host.cgroup_mode},
  };
  return environment;
}

}  // namespace nsproof::bench
