// What was started in a container later often has more privileges than what it was made for.
#include "harness/audit/process_status.h"
#include "harness/audit/rule.h"
#include "harness/audit/view.h"
#include "harness/support/text.h"
#include "suites/audit/ctx_judge.h"

namespace nsproof::audit {

std::vector<std::string> more_than(const Status& process, const Status& first) {
  std::vector<std::string> more;
  struct Set {
    const char* name;
    std::uint64_t of_process;
    std::uint64_t of_first;
  };
  const sys::CapabilitySets& mine = process.capabilities;
  const sys::CapabilitySets& its = first.capabilities;
  for (const Set& set :
       {Set{"effective", mine.effective, its.effective}, Set{"permitted", mine.permitted, its.permitted},
        Set{"bounding", mine.bounding, its.bounding}}) {
    const std::uint64_t added = set.of_process & ~set.of_first;
    if (added != 0) more.push_back(say(set.name, " capabilities ", capability_names(added)));
  }
  if (first.no_new_privs && !process.no_new_privs) more.emplace_back("no_new_privs is off");
  if (process.seccomp_mode >= 0 && process.seccomp_mode < first.seccomp_mode)
    more.push_back(say("seccomp mode ", process.seccomp_mode, " instead of ", first.seccomp_mode));
  if (process.euid() == 0 && first.euid() != 0) more.push_back(say("user 0 instead of ", first.euid()));
  return more;
}

namespace {

Sight differs(View& view) {
  const NamespaceView& pid = view.name_space(Ns::pid);
  if (pid.ownership == Ownership::undecided) return unknown(pid.how);
  if (pid.ownership == Ownership::host) return not_applicable("the first process is the host's");
  const Status& process = view.status();
  if (!process.pids.empty() && process.pids.back() == 1) return hardened("it is the container's first process");
  const sys::Got<std::string>& text = view.file("/proc/1/status");
  if (!text.ok()) return unknown(say("/proc/1/status: ", errno_name(text.error())));
  const Status first = parse_status(text.value);
  if (first.uids.empty()) return unknown("/proc/1/status tells no user");
  if (view.from_host()) {
    // Another procfs than the container's would show another first process.
    const sys::Got<std::string>& its = view.process_link("root/proc/1/ns/pid");
    if (its.ok() && its.value != view.process_link("ns/pid").value)
      return unknown("/proc is that of another PID namespace");
  }
  if (first.name == "pause") return not_applicable("the first process is a pause, which holds a pod together");
  const std::vector<std::string> more = more_than(process, first);
  return weak_if(!more.empty(), more.empty()
                                    ? say("no more than process 1, ", quoted(first.name), ", has")
                                    : say("more than process 1, ", quoted(first.name), ": ", join(more, "; ")));
}

const Rules rows = {
    {
        .id = "ctx.exec.differs",
        .title = "The process has more privileges than the first process of its container.",
        .severity = Severity::medium,
        .why = "The protections that the container was started with do not hold for what is executed in it later.",
        .how = "User, capabilities, NoNewPrivs and Seccomp of /proc/PID/status compared with those of process 1.",
        .references = {"proc_pid_status(5)", "CIS Docker 5.23", "CIS Docker 5.24"},
        .fix = {.oci = R"({"process":{"noNewPrivileges":true}})",
                .docker = "docker exec without --privileged and --user 0",
                .podman = "podman exec without --privileged and --user 0",
                .kubernetes = "kubectl debug --profile=restricted"},
        .look = differs,
        // The container is there already when the probe is executed in it, with no_new_privs off.
        .spoil =
            {.wrap = {"sh", "-c",
                      "(sleep 600 | crun --root {state}/run run --bundle {bundle} {id} >/dev/null 2>&1 &); "
                      "perl -0ne 's/(\"noNewPrivileges\":\\s*)true/$1false/; "
                      "print $1 if /\"process\":\\s*(\\{(?:[^{}]|(?1))*\\})/' {bundle}/config.json >{state}/exec.json; "
                      "for i in 1 2 3 4 5 6 7 8 9 10; do "
                      "crun --root {state}/run state {id} 2>/dev/null | grep -q '\"running\"' && break; "
                      "sleep 0.1; done; exec crun --root {state}/run exec --process {state}/exec.json {id}",
                      "-"},
             .also = {"cred.no-new-privs.off"}},
    },
};

}  // namespace
}  // namespace nsproof::audit
