// The janitor, for real: whatever happens to the harness, its cgroups go.
#include "harness/host/cgroup_janitor.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <memory>
#include <string>

#include "harness/actor/transport.h"
#include "harness/host/cgroup_home.h"
#include "harness/support/host_file.h"
#include "harness/support/text.h"

namespace nsproof {
namespace {

class CgroupJanitorLive : public testing::Test {
 protected:
  void SetUp() override {
    const auto own = cgroup_directory(host_file("/proc/self/mountinfo"), host_file("/proc/self/cgroup"));
    if (!own) GTEST_SKIP() << "no cgroup2 mount shows the cgroup of this process";
    directory_ = Fd(::open(own->c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    try {
      CgroupJanitor trial(std::array{directory_.get()}, name_);
    } catch (const Broken& broken) {
      GTEST_SKIP() << broken.what();
    }
  }

  [[nodiscard]] bool exists() const { return ::faccessat(directory_.get(), name_.c_str(), F_OK, 0) == 0; }

  [[nodiscard]] bool vanishes() const {
    for (int i = 0; i < 500 && exists(); ++i) ::usleep(10'000);
    return !exists();
  }

  // A process that sleeps in the group for ever; it is there when this returns.
  [[nodiscard]] pid_t sleeper_in(const std::string& group) const {
    const std::string file = group + "/cgroup.procs";
    int ready[2];
    if (::pipe2(ready, O_CLOEXEC) != 0) return -1;
    const pid_t pid = ::fork();
    if (pid == 0) {
      const int fd = ::openat(directory_.get(), file.c_str(), O_WRONLY | O_CLOEXEC);
      if (::write(fd, "0", 1) != 1 || ::write(ready[1], "r", 1) != 1) ::_exit(1);
      for (;;) ::pause();
    }
    ::close(ready[1]);
    char byte = 0;
    const bool there = ::read(ready[0], &byte, 1) == 1;
    ::close(ready[0]);
    return there ? pid : -1;
  }

  Fd directory_;
  std::string name_ = say("nsproof-test-", ::getpid());
};

TEST_F(CgroupJanitorLive, RemovesTheGroupWithEverythingInIt) {
  pid_t sleeper = 0;
  {
    const CgroupJanitor janitor(std::array{directory_.get()}, name_);
    ASSERT_TRUE(exists());
    for (const char* below : {"/a", "/a/b", "/c"})
      ASSERT_EQ(::mkdirat(directory_.get(), (name_ + below).c_str(), 0755), 0) << below;
    sleeper = sleeper_in(name_ + "/a/b");
    ASSERT_GT(sleeper, 0);
  }
  EXPECT_FALSE(exists());
  int status = 0;
  EXPECT_EQ(::waitpid(sleeper, &status, 0), sleeper);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << status;
}

TEST_F(CgroupJanitorLive, OutlivesAHarnessThatIsKilled) {
  int ready[2];
  ASSERT_EQ(::pipe2(ready, O_CLOEXEC), 0);
  const pid_t harness = ::fork();
  if (harness == 0) {
    const CgroupJanitor janitor(std::array{directory_.get()}, name_);
    ::mkdirat(directory_.get(), (name_ + "/layer").c_str(), 0755);
    if (::write(ready[1], "r", 1) != 1) ::_exit(1);
    for (;;) ::pause();
  }
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  EXPECT_TRUE(exists());
  ASSERT_EQ(::kill(harness, SIGKILL), 0);
  ASSERT_EQ(::waitpid(harness, nullptr, 0), harness);
  EXPECT_TRUE(vanishes());
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST_F(CgroupJanitorLive, IsNotMissedWhenItIsKilledItself) {
  {
    const CgroupJanitor janitor(std::array{directory_.get()}, name_);
    ASSERT_EQ(::kill(janitor.pid(), SIGKILL), 0);
  }
  EXPECT_FALSE(exists());
}

TEST_F(CgroupJanitorLive, LeavesAGroupAloneThatItDidNotMake) {
  ASSERT_EQ(::mkdirat(directory_.get(), name_.c_str(), 0755), 0);
  EXPECT_THROW(CgroupJanitor(std::array{directory_.get()}, name_), Broken);
  EXPECT_TRUE(exists());
  EXPECT_EQ(::unlinkat(directory_.get(), name_.c_str(), AT_REMOVEDIR), 0);
}

TEST_F(CgroupJanitorLive, RemovesNothingThatIsNoCgroup) {
  char path[] = "/tmp/nsproof-janitor-XXXXXX";
  ASSERT_NE(::mkdtemp(path), nullptr);
  const Fd parent(::open("/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  EXPECT_FALSE(remove_cgroup(parent.get(), path + 5));
  EXPECT_EQ(::rmdir(path), 0);
}

}  // namespace
}  // namespace nsproof
