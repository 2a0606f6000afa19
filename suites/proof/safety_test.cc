// nsproof must leave the machine as it found it, whatever happens to it: after a whole run, and after SIGKILL at random
// moments of one.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <random>
#include <thread>

#include "harness/launch/program.h"
#include "harness/support/text.h"
#include "suites/proof/host_snapshot.h"

namespace nsproof {
namespace {

class SafetyTest : public testing::Test {
 protected:
  HostWatch watch_;
};

// Starts nsproof in a process group of its own, its output thrown away.
pid_t start_nsproof(std::vector<const char*> arguments) {
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  for (int fd = 0; fd < 3; ++fd) ::dup2(null, fd);
  arguments.insert(arguments.begin(), NSPROOF_BINARY);
  arguments.push_back(nullptr);
  ::execv(NSPROOF_BINARY, const_cast<char* const*>(arguments.data()));
  ::_exit(127);
}

TEST_F(SafetyTest, AWholeRunLeavesNothing) {
  const ProgramResult run =
      run_program({NSPROOF_BINARY, "verify", "-q", "--jobs", "2", "--via", "all", "--expect", NSPROOF_EXPECTATIONS});
  EXPECT_EQ(run.exit_code(), 0) << run.output << run.errors;
  EXPECT_EQ(watch_.what_is_left(), std::vector<std::string>{});
}

TEST_F(SafetyTest, SigkillAtAnyMomentLeavesNothing) {
  std::mt19937 random(20260);
  std::uniform_int_distribution<int> delay(1, 900);
  constexpr int kKills = 50;
  int killed_at_work = 0;
  for (int i = 0; i < kKills; ++i) {
    const pid_t pid = start_nsproof({"verify", "--jobs", "2", "--via", "all"});
    ASSERT_GT(pid, 0);
    std::this_thread::sleep_for(std::chrono::milliseconds(delay(random)));
    ::kill(pid, SIGKILL);
    int status = 0;
    ASSERT_EQ(::waitpid(pid, &status, 0), pid);
    killed_at_work += WIFSIGNALED(status) ? 1 : 0;
  }
  EXPECT_GT(killed_at_work, kKills / 2) << "most were over before they were killed: the test shows nothing";
  EXPECT_EQ(watch_.what_is_left(), std::vector<std::string>{});
}

TEST_F(SafetyTest, AnInterruptEndsTheRunAndLeavesNothing) {
  const std::string report = say(NSPROOF_BINARY_DIR, "/interrupted.json");
  ::unlink(report.c_str());
  const std::string wish = "json=" + report;
  const pid_t pid = start_nsproof({"verify", "--via", "all", "--repeat", "50", "--report", wish.c_str()});
  ASSERT_GT(pid, 0);
  std::this_thread::sleep_for(std::chrono::milliseconds(700));
  ::kill(pid, SIGINT);
  int status = 0;
  ASSERT_EQ(::waitpid(pid, &status, 0), pid);
  ASSERT_TRUE(WIFEXITED(status)) << "an interrupt must end in an orderly way";
  EXPECT_EQ(WEXITSTATUS(status), 128 + SIGINT);
  const ProgramResult text = run_program({"grep", "-c", "\"partial\": *true", report});
  EXPECT_EQ(text.exit_code(), 0) << "the report of an interrupted run says that it is partial";
  EXPECT_EQ(watch_.what_is_left(), std::vector<std::string>{});
}

}  // namespace
}  // namespace nsproof
