// Masks that are none: what a runtime mounted over a kernel file is not /dev/null and no empty directory, because
// somebody had exchanged it in time.
#include "harness/audit/rule.h"
#include "harness/audit/view.h"
#include "harness/support/text.h"
#include "suites/audit/mask_exposure.h"
#include "suites/audit/mask_fixtures.h"

namespace nsproof::audit {
namespace {

// What runtimes mask by default, and a few that careful ones add.
const std::vector<std::string>& usual_masks() {
  static const std::vector<std::string> paths = {
      "/proc/acpi",        "/proc/asound",        "/proc/interrupts",
      "/proc/kallsyms",    "/proc/kcore",         "/proc/keys",
      "/proc/kpagecount",  "/proc/kpageflags",    "/proc/latency_stats",
      "/proc/modules",     "/proc/sched_debug",   "/proc/scsi",
      "/proc/slabinfo",    "/proc/sysrq-trigger", "/proc/timer_list",
      "/proc/timer_stats", "/proc/vmallocinfo",   "/sys/devices/virtual/powercap",
      "/sys/firmware",     "/sys/fs/selinux",     "/sys/dev/block",
  };
  return paths;
}

Sight look_for_forged_masks(View& view) {
  std::vector<std::string> forged;
  std::size_t masked = 0;
  bool critical = false;
  for (const std::string& path : usual_masks()) {
    const KernelPath seen = look_at_kernel_path(view, path);
    const Exposure found = judge(seen);
    const std::string what = forgery(seen);
    if (!what.empty()) forged.push_back(say(path, ": ", what));
    critical = critical || (!what.empty() && found.how == Exposure::How::forged);
    masked += what.empty() && found.how == Exposure::How::masked ? 1 : 0;
  }
  if (!forged.empty() && !critical)
    return weak(join(forged, "; "), Severity::low, "it hides the kernel's files, though it can be filled");
  if (!forged.empty()) return weak(join(forged, "; "));
  if (masked == 0) return not_applicable("no mask is mounted on any of the usual paths");
  return hardened(say(masked, " of the usual paths are masked, each by the null device or by something empty"));
}

const Rules rows = {
    {
        .id = "mask.path.forged",
        .title = "A mask over a file of the kernel shows something else.",
        .severity = Severity::critical,
        .why = "If /dev/null is exchanged for a link while a runtime mounts its masks, a file of the attacker's choice "
               "is mounted writable instead: /proc/sys/kernel/core_pattern, and with it root on the host.",
        .how = "What is mounted on a path that runtimes mask is neither device 1:3, nor empty, nor the same file.",
        .references = {"CVE-2025-31133", "CVE-2025-52565", "config-linux.md: maskedPaths"},
        .fix = {.oci = masked(usual_masks()),
                .docker = "runc 1.2.8, 1.3.3 or later; without -v over a path in /proc or /sys",
                .kubernetes = "no volumeMounts with a mountPath in /proc or /sys; update the runtime of the nodes"},
        .look = look_for_forged_masks,
        .spoil = {.config = merged({unmasked({"/proc/timer_list"}), bound("/proc/version", "/proc/timer_list")})},
    },
};

}  // namespace
}  // namespace nsproof::audit
