#include "harness/bench/worker.h"

#include <sched.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>

#include "harness/actor/actor.h"
#include "harness/bench/bench_bulkhead.h"
#include "harness/bench/clock.h"
#include "harness/support/text.h"

namespace nsproof::bench {
namespace {

constexpr std::int64_t kWatchNs = 100'000'000;
constexpr std::int64_t kGraceNs = 30'000'000'000;

std::int64_t in_ns(double seconds) { return static_cast<std::int64_t>(seconds * 1e9); }

WorkerResult verdict_of(int status) {
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  const std::string inside = bulkhead_error();
  if (!inside.empty()) return {WorkerEnd::lost, inside};
  if (WIFSIGNALED(status))
    return {WorkerEnd::lost, say("the measuring process was killed by signal ", WTERMSIG(status))};
  return {WorkerEnd::lost, say("the measuring process exited with ", WEXITSTATUS(status))};
}

}  // namespace

std::vector<int> usable_cpus() {
  cpu_set_t set;
  CPU_ZERO(&set);
  std::vector<int> cpus;
  if (::sched_getaffinity(0, sizeof set, &set) == 0)
    for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu)
      if (CPU_ISSET(cpu, &set)) cpus.push_back(cpu);
  if (cpus.empty()) cpus.push_back(0);
  return cpus;
}

int measuring_cpu() { return usable_cpus().back(); }

void pin_to(const std::vector<int>& cpus) {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (const int cpu : cpus) CPU_SET(cpu, &set);
  if (::sched_setaffinity(0, sizeof set, &set) != 0) throw Broken(say("sched_setaffinity: ", errno_name(errno)));
}

WorkerResult run_worker(const WorkerPlan& plan, Tape& tape, const std::function<void(const Place&)>& work,
                        const std::function<void()>& watch, const std::atomic<bool>& stop) {
  tape.set_progress(0);
  const BulkheadProcess process = start_in_bulkhead([&](bool unprivileged) {
    Place place;
    place.effort = plan.effort;
    place.cpus = usable_cpus();
    place.cpu = measuring_cpu();
    place.unprivileged = unprivileged;
    place.seed = plan.seed;
    place.deadline_ns = now_ns() + in_ns(plan.seconds);
    pin_to({place.cpu});
    work(place);
    return 0;
  });
  const std::int64_t end = now_ns() + in_ns(plan.seconds) * 2 + kGraceNs;
  const auto finish = [&](WorkerResult result) {
    ::kill(process.pid, SIGKILL);
    reap(process.pid);
    return result;
  };
  for (;;) {
    int status = 0;
    const int done = ::waitpid(process.pid, &status, WNOHANG);
    if (done == process.pid) return verdict_of(status);
    if (done < 0 && errno != EINTR) return {WorkerEnd::lost, "the measuring process cannot be waited for"};
    if (stop) return finish({WorkerEnd::interrupted, "interrupted"});
    if (now_ns() > end) return finish({WorkerEnd::lost, "the measuring process did not end in time"});
    watch();
    sleep_ns(kWatchNs);
  }
}

}  // namespace nsproof::bench
