// Judgements about the machine from texts: sysctls, side channels, limits, control groups, devices. No test
// machine can be made weak in all of these ways, so what a weak one says is written down here.
#include <gtest/gtest.h>

#include <cerrno>

#include "harness/audit/rule.h"
#include "suites/audit/cg_group.h"
#include "suites/audit/dev_nodes.h"
#include "suites/audit/host_cpu.h"
#include "suites/audit/host_sysctl.h"
#include "suites/audit/leak_machine.h"
#include "suites/audit/rlim_values.h"

namespace nsproof::audit {
namespace {

std::string answer(const Sight& sight) { return std::string(name_of(sight.answer)); }

struct Recorded {
  const char* slug;
  const char* weak;
  const char* hardened;
};
constexpr Recorded kSysctls[] = {
    {"ptrace-scope", "0\n", "1\n"},
    {"perf-events", "1\n", "2\n"},
    {"bpf-unprivileged", "0\n", "2\n"},
    {"bpf-jit", "1\n", "2\n"},
    {"kernel-pointers", "0\n", "1\n"},
    {"kernel-log", "0\n", "1\n"},
    {"address-space", "1\n", "2\n"},
    {"io-uring", "0\n", "2\n"},
    {"userns-unprivileged", "1\n", "0\n"},
    {"userns-maximum", "96365\n", "0\n"},
    {"userns-apparmor", "0\n", "1\n"},
    {"userfaultfd", "1\n", "0\n"},
    {"tiocsti", "1\n", "0\n"},
    {"line-disciplines", "1\n", "0\n"},
    {"core-suid", "2\n", "0\n"},
    {"kexec", "0\n", "1\n"},
    {"modules", "0\n", "1\n"},
    {"sysrq", "438\n", "0\n"},
    {"low-addresses", "0\n", "65536\n"},
    {"oops", "0\n", "10000\n"},
};

TEST(AuditHost, EverySysctlIsJudgedBothWays) {
  for (const Recorded& one : kSysctls) {
    const HostSysctl* sysctl = host_sysctl(one.slug);
    ASSERT_NE(sysctl, nullptr) << one.slug;
    EXPECT_EQ(answer(judge_sysctl(*sysctl, one.weak)), "weak") << one.slug;
    EXPECT_EQ(answer(judge_sysctl(*sysctl, one.hardened)), "hardened") << one.slug;
    EXPECT_EQ(answer(judge_sysctl(*sysctl, "")), "unknown") << one.slug;
    EXPECT_EQ(answer(judge_sysctl(*sysctl, "a few\n")), "unknown") << one.slug;
  }
}

TEST(AuditHost, NoSysctlIsLeftOutOfThatTable) {
  EXPECT_EQ(host_sysctls().size(), std::size(kSysctls));
  for (const HostSysctl& one : host_sysctls())
    EXPECT_NE(std::find_if(std::begin(kSysctls), std::end(kSysctls),
                           [&](const Recorded& recorded) { return std::string_view(recorded.slug) == one.slug; }),
              std::end(kSysctls))
        << one.slug;
}

TEST(AuditHost, PerfEventsAreAlsoClosedByDebiansThird) {
  EXPECT_EQ(answer(judge_sysctl(*host_sysctl("perf-events"), "3\n")), "hardened");
  EXPECT_EQ(answer(judge_sysctl(*host_sysctl("perf-events"), "-1\n")), "weak");
}

TEST(AuditHost, ARangeOfPingGroups) {
  EXPECT_EQ(answer(judge_ping_groups("1\t0\n")), "hardened");
  EXPECT_EQ(answer(judge_ping_groups("0\t0\n")), "hardened");
  EXPECT_EQ(answer(judge_ping_groups("0\t2147483647\n")), "weak");
  EXPECT_EQ(answer(judge_ping_groups("0\n")), "unknown");
}

TEST(AuditHost, WhatTheKernelSaysOfAVulnerability) {
  for (const char* text : {"Vulnerable\n", "Vulnerable: Safe RET, no microcode\n", "KVM: Vulnerable\n",
                           "Processor vulnerable\n", "Vulnerable: Clear CPU buffers attempted, no microcode\n"}) {
    const Sight sight = judge_vulnerability(text);
    EXPECT_EQ(answer(sight), "weak") << text;
    EXPECT_FALSE(sight.severity.has_value()) << text;
  }
  const Sight in_part = judge_vulnerability("Mitigation: Clear CPU buffers; SMT vulnerable\n");
  EXPECT_EQ(answer(in_part), "weak");
  EXPECT_EQ(in_part.severity, Severity::low);
  for (const char* text :
       {"Not affected\n", "Mitigation: PTI\n", "KVM: Mitigation: VMX disabled\n",
        "Mitigation: Retpolines; STIBP: disabled; RSB filling; PBRSB-eIBRS: Not affected; BHI: Not affected\n"})
    EXPECT_EQ(answer(judge_vulnerability(text)), "hardened") << text;
  for (const char* text : {"Unknown: Dependent on hypervisor status\n", "", "Unknown: No mitigations\n"})
    EXPECT_EQ(answer(judge_vulnerability(text)), "unknown") << text;
}

TEST(AuditHost, SmtIsHarmlessOnlyWithACookie) {
  EXPECT_EQ(answer(judge_smt("0\n", std::nullopt)), "hardened");
  EXPECT_EQ(answer(judge_smt("1\n", std::nullopt)), "weak");
  EXPECT_EQ(answer(judge_smt("1\n", 0)), "weak");
  EXPECT_EQ(answer(judge_smt("1\n", 0x1234)), "hardened");
  EXPECT_EQ(answer(judge_smt("", 0)), "unknown");
}

TEST(AuditHost, MitigationsThatWereSwitchedOff) {
  EXPECT_EQ(answer(judge_boot_arguments("BOOT_IMAGE=/vmlinuz root=/dev/vda1 ro quiet mitigations=auto,nosmt\n")),
            "hardened");
  const Sight off = judge_boot_arguments("root=/dev/vda1 mitigations=off password=hunter2 nopti\n");
  EXPECT_EQ(answer(off), "weak");
  EXPECT_EQ(off.observed, "/proc/cmdline has mitigations=off nopti");
  // Behind "--" are words for the first process.
  EXPECT_EQ(answer(judge_boot_arguments("quiet -- mitigations=off\n")), "hardened");
  EXPECT_EQ(answer(judge_boot_arguments("xmitigations=off\n")), "hardened");
}

TEST(AuditHost, ThePageOfLegacySystemCalls) {
  const std::string before = "7ffc0a1f0000-7ffc0a1f2000 r-xp 00000000 00:00 0                          [vdso]\n";
  EXPECT_EQ(answer(judge_vsyscall(before)), "hardened");
  EXPECT_EQ(
      answer(judge_vsyscall(before + "ffffffffff600000-ffffffffff601000 r-xp 00000000 00:00 0      [vsyscall]\n")),
      "weak");
  EXPECT_EQ(
      answer(judge_vsyscall(before + "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0      [vsyscall]\n")),
      "weak");
  EXPECT_EQ(answer(judge_vsyscall("")), "unknown");
}

TEST(AuditHost, WhatAProcessMaySpeculate) {
  const auto store = [](const std::string& said) {
    return answer(
        judge_speculation("Seccomp:\t2\nSpeculation_Store_Bypass:\t" + said + "\n", "Speculation_Store_Bypass"));
  };
  EXPECT_EQ(store("vulnerable"), "weak");
  EXPECT_EQ(store("thread vulnerable"), "weak");
  EXPECT_EQ(store("thread mitigated"), "hardened");
  EXPECT_EQ(store("thread force mitigated"), "hardened");
  EXPECT_EQ(store("globally mitigated"), "hardened");
  EXPECT_EQ(store("not vulnerable"), "hardened");
  EXPECT_EQ(store("unknown"), "unknown");
  const auto branch = [](const std::string& said) {
    return answer(judge_speculation("SpeculationIndirectBranch:\t" + said + "\n", "SpeculationIndirectBranch"));
  };
  EXPECT_EQ(branch("always enabled"), "weak");
  EXPECT_EQ(branch("conditional enabled"), "weak");
  EXPECT_EQ(branch("conditional force disabled"), "hardened");
  EXPECT_EQ(branch("always disabled"), "hardened");
  EXPECT_EQ(branch("not affected"), "hardened");
  EXPECT_EQ(answer(judge_speculation("Seccomp:\t2\n", "SpeculationIndirectBranch")), "not-applicable");
}

TEST(AuditHost, SerialNumbersOfTheMachine) {
  const std::string uuid = "/sys/class/dmi/id/product_uuid";
  const std::string serial = "/sys/class/dmi/id/product_serial";
  EXPECT_EQ(answer(judge_serial_numbers({{uuid, 0}, {serial, EACCES}})), "weak");
  EXPECT_EQ(answer(judge_serial_numbers({{uuid, EACCES}, {serial, EACCES}})), "hardened");
  EXPECT_EQ(answer(judge_serial_numbers({{uuid, ENOENT}, {serial, ENOENT}})), "not-applicable");
}

constexpr const char* kLimits =
    "Limit                     Soft Limit           Hard Limit           Units     \n"
    "Max core file size        0                    unlimited            bytes     \n"
    "Max processes             2048                 4096                 processes \n"
    "Max open files            1024                 1048576              files     \n"
    "Max locked memory         unlimited            unlimited            bytes     \n"
    "Max pending signals       63000                63000                signals   \n"
    "Max msgqueue size         819200               819200               bytes     \n";

TEST(AuditLimits, AreJudgedByTheHardLimit) {
  constexpr std::uint64_t kUnlimited = ~std::uint64_t{0};
  EXPECT_EQ(answer(judge_core(kLimits, "core\n")), "weak");
  EXPECT_EQ(answer(judge_core("Max core file size        0                    0                    bytes\n",
                              "|/usr/share/apport/apport %p\n")),
            "hardened");
  EXPECT_EQ(answer(judge_resource(kLimits, "Max open files", 1048576, "fs.nr_open")), "weak");
  EXPECT_EQ(answer(judge_resource(kLimits, "Max open files", 1073741816, "fs.nr_open")), "hardened");
  EXPECT_EQ(answer(judge_resource(kLimits, "Max locked memory", kUnlimited, "")), "weak");
  EXPECT_EQ(answer(judge_resource(kLimits, "Max msgqueue size", kUnlimited, "")), "hardened");
  EXPECT_EQ(answer(judge_resource(kLimits, "Max processes", 63000, "the default")), "hardened");
  EXPECT_EQ(answer(judge_resource(kLimits, "Max pending signals", 63000, "the default")), "weak");
  EXPECT_EQ(answer(judge_resource("", "Max processes", 63000, "the default")), "unknown");
}

TEST(AuditLimits, OomScore) {
  EXPECT_EQ(answer(judge_oom_score("-500\n")), "weak");
  EXPECT_EQ(answer(judge_oom_score("0\n")), "hardened");
  EXPECT_EQ(answer(judge_oom_score("")), "unknown");
}

std::vector<sys::MountInfo> cgroup_mounts(const std::string& root) {
  return sys::parse_mountinfo("31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw\n35 31 0:32 " + root +
                              " /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n41 31 0:38 " + root +
                              " /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n");
}

TEST(AuditCgroup, FindsTheOwnGroupAndThoseAbove) {
  const CgroupPlace first = cgroup_place(cgroup_mounts("/"), "4:memory:/a/b\n0::/c\n", "memory");
  EXPECT_FALSE(first.version2);
  EXPECT_EQ(first.directories, (std::vector<std::string>{"/sys/fs/cgroup/memory/a/b", "/sys/fs/cgroup/memory/a",
                                                         "/sys/fs/cgroup/memory"}));
  const CgroupPlace second = cgroup_place(cgroup_mounts("/"), "4:memory:/a/b\n0::/c\n", "pids");
  EXPECT_TRUE(second.version2);
  EXPECT_EQ(second.directories, (std::vector<std::string>{"/sys/fs/cgroup/unified/c", "/sys/fs/cgroup/unified"}));
  // A mount of the group alone, as runtimes make it where there is no cgroup namespace.
  const CgroupPlace bound = cgroup_place(cgroup_mounts("/docker/x"), "4:memory:/docker/x\n", "memory");
  EXPECT_EQ(bound.directories, (std::vector<std::string>{"/sys/fs/cgroup/memory"}));
  EXPECT_FALSE(cgroup_place(cgroup_mounts("/docker/x"), "4:memory:/docker/xy\n", "memory").trouble.empty());
  EXPECT_FALSE(cgroup_place(cgroup_mounts("/.."), "4:memory:/\n", "memory").trouble.empty());
  EXPECT_FALSE(cgroup_place({}, "4:memory:/\n", "memory").trouble.empty());
  EXPECT_FALSE(cgroup_place(cgroup_mounts("/"), "", "memory").trouble.empty());
}

TEST(AuditCgroup, TheLeastLimitCounts) {
  EXPECT_EQ(answer(judge_limits("memory.max", {{"/a/b", "max\n"}, {"/a", "max\n"}}, false)), "weak");
  const Sight least = judge_limits("memory.max", {{"/a/b", "4096\n"}, {"/a", "512\n"}, {"/", "", ENOENT}}, true);
  EXPECT_EQ(answer(least), "hardened");
  EXPECT_EQ(least.observed, "memory.max of /a is 512");
  EXPECT_EQ(answer(judge_limits("pids.max", {{"/", "", ENOENT}}, true)), "weak");
  EXPECT_EQ(answer(judge_limits("pids.max", {{"/", "", ENOENT}}, false)), "unknown");
  EXPECT_EQ(answer(judge_limits("pids.max", {{"/", "", EACCES}}, true)), "unknown");
}

TEST(AuditCgroup, WhatIsNoLimit) {
  for (const char* text : {"max\n", "-1\n", "9223372036854771712\n", ""}) EXPECT_FALSE(cgroup_limit(text)) << text;
  EXPECT_EQ(cgroup_limit("134217728\n"), 134217728U);
  EXPECT_EQ(cgroup_limit("50000 100000\n"), 50000U);
  const char* stat = "cache 0\nhierarchical_memory_limit 134217728\nhierarchical_memsw_limit 9223372036854771712\n";
  EXPECT_EQ(hierarchical_limit(stat, "hierarchical_memory_limit"), 134217728U);
  EXPECT_FALSE(hierarchical_limit(stat, "hierarchical_memsw_limit"));
}

TEST(AuditCgroup, CpuTimeIsLimitedByQuotaOrWeight) {
  EXPECT_EQ(answer(judge_cpu(true, {"50000 100000\n"}, "100\n")), "hardened");
  EXPECT_EQ(answer(judge_cpu(true, {"max 100000\n", "50000 100000\n"}, "100\n")), "hardened");
  EXPECT_EQ(answer(judge_cpu(true, {"max 100000\n"}, "100\n")), "weak");
  EXPECT_EQ(answer(judge_cpu(true, {"max 100000\n"}, "20\n")), "hardened");
  EXPECT_EQ(answer(judge_cpu(false, {"-1\n"}, "1024\n")), "weak");
  EXPECT_EQ(answer(judge_cpu(false, {"-1\n"}, "512\n")), "hardened");
  EXPECT_EQ(answer(judge_cpu(true, {""}, "")), "weak");
}

TEST(AuditCgroup, DevicesOfVersion1) {
  EXPECT_EQ(answer(judge_device_list("a *:* rwm\n")), "weak");
  EXPECT_EQ(answer(judge_device_list("c 1:3 rwm\nb *:* r\n")), "weak");
  EXPECT_EQ(answer(judge_device_list("c *:* m\nb *:* m\nc 1:3 rwm\n")), "hardened");
  EXPECT_EQ(answer(judge_device_list("")), "hardened");
}

TEST(AuditDevices, NamesMayHoldAnything) {
  const std::string text("c 1 3 /dev/null\0b 7 200 /dev/a b\nc 1 1 x\0c 5\0\0", 43);
  const std::vector<DeviceNode> nodes = parse_device_nodes(text);
  ASSERT_EQ(nodes.size(), 2U);
  EXPECT_TRUE(is_usual_device(nodes[0]));
  EXPECT_EQ(nodes[1].path, "/dev/a b\nc 1 1 x");
  EXPECT_EQ(nodes[1].kind, 'b');
  EXPECT_FALSE(is_usual_device(nodes[1]));
}

}  // namespace
}  // namespace nsproof::audit
