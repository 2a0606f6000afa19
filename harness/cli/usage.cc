// Help texts. Simple English; every subcommand has examples that can be copied.
#include "harness/cli/usage.h"

namespace nsproof::usage {

const std::string_view kProgram =
    "nsproof proves, with evidence, whether this kernel isolates what its namespaces claim to isolate.";

const std::string_view kProgramExamples =
    R"(Examples:
  nsproof doctor                        what can be tested on this machine?
  nsproof verify                        is every property true here?
  nsproof verify uts net                only two areas
  nsproof list                          which properties are there?
  nsproof explain ID                    what does this one claim?
  nsproof report --diff OLD NEW         what is different between two runs?

Exit status, the same for every command:
  0  good: everything that could be judged is as expected
  1  a property is violated, or a failure that was announced did not come
  2  the command line or a file on it is wrong
  3  something could not be judged: a check was vacuous or broken, or output was lost
  4  nothing was established: no property could be judged
  128 + N  ended by signal N; reports are still written and marked as partial

`nsproof COMMAND --help` says more.)";

const std::string_view kVerify =
    "Say which properties hold here, each judged against a control that must show the opposite.";

const std::string_view kVerifyExamples =
    R"(Filters:
  A filter is an id, the beginning of one, or a pattern with * and ?:
  uts, uts.hostname, uts.hostname.outside-change-hidden, 'pid.*.cannot-*'.
  What follows an @ chooses the way or the combination: '*@setns', uts.hostname.outside-change-hidden@mnt+pid.

Examples:
  nsproof verify                                     every property, made with clone3
  nsproof verify --via all --jobs 4                  in every way that namespaces can be made
  nsproof verify --ns pid,user --not 'user.map.*'    by namespace type
  nsproof verify -v uts.hostname.outside-change-hidden           one property, call by call
  nsproof verify --sweep uts                         the whole truth table: all 256 combinations
  nsproof verify --report junit=out.xml --report json=out.json
  nsproof verify --expect known-failures.toml --shard 2/4
  nsproof verify --kernel arch/x86/boot/bzImage      another kernel, booted in a guest
  nsproof verify --kernel /boot/vmlinuz-6.1.0-18-cloud-amd64 --modules /lib/modules/6.1.0-18-cloud-amd64
  nsproof verify --kernel linux.uml --append sysctl.user.max_user_namespaces=0

Guests:
  --kernel needs QEMU (with KVM where it works), but for User-Mode Linux nothing; no root, no network, no disk image.
  With --jobs N the work is shared by up to N guests. A warning, oops or new taint of the kernel during a property is
  a violation of it; a guest that dies leaves every property that it did not reach broken.

A file of expected failures:
  [[expect]]
  id = "time.offset.*"
  reason = "what is wrong, in a sentence"
  url = "https://bugs.example.org/42"
  expires = 2027-01-31        # not needed; the last day on which it counts
  kernel = ">=6.1, <6.5"      # not needed; only on these kernels
  via = "setns"               # not needed; only this way

Verdicts:
  holds        the control shows the effect, the subject is isolated
  violated     the control shows the effect, and so does the subject
  vacuous      the control does not show the effect, so the check proves nothing
  broken       a set-up step failed, a probe died, or the check could not tell
  unsupported  this machine lacks what the property needs)";

const std::string_view kList = "List the properties, and with --here whether each one can run on this machine.";

const std::string_view kListExamples =
    R"(Examples:
  nsproof list                   every property
  nsproof list pid 'net.*'       some of them
  nsproof list --here            and whether each would run here, and why not
  nsproof list --for-kernel 6.1  which of them Linux 6.1 has, and since when the others exist
  nsproof list --format json     for scripts)";

const std::string_view kExplain = "Say what a property claims, how it is checked, and where the claim comes from.";

const std::string_view kExplainExamples =
    R"(Examples:
  nsproof explain uts.hostname.outside-change-hidden
  nsproof explain 'pid.kill.*')";

const std::string_view kReport =
    "Read records of runs: show, render and merge them, compare two, or put many into one table.";

const std::string_view kReportExamples =
    R"(Examples:
  nsproof verify --report json=run.json       writes a record
  nsproof report run.json                     shows it again, as verify did; -v with all evidence
  nsproof report run.json --as junit=out.xml --as markdown
  nsproof report shard-*.json --as json=all.json                 merges the shards of a run
  nsproof report --diff old-kernel.json new-kernel.json          what changed, what got worse
  nsproof report --diff runc.json crun.json --format markdown
  nsproof report --matrix kernel-*.json       properties against kernels or runtimes
  nsproof report bench.json --html bench.html                    what `nsproof bench` measured, as one page

Merging:
  Records of the same kernel add up to one run. Of a case that is in several of them the worst counts, and it is said.
  Records of different kernels are refused: compare them.

Exit status:
  of a run and a matrix, as of every command: 0 good, 1 violated, 3 not judged or interrupted, 4 nothing established
  of --diff: 0 if nothing got worse, 1 if a case that holds in A does not in B (or is not there)
  2 if a file cannot be read or is no record)";

const std::string_view kMatrix = "Put the same properties to several runtimes and show all of them in one table.";

const std::string_view kMatrixExamples =
    R"(Without --runtime, --target or --launch every built-in runtime that is installed here is judged, as root and as an
ordinary user. Each runs in a throw-away layer; the exit status is that of `nsproof verify`.

Examples:
  nsproof matrix                                     everything
  nsproof matrix net ipc --runtime runc,podman,bwrap-hard
  nsproof matrix --format markdown > matrix.md
  nsproof matrix --report junit=matrix.xml --report json=matrix.json
  nsproof matrix --target my-runtime.toml --runtime runc
)";

const std::string_view kProbe = "Write the probe, a static program of a few kilobytes, to a file.";

const std::string_view kProbeExamples =
    R"(For places where somebody else starts it. It reads what to do from its standard input, answers on its standard
output, and knows nothing.

Examples:
  nsproof probe nsprobe
  kubectl cp nsprobe POD:/nsprobe
  nsproof verify --via-command 'kubectl exec -i POD -- /nsprobe' --policy docker-default
)";

const std::string_view kDoctor = "Try what this machine can do, and say what cannot be tested on it and why.";

const std::string_view kDoctorExamples =
    R"(Examples:
  nsproof doctor
  nsproof doctor && nsproof verify

The exit status is 0 if a bulkhead (the throw-away layer in which everything runs) can be made, else 4.
Nothing on the machine is changed.)";

}  // namespace nsproof::usage
