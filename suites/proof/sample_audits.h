// Audits that never happened: every answer and every standing, and bytes that a container would choose. Unit tests and
// the validators of the reports judge the same samples.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "harness/audit/auditor.h"
#include "suites/proof/sample_results.h"

namespace nsproof::audit {

// What the catalogue would know of the samples' rules. "seccomp.filter.unheard" is in no catalogue.
inline const Rule* sample_rule(std::string_view id) {
  static const std::vector<Rule> known = {
      {.id = "cgroup.pids.unlimited",
       .title = "The container may start any number of processes.",
       .severity = Severity::medium,
       .why = "A fork bomb takes the host with it.",
       .how = "pids.max of its control group is max.",
       .references = {"cgroups(7)", "CIS Docker 5.29"},
       .fix = {.oci = R"({"linux":{"resources":{"pids":{"limit":512}}}})",
               .docker = "--pids-limit=512",
               .kubernetes = "# kubelet\npodPidsLimit: 512",
               .host = "systemctl set-property NAME.scope TasksMax=512"},
       .look = {}},
      {.id = "mount.proc.writable",
       .title = "Kernel files below /proc can be written.",
       .severity = Severity::critical,
       .why = "Writing core_pattern runs a program on the host.",
       .how = "/proc/sys is mounted without ro.",
       .references = {"core(5)"},
       .fix = {.kubernetes = "securityContext:\n  procMount: Default\n  privileged: false"},
       .look = {}},
      {.id = "ns.pid.host",
       .title = "The container shares the host's PID namespace.",
       .severity = Severity::high,
       .why = "Its processes see those of the host.",
       .how = "The inode of /proc/PID/ns/pid is the initial namespace's.",
       .references = {"pid_namespaces(7)"},
       .fix = {.docker = "without --pid=host", .podman = "without --pid=host or --pid=ns:", .bwrap = "--unshare-pid"},
       .look = {}}};
  for (const Rule& rule : known)
    if (rule.id == id) return &rule;
  return nullptr;
}

inline Finding sample_finding(std::string id, Sight sight, Severity severity) {
  Finding finding;
  finding.title = sample_rule(id) != nullptr ? sample_rule(id)->title : "A sentence about " + id + ".";
  finding.id = std::move(id);
  finding.answer = sight.answer;
  finding.base_severity = severity;
  finding.severity = sight.severity.value_or(severity);
  finding.severity_reason = std::move(sight.severity_reason);
  finding.observed = std::move(sight.observed);
  Transcript transcript;
  transcript.entries = {
      {.actor = "inside",
       .call = "readlink(\"/proc/self/ns/pid\")",
       .value = 17,
       .outs = {"pid:[4026531836]"},
       .shows = "\"pid:[4026531836]\"",
       .nanoseconds = 900},
      {.actor = "inside", .call = "open(\"/sys/fs/cgroup/pids.max\")", .value = -2, .outs = {}, .shows = ""}};
  finding.evidence = {std::make_shared<const Transcript>(std::move(transcript))};
  return finding;
}

inline Finding judged(Finding finding, Standing standing, std::string reason) {
  finding.standing = standing;
  finding.standing_reason = std::move(reason);
  return finding;
}

// Three that count (one of them in spite of its waiver), three set aside, two hardened, one of each other answer.
inline AuditResult sample_audit() {
  AuditResult result;
  result.tool_version = "0.1.0";
  result.subject = "the container of process 4711";
  result.kernel = "6.1.0-18-amd64";
  result.started = "2026-11-23T12:34:28";
  result.profile = "docker-default@29";
  result.milliseconds = 123.5;
  result.unused_waivers = {"caps.*"};
  result.findings = {
      sample_finding("caps.sys-admin.effective", hardened("CAP_SYS_ADMIN is not there"), Severity::high),
      sample_finding("cgroup.pids.unlimited", weak("pids.max is max"), Severity::medium),
      judged(sample_finding("mount.dev.host", weak("/dev is the host's"), Severity::high), Standing::waived,
             "waived by ops until 2027-01-31: moved next year"),
      sample_finding("mount.proc.writable", weak("inode 4026531836, process 4711", Severity::high, "uid 0 is nobody"),
                     Severity::critical),
      judged(sample_finding("mount.root.writable", weak("/ is rw"), Severity::low), Standing::excluded,
             "docker-default@29 does not ask for it"),
      judged(sample_finding("ns.ipc.host", weak("ipc is shared"), Severity::medium), Standing::known,
             "weak already in old.json"),
      judged(sample_finding("ns.pid.host", weak("pid:[4026531836] is the initial one"), Severity::high),
             Standing::expired, "the waiver of ops ended on 2026-01-31 (w.toml:3): later"),
      sample_finding("ns.time.host", not_applicable("the kernel has no time namespaces"), Severity::low),
      sample_finding("ns.user.host", hardened("it has its own"), Severity::medium),
      sample_finding("seccomp.filter.unheard", unknown("only a process inside can tell"), Severity::high)};
  return result;
}

// The same with hostile bytes in every field that something inside or a file could choose, one very long line, one
// finding twice, and more evidence than anybody reads.
inline AuditResult hostile_audit(std::size_t long_line = 100'000) {
  AuditResult result = sample_audit();
  const std::string evil =
      hostile_text() + "[click](https://example.org) ](1) {0}\n::error::forged\n| forged | row |\n";
  for (std::string* field : {&result.tool_version, &result.subject, &result.kernel, &result.started, &result.profile})
    *field += evil;
  result.unused_waivers.push_back(evil);
  for (Finding& finding : result.findings) {
    for (std::string* field : {&finding.title, &finding.observed, &finding.severity_reason, &finding.standing_reason})
      *field += evil;
    Transcript loud;
    for (int call = 0; call < 60; ++call) {
      loud.entries.push_back(
          {.actor = "inside" + evil, .call = "read(" + evil, .value = -1, .outs = {evil}, .shows = evil});
    }
    finding.evidence = {nullptr, std::make_shared<const Transcript>(std::move(loud))};
  }
  result.findings.push_back(sample_finding("ns." + evil + ".host", weak(evil), Severity::info));
  result.findings.push_back(sample_finding(evil, unknown(evil), Severity::info));
  result.findings.push_back(result.findings[1]);
  result.findings[1].observed += std::string(long_line, 'x');
  result.findings[1].evidence = {std::make_shared<const Transcript>(
      Transcript{{{.actor = "inside", .call = std::string(long_line, 'y'), .outs = {}, .shows = ""}}})};
  result.partial = true;
  return result;
}

}  // namespace nsproof::audit
