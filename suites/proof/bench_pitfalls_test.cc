// What makes benchmarks of namespaces wrong without anybody noticing, one test for each. None of them asserts a time.
#include <elf.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstring>
#include <fstream>
#include <iterator>
#include <set>

#include "harness/bench/bench_bulkhead.h"
#include "harness/bench/child.h"
#include "harness/bench/clock.h"
#include "harness/bench/engine.h"
#include "harness/bench/limits.h"
#include "harness/bench/programs.h"
#include "harness/bench/rounds.h"
#include "harness/bench/worker.h"
#include "harness/support/text.h"

namespace nsproof::bench {
namespace {

using testing::HasSubstr;

class Nobody : public Watcher {
 public:
  void standing(const Standing&) override {}
};

// What a test wants to know of a measuring process.
struct Found {
  std::atomic<int> failures;
  char text[512];
};

Found& found() {
  static Found* const page =
      static_cast<Found*>(::mmap(nullptr, sizeof(Found), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  return *page;
}

void must_hold(bool condition, std::string_view what) {
  if (condition) return;
  ++found().failures;
  std::strncpy(found().text, std::string(what).c_str(), sizeof found().text - 1);
}

// Runs `work` as a measuring process does, in a bulkhead, and reports what did not hold there.
void in_worker(const std::function<void(const Place&)>& work) {
  found().failures = 0;
  Tape tape;
  const std::atomic<bool> stop{false};
  const WorkerResult result = run_worker(
      {Effort::smoke, 5, 1}, tape, work, [] {}, stop);
  ASSERT_EQ(result.end, WorkerEnd::finished) << result.reason;
  EXPECT_EQ(found().failures, 0) << found().text;
}

std::string link_of(const std::string& path) {
  char target[PATH_MAX];
  const ssize_t length = ::readlink(path.c_str(), target, sizeof target);
  return length < 0 ? errno_name(errno) : std::string(target, static_cast<std::size_t>(length));
}

// Cases that exist in this program only.
CaseSpec refusing(const char* id, int error) {
  CaseSpec one;
  one.id = id;
  one.title = "a call that is always refused";
  one.head = "time";
  one.phases = {{"time", "the call"}};
  one.prepare = [error](const Place&) {
    return [error](double* values) {
      values[0] = 0;  // a refusal is quick; nobody must take it for a fast success
      return error;
    };
  };
  return one;
}

CaseSpec sometimes_refusing() {
  CaseSpec one = refusing("pitfall/sometimes", 0);
  one.prepare = [](const Place&) {
    return [turn = 0](double* values) mutable {
      values[0] = 5;
      return ++turn % 2 == 0 ? ENOSPC : 0;
    };
  };
  return one;
}

const FamilyRow row = {{"pitfall", "Pitfalls", 99,
                        [] {
                          return std::vector<CaseSpec>{refusing("pitfall/eperm", EPERM),
                                                       refusing("pitfall/enospc", ENOSPC), sometimes_refusing()};
                        },
                        nullptr}};

const BenchCase& case_named(const BenchResult& result, const std::string& id) {
  for (const BenchCase& one : result.cases)
    if (one.id == id) return one;
  ADD_FAILURE() << id;
  return result.cases.at(0);
}

TEST(BenchPitfall, ARefusedCallIsNeverASample) {
  BenchPlan plan;
  plan.filters = {"pitfall"};
  plan.processes = 1;
  plan.seconds = 0.2;
  plan.seed = 1;
  Nobody nobody;
  const std::atomic<bool> stop{false};
  const BenchResult result = run_bench(plan, nobody, stop);
  const BenchCase& eperm = case_named(result, "pitfall/eperm");
  EXPECT_EQ(eperm.state, State::unsupported);
  EXPECT_EQ(eperm.error, "EPERM");
  EXPECT_TRUE(eperm.phases.empty());
  EXPECT_GE(eperm.refused, 3);
  EXPECT_EQ(case_named(result, "pitfall/enospc").state, State::failed);
  const BenchCase& sometimes = case_named(result, "pitfall/sometimes");
  ASSERT_EQ(sometimes.phases.size(), 1U);
  EXPECT_GT(sometimes.refused, 0);
  EXPECT_EQ(sometimes.phases[0].estimate.min, 5);
}

// An unprivileged creator without an id map gets EPERM from the second user namespace on.
TEST(BenchPitfall, ARealRefusalIsOneToo) {
  in_worker([](const Place&) {
    // One user namespace may be made below this one, so a second at the same time is ENOSPC.
    run_inside(CLONE_NEWUSER, [] {
      limit_namespaces(Ns::uts, 0);
      CloneTimes times;
      must_hold(timed_clone(CLONE_NEWUTS, CloneStyle::vfork, times) == ENOSPC, "the limit was not kept");
    });
  });
}

// A dynamic program resolves unshare() anew in every forked child: 36 µs of a 5 µs call.
TEST(BenchPitfall, NsproofHasNoLazyBinding) {
  std::ifstream file(NSPROOF_BINARY, std::ios::binary);
  const std::string image((std::istreambuf_iterator<char>(file)), {});
  Elf64_Ehdr header{};
  ASSERT_GE(image.size(), sizeof header);
  std::memcpy(&header, image.data(), sizeof header);
  for (unsigned i = 0; i < header.e_phnum; ++i) {
    Elf64_Phdr segment{};
    std::memcpy(&segment, image.data() + header.e_phoff + i * sizeof segment, sizeof segment);
    EXPECT_NE(segment.p_type, static_cast<Elf64_Word>(PT_INTERP)) << "nsproof is not static";
  }
}

// CLONE_NEWTIME lies in the byte of the exit signal: clone(2) takes it for a signal and makes no namespace.
TEST(BenchPitfall, TimeNamespacesComeByClone3Only) {
  in_worker([](const Place&) {
    const std::string outside = link_of("/proc/self/ns/time");
    const long legacy = ::syscall(SYS_clone, CLONE_NEWTIME | SIGCHLD, 0, 0, 0, 0);
    if (legacy == 0) raw_exit(link_of("/proc/self/ns/time") == outside ? 0 : 1);
    // Such a child says that it ends by a signal other than SIGCHLD, and is found with __WALL only (wait(2)).
    int status = -1;
    if (legacy > 0) {
      must_hold(::waitpid(static_cast<pid_t>(legacy), &status, __WALL) == legacy && status == 0,
                "the older call made a time namespace");
    }
    const Inside ours =
        timed_inside(CLONE_NEWTIME, nullptr, [&] { return link_of("/proc/self/ns/time") == outside ? EEXIST : 0; });
    must_hold(ours.error == 0 || ours.error == EINVAL, "clone3 made no time namespace");
  });
}

// In vfork style the creator goes on when the child's memory is released, and the kernel takes the mount namespace
// apart after that: what is told as one figure would hide it. So the phases are apart, and in order.
TEST(BenchPitfall, PhasesAreApartAndInOrder) {
  in_worker([](const Place&) {
    for (const CloneStyle style : {CloneStyle::vfork, CloneStyle::fork}) {
      CloneTimes times;
      must_hold(timed_clone(CLONE_NEWNS | CLONE_NEWUTS, style, times) == 0, "clone3 was refused");
      must_hold(times.called < times.child_began && times.child_began < times.reaped, "the child began out of order");
      must_hold(times.called < times.returned && times.returned < times.reaped, "clone3 returned out of order");
      if (style == CloneStyle::vfork)
        must_hold(times.child_began < times.returned, "in vfork style the creator must wait for the child");
      must_hold(times.cpu > 0, "no CPU time");
    }
  });
}

// The usage of a child does not contain the clone3 that made it.
TEST(BenchPitfall, CpuTimeCountsTheCreator) {
  in_worker([](const Place&) {
    int more = 0;
    for (int i = 0; i < 5; ++i) {
      CloneTimes net;
      CloneTimes none;
      timed_clone(0, CloneStyle::vfork, none);
      must_hold(timed_clone(CLONE_NEWNET, CloneStyle::vfork, net) == 0, "clone3 was refused");
      more += net.cpu > none.cpu ? 1 : 0;
      sleep_ns(5'000'000);
    }
    must_hold(more >= 3, "a network namespace took no more CPU time than none");
  });
}

// Two processes that measure at the same time must not write to the same place.
TEST(BenchPitfall, ChildrenOfOthersDoNotDisturb) {
  in_worker([](const Place&) {
    const long other = raw_clone(
        0, CloneStyle::fork,
        [](void*) {
          CloneTimes times;
          for (;;) timed_clone(0, CloneStyle::vfork, times);
        },
        nullptr);
    for (int i = 0; i < 2000; ++i) {
      CloneTimes times;
      timed_clone(0, CloneStyle::vfork, times);
      must_hold(times.child_began >= times.called && times.child_began <= times.returned,
                "the child began outside its own creation");
    }
    ::kill(static_cast<pid_t>(other), SIGKILL);
    reap(other);
  });
}

// A network namespace is destroyed by a work queue long after its last process: back to back, its backlog would be
// measured instead of creations.
TEST(BenchPitfall, BacklogIsLeftToSettle) {
  BenchPlan everything;
  everything.effort = Effort::full;
  for (const Selected& one : selected_cases(everything)) {
    const bool net = one.spec.set == "all" || one.spec.set.find("net") != std::string::npos;
    const bool makes = one.spec.id.starts_with("create/") || one.spec.id.starts_with("unshare/") ||
                       one.spec.id.starts_with("container/");
    if (one.in_rounds && net && makes) {
      EXPECT_GT(one.spec.settle_ns, 0) << one.spec.id;
    }
    // What leaves a thousand mounts or namespaces behind has a process to itself.
    for (const char* alone : {"churn/", "live/", "mounts/", "parallel/", "nest/"})
      EXPECT_FALSE(one.in_rounds && one.spec.id.starts_with(alone)) << one.spec.id;
  }
  in_worker([](const Place&) {
    run_inside(CLONE_NEWUSER, [] {
      limit_namespaces(Ns::net, 1);
      must_hold(try_to_create(Ns::net).error == 0, "clone3 was refused");
      must_hold(try_to_create(Ns::net).error == ENOSPC, "the kernel destroyed a network namespace at once");
      must_hold(wait_until_gone(Ns::net, now_us(), 500, 5000).after_ms >= 0, "it was never destroyed");
    });
  });
}

// The order is new in every round and follows from the seed.
TEST(BenchPitfall, TheOrderIsReshuffledAndFollowsFromTheSeed) {
  const auto order_of = [](std::uint64_t seed) {
    std::string order;
    std::vector<CaseSpec> specs;
    for (const char name : std::string("abcdefgh")) {
      CaseSpec one = refusing("x", 0);
      one.prepare = [name, &order](const Place&) {
        return [name, &order](double* values) {
          order += name;
          values[0] = 1;
          return 0;
        };
      };
      specs.push_back(one);
    }
    std::vector<RoundCase> cases;
    for (std::uint32_t i = 0; i < specs.size(); ++i) cases.push_back({i, &specs[i]});
    Place place;
    place.seed = seed;
    place.deadline_ns = now_ns() + 10'000'000'000;
    Tape tape;
    run_rounds(place, cases, {0, 20}, tape);
    return order;
  };
  const std::string first = order_of(1);
  EXPECT_EQ(first, order_of(1));
  EXPECT_NE(first, order_of(2));
  std::set<std::string> rounds;
  for (std::size_t at = 0; at + 8 <= first.size(); at += 8) rounds.insert(first.substr(at, 8));
  EXPECT_GT(rounds.size(), 15U);
}

// Everybody measures with the same number of mounts, or the figure of a mount namespace means nothing.
TEST(BenchPitfall, TheMountTreeIsTheSameEverywhere) {
  in_worker([](const Place& place) {
    std::ifstream file("/proc/self/mountinfo");
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    must_hold(lines_of(text).size() == kStandardMounts, text);
    must_hold(!place.cpus.empty(), "no CPU");
    must_hold(usable_cpus().size() == 1, "not pinned");
    must_hold(::access("/usr", W_OK) != 0, "the machine's files can be written to");
  });
}

// A program that cannot be executed is refused, not fast.
TEST(BenchPitfall, AProgramThatFailsIsNoSample) {
  in_worker([](const Place&) {
    CloneTimes times;
    must_hold(timed_program({-1, "/nowhere", {"nowhere"}}, 0, times) == ENOENT, "a missing program");
    must_hold(timed_program({-1, "/usr/bin/false", {"false"}}, 0, times) == EPROTO, "a program that fails");
    const Fd exit = exit_program();
    must_hold(timed_program({exit.get(), "", {"exit"}}, 0, times) == 0, "the smallest program");
    const Fd with_libc = static_program();
    must_hold(timed_program({with_libc.get(), "", {"static"}}, 0, times) == 0, "the static program");
  });
}

}  // namespace
}  // namespace nsproof::bench
