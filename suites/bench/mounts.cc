// What a mount namespace costs when there are many mounts to copy, by how they propagate.
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "harness/actor/actor.h"
#include "harness/bench/bench_bulkhead.h"
#include "harness/bench/case.h"
#include "harness/bench/child.h"
#include "harness/bench/clock.h"
#include "harness/bench/tape.h"
#include "harness/support/fd.h"
#include "harness/support/host_file.h"
#include "harness/support/text.h"

namespace nsproof::bench {
namespace {

enum class Propagation { of_private, of_shared, of_slave };

struct Kind {
  const char* name;
  Propagation propagation;
  Effort from;
};

constexpr Kind kKinds[] = {{"private", Propagation::of_private, Effort::standard},
                           {"shared", Propagation::of_shared, Effort::standard},
                           {"slave", Propagation::of_slave, Effort::full}};

enum SeriesIndex : std::uint16_t { kCopy, kTeardown, kBind, kNone, kOpenTree };

void need(long result, std::string_view what) {
  if (result < 0) throw Broken(say(what, ": ", errno_name(errno)));
}

void propagate(Propagation propagation) {
  if (propagation == Propagation::of_private) return need(::mount("", "/", "", MS_REC | MS_PRIVATE, ""), "private");
  need(::mount("", "/", "", MS_REC | MS_SHARED, ""), "shared");
  if (propagation == Propagation::of_shared) return;
  need(::unshare(CLONE_NEWNS), "unshare");  // the masters stay behind
  need(::mount("", "/", "", MS_REC | MS_SLAVE, ""), "slave");
}

std::string tree() { return say(kScratch, "/tree"); }

// One more bind mount; its cost in microseconds.
double bind_one(int number) {
  const std::string place = say(tree(), "/", number);
  need(::mkdir(place.c_str(), 0755), "mkdir");
  const std::int64_t start = now_ns();
  need(::mount("/tmp", place.c_str(), "", MS_BIND, ""), "bind mount");
  return us_of(now_ns() - start);
}

void measure_at(int mounts, std::uint32_t samples, Notebook& notebook) {
  for (std::uint32_t i = 0; i < samples; ++i) {
    CloneTimes times;
    // The plain creation is the prime, and shows whether the last sample still disturbs (delayed RCU callbacks).
    timed_clone(0, CloneStyle::vfork, times);
    timed_clone(0, CloneStyle::vfork, times);
    notebook.point(0, kNone, mounts, us_of(times.reaped - times.called), i);
    if (const int error = timed_clone(CLONE_NEWNS, CloneStyle::vfork, times); error != 0) {
      notebook.refused(0, error);
      continue;
    }
    notebook.point(0, kCopy, mounts, us_of(times.returned - times.called), i);
    notebook.point(0, kTeardown, mounts, us_of(times.reaped - times.child_began), i);
    const std::int64_t start = now_ns();
    const Fd made(static_cast<int>(::syscall(SYS_open_tree, AT_FDCWD, "/tmp", 2U | O_CLOEXEC)));  // Linux 7.0
    if (made) notebook.point(0, kOpenTree, mounts, us_of(now_ns() - start), i);
    sleep_ns(mounts * 2000);
  }
}

void over_mounts(Propagation propagation, const Place& place, Notebook& notebook) {
  const std::vector<int> sizes = place.effort == Effort::full ? std::vector<int>{25, 100, 200, 500, 1000, 2000}
                                                              : std::vector<int>{25, 100, 200, 500};
  const std::uint32_t samples = place.effort == Effort::full ? 60 : 25;
  run_inside(CLONE_NEWNS, [&] {
    propagate(propagation);
    need(::mkdir(tree().c_str(), 0755), "mkdir");
    need(::mount("tmpfs", tree().c_str(), "tmpfs", 0, ""), "mount");
    int mounts = static_cast<int>(lines_of(host_file("/proc/self/mountinfo")).size());
    const int first = mounts;
    for (const int size : sizes) {
      for (std::uint32_t i = 0; mounts < size; ++mounts, ++i) {
        const double took = bind_one(mounts);
        if (size - mounts <= 20) notebook.point(0, kBind, size, took, i);
      }
      measure_at(mounts, samples, notebook);
      notebook.progress(static_cast<double>(size) / sizes.back());
    }
    const std::int64_t start = now_ns();
    need(::umount2(tree().c_str(), MNT_DETACH), "umount");
    notebook.figure(0, 0, ms_of(now_ns() - start));
    notebook.figure(0, 1, mounts - first + 1);
  });
}

std::vector<Study> mount_studies() {
  std::vector<Study> studies;
  for (const Kind& kind : kKinds) {
    CaseSpec one;
    one.id = say("mounts/", kind.name);
    one.title = say("a mount namespace over the number of ", kind.name, " mounts in it");
    one.set = "mnt";
    const char* const x = "mounts in the namespace";
    one.series = {{"copy", "clone3 with CLONE_NEWNS, until it returns", x, "us", "us per mount"},
                  {"teardown", "from the child's first instruction until it is reaped", x, "us", "us per mount"},
                  {"bind", "one more bind mount", x, "us", "us per mount"},
                  {"none", "a plain creation in between", x, "us", "us per mount"},
                  {"open_tree_namespace", "open_tree with OPEN_TREE_NAMESPACE (Linux 7.0)", x, "us", "us per mount"}};
    one.figures = {{"detach", "umount of the whole tree with MNT_DETACH", "ms"},
                   {"detached", "mounts in that tree", "mounts"}};
    studies.push_back({{one}, kind.from, {0.5, 1.2, 6}, {1, 1, 2}, [kind](const Place& place, Notebook& notebook) {
                         over_mounts(kind.propagation, place, notebook);
                       }});
  }
  return studies;
}

const FamilyRow row = {{"mounts", "Mount namespaces with many mounts", 9, nullptr, mount_studies}};

}  // namespace
}  // namespace nsproof::bench
