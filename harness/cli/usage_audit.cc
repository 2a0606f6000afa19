// The words of `nsproof audit --help`.
#include "harness/cli/usage.h"

namespace nsproof::usage {

const std::string_view kAudit = "Say what a container leaves open, how bad that is, how it is known and how to close it.";

const std::string_view kAuditExamples =
    R"(It only looks: nothing is written, signalled, connected to or left behind, and what only harm could prove is shown by
its precondition. Which system calls a filter lets through is measured without executing them.

Answers:
  weak            open, with a severity: critical (one step to the host), high, medium, low
  hardened        looked at, and closed
  not-applicable  this kernel does not have it, or it is a fact
  unknown         could not look, and why; never counted as hardened

Examples:
  nsproof audit                                       inside a container: copy the one file in and run it
  nsproof audit --pid 4711                            from the host
  nsproof audit --container web                       by its name
  nsproof audit --runtime podman                      a sandbox made for the purpose, in a throw-away layer
  nsproof audit --launch 'bwrap --unshare-all --ro-bind {rootfs} / --proc /proc --dev /dev {probe}'
  nsproof audit --kernel                              the host's own knobs
  nsproof audit seccomp cap --not cap.set -v          two areas, with the evidence
  nsproof audit --profile pss-restricted --report sarif=audit.sarif --report junit=audit.xml
  nsproof audit --report json=baseline.json; nsproof audit --baseline baseline.json
  nsproof audit --runtime crun --fix oci              what to change in config.json
  nsproof explain cap.sys-admin.held

A file of waivers:
  [[waive]]
  id = "cg.cpu.*"
  reason = "the node is ours alone"
  owner = "platform team"
  expires = 2027-01-31         # the last day on which it counts

Exit status:
  0  nothing that counts is weak at --fail-on or above
  1  something is
  2  the command line or a file on it is wrong
  3  it could not be audited: no way in, no time left, or more unknown than --max-unknown
  4  nothing was established: no rule was weak or hardened)";

}  // namespace nsproof::usage
