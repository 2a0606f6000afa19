// Guests that end, hang, flood or lie: no property of theirs holds, the reason names what happened, and nothing of them
// is left behind. A shell script plays QEMU where the real one is too honest.
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "suites/guest/guest_run.h"

namespace nsproof {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class GuestFaults : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(directory_);
    std::string image(0x300, '\0');
    image.replace(0x202, 4, "HdrS");
    std::ofstream(image_) << image;
  }

  // What the script does with its result line, whose name is $results, and its console, standard output.
  GuestVerdict play(const std::string& script, const std::vector<std::string>& words = {}) {
    const std::string program = directory_ + "/qemu-system-x86_64";
    std::ofstream(program) << "#!/bin/sh\nfor word; do case $word in *path=*) results=${word#*path=};; esac; done\n"
                           << script << "\n";
    ::chmod(program.c_str(), 0755);
    std::vector<std::string> all = {"uts.hostname"};
    all.insert(all.end(), words.begin(), words.end());
    return verify_in_guest({"--kernel", image_}, all, {say("PATH=", directory_, ":", ::getenv("PATH"))});
  }

  void expect_broken(const GuestVerdict& verdict, const std::string& reason) {
    EXPECT_EQ(verdict.program.exit_code(), 3) << verdict.program.output << verdict.program.errors;
    ASSERT_GT(verdict.results.cases.size(), 3U);
    for (const Case& one : verdict.results.cases) {
      EXPECT_EQ(one.verdict, Verdict::broken) << one.id;
      EXPECT_THAT(one.reason, HasSubstr(reason));
    }
  }

  std::string directory_ = say(NSPROOF_BINARY_DIR, "/guest_faults");
  std::string image_ = directory_ + "/image";
};

TEST_F(GuestFaults, AFloodedResultLineEstablishesNothing) {
  expect_broken(play("head -c 50000000 /dev/zero > $results"), "cannot be believed");
  expect_broken(play("yes 'ok 1 - everything holds' > $results"), "cannot be believed");
}

TEST_F(GuestFaults, AFloodedConsoleEstablishesNothing) {
  const GuestVerdict verdict = play("head -c 300000000 /dev/zero; echo; echo 'the last words'; exit 7");
  expect_broken(verdict, "QEMU exited with status 7");
  EXPECT_THAT(verdict.results.cases.at(0).reason, HasSubstr("the last words"));
  EXPECT_LT(verdict.results.peak_kilobytes, 200'000U);
}

TEST_F(GuestFaults, BytesOfTheConsoleAreShownAndNotObeyed) {
  const GuestVerdict verdict = play("printf '\\033]0;title\\007\\033[2J words\\n'");
  expect_broken(verdict, "switched itself off");
  EXPECT_THAT(verdict.program.output, AllOf(HasSubstr("\\x1b"), Not(HasSubstr("\x1b"))));
}

TEST_F(GuestFaults, AGuestThatSaysNothingIsGivenUp) {
  expect_broken(play("exec sleep 1000", {"--timeout", "2"}), "not done after 2 s");
}

TEST_F(GuestFaults, AKernelWithoutInitQuotesItsPanic) {
  const GuestVerdict verdict = verify_in_guest(user_mode_linux(), {"uts.hostname", "--append", "rdinit=/nothing"});
  expect_broken(verdict, "before nsproof was up");
  EXPECT_THAT(verdict.results.cases.at(0).reason, HasSubstr("Kernel panic"));
}

TEST_F(GuestFaults, WhatIsMissingIsNamed) {
  const GuestVerdict no_qemu = verify_in_guest({"--kernel", image_}, {"uts.hostname"}, {"PATH=/nowhere"});
  EXPECT_EQ(no_qemu.program.exit_code(), 3);
  EXPECT_THAT(no_qemu.program.errors, HasSubstr("qemu-system-x86"));
  const GuestVerdict no_image = verify_in_guest({"--kernel", "/no/such/image"}, {"uts.hostname"});
  EXPECT_EQ(no_image.program.exit_code(), 2);
  EXPECT_THAT(no_image.program.errors, HasSubstr("linux-image-cloud-amd64"));
  const GuestVerdict program = verify_in_guest({"--kernel", "/bin/true"}, {"uts.hostname"});
  EXPECT_EQ(program.program.exit_code(), 2);
  EXPECT_THAT(program.program.errors, HasSubstr("not User-Mode Linux"));
}

// Processes whose command line has this text.
std::vector<int> processes_with(const std::string& text) {
  std::vector<int> found;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const int pid = std::atoi(entry.path().filename().c_str());
    if (pid > 0 && host_file(say("/proc/", pid, "/cmdline")).find(text) != std::string::npos) found.push_back(pid);
  }
  return found;
}

// The processes of User-Mode Linux would go on by themselves, and make their system calls on this machine.
TEST_F(GuestFaults, NothingOutlivesAKilledNsproof) {
  const std::string mark = say("nsproof.test=", ::getpid());
  const std::string image = user_mode_linux()[1];
  const pid_t pid = ::fork();
  ASSERT_GE(pid, 0);
  if (pid == 0) {
    ::close(1);
    ::execl(NSPROOF_BINARY, "nsproof", "verify", "--kernel", image.c_str(), "--append", mark.c_str(), "-q", nullptr);
    ::_exit(127);
  }
  const auto eventually = [](const auto& condition) {
    for (int i = 0; i < 300 && !condition(); ++i) ::usleep(100'000);
    return condition();
  };
  // nsproof itself, what confines the guests, and the guests' own processes.
  EXPECT_TRUE(eventually([&] { return processes_with(mark).size() > 8; }));
  ::kill(pid, SIGKILL);
  ::waitpid(pid, nullptr, 0);
  EXPECT_TRUE(eventually([&] { return processes_with(mark).empty(); })) << processes_with(mark).size() << " are left";
}

TEST_F(GuestFaults, AnInterruptedRunReportsWhatItHas) {
  const ProgramResult run = run_program({"timeout", "--signal=INT", "6", NSPROOF_BINARY, "verify", "--kernel",
                                         user_mode_linux()[1], "--report", "json=-", "-q"});
  EXPECT_EQ(run.exit_code(), 124) << "that it came to that is timeout(1)'s status";
  const Results results = read_json(run.output);
  EXPECT_TRUE(results.partial);
  EXPECT_EQ(count(results.cases).broken, 0);
}

}  // namespace
}  // namespace nsproof
