// The kernel's log and its addresses: contents that depend on who asks, so that only a reading tells.
#include <sys/klog.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "harness/audit/rule.h"
#include "harness/audit/view.h"
#include "harness/support/text.h"
#include "suites/audit/mask_addresses.h"
#include "suites/audit/mask_exposure.h"
#include "suites/audit/mask_fixtures.h"

namespace nsproof::audit {
namespace {

constexpr unsigned kCapSyslog = 34;
constexpr int kSizeOfBuffer = 10;  // SYSLOG_ACTION_SIZE_BUFFER: brings back a number, and changes nothing (syslog(2))

bool has_host_capability(View& view, unsigned capability) {
  return view.status().effective(capability) && view.user_namespace().ownership == Ownership::host;
}

// /dev/kmsg is a device, and not opened: the kernel gives it to those who may open the file, and while
// kernel.dmesg_restrict is set only to CAP_SYSLOG.
Exposure log_device(View& view) {
  const std::string path = "/dev/kmsg";
  const sys::Got<struct stat>& status = view.stat(path);
  if (status.error() == ENOENT) return {Exposure::How::absent, "not there"};
  if (!status.ok()) return {Exposure::How::undecided, errno_name(status.error())};
  if (!S_ISCHR(status.value.st_mode) || status.value.st_rdev != makedev(1, 11))
    return {Exposure::How::masked, "not the device of that name"};
  if (const int error = view.access(path, R_OK); error != 0) return {Exposure::How::refused, errno_name(error)};
  const sys::Got<std::string>& restricted = view.file("/proc/sys/kernel/dmesg_restrict");
  if (!restricted.ok())
    return {Exposure::How::undecided, say("can be opened, but dmesg_restrict: ", errno_name(restricted.error()))};
  if (trim(restricted.value) == "0") return {Exposure::How::open, "may be read, and dmesg_restrict is 0"};
  if (has_host_capability(view, kCapSyslog)) return {Exposure::How::open, "may be read with CAP_SYSLOG"};
  return {Exposure::How::refused, "kept by dmesg_restrict"};
}

Sight kernel_log(View& view) {
  return judge_readable({{"/proc/kmsg", exposure(view, "/proc/kmsg")}, {"/dev/kmsg", log_device(view)}});
}

Sight log_by_call(View& view) {
  const Reached reached = view.reach(ReachCall{.number = SYS_syslog, .name = "syslog", .arguments = {kSizeOfBuffer}});
  if (reached.how == Reached::How::killed) return hardened("the seccomp filter kills who calls syslog(2)");
  if (reached.how == Reached::How::refused)
    return hardened(say("the seccomp filter refuses syslog(2): ", errno_name(reached.error)));
  const Reply& reply = view.call("syslog", [](Actor& actor) {
    return actor.call(SYS_syslog, "syslog", {named(kSizeOfBuffer, "SYSLOG_ACTION_SIZE_BUFFER"), null(), num(0)});
  });
  if (reply.ok()) return weak(say("syslog(2) tells that the log has room for ", reply.value, " bytes"));
  if (reply.error() == EPERM) return hardened("syslog(2) reaches the kernel, which says EPERM");
  if (reply.error() == ENOSYS) return not_applicable("the kernel has no syslog(2)");
  return unknown(say("syslog(2): ", errno_name(reply.error())));
}

Sight kernel_addresses(View& view) {
  std::vector<std::pair<std::string, Exposure>> seen;
  for (const std::string path : {"/proc/kallsyms", "/proc/iomem", "/proc/ioports"}) {
    Exposure found = exposure(view, path);
    if (found.how == Exposure::How::open) {
      const sys::Got<std::string>& text = view.file(path, 16 * 1024);
      if (!text.ok())
        found = {Exposure::How::undecided, errno_name(text.error())};
      else if (tells_addresses(text.value))
        found.text = "tells addresses";
      else
        found = {Exposure::How::refused, "can be read, but all addresses are zero"};
    }
    seen.emplace_back(path, std::move(found));
  }
  return judge_readable(seen);
}

// The first of two entries for one call counts, and this is the entry that refuses syslog.
constexpr const char* kSyslogAllowed = R"({"linux":{"seccomp":{
  "-syscalls": [{"names": ["acct", "adjtimex", "bdflush", "clock_adjtime", "clock_adjtime64", "clock_settime",
                           "clock_settime64", "create_module", "delete_module", "finit_module", "init_module", "ioperm",
                           "iopl", "kexec_file_load", "kexec_load", "nfsservctl", "quotactl", "quotactl_fd", "reboot",
                           "setdomainname", "sethostname", "settimeofday", "stime", "swapoff", "swapon", "syslog",
                           "vhangup"]}],
  "+syscalls": [{"names": ["syslog"], "action": "SCMP_ACT_ALLOW"}]}}})";

