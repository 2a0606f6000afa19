// Limits of the container's control group, version 1 or 2: memory, swap, processes, CPU time (cgroups(7)).
#include <cerrno>

#include "harness/audit/rule.h"
#include "harness/support/text.h"
#include "suites/audit/cg_group.h"

namespace nsproof::audit {
namespace {

// The last directory that can be seen is the root of the hierarchy: every other group of version 2 has cgroup.type, and
// of version 1 all files of its controllers.
bool reaches_root(View& view, const SeenCgroup& group) {
  if (!group.place.version2) return true;
  return cgroup_file(view, group, group.place.directories.size() - 1, "cgroup.type").error() == ENOENT;
}

std::vector<LimitReading> read_all(View& view, const SeenCgroup& group, std::string_view file) {
  std::vector<LimitReading> readings;
  for (std::size_t level = 0; level < group.place.directories.size(); ++level) {
    sys::Got<std::string> got = cgroup_file(view, group, level, file);
    readings.push_back({group.place.directories[level], std::move(got.value), got.error()});
  }
  return readings;
}

struct LimitFiles {
  std::string_view controller;
  std::string_view version1;
  std::string_view version2;
  std::string_view in_memory_stat;  // of version 1: the field with the least of all groups above
};

Sight look_at_limit(View& view, const LimitFiles& files) {
  const SeenCgroup group = cgroup_of(view, files.controller);
  const std::string_view file = group.place.version2 ? files.version2 : files.version1;
  if (!group.place.version2 && !files.in_memory_stat.empty()) {
    const sys::Got<std::string> stat = cgroup_file(view, group, 0, "memory.stat");
    const std::optional<std::uint64_t> least = hierarchical_limit(stat.value, files.in_memory_stat);
    if (least) return hardened(say(files.in_memory_stat, " is ", *least));
    // Memory and swap together are counted only by a kernel that was told to (swapaccount=1).
    if (cgroup_file(view, group, 0, file).error() == ENOENT && cgroup_file(view, group, 0, "memory.stat").ok())
      return not_applicable(say("this kernel does not count it: there is no ", file));
  }
  return judge_limits(file, read_all(view, group, file), reaches_root(view, group));
}

Sight look_at_cpu(View& view) {
  const SeenCgroup group = cgroup_of(view, "cpu");
  const bool second = group.place.version2;
  std::vector<std::string> quotas;
  for (const LimitReading& one : read_all(view, group, second ? "cpu.max" : "cpu.cfs_quota_us")) {
    if (one.error != 0 && one.error != ENOENT) return unknown(say(one.directory, ": ", errno_name(one.error)));
    quotas.push_back(one.text);
  }
  const sys::Got<std::string> weight = cgroup_file(view, group, 0, second ? "cpu.weight" : "cpu.shares");
  if (second && weight.error() == ENOENT && !reaches_root(view, group))
    return unknown("the container's group has no cpu.weight, and the groups above are out of sight");
  return judge_cpu(second, quotas, weight.value);
}

const Rules rows = {
    {
        .id = "cg.memory.unlimited",
        .title = "Nothing limits the memory that the container may use.",
        .severity = Severity::medium,
        .why =
            "It can take all memory of the host, whose other containers and services are then killed for want of it.",
        .how = "memory.max (version 1: hierarchical_memory_limit) of its control group and those above it.",
        .references = {"cgroups(7)", "CIS Docker 5.11", "NSA/CISA Kubernetes Hardening Guide: resource policies"},
        .fix = {.oci = R"({"linux":{"resources":{"memory":{"limit":134217728,"swap":134217728}}}})",
                .docker = "--memory=128m",
                .kubernetes = "resources: {limits: {memory: 128Mi}}",
                .host = "systemd-run -p MemoryMax=128M bwrap ..."},
        .look =
            [](View& view) {
              return look_at_limit(view,
                                   {"memory", "memory.limit_in_bytes", "memory.max", "hierarchical_memory_limit"});
            },
        .spoil = {.config = R"({"linux":{"resources":{"memory":null}}})", .also = {"cg.swap.unlimited"}},
    },
    {
        .id = "cg.swap.unlimited",
        .title = "Nothing limits the swap that the container may use.",
        .severity = Severity::low,
        .why =
            "Beyond its memory limit it goes on in swap, and slows down everybody who shares the disk; what it keeps "
            "in memory reaches the disk.",
        .how = "memory.swap.max (version 1: hierarchical_memsw_limit) of its control group and those above it.",
        .references = {"cgroups(7)", "Linux: Documentation/admin-guide/cgroup-v2.rst, memory.swap.max"},
        .fix = {.oci = R"({"linux":{"resources":{"memory":{"limit":134217728,"swap":134217728}}}})",
                .docker = "--memory=128m --memory-swap=128m",
                .kubernetes = "resources: {limits: {memory: 128Mi}}  # and memorySwap.swapBehavior: NoSwap (kubelet)",
                .host = "systemd-run -p MemorySwapMax=0 bwrap ..."},
        .look =
            [](View& view) {
              return look_at_limit(
                  view, {"memory", "memory.memsw.limit_in_bytes", "memory.swap.max", "hierarchical_memsw_limit"});
            },
        .spoil = {.config = R"({"linux":{"resources":{"memory":{"limit":134217728,"swap":-1}}}})"},
    },
    {
        .id = "cg.pids.unlimited",
        .title = "Nothing limits the number of processes in the container.",
        .severity = Severity::medium,
        .why = "A fork bomb in it takes all process numbers of the host, where then nothing can be started any more.",
        .how = "pids.max of its control group and those above it.",
        .references = {"cgroups(7)", "CIS Docker 5.29", "CIS Kubernetes 4.2.13"},
        .fix = {.oci = R"({"linux":{"resources":{"pids":{"limit":64}}}})",
                .docker = "--pids-limit=64",
                .kubernetes = "podPidsLimit: 64  # in the configuration of the kubelet",
                .host = "systemd-run -p TasksMax=64 bwrap ..."},
        .look =
            [](View& view) {
              return look_at_limit(view, {"pids", "pids.max", "pids.max", ""});
            },
        .spoil = {.config = R"({"linux":{"resources":{"pids":null}}})"},
    },
    {
        .id = "cg.cpu.unlimited",
        .title = "Nothing limits the CPU time of the container.",
        .severity = Severity::low,
        .why = "It can keep all CPUs of the host busy, at the same priority as everybody else.",
        .how = "cpu.max (version 1: cpu.cfs_quota_us) of its control group and those above it; a weight (cpu.weight, "
               "cpu.shares) below the usual one will do, too.",
        .references = {"cgroups(7)", "CIS Docker 5.12"},
        .fix = {.oci = R"({"linux":{"resources":{"cpu":{"quota":100000,"period":100000}}}})",
                .docker = "--cpus=1",
                .kubernetes = "resources: {limits: {cpu: \"1\"}}",
                .host = "systemd-run -p CPUQuota=100% bwrap ..."},
        .look = look_at_cpu,
        .spoil = {.config = R"({"linux":{"resources":{"cpu":null}}})"},
    },
};

struct Fact {
  const char* id;
  const char* title;
  const char* controller;
  const char* version1;
  const char* version2;
};

constexpr Fact kFacts[] = {
    {"cg.io.limits", "What the control group says of limits of block device traffic.", "blkio",
     "blkio.throttle.write_bps_device", "io.max"},
    {"cg.cpuset.cpus", "The CPUs that the control group leaves to the container.", "cpuset", "cpuset.effective_cpus",
     "cpuset.cpus.effective"},
    {"cg.hugetlb.limits", "What the control group says of limits of huge pages.", "hugetlb",
     "hugetlb.2MB.limit_in_bytes", "hugetlb.2MB.max"},
    {"cg.misc.limits", "What the control group says of limits of miscellaneous resources.", "misc", "misc.max",
     "misc.max"},
};

std::vector<Rule> make_facts() {
  std::vector<Rule> made;
  for (const Fact& fact : kFacts)
    made.push_back({.id = fact.id,
                    .title = fact.title,
                    .severity = Severity::info,
                    .why = "It says what else of the host's resources the container shares with others, and how much.",
                    .how = say(fact.version2, " (version 1: ", fact.version1, ") of its control group."),
                    .references = {"cgroups(7)", "Linux: Documentation/admin-guide/cgroup-v2.rst"},
                    .look = [fact](View& view) {
                      SeenCgroup group;
                      try {
                        group = cgroup_of(view, fact.controller);
                      } catch (const CouldNotLook& reason) {
                        return not_applicable(reason.what());
                      }
                      const char* file = group.place.version2 ? fact.version2 : fact.version1;
                      const sys::Got<std::string> text = cgroup_file(view, group, 0, file);
                      if (!text.ok()) return not_applicable(say(file, ": ", errno_name(text.error())));
                      return not_applicable(say(file, " is ", quoted(trim(text.value))));
                    }});
  return made;
}

const Rules facts(make_facts());

}  // namespace
}  // namespace nsproof::audit
