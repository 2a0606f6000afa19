// Resource limits of the audited process (getrlimit(2)) and its standing with the OOM killer.
#include "suites/audit/rlim_values.h"

#include <charconv>

#include "harness/audit/rule.h"
#include "harness/audit/view.h"
#include "harness/support/text.h"

namespace nsproof::audit {
namespace {

constexpr std::uint64_t kUnlimited = ~std::uint64_t{0};

std::optional<std::uint64_t> number(std::string_view word) {
  if (word == "unlimited") return kUnlimited;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc{} || end != word.data() + word.size()) return std::nullopt;
  return value;
}

std::string text_of_limit(std::uint64_t value) { return value == kUnlimited ? "unlimited" : std::to_string(value); }

std::string limits_of(View& view) {
  const sys::Got<std::string>& text = view.process_file("limits");
  if (!text.ok()) throw CouldNotLook(say("/proc/PID/limits: ", errno_name(text.error())));
  return text.value;
}

// A number of /proc/sys; `otherwise` where it cannot be read.
std::uint64_t sysctl_number(View& view, const std::string& path, std::uint64_t otherwise) {
  const sys::Got<std::string>& text = view.file(path);
  return text.ok() ? number(trim(text.value)).value_or(otherwise) : otherwise;
}

// What the kernel gives its first process: half of the threads that there may be (fork_init() in kernel/fork.c).
Sight look_at_default_of_threads(View& view, std::string_view name) {
  const std::uint64_t threads = sysctl_number(view, "/proc/sys/kernel/threads-max", 0);
  const std::uint64_t bound = threads == 0 ? kUnlimited : threads / 2;
  return judge_resource(limits_of(view), name, bound, "what the kernel's first process may have");
}

}  // namespace

std::optional<ResourceLimit> resource_limit(std::string_view limits, std::string_view name) {
  for (const std::string& line : lines_of(limits)) {
    if (!line.starts_with(say(name, " "))) continue;
    const std::vector<std::string> words = words_of(line.substr(name.size()));
    if (words.size() < 2) return std::nullopt;
    const std::optional<std::uint64_t> soft = number(words[0]);
    const std::optional<std::uint64_t> hard = number(words[1]);
    if (soft && hard) return ResourceLimit{*soft, *hard};
  }
  return std::nullopt;
}

Sight judge_resource(std::string_view limits, std::string_view name, std::uint64_t bound, std::string_view bound_text) {
  const std::optional<ResourceLimit> limit = resource_limit(limits, name);
  if (!limit) return unknown(say("/proc/PID/limits does not say: ", name));
  const bool above = limit->hard >= bound;
  const bool plain = bound == kUnlimited;
  return weak_if(above, say(name, ": ", text_of_limit(limit->soft), ", at most ", text_of_limit(limit->hard),
                            plain ? "" : say(above ? "; not less than " : "; less than ", bound_text, ", ", bound)));
}

Sight judge_core(std::string_view limits, std::string_view core_pattern) {
  const std::optional<ResourceLimit> limit = resource_limit(limits, "Max core file size");
  if (!limit) return unknown("/proc/PID/limits does not say: Max core file size");
  std::string seen = say("core file size: ", text_of_limit(limit->soft), ", at most ", text_of_limit(limit->hard));
  if (!core_pattern.empty()) seen += say("; core_pattern is ", quoted(trim(core_pattern)));
  if (core_pattern.starts_with("|")) seen += ", a program on the host, which is given the limit but not bound by it";
  return weak_if(limit->hard > 0, std::move(seen));
}

Sight judge_oom_score(std::string_view text) {
  const std::string word = trim(text);
  int value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc{} || end != word.data() + word.size()) return unknown(say("no number: ", quoted(text)));
  return weak_if(value < 0, say("oom_score_adj is ", value));
}

