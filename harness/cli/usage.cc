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
  nsproof list --format json     for scripts)";

const std::string_view kExplain = "Say what a property claims, how it is checked, and where the claim comes from.";

const std::string_view kExplainExamples =
    R"(Examples:
  nsproof explain uts.hostname.outside-change-hidden
  nsproof explain 'pid.kill.*')";

const std::string_view kDoctor = "Try what this machine can do, and say what cannot be tested on it and why.";

const std::string_view kDoctorExamples =
    R"(Examples:
  nsproof doctor
  nsproof doctor && nsproof verify

The exit status is 0 if a bulkhead (the throw-away layer in which everything runs) can be made, else 4.
Nothing on the machine is changed.)";

}  // namespace nsproof::usage
