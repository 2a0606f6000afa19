// What system calls cost inside a namespace once it is there. The expected answer is: what they cost outside.
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <map>
#include <memory>

#include "harness/bench/case.h"
#include "harness/bench/child.h"
#include "harness/bench/clock.h"
#include "harness/support/text.h"

namespace nsproof::bench {
namespace {

constexpr int kWarmUp = 20;
constexpr int kCalls = 200;

struct Call {
  const char* name;
  void (*make)();
};

constexpr Call kCallRows[] = {
    {"getpid", [] { ::syscall(SYS_getpid); }},
    {"stat",
     [] {
       struct stat place {};
       ::stat("/", &place);
     }},
    {"clock_gettime", [] { now_ns(); }},
    {"uname",
     [] {
       utsname names{};
       ::uname(&names);
     }},
    {"kill", [] { ::kill(0 + ::getpid(), 0); }},
};

// How an agent is told what to do: without a descriptor, since every open one makes other samples dearer.
struct Desk {
  std::atomic<std::uint32_t> turn;  // odd: the agent works; even: it waits
  std::uint32_t call;
  double ns_per_call;
};

void futex(std::atomic<std::uint32_t>& word, int operation, std::uint32_t value) {
  ::syscall(SYS_futex, &word, operation, value, nullptr, nullptr, 0);
}

void serve(void* place) {
  Desk& desk = *static_cast<Desk*>(place);
  for (;;) {
    const std::uint32_t turn = desk.turn;
    if (turn % 2 == 0) {
      futex(desk.turn, FUTEX_WAIT, turn);
      continue;
    }
    void (*const make)() = kCallRows[desk.call].make;
    for (int i = 0; i < kWarmUp; ++i) make();
    const std::int64_t start = now_ns();
    for (int i = 0; i < kCalls; ++i) make();
    desk.ns_per_call = static_cast<double>(now_ns() - start) / kCalls;
    desk.turn = turn + 1;
    futex(desk.turn, FUTEX_WAKE, 1);
  }
}

// A process in these namespaces that makes calls when told to. It dies with its creator, which is process 1.
class Agent {
 public:
  explicit Agent(NsSet set) {
    void* memory = ::mmap(nullptr, sizeof(Desk), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw Unsupported{"no memory to share", errno};
    desk_ = static_cast<Desk*>(memory);
    pid_ = raw_clone(clone_flags(set), CloneStyle::fork, serve, desk_);
    if (pid_ < 0) throw Unsupported{"clone3 refused " + text_of(set), static_cast<int>(-pid_)};
  }
  Agent(const Agent&) = delete;
  Agent& operator=(const Agent&) = delete;
  ~Agent() {
    ::kill(static_cast<pid_t>(pid_), SIGKILL);
    reap(pid_);
    ::munmap(desk_, sizeof(Desk));
  }

  double nanoseconds(std::uint32_t call) {
    desk_->call = call;
    const std::uint32_t turn = desk_->turn + 1;
    desk_->turn = turn;
    futex(desk_->turn, FUTEX_WAKE, 1);
    while (desk_->turn == turn) futex(desk_->turn, FUTEX_WAIT, turn);
    return desk_->ns_per_call;
  }

 private:
  Desk* desk_ = nullptr;
  long pid_ = 0;
};

std::shared_ptr<Agent> agent_in(NsSet set) {
  static std::map<std::uint8_t, std::weak_ptr<Agent>> known;
  auto agent = known[set.bits()].lock();
  if (!agent) known[set.bits()] = agent = std::make_shared<Agent>(set);
  return agent;
}

std::vector<CaseSpec> steady_cases() {
  std::vector<CaseSpec> cases;
  std::vector<NsSet> sets = {NsSet{}, NsSet::all()};
  for (const Ns type : kAllNamespaces) sets.emplace_back(type);
  for (std::uint32_t call = 0; call < std::size(kCallRows); ++call)
    for (const NsSet set : sets) {
      const std::string name = kCallRows[call].name;
      const bool usual = set.empty() || set == NsSet::all() || (set == Ns::time && name == "clock_gettime");
      CaseSpec one;
      one.id = say("steady/", name, "/", text_of(set));
      one.title = say("one ", name, " inside ", text_of(set));
      one.unit = "ns";
      one.floor = set.empty() ? "" : say("steady/", name, "/none");
      one.head = "time";
      one.gate = set.empty() ? "" : "time";
      one.set = text_of(set);
      one.from = usual ? Effort::standard : Effort::full;
      one.phases = {{"time", "one call"}};
      one.every = 4;
      one.prepare = [set, call](const Place&) {
        const auto agent = agent_in(set);
        return [agent, call](double* values) {
          values[0] = agent->nanoseconds(call);
          return 0;
        };
      };
      cases.push_back(std::move(one));
    }
  return cases;
}

const FamilyRow row = {{"steady", "System calls inside", 16, steady_cases, nullptr}};

}  // namespace
}  // namespace nsproof::bench
