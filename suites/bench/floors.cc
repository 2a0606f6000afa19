// The ladder of floors: what a system call, a thread, a process and a program cost before there is any namespace.
#include <pthread.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

#include "harness/bench/bench_bulkhead.h"
#include "harness/bench/case.h"
#include "harness/bench/clock.h"
#include "harness/bench/programs.h"
#include "harness/bench/tape.h"

namespace nsproof::bench {
namespace {

const PhaseSpec kTotal{"total", "until it is over"};

CaseSpec floor(const char* name, const char* title, std::function<Sample(const Place&)> prepare, Effort from) {
  CaseSpec one;
  one.id = std::string("floor/") + name;
  one.title = title;
  one.head = one.gate = "total";
  one.floor = "floor/vfork";
  one.phases = {kTotal};
  one.from = from;
  one.prepare = std::move(prepare);
  return one;
}

Sample syscall_sample(const Place&) {
  return [](double* values) {
    constexpr int kCalls = 100;
    const std::int64_t start = now_ns();
    for (int i = 0; i < kCalls; ++i) ::syscall(SYS_getppid);
    values[0] = us_of(now_ns() - start) / kCalls;
    return 0;
  };
}

void* nothing(void*) { return nullptr; }

Sample thread_sample(const Place&) {
  return [](double* values) {
    pthread_t thread;
    const std::int64_t start = now_ns();
    if (const int error = ::pthread_create(&thread, nullptr, nothing, nullptr); error != 0) return error;
    ::pthread_join(thread, nullptr);
    values[0] = us_of(now_ns() - start);
    return 0;
  };
}

std::function<Sample(const Place&)> clone_sample(CloneStyle style) {
  return [style](const Place&) {
    return [style](double* values) {
      CloneTimes times;
      const int error = timed_clone(0, style, times);
      put_creation(times, values);
      return error;
    };
  };
}

Sample sample_of(std::shared_ptr<Fd> image, Program program) {
  if (image) program.fd = image->get();
  return [image, program](double* values) {
    CloneTimes times;
    const int error = timed_program(program, 0, times);
    values[0] = us_of(times.reaped - times.called);
    return error;
  };
}

Sample smallest_program(const Place&) { return sample_of(std::make_shared<Fd>(exit_program()), {-1, "", {"exit"}}); }
Sample static_sample(const Place&) { return sample_of(std::make_shared<Fd>(static_program()), {-1, "", {"static"}}); }

Sample dynamic_sample(const Place&) {
  if (::access(kHostTrue, X_OK) != 0) throw Unsupported{"this machine has no /usr/bin/true", errno};
  return sample_of(nullptr, {-1, kHostTrue, {"true"}});
}

std::vector<CaseSpec> ladder() {
  std::vector<CaseSpec> cases = {
      floor("syscall", "one getppid", syscall_sample, Effort::smoke),
      floor("thread", "a thread is created and joined", thread_sample, Effort::standard),
      floor("vfork", "a process that shares memory is created, exits and is reaped", clone_sample(CloneStyle::vfork),
            Effort::smoke),
      floor("fork", "a process with a copy of the memory is created, exits and is reaped",
            clone_sample(CloneStyle::fork), Effort::smoke),
      floor("spawn_nolibc", "a program of two instructions is executed", smallest_program, Effort::smoke),
      floor("spawn_static", "a static program with a C library is executed", static_sample, Effort::standard),
      floor("spawn_dynamic", "/usr/bin/true of this machine is executed", dynamic_sample, Effort::standard),
  };
  for (CaseSpec& one : cases) {
    if (one.id == "floor/vfork") one.floor = one.gate = "";
    if (one.id != "floor/vfork" && one.id != "floor/fork") continue;
    one.phases = creation_phases();
    one.style = one.id == "floor/fork" ? name_of(CloneStyle::fork) : name_of(CloneStyle::vfork);
  }
  return cases;
}

// How fork style grows with the creator's memory, which vfork style does not copy.
void fork_over_memory(const Place& place, Notebook& notebook) {
  constexpr std::size_t kMiB = 1 << 20;
  std::size_t have = 0;
  for (const std::size_t wanted : {std::size_t{0}, std::size_t{64}, std::size_t{256}}) {
    if (const std::size_t more = (wanted - have) * kMiB; more > 0) {
      void* memory = ::mmap(nullptr, more, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
      if (memory == MAP_FAILED) throw Unsupported{"not enough memory", errno};
      ::madvise(memory, more, MADV_NOHUGEPAGE);
      for (std::size_t at = 0; at < more; at += 4096) static_cast<volatile char*>(memory)[at] = 1;
      have = wanted;
    }
    const std::uint32_t samples = place.effort == Effort::full ? 100 : 25;
    for (std::uint32_t i = 0; i < samples; ++i) {
      std::uint16_t series = 0;
      for (const CloneStyle style : {CloneStyle::fork, CloneStyle::vfork}) {
        CloneTimes times;
        if (const int error = timed_clone(0, style, times); error != 0)
          notebook.refused(0, error);
        else
          notebook.point(0, series, static_cast<double>(wanted), us_of(times.reaped - times.called), i);
        ++series;
      }
    }
    notebook.progress(static_cast<double>(wanted) / 256);
  }
}

std::vector<Study> memory_study() {
  CaseSpec one;
  one.id = "floor/fork_memory";
  one.title = "a process is created by one that has much memory";
  one.series = {{"fork", "fork style", "MiB that the creator has written to", "us", "us per MiB"},
                {"vfork", "vfork style", "MiB that the creator has written to", "us", "us per MiB"}};
  return {{{one}, Effort::standard, {0.5, 1, 4}, {1, 1, 3}, fork_over_memory}};
}

const FamilyRow row = {{"floor", "The ladder of floors", 1, ladder, memory_study}};

}  // namespace
}  // namespace nsproof::bench
