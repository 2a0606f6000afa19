// The harness against the real kernel: actors, spawning, deadlines, and what happens when a probe misbehaves.
// Runs as any user who can make a bulkhead.
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include <csignal>

#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/process.h"
#include "harness/world/bulkhead.h"
#include "harness/world/spawn.h"
#include "harness/world/world.h"

namespace nsproof {
namespace {

class ActorTest : public testing::Test {
 protected:
  Keeper keeper_;
  Transcript transcript_;
  Layer layer_{keeper_, {}};
  World world_{layer_.make_outside(transcript_), {}, Way::clone3};
  Actor& outside() { return world_.outside(); }
};

TEST_F(ActorTest, OutsideIsAnOrdinaryProcess) {
  EXPECT_EQ(must(sys::getpid(outside())), 2);
  EXPECT_EQ(must(sys::getppid(outside())), 1);
}

TEST_F(ActorTest, HoldsNoDescriptorButItsChannel) {
  const std::vector<std::string> open = must(sys::list_directory(outside(), "/proc/self/fd"));
  EXPECT_EQ(open, (std::vector<std::string>{"0", "1", "2"})) << "2 is the directory itself";
}

TEST_F(ActorTest, ForkIsAProbeOfItsOwn) {
  Actor& child = world_.fork(outside(), "child");
  EXPECT_EQ(must(sys::getpid(child)), child.pid());
  EXPECT_EQ(must(sys::getppid(child)), 2);
}

TEST_F(ActorTest, ThreadSharesTheProcess) {
  Actor& thread = world_.thread(outside(), "thread");
  EXPECT_EQ(must(sys::getpid(thread)), 2);
  EXPECT_NE(must(sys::gettid(thread)), must(sys::gettid(outside())));
}

TEST_F(ActorTest, NestsToAnyDepth) {
  Actor* actor = &outside();
  for (int level = 0; level < 5; ++level)
    actor = &world_.launch(*actor, {.namespaces = {Ns::pid, Ns::user}}, say("level", level));
  EXPECT_EQ(must(sys::getpid(*actor)), 1);
}

TEST_F(ActorTest, ExecutesTheProbeAnewFromASealedFile) {
  Actor& child = world_.fork(outside(), "child");
  execute_probe(child);
  EXPECT_EQ(must(sys::readlink(child, "/proc/self/exe")), "/memfd:nsprobe (deleted)");
  // Nobody can write to what was executed: not even its owner.
  EXPECT_FALSE(sys::open(child, "/proc/self/exe", O_WRONLY).ok());
}

TEST_F(ActorTest, KeepsEveryErrno) {
  const Reply reply = sys::open(outside(), "/nowhere/at/all", O_RDONLY);
  EXPECT_EQ(reply.error(), ENOENT);
  EXPECT_EQ(transcript_.entries.back().value, -ENOENT);
  EXPECT_EQ(line_of(transcript_.entries.back()),
            "outside  openat(AT_FDCWD, \"/nowhere/at/all\", O_RDONLY) = -1 ENOENT (No such file or directory)");
}

TEST_F(ActorTest, WholeFilesSurviveTheWire) {
  const std::string text(20'000, 'x');
  must(sys::make_file(outside(), "/tmp/file", text));
  EXPECT_EQ(must(sys::read_file(outside(), "/tmp/file")), text);
}

TEST_F(ActorTest, DeathIsLostAndNoHang) {
  Actor& child = world_.fork(outside(), "child");
  must(sys::kill(outside(), child.pid(), SIGKILL));
  EXPECT_TRUE(child.gone());
  EXPECT_THROW(sys::getpid(child), Lost);
}

TEST_F(ActorTest, SilenceIsHung) {
  const CheckDeadline deadline(Milliseconds{50}, Milliseconds{1000});
  Actor& child = world_.fork(outside(), "child");
  EXPECT_THROW(sys::sigtimedwait(child, SIGUSR1, Milliseconds{60'000}), Hung);
  EXPECT_THROW(sys::getpid(child), Broken) << "a busy actor must not be asked again";
}

TEST_F(ActorTest, TheCheckAsAWholeHasADeadline) {
  const CheckDeadline deadline(Milliseconds{10'000}, Milliseconds{50});
  EXPECT_THROW(sys::sigtimedwait(outside(), SIGUSR1, Milliseconds{60'000}), Hung);
}

TEST_F(ActorTest, GarbageIsBabble) {
  Actor& child = world_.fork(outside(), "child");
  EXPECT_THROW(sys::write(child, 1, "garbage that is no frame at all"), Babbled);
}

TEST_F(ActorTest, AnswerToAnotherQuestionIsBabble) {
  Actor& child = world_.fork(outside(), "child");
  const wire::Reply stale{wire::kReplyMagic, 12345, 0, 0};
  EXPECT_THROW(sys::write(child, 1, raw(stale)), Babbled);
}

TEST_F(ActorTest, BlockingCallsOverlap) {
  Actor& child = world_.fork(outside(), "child");
  must(sys::sigprocmask(child, SIG_BLOCK, SIGUSR1));
  child.begin(SYS_getppid, "getppid", {});
  must(sys::kill(outside(), child.pid(), SIGUSR1));
  EXPECT_EQ(must(child.finish_one()), 2);
  EXPECT_EQ(must(sys::sigtimedwait(child, SIGUSR1, Milliseconds{1000})).pid, 2);
}

TEST_F(ActorTest, TheLayerGoesWithItsWarden) {
  Transcript other;
  std::unique_ptr<Actor> outside;
  {
    Layer layer(keeper_, {});
    outside = layer.make_outside(other);
  }
  EXPECT_TRUE(outside->gone());
}

TEST(KeeperTest, LeavesNothingOfTheMachineInReach) {
  Keeper keeper;
  const std::vector<std::string> root = must(sys::list_directory(keeper.actor(), "/"));
  for (const char* ours : {"home", "root", "etc", "usr", "host"})
    EXPECT_EQ(std::count(root.begin(), root.end(), ours), 0) << ours;
}

TEST(KeeperTest, DiesWithItsOwner) {
  Transcript transcript;
  std::unique_ptr<Actor> outside;
  {
    Keeper keeper;
    Layer layer(keeper, {});
    outside = layer.make_outside(transcript);
  }
  EXPECT_TRUE(outside->gone());
}

}  // namespace
}  // namespace nsproof
