// Every capability is a rule of its own: what it lets a process do, and to whom (capabilities(7)).
#include <linux/capability.h>

#include <algorithm>
#include <array>

#include "harness/audit/rule.h"
#include "harness/audit/view.h"
#include "harness/support/text.h"
#include "suites/audit/cap_judge.h"

namespace nsproof::audit {
namespace {

struct Power {
  unsigned number;
  Severity severity;
  const char* why;
  std::vector<std::string> references = {};
};

const Power kPowers[] = {
    {CAP_CHOWN, Severity::low, "It gives any file of the container away, and any file of a mounted volume."},
    {CAP_DAC_OVERRIDE, Severity::low, "It reads and writes every file that is mounted in, whatever its permissions."},
    {CAP_DAC_READ_SEARCH,
     Severity::high,
     "It opens files by handle, also those of a mounted file system that lie outside of the container's root.",
     {"open_by_handle_at(2)"}},
    {CAP_FOWNER, Severity::low, "It changes modes and attributes of everybody's files in mounted volumes."},
    {CAP_FSETID, Severity::low, "Set-user-ID bits survive its writes to files of mounted volumes."},
    {CAP_KILL, Severity::low, "It signals processes of every user that it sees."},
    {CAP_SETGID, Severity::low, "It takes any group that is mapped, as that of a mounted volume."},
    {CAP_SETUID, Severity::low, "It becomes any user that is mapped, as the owner of a mounted volume."},
    {CAP_SETPCAP, Severity::medium, "It makes capabilities of the bounding set inheritable, and changes securebits."},
    {CAP_LINUX_IMMUTABLE, Severity::low, "It makes files of mounted volumes immutable, or undoes it."},
    {CAP_NET_BIND_SERVICE, Severity::info, "It binds ports below 1024, which the restricted standard allows."},
    {CAP_NET_BROADCAST, Severity::low, "The kernel does not use it today; nobody knows what it will mean."},
    {CAP_NET_ADMIN,
     Severity::medium,
     "It changes interfaces, routes and packet filters, and makes most of the kernel's network code reachable.",
     {"CVE-2022-34918", "CVE-2024-1086"}},
    {CAP_NET_RAW,
     Severity::medium,
     "It sends packets with forged addresses to neighbours on the same bridge, and reads theirs.",
     {"packet(7)", "CIS Kubernetes 5.2.8", "CVE-2020-14386", "CVE-2020-10749"}},
    {CAP_IPC_LOCK, Severity::low, "It locks memory beyond the limit, which nobody can take back."},
    {CAP_IPC_OWNER, Severity::low, "It reads and writes every System V object of its IPC namespace."},
    {CAP_SYS_MODULE, Severity::critical, "It loads code into the kernel.", {"init_module(2)"}},
    {CAP_SYS_RAWIO, Severity::critical, "It reads and writes ports and memory of the machine.", {"iopl(2)", "mem(4)"}},
    {CAP_SYS_CHROOT,
     Severity::low,
     "It changes root directories, and with a descriptor outside leaves its own.",
     {"chroot(2)"}},
    {CAP_SYS_PTRACE,
     Severity::high,
     "It reads and changes every process that it sees, of whatever user.",
     {"ptrace(2)", "CVE-2016-9962"}},
    {CAP_SYS_PACCT, Severity::low, "It turns process accounting of the machine on and off.", {"acct(2)"}},
    {CAP_SYS_ADMIN,
     Severity::critical,
     "It mounts, enters namespaces, and opens the control interfaces of most of the kernel.",
     {"mount(2)", "setns(2)", "CVE-2022-0185", "CVE-2022-0492"}},
    {CAP_SYS_BOOT, Severity::high, "It restarts the machine, or another kernel on it.", {"reboot(2)", "kexec_load(2)"}},
    {CAP_SYS_NICE, Severity::low, "It takes processor time from others by priority and affinity.", {"sched(7)"}},
    {CAP_SYS_RESOURCE,
     Severity::medium,
     "It lifts limits of processes, of quotas and of file systems' reserves.",
     {"setrlimit(2)"}},
    {CAP_SYS_TIME,
     Severity::medium,
     "It sets the clock of the machine, which certificates and logs rest on.",
     {"settimeofday(2)"}},
    {CAP_SYS_TTY_CONFIG, Severity::low, "It changes and hangs up virtual terminals.", {"vhangup(2)"}},
    {CAP_MKNOD, Severity::medium, "It makes device files; only the device rules keep it from the disk.", {"mknod(2)"}},
    {CAP_LEASE, Severity::low, "It holds up others' opens of a file by leases.", {"fcntl(2)"}},
    {CAP_AUDIT_WRITE, Severity::low, "It writes records to the audit log of the machine.", {"audit(8)"}},
    {CAP_AUDIT_CONTROL, Severity::low, "It turns the audit of the machine off.", {"audit(8)"}},
    {CAP_SETFCAP,
     Severity::medium,
     "It gives files capabilities, and maps its own root into new user namespaces.",
     {"user_namespaces(7)", "setcap(8)"}},
    {CAP_MAC_OVERRIDE, Severity::medium, "Smack does not hold for it."},
    {CAP_MAC_ADMIN, Severity::medium, "It changes the policy of a security module.", {"apparmor(7)"}},
    {CAP_SYSLOG,
     Severity::medium,
     "It reads the kernel's log, and kernel addresses where they are hidden from others.",
     {"syslog(2)"}},
    {CAP_WAKE_ALARM, Severity::low, "It wakes the machine by timers.", {"timerfd_create(2)"}},
    {CAP_BLOCK_SUSPEND, Severity::low, "It keeps the machine from sleeping.", {"epoll(7)"}},
    {CAP_AUDIT_READ, Severity::low, "It reads the audit log of the machine.", {"netlink(7)"}},
    {CAP_PERFMON, Severity::high, "It watches the kernel and others by performance events.", {"perf_event_open(2)"}},
    {CAP_BPF,
     Severity::high,
     "It loads programs into the kernel, past a verifier with a history of faults.",
     {"bpf(2)", "CVE-2021-3490"}},
    {CAP_CHECKPOINT_RESTORE, Severity::low, "It chooses process ids, and reads what others have mapped.", {"clone(2)"}},
};
constexpr unsigned kNewestKnown = CAP_CHECKPOINT_RESTORE;

// "sys-admin"
std::string short_name(unsigned capability) {
  std::string name = capability_name(capability).substr(4);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c == '_' ? '-' : static_cast<char>(c - 'A' + 'a'); });
  return name;
}