const Rules rows = {
    {
        .id = "mask.kernel-log.readable",
        .title = "The container can read the log of the host's kernel as a file.",
        .severity = Severity::medium,
        .why = "The log tells of other containers, of devices, and at times addresses of the kernel; it is not "
               "namespaced.",
        .how = "/proc/kmsg can be opened for reading; /dev/kmsg may be, and dmesg_restrict or CAP_SYSLOG allow it.",
        .references = {"proc_kmsg(5)", "syslog(2)", "Documentation/admin-guide/sysctl/kernel.rst: dmesg_restrict"},
        .fix = {.oci = R"({"linux":{"+maskedPaths":["/proc/kmsg"]}})",
                .docker = "without --cap-add SYSLOG and --device /dev/kmsg",
                .kubernetes = "securityContext: {capabilities: {drop: [ALL]}}",
                .bwrap = "--cap-drop ALL; without --dev-bind /dev /dev",
                .host = "sysctl -w kernel.dmesg_restrict=1"},
        .look = kernel_log,
        .spoil = {.config = merged({with_host_capability("CAP_SYSLOG"), R"({"process":{"user":{"uid":0}}})"}),
                  .also = {"cap", "cred.user.root", "cred.securebits.root-special", "ns.user.none"}},
    },
    {
        .id = "mask.kernel-log.syslog-call",
        .title = "The container can read the log of the host's kernel with syslog(2).",
        .severity = Severity::medium,
        .why = "The call gives the same log as /dev/kmsg, and no mask or missing device node is in its way.",
        .how = "syslog(SYSLOG_ACTION_SIZE_BUFFER), which only asks for a number, succeeds.",
        .references = {"syslog(2)", "capabilities(7): CAP_SYSLOG"},
        .fix = {.oci = without_capability("CAP_SYSLOG"),
                .docker = "without --cap-add SYSLOG and --security-opt seccomp=unconfined",
                .kubernetes = "securityContext: {capabilities: {drop: [ALL]}, seccompProfile: {type: RuntimeDefault}}",
                .bwrap = "--seccomp FD",
                .host = "sysctl -w kernel.dmesg_restrict=1"},
        .side = Side::inside,
        .look = log_by_call,
        .spoil = {.config = merged({with_host_capability("CAP_SYSLOG"), kSyslogAllowed}),
                  .also = {"cap", "cred.user.low", "ns.user.none", "seccomp.kernel-log.reachable"}},
    },
    {
        .id = "mask.kernel-addresses.readable",
        .title = "The container can read addresses of the host's kernel.",
        .severity = Severity::medium,
        .why =
            "They undo the randomisation of the kernel's addresses, which the exploit of a memory error has to beat.",
        .how = "The first lines of /proc/kallsyms, /proc/iomem or /proc/ioports show an address that is not zero.",
        .references = {"proc_kallsyms(5)", "proc_iomem(5)",
                       "Documentation/admin-guide/sysctl/kernel.rst: kptr_restrict"},
        .fix = {.oci = masked({"/proc/kallsyms", "/proc/iomem", "/proc/ioports"}),
                .docker = "without --cap-add SYSLOG and --cap-add SYS_ADMIN",
                .podman = "--security-opt mask=/proc/kallsyms:/proc/iomem:/proc/ioports",
                .kubernetes = "securityContext: {capabilities: {drop: [ALL]}}",
                .bwrap = "--ro-bind /dev/null /proc/kallsyms",
                .host = "sysctl -w kernel.kptr_restrict=1"},
        .look = kernel_addresses,
        .spoil = {.config = merged({with_host_capability("CAP_SYSLOG"), unmasked({"/proc/kallsyms"})}),
                  .also = {"cap", "cred.user.low", "ns.user.none"}},
    },
};

}  // namespace

bool tells_addresses(std::string_view text) {
  const std::vector<std::string> lines = lines_of(text);
  return std::any_of(lines.begin(), lines.end(), [](const std::string& line) {
    const std::string address = trim(line).substr(0, trim(line).find(' '));
    return address.find_first_of("123456789abcdefABCDEF") != std::string::npos &&
           address.find_first_not_of("0123456789abcdefABCDEF-") == std::string::npos;
  });
}

}  // namespace nsproof::audit
