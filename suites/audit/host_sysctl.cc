// Settings of the host's kernel (sysctl(8)) that decide how much an unprivileged process in any container can reach.
#include "suites/audit/host_sysctl.h"

#include <linux/magic.h>

#include <cerrno>
#include <charconv>
#include <optional>

#include "harness/audit/rule.h"
#include "harness/audit/view.h"
#include "harness/support/text.h"
#include "suites/audit/cg_group.h"

namespace nsproof::audit {
namespace {

constexpr auto kLow = Severity::low;
constexpr auto kMedium = Severity::medium;
constexpr auto kLeast = Wanted::at_least;
constexpr auto kMost = Wanted::at_most;

constexpr const char* kKernelDocs = "Linux: Documentation/admin-guide/sysctl/kernel.rst";

constexpr HostSysctl kSysctls[] = {
    {"ptrace-scope", "open", "kernel/yama/ptrace_scope", kLeast, 1, kMedium,
     "Every process may trace every other one of the same user.",
     "A process that is taken over takes over all others of its user, with their keys.",
     "Linux: Documentation/admin-guide/LSM/Yama.rst"},
    {"perf-events", "open", "kernel/perf_event_paranoid", kLeast, 2, kMedium,
     "Ordinary users may measure the kernel with perf events.",
     "Counters tell what other tenants and the kernel do, and the code behind them has had many holes.",
     "perf_event_open(2)"},
    {"bpf-unprivileged", "allowed", "kernel/unprivileged_bpf_disabled", kLeast, 1, kMedium,
     "Ordinary users may load BPF programs into the kernel.",
     "Mistakes of the verifier are ways into the kernel; programs help against mitigations of Spectre.",
     "bpf(2); CVE-2021-3490"},
    {"bpf-jit", "unhardened", "net/core/bpf_jit_harden", kLeast, 2, kLow,
     "Constants in compiled BPF programs are not blinded for all users.",
     "Constants of an attacker's choice become code of the kernel (JIT spraying).",
     "Linux: Documentation/admin-guide/sysctl/net.rst", true},
    {"kernel-pointers", "shown", "kernel/kptr_restrict", kLeast, 1, kMedium, "The kernel shows its addresses.",
     "An exploit needs them to get past the randomisation of the kernel's address space.", kKernelDocs},
    {"kernel-log", "open", "kernel/dmesg_restrict", kLeast, 1, kMedium, "Ordinary users may read the kernel's log.",
     "It holds addresses, names of devices and what other containers did.", kKernelDocs},
    {"address-space", "fixed", "kernel/randomize_va_space", kLeast, 2, kMedium,
     "Addresses of processes are not fully randomised.", "An exploit knows where the code is that it wants to use.",
     kKernelDocs},
    {"io-uring", "allowed", "kernel/io_uring_disabled", kLeast, 1, kLow, "Every user may use io_uring.",
     "It is large, has had many holes, and its requests pass by a seccomp filter.",
     "io_uring_setup(2); CVE-2022-29582"},
    {"userns-unprivileged", "allowed", "kernel/unprivileged_userns_clone", kMost, 0, kMedium,
     "Ordinary users may make user namespaces.",
     "In one they have all capabilities, and with them reach code of the kernel that only root could.",
     "user_namespaces(7); CVE-2022-0185"},
    {"userns-maximum", "unbounded", "user/max_user_namespaces", kMost, 0, kLow,
     "No count keeps users from making user namespaces.",
     "In one every user has all capabilities, and with them reaches code of the kernel that only root could.",
     "namespaces(7); CVE-2024-1086"},
    {"userns-apparmor", "unrestricted", "kernel/apparmor_restrict_unprivileged_userns", kLeast, 1, kMedium,
     "AppArmor does not restrict user namespaces of ordinary users.",
     "In one every user has all capabilities, and with them reaches code of the kernel that only root could.",
     "user_namespaces(7); apparmor.d(5)"},
    {"userfaultfd", "allowed", "vm/unprivileged_userfaultfd", kMost, 0, kMedium,
     "Ordinary users may handle page faults of the kernel.",
     "An exploit makes the kernel wait at the place of its choice (a race that is never lost).", "userfaultfd(2)"},
    {"tiocsti", "allowed", "dev/tty/legacy_tiocsti", kMost, 0, kMedium,
     "A process may put characters into the input of its terminal.",
     "A terminal that a container shares with the host's shell types what the container wants.",
     "ioctl_tty(2); CVE-2017-5226"},
    {"line-disciplines", "loaded", "dev/tty/ldisc_autoload", kMost, 0, kLow,
     "Ordinary users may have modules with line disciplines loaded.",
     "They reach code of the kernel that hardly anybody uses and that has had holes.", "CVE-2017-2636"},
    {"core-suid", "allowed", "fs/suid_dumpable", kMost, 0, kMedium,
     "Programs that changed their privileges may leave core files.", "Secrets of root end in files.", "proc_sys_fs(5)"},
    {"kexec", "allowed", "kernel/kexec_load_disabled", kLeast, 1, kLow, "Another kernel can be loaded.",
     "Who has CAP_SYS_BOOT replaces the kernel, past all signatures of this one.", "kexec_load(2)"},
    {"modules", "allowed", "kernel/modules_disabled", kLeast, 1, kLow, "Modules can be loaded into the kernel.",
     "Who has CAP_SYS_MODULE owns the kernel; ordinary users have modules loaded on demand.", "init_module(2)"},
    {"sysrq", "allowed", "kernel/sysrq", kMost, 0, kLow, "The magic SysRq key is enabled.",
     "From a console, also a serial one, the host can be rebooted and its memory shown.",
     "Linux: Documentation/admin-guide/sysrq.rst"},
    {"low-addresses", "mappable", "vm/mmap_min_addr", kLeast, 4096, kMedium, "Processes may map address zero.",
     "A null pointer in the kernel then points at memory of the attacker.", "mmap(2); CVE-2009-2692"},
    {"oops", "unlimited", "kernel/oops_limit", kLeast, 1, kLow, "The kernel may fail as often as it likes.",
     "Every oops leaks references; with enough of them counters overflow, which is a way in.", "CVE-2022-4662"},
};

std::optional<long long> number(std::string_view text) {
  const std::string word = trim(text);
  long long value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc{} || end != word.data() + word.size()) return std::nullopt;
  return value;
}

// "kernel.yama.ptrace_scope" of "kernel/yama/ptrace_scope".
std::string dotted(std::string path) {
  for (char& c : path)
    if (c == '/') c = '.';
  return path;
}

// A file that somebody mounted there says nothing of the kernel.
Sight look_at_sysctl(View& view, const HostSysctl& sysctl) {
  const std::string path = say("/proc/sys/", sysctl.path);
  sys::Got<std::string> text;
  if (sysctl.initial_network && view.from_host()) {
    text = host_file_of(view, path);
  } else {
    const sys::Got<sys::FileSystem>& whole = view.file_system("/proc/sys");
    if (!whole.ok() || whole.value.type != PROC_SUPER_MAGIC) return unknown("/proc/sys is out of sight");
    text = view.file(path);
    if (text.ok() && view.file_system(path).value.type != PROC_SUPER_MAGIC)
      return unknown(say("something is mounted on ", path));
    if (text.error() == ENOENT && sysctl.initial_network && view.name_space(Ns::net).ownership != Ownership::host)
      return unknown(say(dotted(sysctl.path), " shows only in the host's network namespace"));
  }
  if (text.error() == ENOENT) return not_applicable(say("this kernel has no ", dotted(sysctl.path)));
  if (!text.ok()) return unknown(say(path, ": ", errno_name(text.error())));
  return judge_sysctl(sysctl, text.value);
}

std::vector<std::string> references_of(const HostSysctl& sysctl) {
  std::vector<std::string> references;
  for (const std::string& one : split(sysctl.reference, ';')) references.push_back(trim(one));
  references.emplace_back("Kernel Self Protection Project: Recommended Settings");
  return references;
}

std::vector<Rule> make_rules() {
  std::vector<Rule> made;
  for (const HostSysctl& one : kSysctls)
    made.push_back({.id = say("host.", one.slug, ".", one.weakness),
                    .title = one.title,
                    .severity = one.severity,
                    .why = say(one.why, " A setting of the host, for all of its containers."),
                    .how = say("The text of /proc/sys/", one.path, "."),
                    .references = references_of(one),
                    .fix = {.host = say("echo '", dotted(one.path), " = ", one.bound,
                                        "' > /etc/sysctl.d/50-containers.conf && sysctl --system")},
                    .look = [&one](View& view) { return look_at_sysctl(view, one); },
                    .spoil = {.impossible = "it is a setting of the whole machine, which a test does not change; its "
                                            "values are judged in the unit tests"}});
  return made;
}

const Rules rows(make_rules());

}  // namespace

