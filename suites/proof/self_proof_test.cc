// Plants faults in the harness, the probe and the kernel, and asserts which verdicts they turn. A suite that cannot
// see a planted fault would not see a real one.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <set>

#include "harness/catalogue/property.h"
#include "harness/launch/program.h"
#include "harness/support/text.h"
#include "reports/json.h"

namespace nsproof {
namespace {

// How a run copes with what never answers: such calls cost their deadline, so many worlds wait at a time. A deadline
// that is missed makes a case broken and never lets one hold.
struct Pace {
  const char* jobs;
  const char* call_timeout;  // milliseconds
};

Pace pace_under(std::string_view fault) {
  if (fault == "probe=hangs" || fault == "probe=lies") return {"8", "500"};
  if (fault.starts_with("kernel=")) return {"16", "3000"};  // a kill that killed nobody is waited for in vain
  return {"8", "10000"};
}

// The cases of `nsproof verify` under one fault.
std::vector<Case> cases_under(const std::string& fault, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {NSPROOF_FAULTY, "verify"});
  const Pace pace = pace_under(fault);
  for (const char* more : {"-q", "--jobs", pace.jobs, "--report", "json=-", "--call-timeout", pace.call_timeout})
    arguments.emplace_back(more);
  ProgramOptions options;
  options.environment = {"NSPROOF_FAULT=" + fault};
  options.deadline = std::chrono::minutes(5);
  options.output_limit = 256 * 1024 * 1024;
  const ProgramResult result = run_program(arguments, options);
  EXPECT_FALSE(result.timed_out) << fault;
  const std::size_t begin = result.output.find('{');
  if (begin == std::string::npos) {
    ADD_FAILURE() << fault << " gave no report:\n" << result.errors;
    return {};
  }
  return read_json(std::string_view(result.output).substr(begin)).cases;
}

// Whether a property holds here when nothing is planted; one that does not shows nothing under a fault.
bool sound(const std::string& id) {
  static const std::set<std::string> ids = [] {
    std::set<std::string> holding;
    for (const Case& one : cases_under("none", {}))
      if (one.verdict == Verdict::holds) holding.insert(one.id);
    return holding;
  }();
  return ids.contains(id);
}

using Tally = std::map<Verdict, int>;

Tally tally(const std::vector<Case>& cases) {
  Tally counts;
  for (const Case& one : cases) ++counts[one.verdict];
  return counts;
}

void print_row(const std::string& fault, const Tally& counts) {
  std::string line = fault;
  line.resize(28, ' ');
  for (const Verdict verdict : kAllVerdicts) {
    const auto found = counts.find(verdict);
    line += say("  ", name_of(verdict), " ", found == counts.end() ? 0 : found->second);
  }
  std::cout << line << '\n';
}

bool acts(const Boxed<Run>& run, std::string_view actor) {
  return run && std::any_of(run->transcript.entries.begin(), run->transcript.entries.end(),
                            [&](const Entry& entry) { return entry.actor == actor; });
}

bool makes(const Boxed<Run>& run, std::string_view call) {
  return run && std::any_of(run->transcript.entries.begin(), run->transcript.entries.end(),
                            [&](const Entry& entry) { return entry.call.starts_with(say(call, "(")); });
}

class DroppedNamespace : public testing::TestWithParam<Ns> {};

// A launcher that forgets a type: everything that the type isolates leaks, and is said to.
TEST_P(DroppedNamespace, ViolatesWhatItIsolates) {
  const std::string name(name_of(GetParam()));
  const std::vector<Case> cases = cases_under("drop=" + name, {"--ns", name});
  print_row("launcher drops " + name, tally(cases));
  int judged = 0;
  for (const Case& one : cases) {
    const Property* row = find_property(one.id);
    ASSERT_NE(row, nullptr);
    if (row->isolated_by != GetParam() || !sound(one.id)) continue;
    EXPECT_EQ(name_of(one.verdict), name_of(Verdict::violated)) << one.id << ": " << one.reason;
    ++judged;
  }
  EXPECT_GE(judged, 3);
}

INSTANTIATE_TEST_SUITE_P(EachType, DroppedNamespace, testing::ValuesIn(kAllNamespaces),
                         [](const auto& which) { return std::string(name_of(which.param)); });

TEST(SelfProof, AControlThatIsolatesIsVacuous) {
  const std::vector<Case> cases = cases_under("control", {});
  print_row("control isolates", tally(cases));
  for (const Case& one : cases)
    if (sound(one.id)) {
      EXPECT_EQ(name_of(one.verdict), name_of(Verdict::vacuous)) << one.id << ": " << one.reason;
    }
}

class MisbehavingProbe : public testing::TestWithParam<std::string> {};

// Whatever claim has evidence from the probe inside cannot hold any more.
TEST_P(MisbehavingProbe, IsBroken) {
  // A hanging probe costs a deadline a world, so it is tried on one area.
  const std::vector<std::string> which =
      GetParam() == "hangs" ? std::vector<std::string>{"uts.*"} : std::vector<std::string>{};
  const std::vector<Case> cases = cases_under("probe=" + GetParam(), which);
  print_row("probe " + GetParam(), tally(cases));
  EXPECT_GT(tally(cases)[Verdict::broken], 5);
  for (const Case& one : cases)
    if (acts(one.subject, "inside") && acts(one.control, "inside")) {
      EXPECT_EQ(name_of(one.verdict), name_of(Verdict::broken)) << one.id << ": " << one.reason;
    }
}

INSTANTIATE_TEST_SUITE_P(EachWay, MisbehavingProbe, testing::Values("dies", "hangs", "babbles"),
                         [](const auto& which) { return which.param; });

// What inside says there is true even when a liar says it, and the verdict rests on others.
const std::set<std::string> kTrueWhoeverSaysIt = {
    "mnt.private.inside-mount-hidden",  // inside is asked whether it sees the mount that a visitor made, and it does
};

TEST(SelfProof, ALyingProbeProvesNothing) {
  const std::vector<Case> cases = cases_under("probe=lies", {});
  print_row("probe lies", tally(cases));
  for (const Case& one : cases)
    if (!kTrueWhoeverSaysIt.contains(one.id) && acts(one.subject, "inside") && acts(one.control, "inside")) {
      EXPECT_NE(name_of(one.verdict), name_of(Verdict::holds)) << one.id << ": " << one.reason;
    }
}

class LyingKernel : public testing::TestWithParam<std::string> {};

// A call that says 0 and does nothing: no claim whose evidence rests on that call may hold.
TEST_P(LyingKernel, ProvesNothingByThatCall) {
  const std::vector<Case> cases = cases_under("kernel=" + GetParam(), {});
  print_row("kernel lies: " + GetParam(), tally(cases));
  int touched = 0;
  for (const Case& one : cases) {
    if (!makes(one.subject, GetParam()) && !makes(one.control, GetParam())) continue;
    ++touched;
    EXPECT_NE(name_of(one.verdict), name_of(Verdict::holds)) << one.id << ": " << one.reason;
  }
  EXPECT_GT(touched, 0) << "no property rests on " << GetParam();
}

INSTANTIATE_TEST_SUITE_P(EachCall, LyingKernel,
                         testing::Values("sethostname", "setdomainname", "mount", "umount2", "setns", "unshare", "kill",
                                         "tgkill", "pidfd_send_signal", "pivot_root"),
                         [](const auto& which) { return which.param; });

}  // namespace
}  // namespace nsproof
