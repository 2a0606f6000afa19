// Whether a namespace is dearer to make when many are alive, and how much memory each of them holds.
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>

#include "harness/bench/case.h"
#include "harness/bench/child.h"
#include "harness/bench/clock.h"
#include "harness/bench/tape.h"
#include "harness/support/fd.h"
#include "harness/support/host_file.h"
#include "harness/support/text.h"

namespace nsproof::bench {
namespace {

constexpr int kRunsAtLeast = 3;
constexpr int kBuckets = 8;

double kib_of(std::string_view field) {
  for (const std::string& line : lines_of(host_file("/proc/meminfo")))
    if (line.starts_with(field)) return std::stod(words_of(line).at(1));
  return 0;
}

// Kernel memory: slab, and what is kept once a CPU.
double kernel_kib() { return kib_of("Slab:") + kib_of("Percpu:"); }

// Until what earlier runs left behind is destroyed, or a second is over.
void wait_until_settled() {
  double last = kernel_kib();
  for (int i = 0; i < 10; ++i) {
    sleep_ns(100'000'000);
    const double now = kernel_kib();
    if (last - now < 256) return;
    last = now;
  }
}

void wait_for_ever(void*) {
  for (;;) ::pause();
}

// Makes one and keeps it by a descriptor. A process cannot leave its pid or user namespace for a new one again and
// again, so those come with a child; that shares our table of descriptors, since copying a growing one would look like
// a slope.
int make_and_keep(Ns type, std::vector<Fd>& kept, double& took_us) {
  const std::uint64_t flag = clone_flag(type);
  const std::int64_t start = now_ns();
  if (type == Ns::user || type == Ns::pid) {
    const long pid = raw_clone(flag | CLONE_FILES, CloneStyle::fork, wait_for_ever, nullptr);
    if (pid < 0) return static_cast<int>(-pid);
    took_us = us_of(now_ns() - start);
    kept.emplace_back(::open(say("/proc/", pid, "/ns/", name_of(type)).c_str(), O_RDONLY | O_CLOEXEC));
    const int error = kept.back() ? 0 : errno;
    ::kill(static_cast<pid_t>(pid), SIGKILL);
    reap(pid);
    return error;
  }
  if (::syscall(SYS_unshare, flag) != 0) return errno;
  took_us = us_of(now_ns() - start);
  const std::string name = type == Ns::time ? "time_for_children" : std::string(name_of(type));
  kept.emplace_back(::open(("/proc/self/ns/" + name).c_str(), O_RDONLY | O_CLOEXEC));
  return kept.back() ? 0 : errno;
}

int most_alive(Ns type, const Place& place) {
  constexpr int kWanted[] = {50, 200, 2000};
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
  // An eighth of the memory that is free, at 250 KiB for a network namespace.
  const double by_memory = type == Ns::net ? kib_of("MemAvailable:") / 8 / 250 : 1e9;
  const double by_files = static_cast<double>(files.rlim_cur) - 64;
  const double wanted = kWanted[static_cast<std::size_t>(place.effort)];
  return static_cast<int>(std::min({wanted, by_memory, by_files}));
}

void grow(Ns type, const Place& place, Notebook& notebook) {
  const int runs = place.effort == Effort::full ? 5 : kRunsAtLeast;
  for (int run = 0; run < runs; ++run) {
    run_inside(0, [&] {
      const int most = most_alive(type, place);
      std::vector<Fd> kept;
      kept.reserve(static_cast<std::size_t>(most));
      wait_until_settled();
      const double before = kernel_kib();
      for (int k = 0; k < most; ++k) {
        double took = 0;
        if (const int error = make_and_keep(type, kept, took); error != 0) {
          if (k == 0) throw Unsupported{"the type cannot be created", error};
          notebook.refused(0, error);
          break;
        }
        const int bucket = k * kBuckets / most;
        notebook.point(0, 0, bucket * most / kBuckets, took, static_cast<std::uint32_t>(run));
      }
      const double after = kernel_kib();
      if (!kept.empty()) notebook.figure(0, 0, (after - before) / static_cast<double>(kept.size()));
    });
    notebook.progress(static_cast<double>(run + 1) / runs);
  }
}

std::vector<Study> live_studies() {
  std::vector<Study> studies;
  for (const Ns type : kAllNamespaces) {
    CaseSpec one;
    one.id = say("live/", name_of(type));
    one.title = say("one more ", name_of(type), " namespace while others are alive");
    one.set = name_of(type);
    one.series = {{"create", "the next creation", "live namespaces", "us", "us per live namespace"}};
    one.figures = {{"memory", "kernel memory per namespace", "KiB"}};
    studies.push_back({{one},
                       type == Ns::net || type == Ns::mnt || type == Ns::user ? Effort::standard : Effort::full,
                       {0.5, 0.8, 10},
                       {1, 1, 1},
                       [type](const Place& place, Notebook& notebook) { grow(type, place, notebook); }});
  }
  return studies;
}

const FamilyRow row = {{"live", "Many live namespaces", 8, nullptr, live_studies}};

}  // namespace
}  // namespace nsproof::bench