namespace {

constexpr const char* kNoResource =
    "raising a limit asks for CAP_SYS_RESOURCE in the initial user namespace (setrlimit(2)), which the machines that "
    "the matrix runs on do not give; written limits are judged in the unit tests";

const Rules rows = {
    {
        .id = "rlim.core.enabled",
        .title = "Processes of the container may leave core files.",
        .severity = Severity::low,
        .why =
            "A core file holds what was in memory: keys, passwords. It fills a disk, or goes to a program on the host.",
        .how = "The hard limit RLIMIT_CORE in /proc/PID/limits; a process may raise the soft one up to it.",
        .references = {"core(5)", "getrlimit(2)", "CIS Docker 5.19"},
        .fix = {.oci = R"({"process":{"+rlimits":[{"type":"RLIMIT_CORE","hard":0,"soft":0}]}})",
                .docker = "--ulimit core=0:0",
                .bwrap = "prlimit --core=0:0 bwrap ...",
                .host = "kernel.core_pattern = core  # no program on the host"},
        .look =
            [](View& view) {
              const sys::Got<std::string>& pattern = view.file("/proc/sys/kernel/core_pattern");
              return judge_core(limits_of(view), pattern.ok() ? pattern.value : "");
            },
        .spoil = {.config = R"({"process":{"-rlimits":[{"type":"RLIMIT_CORE"}]}})"},
    },
    {
        .id = "rlim.nproc.unbounded",
        .title = "No resource limit bounds how many processes a user of the container may have.",
        .severity = Severity::low,
        .why = "Where no pids controller bounds it, a fork bomb takes all processes of the host; without a user "
               "namespace of its own, the container shares this count with everybody who has the same user id.",
        .how = "The hard limit RLIMIT_NPROC in /proc/PID/limits, against the kernel's own default.",
        .references = {"getrlimit(2)", "CIS Docker 5.19"},
        .fix = {.oci = R"({"process":{"+rlimits":[{"type":"RLIMIT_NPROC","hard":4096,"soft":2048}]}})",
                .docker = "--ulimit nproc=2048:4096",
                .bwrap = "prlimit --nproc=2048:4096 bwrap ..."},
        .look = [](View& view) { return look_at_default_of_threads(view, "Max processes"); },
        .spoil = {.config = R"({"process":{"-rlimits":[{"type":"RLIMIT_NPROC"}]}})"},
    },
    {
        .id = "rlim.sigpending.unbounded",
        .title = "No resource limit bounds how many signals may be pending for a user of the container.",
        .severity = Severity::low,
        .why = "Every one of them takes kernel memory.",
        .how = "The hard limit RLIMIT_SIGPENDING in /proc/PID/limits, against the kernel's own default.",
        .references = {"getrlimit(2)", "CIS Docker 5.19"},
        .fix = {.oci = R"({"process":{"+rlimits":[{"type":"RLIMIT_SIGPENDING","hard":1024,"soft":1024}]}})",
                .docker = "--ulimit sigpending=1024:1024",
                .bwrap = "prlimit --sigpending=1024:1024 bwrap ..."},
        .look = [](View& view) { return look_at_default_of_threads(view, "Max pending signals"); },
        .spoil = {.config = R"({"process":{"-rlimits":[{"type":"RLIMIT_SIGPENDING"}]}})"},
    },
    {
        .id = "rlim.nofile.unbounded",
        .title = "No resource limit bounds how many files a process of the container may have open.",
        .severity = Severity::low,
        .why = "Open files take kernel memory, and the host has a limit of them that all share.",
        .how = "The hard limit RLIMIT_NOFILE in /proc/PID/limits, against fs.nr_open, beyond which it cannot go.",
        .references = {"getrlimit(2)", "CIS Docker 5.19"},
        .fix = {.oci = R"({"process":{"+rlimits":[{"type":"RLIMIT_NOFILE","hard":1024,"soft":1024}]}})",
                .docker = "--ulimit nofile=1024:1024",
                .bwrap = "prlimit --nofile=1024:1024 bwrap ..."},
        .look =
            [](View& view) {
              const std::uint64_t most = sysctl_number(view, "/proc/sys/fs/nr_open", 1048576);
              return judge_resource(limits_of(view), "Max open files", most, "all that the kernel gives (fs.nr_open)");
            },
        .spoil = {.impossible = kNoResource},
    },
    {
        .id = "rlim.memlock.unbounded",
        .title = "No resource limit bounds how much memory a process of the container may lock.",
        .severity = Severity::low,
        .why = "Locked memory cannot be swapped out, which leaves less to everybody else.",
        .how = "The hard limit RLIMIT_MEMLOCK in /proc/PID/limits.",
        .references = {"getrlimit(2)", "mlock(2)", "CIS Docker 5.19"},
        .fix = {.oci = R"({"process":{"+rlimits":[{"type":"RLIMIT_MEMLOCK","hard":65536,"soft":65536}]}})",
                .docker = "--ulimit memlock=65536:65536",
                .bwrap = "prlimit --memlock=65536:65536 bwrap ..."},
        .look = [](View& view) { return judge_resource(limits_of(view), "Max locked memory", kUnlimited, ""); },
        .spoil = {.impossible = kNoResource},
    },
    {
        .id = "rlim.msgqueue.unbounded",
        .title = "No resource limit bounds how much a user of the container may have in POSIX message queues.",
        .severity = Severity::low,
        .why = "Messages that nobody fetches take kernel memory.",
        .how = "The hard limit RLIMIT_MSGQUEUE in /proc/PID/limits.",
        .references = {"getrlimit(2)", "mq_overview(7)", "CIS Docker 5.19"},
        .fix = {.oci = R"({"process":{"+rlimits":[{"type":"RLIMIT_MSGQUEUE","hard":819200,"soft":819200}]}})",
                .docker = "--ulimit msgqueue=819200:819200",
                .bwrap = "prlimit --msgqueue=819200:819200 bwrap ..."},
        .look = [](View& view) { return judge_resource(limits_of(view), "Max msgqueue size", kUnlimited, ""); },
        .spoil = {.impossible = kNoResource},
    },
    {
        .id = "oom.score.protected",
        .title = "The OOM killer spares the container and kills others first.",
        .severity = Severity::low,
        .why = "When it takes too much memory, services of the host and other containers end in its place.",
        .how = "A negative /proc/PID/oom_score_adj.",
        .references = {"proc_pid_oom_score_adj(5)", "oom_score_adj of the OCI runtime specification"},
        .fix = {.oci = R"({"process":{"oomScoreAdj":500}})",
                .docker = "--oom-score-adj=500",
                .kubernetes = "resources without requests == limits (QoS class Burstable or BestEffort)",
                .bwrap = "choom -n 500 -- bwrap ..."},
        .look =
            [](View& view) {
              const sys::Got<std::string>& text = view.process_file("oom_score_adj");
              if (!text.ok()) return unknown(say("/proc/PID/oom_score_adj: ", errno_name(text.error())));
              return judge_oom_score(text.value);
            },
        .spoil = {.impossible = kNoResource},
    },
};

}  // namespace
}  // namespace nsproof::audit
