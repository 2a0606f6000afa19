// The words of `nsproof bench --help`.
#include "harness/cli/usage.h"

namespace nsproof::usage {

const std::string_view kBench =
    "Measure what isolation costs: to make, enter, live in and tear down each kind of namespace.";

const std::string_view kBenchExamples =
    R"(Everything is measured in throw-away namespaces of its own; nothing on the machine is changed.

The figures:
  p5      the 5th percentile, which is the estimate: noise only ever adds
  95 %    its interval, from drawing whole blocks of rounds anew
  ratio   the multiple of a floor that was measured in the same rounds: the figure to compare between runs

Examples:
  nsproof bench                                     the usual set, within a minute
  nsproof bench --smoke --json bench.json           within 10 s, with a record
  nsproof bench create/net join                     some cases, or families
  nsproof bench --list
  nsproof bench --report google=g.json --report prometheus=nsproof.prom --report html=bench.html

Comparing, B against A:
  nsproof bench compare before.json after.json      two records
  nsproof bench compare ./nsproof-old ./nsproof-new --filter create      two builds, measured in turns
  nsproof bench compare runtime/unshare runtime/bwrap                    two cases, measured in the same rounds
  nsproof bench compare before.json after.json --gate warn=10,fail=25

Words of a comparison:
  no change       any change is smaller than the minimum effect, or not more than chance
  slower, faster  by more than the minimum effect, and surely (Mann-Whitney on one estimate a process, p < 0.05)
  cannot tell     too few processes, or an interval that says nothing
  not comparable  not measured in both, or a time without a floor

Exit status:
  0  measured; of a comparison: nothing is beyond the gate
  1  a case is beyond fail= of the gate
  2  the command line or a file on it is wrong; times of different machines were to be compared
  3  a case failed although it should work; with a gate: a gated case cannot be told
  4  nothing could be measured, or nothing is in both)";

}  // namespace nsproof::usage
