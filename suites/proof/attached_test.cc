// Sandboxes that run already: what `verify --pid` and `verify --via-command` say of some that this test has made, one
// namespace more or less at a time, and that these are as before afterwards.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sstream>
#include <string>
#include <vector>

#include "harness/launch/program.h"
#include "reports/json.h"
#include "suites/proof/sleeping_container.h"

namespace nsproof {
namespace {

using testing::HasSubstr;

// What the kernel says of a process, without its memory and its switches, which are never the same twice.
std::string standing_of(int pid) {
  std::istringstream status(text_of("/proc/" + std::to_string(pid) + "/status"));
  std::string kept;
  for (std::string line; std::getline(status, line);)
    if (!line.starts_with("Vm") && !line.starts_with("Rss") && line.find("ctxt_switches") == std::string::npos)
      kept += line + "\n";
  return kept;
}

SleepingContainer container_with(const std::string& namespaces) {
  return SleepingContainer({namespaces, "sleep", "60"});
}

struct Judged {
  ProgramResult program;
  Results results;
  [[nodiscard]] Verdict of(const std::string& id) const {
    for (const Case& one : results.cases)
      if (one.id == id) return one.verdict;
    ADD_FAILURE() << id << " was not judged: " << program.errors;
    return Verdict::broken;
  }
};

Judged judged(const std::vector<std::string>& place, const std::string& isolates) {
  std::vector<std::string> words = {NSPROOF_BINARY, "verify", "--isolates", isolates, "--report", "json=-", "-q"};
  words.insert(words.end(), place.begin(), place.end());
  Judged judged{run_program(words), {}};
  if (!judged.program.output.empty()) judged.results = read_json(judged.program.output);
  return judged;
}

class Attached : public testing::Test {
 protected:
  void SetUp() override {
    if (getuid() != 0) GTEST_SKIP() << "only root may join the container of another process (setns(2))";
  }
};

TEST_F(Attached, ARunningContainerIsJudgedByItsNamespaces) {
  const SleepingContainer container = container_with("-pfmniu");
  ASSERT_NE(container.pid(), 0);
  const std::string before = standing_of(container.pid());
  const Judged seen = judged({"--pid", std::to_string(container.pid()), "life"}, "pid,mnt,net,ipc,uts");
  EXPECT_EQ(seen.program.exit_code(), 0) << seen.program.errors;
  for (const char* type : {"pid", "mnt", "net", "ipc", "uts"})
    EXPECT_EQ(seen.of(std::string("life.") + type + "-link.is-its-own"), Verdict::holds) << type;
  EXPECT_EQ(seen.results.cases.front().reproduce.find("--runtime"), std::string::npos);
  EXPECT_EQ(standing_of(container.pid()), before);
}

TEST_F(Attached, WhatIsSharedAlthoughItWasPromisedIsViolated) {
  const SleepingContainer container = container_with("-pfmiu");
  ASSERT_NE(container.pid(), 0);
  const Judged seen = judged({"--pid", std::to_string(container.pid()), "life"}, "pid,mnt,net,ipc,uts");
  EXPECT_EQ(seen.program.exit_code(), 1);
  EXPECT_EQ(seen.of("life.net-link.is-its-own"), Verdict::violated);
  EXPECT_EQ(seen.of("life.ipc-link.is-its-own"), Verdict::holds);
}

TEST_F(Attached, WhatIsPrivateAlthoughNobodyAskedIsViolated) {
  const SleepingContainer container = container_with("-pfmniu");
  ASSERT_NE(container.pid(), 0);
  const Judged seen = judged({"--pid", std::to_string(container.pid()), "life"}, "pid,mnt,net,ipc");
  EXPECT_EQ(seen.of("life.uts-link.is-its-own"), Verdict::violated);
}

TEST_F(Attached, NobodyIsThere) {
  const ProgramResult run = run_program({NSPROOF_BINARY, "verify", "--pid", "4194303"});
  EXPECT_EQ(run.exit_code(), 3);
  EXPECT_THAT(run.errors, HasSubstr("ESRCH"));
}

// The layer for runtimes needs more than an ordinary user has; that is said, and nothing is judged.
TEST_F(Attached, WithoutPrivilegesNoRuntimeIsJudged) {
  const ProgramResult run = run_program({NSPROOF_AS_NOBODY, NSPROOF_BINARY, NSPROOF_EXPECTATIONS, "verify", "--runtime",
                                         "unshare-user", "uts", "-q", "--report", "json=-"});
  EXPECT_EQ(run.exit_code(), 4) << run.errors;
  for (const Case& one : read_json(run.output).cases) {
    EXPECT_EQ(one.verdict, Verdict::unsupported) << one.id;
    EXPECT_THAT(one.reason, HasSubstr("layer for runtimes"));
  }
}

// A probe that somebody else starts.
class Commanded : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/nsproof-probe-XXXXXX";
    const int fd = mkstemp(name);
    ASSERT_GE(fd, 0);
    close(fd);
    path_ = name;
    ASSERT_TRUE(run_program({NSPROOF_BINARY, "probe", path_}).exited_with(0));
    ASSERT_EQ(chmod(path_.c_str(), 0755), 0);
  }
  void TearDown() override { unlink(path_.c_str()); }
  std::string path_;
};

TEST_F(Commanded, AProbeThatACommandStartsIsJudged) {
  const std::string unshare = getuid() == 0 ? "unshare -u " : "unshare -Uru ";
  const Judged seen = judged({"--via-command", unshare + path_, "life.uts-link"}, "uts,user");
  EXPECT_EQ(seen.of("life.uts-link.is-its-own"), Verdict::holds) << seen.program.errors;
  const Judged shared = judged({"--via-command", path_, "life.uts-link"}, "uts");
  EXPECT_EQ(shared.of("life.uts-link.is-its-own"), Verdict::violated);
  EXPECT_EQ(shared.program.exit_code(), 1);
}

TEST_F(Commanded, WhatIsNoProbeIsQuoted) {
  const ProgramResult run =
      run_program({NSPROOF_BINARY, "verify", "--via-command", "sh -c 'echo welcome; echo no >&2'"});
  EXPECT_EQ(run.exit_code(), 3);
  EXPECT_THAT(run.errors, HasSubstr("welcome"));
  EXPECT_THAT(run_program({NSPROOF_BINARY, "verify", "--via-command", "/no/such/command"}).errors,
              HasSubstr("/no/such/command"));
}

}  // namespace
}  // namespace nsproof