std::string held_in(const sys::CapabilitySets& sets, unsigned capability) {
  const auto has = [&](std::uint64_t set) { return (set >> capability & 1) != 0; };
  std::vector<std::string> names;
  if (has(sets.effective)) names.emplace_back("effective");
  if (has(sets.permitted)) names.emplace_back("permitted");
  return names.empty() ? "neither effective nor permitted" : join(names, " and ");
}

Sight look_for(View& view, const Power& power) {
  const sys::CapabilitySets& sets = view.status().capabilities;
  const std::string seen = say(capability_name(power.number), " is ", held_in(sets, power.number));
  if (power.severity == Severity::info) return not_applicable(seen);
  if (((sets.effective | sets.permitted) >> power.number & 1) == 0) return hardened(seen);
  const auto shared = [&](Ns type) { return view.name_space(type).ownership == Ownership::host; };
  if (power.number == CAP_SYS_PTRACE && shared(Ns::pid))
    return weak(seen, Severity::critical, "the processes that it sees are the host's");
  if (power.number == CAP_NET_ADMIN && shared(Ns::net))
    return weak(seen, Severity::critical, "the network is the host's");
  return weak(seen);
}

Rule rule_of(const Power& power) {
  const std::string name = capability_name(power.number);
  const std::string plain = name.substr(4);
  Rule rule;
  rule.id = say("cap.", short_name(power.number), ".held");
  rule.title = say("The process holds ", name, ".");
  rule.severity = power.severity;
  rule.why = power.why;
  rule.how = "Its bit in CapEff or CapPrm of /proc/PID/status.";
  rule.references = {"capabilities(7)", "PSS restricted: capabilities", "CIS Docker 5.4", "CIS Kubernetes 5.2.9"};
  rule.references.insert(rule.references.end(), power.references.begin(), power.references.end());
  rule.fix = {.oci = change_of_every_set('-', name),
              .docker = say("--cap-drop ", plain),
              .kubernetes = say("securityContext: {capabilities: {drop: [", plain, "]}}"),
              .bwrap = say("--cap-drop ", name)};
  rule.confined = Confined::by_user_namespace;
  rule.look = [power](View& view) { return look_for(view, power); };
  if (power.severity == Severity::info) return rule;
  // As a user that is not root it takes an ambient set to have one after execve(2).
  rule.spoil.config = change_of_every_set('+', name);
  rule.spoil.also = {"cap.ambient.set", "cap.inheritable.set", "cap.set.not-dropped"};
  if ((kContainerDefault >> power.number & 1) == 0) rule.spoil.also.emplace_back("cap.set.beyond-default");
  return rule;
}

std::vector<Rule> make_rules() {
  std::vector<Rule> all;
  for (const Power& power : kPowers) all.push_back(rule_of(power));
  return all;
}

const Rules rows(make_rules());

Sight newer_than_known(View& view) {
  const sys::Got<std::string>& last = view.file("/proc/sys/kernel/cap_last_cap");
  if (!last.ok()) return unknown(say("/proc/sys/kernel/cap_last_cap: ", errno_name(last.error())));
  const sys::CapabilitySets& sets = view.status().capabilities;
  const std::uint64_t nameless = (sets.bounding | sets.permitted | sets.inheritable) >> (kNewestKnown + 1)
                                                                                            << (kNewestKnown + 1);
  return not_applicable(say("the kernel's last capability is ", trim(last.value), ", the last that has a rule here ",
                            kNewestKnown, "; in the process's sets without a rule: ", capability_names(nameless)));
}

const Rules more = {
    {
        .id = "cap.kernel.newer",
        .title = "The kernel has capabilities that no rule knows.",
        .severity = Severity::info,
        .why = "A capability that is newer than the rules is judged by the rules about whole sets only.",
        .how = "/proc/sys/kernel/cap_last_cap, and the bits of /proc/PID/status above it.",
        .references = {"capabilities(7)"},
        .look = newer_than_known,
    },
};

}  // namespace
}  // namespace nsproof::audit