std::span<const HostSysctl> host_sysctls() { return kSysctls; }

const HostSysctl* host_sysctl(std::string_view slug) {
  for (const HostSysctl& one : kSysctls)
    if (one.slug == slug) return &one;
  return nullptr;
}

Sight judge_sysctl(const HostSysctl& sysctl, std::string_view text) {
  const std::optional<long long> value = number(text);
  if (!value) return unknown(say("/proc/sys/", sysctl.path, " is no number: ", quoted(text)));
  const bool good = sysctl.wanted == Wanted::at_least  ? *value >= sysctl.bound
                    : sysctl.wanted == Wanted::at_most ? *value <= sysctl.bound
                                                       : *value == sysctl.bound;
  return weak_if(!good, say(dotted(sysctl.path), " is ", *value));
}

Sight judge_ping_groups(std::string_view text) {
  const std::vector<std::string> words = words_of(text);
  const std::optional<long long> first = words.size() == 2 ? number(words[0]) : std::nullopt;
  const std::optional<long long> last = words.size() == 2 ? number(words[1]) : std::nullopt;
  if (!first || !last) return unknown(say("net.ipv4.ping_group_range is no range: ", quoted(text)));
  return weak_if(*last > *first,
                 say("net.ipv4.ping_group_range is ", *first, " ", *last, *last < *first ? ": nobody" : ""));
}

}  // namespace nsproof::audit
