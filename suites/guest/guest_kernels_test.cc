// Kernels other than the running one: everything holds or says what it lacks, and what is withdrawn on the command line
// of a kernel is what the report names.
#include <gmock/gmock.h>
#include <unistd.h>

#include <algorithm>

#include "suites/guest/guest_run.h"

namespace nsproof {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string told(const GuestVerdict& verdict) { return verdict.program.output + verdict.program.errors; }

void expect_good(const GuestVerdict& verdict, const std::string& release) {
  EXPECT_EQ(verdict.program.exit_code(), 0) << told(verdict);
  EXPECT_THAT(verdict.results.environment.kernel_release, StartsWith(release));
  const Counts counts = count(verdict.results.cases);
  EXPECT_GT(counts.holds, 350);
  EXPECT_EQ(counts.violated + counts.vacuous + counts.broken + counts.unexpected_passes, 0) << told(verdict);
  for (const Case& one : verdict.results.cases)
    EXPECT_EQ(one.verdict == Verdict::unsupported, one.missing != "") << one.id;
}

TEST(CloudKernel, HasNoViolation) {
  expect_good(verify_in_guest(cloud_kernel(), {"--expect", NSPROOF_EXPECTATIONS, "-q"}), "6.1.0-");
}

TEST(CloudKernel, ShowsThatModulesAreMissing) {
  const std::vector<std::string> kernel = cloud_kernel();
  const GuestVerdict verdict =
      verify_in_guest({kernel[0], kernel[1]}, {"net.nftables", "uts.hostname", "--append", "lsm="});
  EXPECT_EQ(verdict.program.exit_code(), 0) << told(verdict);
  EXPECT_THAT(verdict.program.output, HasSubstr("CONFIG_NF_TABLES"));
  EXPECT_THAT(verdict.results.environment.security_modules, Not(HasSubstr("apparmor")));
  EXPECT_THAT(verdict.results.cases.at(0).reproduce, AllOf(HasSubstr("--kernel /boot/"), HasSubstr("--append lsm=")));
}

TEST(UserModeLinux, HasNoViolation) {
  const GuestVerdict verdict = verify_in_guest(user_mode_linux(), {"--expect", NSPROOF_EXPECTATIONS, "-q"});
  expect_good(verdict, "6.1.");
  const auto without_time = std::count_if(
      verdict.results.cases.begin(), verdict.results.cases.end(),
      [](const Case& one) { return one.missing.find("this kernel has no time namespaces") != std::string::npos; });
  EXPECT_GT(without_time, 30);
}

TEST(UserModeLinux, IsRunByAnyUser) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root to become somebody else";
  const ProgramResult run =
      run_program({say(NSPROOF_SOURCE_DIR, "/suites/proof/as_nobody.sh"), NSPROOF_BINARY, NSPROOF_EXPECTATIONS,
                   "verify", "--kernel", user_mode_linux()[1], "uts.hostname"});
  EXPECT_EQ(run.exit_code(), 0) << run.output << run.errors;
}

TEST(UserModeLinux, WithoutUserNamespacesSaysSo) {
  const GuestVerdict verdict =
      verify_in_guest(user_mode_linux(), {"user.map", "uts.hostname", "--append", "sysctl.user.max_user_namespaces=0"});
  EXPECT_EQ(verdict.program.exit_code(), 0) << told(verdict);
  int without = 0;
  for (const Case& one : verdict.results.cases) without += one.missing.find("max_user_namespaces") != std::string::npos;
  EXPECT_GT(without, 10);
  EXPECT_GT(count(verdict.results.cases).holds, 3);
}

TEST(UserModeLinux, WithoutABulkheadNothingIsEstablished) {
  const GuestVerdict verdict =
      verify_in_guest(user_mode_linux(), {"uts.hostname", "--append", "sysctl.user.max_uts_namespaces=0"});
  EXPECT_EQ(verdict.program.exit_code(), 4) << told(verdict);
  EXPECT_THAT(verdict.results.cases.at(0).missing, AllOf(HasSubstr("bulkhead"), HasSubstr("ENOSPC")));
}

TEST(UserModeLinux, NoiseOnTheConsoleIsNoise) {
  const GuestVerdict verdict =
      verify_in_guest(user_mode_linux(),
                      {"uts.hostname", "--append", "loglevel=8 ignore_loglevel initcall_debug", "--report", "ktap=-"});
  EXPECT_EQ(verdict.program.exit_code(), 0) << told(verdict);
  EXPECT_THAT(verdict.program.output,
              AllOf(StartsWith("KTAP version"), HasSubstr("\nok 1 uts.hostname"), Not(HasSubstr("initcall"))));
}

// The example for `git bisect run`, with a kernel that is built already.
TEST(UserModeLinux, IsBisected) {
  const auto bisect = [](const std::vector<std::string>& words, const std::string& build = "true") {
    std::vector<std::string> command = {say(NSPROOF_SOURCE_DIR, "/ci/examples/bisect.sh")};
    command.insert(command.end(), words.begin(), words.end());
    ProgramOptions options;
    options.environment = {say("NSPROOF=", NSPROOF_BINARY), say("IMAGE=", user_mode_linux()[1]), "BUILD=" + build};
    return run_program(command, options).exit_code();
  };
  EXPECT_EQ(bisect({"uts.hostname"}), 0);
  EXPECT_EQ(bisect({"uts.hostname", "--append", "rdinit=/nothing"}), 125);
  EXPECT_EQ(bisect({"uts.hostname"}, "false"), 125);
}

}  // namespace
}  // namespace nsproof
