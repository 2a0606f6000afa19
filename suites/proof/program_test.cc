// nsproof as its users meet it: exit statuses, help, errors, an empty root file system, the other machine's probe.
#include "harness/launch/program.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "harness/actor/actor.h"
#include "harness/support/text.h"
#include "harness/sys/process.h"
#include "harness/sys/uts.h"
#include "reports/json.h"

namespace nsproof {
namespace {

using testing::HasSubstr;
using testing::Not;

ProgramResult nsproof(std::vector<std::string> arguments, const std::vector<std::string>& environment = {}) {
  arguments.insert(arguments.begin(), NSPROOF_BINARY);
  ProgramOptions options;
  options.environment = environment;
  return run_program(arguments, options);
}

TEST(ProgramTest, HoldsIsZero) {
  const ProgramResult run = nsproof({"verify", "uts.*"});
  EXPECT_EQ(run.exit_code(), 0) << run.output << run.errors;
  EXPECT_THAT(run.output, Not(HasSubstr("\x1b"))) << "no colour where there is no terminal";
  EXPECT_THAT(run.output, Not(HasSubstr("\r"))) << "no progress line where there is no terminal";
}

TEST(ProgramTest, AnUnknownIdIsAUsageErrorThatNamesTheNearest) {
  const ProgramResult run = nsproof({"verify", "uts.hostname.outside-change-hiden"});
  EXPECT_EQ(run.exit_code(), 2);
  EXPECT_THAT(run.errors, HasSubstr("uts.hostname.outside-change-hidden"));
}

TEST(ProgramTest, AnUnknownOptionIsAUsageError) {
  EXPECT_EQ(nsproof({"verify", "--no-such-option"}).exit_code(), 2);
  EXPECT_EQ(nsproof({"no-such-command"}).exit_code(), 2);
  EXPECT_EQ(nsproof({"verify", "--report", "json"}).exit_code(), 2);
}

TEST(ProgramTest, NothingSelectedIsNothingEstablished) { EXPECT_EQ(nsproof({"verify", "nothing.*"}).exit_code(), 4); }

TEST(ProgramTest, EveryCommandHasHelpWithExamples) {
  for (const char* command : {"verify", "list", "explain", "doctor"}) {
    const ProgramResult run = nsproof({command, "--help"});
    EXPECT_EQ(run.exit_code(), 0) << command;
    EXPECT_THAT(run.output, HasSubstr(say("nsproof ", command))) << command;
  }
}

TEST(ProgramTest, ExplainSaysHowTheControlBreaksIt) {
  const ProgramResult run = nsproof({"explain", "uts.hostname.outside-change-hidden"});
  EXPECT_EQ(run.exit_code(), 0);
  EXPECT_THAT(run.output, HasSubstr("without a new uts namespace"));
  EXPECT_THAT(run.output, HasSubstr("uts_namespaces(7)"));
}

TEST(ProgramTest, SeveralReportsInOneRun) {
  const std::string directory = say(NSPROOF_BINARY_DIR, "/program_test");
  std::filesystem::create_directory(directory);
  const ProgramResult run = nsproof({"verify", "uts.*", "--report", "json=" + directory + "/a.json", "--report",
                                     "junit=" + directory + "/a.xml", "--report", "markdown=" + directory + "/a.md",
                                     "--report", "ktap=" + directory + "/a.ktap"});
  EXPECT_EQ(run.exit_code(), 0) << run.errors;
  for (const char* file : {"a.json", "a.xml", "a.md", "a.ktap"})
    EXPECT_GT(std::filesystem::file_size(directory + "/" + file), 100U) << file;
}

// A user who may make no user namespace gets a reason and advice, and no verdict.
TEST(ProgramTest, WithoutAnyPrivilegeItSaysWhy) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root to set a limit in a user namespace of its own";
  const ProgramResult run = run_program(
      {"unshare", "-Ur", "sh", "-c",
       say("echo 0 > /proc/sys/user/max_user_namespaces && exec setpriv --bounding-set -all --inh-caps -all -- ",
           NSPROOF_BINARY, " verify 'uts.*'")});
  EXPECT_EQ(run.exit_code(), 4) << run.output << run.errors;
  EXPECT_THAT(run.output + run.errors, HasSubstr("max_user_namespaces"));
}

// One static file is all it takes: in a root file system that holds nothing else, not even /proc.
TEST(ProgramTest, RunsInAnEmptyRootFileSystem) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root to change the root directory";
  const ProgramResult run = run_program({"unshare", "-m", "sh", "-c",
                                         say("mount -t tmpfs none /mnt && cp ", NSPROOF_BINARY,
                                             " /mnt/nsproof && chroot /mnt /nsproof verify 'uts.*' 'pid.*' "
                                             "--report json=-")});
  EXPECT_EQ(run.exit_code(), 0) << run.output << run.errors;
}

TEST(ProgramTest, IsStatic) {
  for (const char* file : {NSPROOF_BINARY, NSPROOF_PROBE}) {
    const ProgramResult run = run_program({"readelf", "-lW", file});
    EXPECT_THAT(run.output, Not(HasSubstr("INTERP"))) << file;
    EXPECT_EQ(run_program({"readelf", "-dW", file}).output.find("NEEDED"), std::string::npos) << file;
  }
}

TEST(ProgramTest, Installs) {
  const std::string prefix = say(NSPROOF_BINARY_DIR, "/installed");
  const ProgramResult install = run_program({"cmake", "--install", NSPROOF_BINARY_DIR, "--prefix", prefix});
  ASSERT_EQ(install.exit_code(), 0) << install.errors;
  const ProgramResult run = run_program({prefix + "/bin/nsproof", "--version"});
  EXPECT_EQ(run.exit_code(), 0);
  EXPECT_THAT(run.output, HasSubstr("nsproof " NSPROOF_VERSION));
  EXPECT_TRUE(std::filesystem::exists(prefix + "/share/nsproof/nsproof.run.v1.schema.json"));
}

// The frame loop of the other machine's probe, under user-mode emulation: the same wire, the same answers.
TEST(ProgramTest, TheAarch64ProbeServes) {
  const std::string probe = NSPROOF_PROBE_AARCH64;
  ASSERT_FALSE(probe.empty()) << "the cross compiler was not there when this was configured";
  ChannelPair pair = channel_pair();
  const pid_t pid = ::fork();
  ASSERT_GE(pid, 0);
  if (pid == 0) {
    ::dup2(pair.theirs.get(), 0);
    ::dup2(pair.theirs.get(), 1);
    ::execlp("qemu-aarch64-static", "qemu-aarch64-static", probe.c_str(), nullptr);
    ::_exit(127);
  }
  pair.theirs.reset();
  Transcript transcript;
  {
    Actor actor("aarch64", live_transport(std::move(pair.ours)), transcript);
    // AArch64's numbers (asm-generic/unistd.h), not this machine's.
    constexpr long kGetppid = 173;
    constexpr long kUname = 160;
    constexpr long kClose = 57;
    EXPECT_EQ(actor.call(kGetppid, "getppid", {}).value, ::getpid());
    const Reply names = actor.call(kUname, "uname", {out(390)});
    EXPECT_EQ(names.value, 0);
    EXPECT_THAT(std::string(out_bytes(names, 0, 390)), HasSubstr("aarch64"));
    EXPECT_EQ(actor.call(kClose, "close", {num(99)}).error(), EBADF);
  }
  int status = 0;
  EXPECT_EQ(::waitpid(pid, &status, 0), pid);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << "the end of its channel is an orderly end";
}

}  // namespace
}  // namespace nsproof
