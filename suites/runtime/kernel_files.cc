// Files of /proc that belong to the kernel as a whole, whatever the namespaces: with some of them one may have the
// kernel execute a program as root of the host, others tell about all of the machine. Nothing is ever written.
#include <cerrno>
#include <span>
#include <string>
#include <vector>

#include "harness/catalogue/property.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/world/world.h"
#include "suites/runtime/path_prizes.h"

namespace nsproof {
namespace {

// Not every kernel has all of them.
using KernelFiles = std::span<const char* const>;

Observation judge(World& w, KernelFiles files, std::string_view act, Reply (*attempt)(Actor&, const std::string&)) {
  std::vector<std::string> refusals;
  for (const char* file : files) {
    if (!attempt(w.outside(), file).ok()) continue;
    const Reply tried = attempt(w.inside(), file);
    if (tried.ok()) return leaked(say(act, " ", file, " succeeds"));
    refusals.push_back(say(file, " ", errno_name(tried.error())));
  }
  if (refusals.empty()) return unknown(say("root of the host cannot do that either: ", act, " ", files[0]));
  return isolated(say(act, " ", join(refusals, ", ")));
}

// A file that a sandbox sees as empty tells it nothing: ENODATA.
Reply read_something(Actor& actor, const std::string& file) {
  sys::Got<std::size_t> content = content_of(actor, file);
  if (content.ok() && content.value == 0) content.reply.value = -ENODATA;
  return content.reply;
}

template <const KernelFiles& files>
Observation unwritable(World& w) {
  return judge(w, files, "opening for writing:", open_for_writing);
}

template <const KernelFiles& files>
Observation unreadable(World& w) {
  return judge(w, files, "reading:", read_something);
}

constexpr const char* kHelperFiles[] = {"/proc/sys/kernel/core_pattern", "/proc/sys/kernel/modprobe",
                                        "/proc/sys/kernel/hotplug", "/proc/sys/kernel/poweroff_cmd",
                                        "/proc/sys/fs/binfmt_misc/register"};
constexpr const char* kEndFiles[] = {"/proc/sysrq-trigger", "/proc/sys/kernel/sysrq", "/proc/sys/kernel/panic",
                                     "/proc/sys/kernel/panic_on_oops"};
constexpr const char* kMemoryFiles[] = {"/proc/sys/vm/overcommit_memory", "/proc/sys/vm/drop_caches"};
constexpr const char* kConsoleFiles[] = {"/proc/sys/kernel/printk"};
constexpr const char* kHardeningFiles[] = {"/proc/sys/fs/suid_dumpable", "/proc/sys/kernel/randomize_va_space",
                                           "/proc/sys/fs/protected_symlinks"};
constexpr const char* kInterruptFiles[] = {"/proc/irq/default_smp_affinity"};
constexpr const char* kKeyFiles[] = {"/proc/keys"};
constexpr const char* kTimerFiles[] = {"/proc/timer_list"};
constexpr const char* kCountFiles[] = {"/proc/interrupts"};

constexpr KernelFiles kHelpers{kHelperFiles};
constexpr KernelFiles kEnds{kEndFiles};
constexpr KernelFiles kMemory{kMemoryFiles};
constexpr KernelFiles kConsole{kConsoleFiles};
constexpr KernelFiles kHardening{kHardeningFiles};
constexpr KernelFiles kInterrupts{kInterruptFiles};
constexpr KernelFiles kKeys{kKeyFiles};
constexpr KernelFiles kTimers{kTimerFiles};
constexpr KernelFiles kCounts{kCountFiles};

constexpr std::string_view kHowWriting =
    "Inside opens the files for writing, as root of the host may, and writes nothing.";
constexpr std::string_view kHowReading = "Inside reads the file, in which root of the host sees something.";

template <const KernelFiles& files>
Property closed(Id id, std::string_view claim, std::string_view source) {
  return {.id = id,
          .claim = claim,
          .how = kHowWriting,
          .source = source,
          .since = {2, 6, 24},
          .reach = Reach::any_sandbox,
          .manner = Manner::look,
          .check = unwritable<files>};
}

template <const KernelFiles& files>
Property hidden(Id id, std::string_view claim, std::string_view source) {
  return {.id = id,
          .claim = claim,
          .how = kHowReading,
          .source = source,
          .since = {2, 6, 24},
          .reach = Reach::any_sandbox,
          .manner = Manner::look,
          .check = unreadable<files>};
}

const RuntimeRows rows = {
    closed<kHelpers>("kernel.helpers.unwritable",
                     "A sandbox cannot name a program that the kernel executes as root of the host.",
                     "core(5), proc_sys_kernel(5), Documentation/admin-guide/binfmt-misc.rst; CVE-2022-0811"),
    closed<kEnds>("kernel.panic.unwritable", "A sandbox cannot tell the kernel when to panic or restart.",
                  "Documentation/admin-guide/sysrq.rst, Documentation/admin-guide/sysctl/kernel.rst"),
    closed<kMemory>("kernel.memory.unwritable", "A sandbox cannot change how the kernel manages memory.",
                    "Documentation/admin-guide/sysctl/vm.rst"),
    closed<kConsole>("kernel.printk.unwritable",
                     "A sandbox cannot change which messages of the kernel reach the console.",
                     "Documentation/admin-guide/sysctl/kernel.rst, printk"),
    closed<kHardening>("kernel.hardening.unwritable",
                       "A sandbox cannot take back what protects set-user-ID programs, addresses and links.",
                       "proc_sys_fs(5), proc_sys_kernel(5)"),
    closed<kInterrupts>("kernel.irq-affinity.unwritable",
                        "A sandbox cannot change which processors take the machine's interrupts.",
                        "Documentation/core-api/irq/irq-affinity.rst"),
    hidden<kKeys>("kernel.keys.unreadable", "The list of the kernel's keys cannot be read in a sandbox.",
                  "proc_keys(5), the default masks of container engines"),
    hidden<kTimers>("kernel.timer-list.unreadable", "The list of all the machine's timers cannot be read in a sandbox.",
                    "proc_timer_list(5), the default masks of container engines"),
    hidden<kCounts>("kernel.interrupts.unreadable",
                    "The counts of the machine's interrupts cannot be read in a sandbox.",
                    "proc_interrupts(5), GHSA-6fw5-f8r9-fgfm"),
};

}  // namespace
}  // namespace nsproof
