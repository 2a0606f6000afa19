// What unshare(2) and setns(2) cost: the other two ways into a namespace, and the argument for pools.
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

#include "harness/bench/case.h"
#include "harness/bench/child.h"
#include "harness/bench/clock.h"
#include "harness/support/fd.h"
#include "harness/support/text.h"
#include "suites/bench/sets.h"

namespace nsproof::bench {
namespace {

int errno_unless(long result) { return result < 0 ? errno : 0; }

CaseSpec inside_case(std::string id, std::string title, NsSet set) {
  CaseSpec one;
  one.id = std::move(id);
  one.title = std::move(title);
  one.floor = "floor/vfork";
  one.head = one.gate = "time";
  one.set = text_of(set);
  one.phases = {{"time", "the call, timed in the process that makes it"}};
  one.every = 2;
  return one;
}

Sample sample_of(std::function<int()> act) {
  return [act = std::move(act)](double* values) {
    const Inside inside = timed_inside(0, nullptr, act);
    values[0] = us_of(inside.nanoseconds);
    return inside.error;
  };
}

std::vector<CaseSpec> unshares() {
  std::vector<CaseSpec> cases;
  const auto add = [&](const std::string& name, NsSet set) {
    CaseSpec one = inside_case("unshare/" + name, say("unshare of ", text_of(set)), set);
    one.settle_ns = settle_for(set);
    const std::uint64_t flags = clone_flags(set);
    one.prepare = [flags](const Place&) {
      return sample_of([flags] { return errno_unless(::syscall(SYS_unshare, flags)); });
    };
    cases.push_back(std::move(one));
  };
  for (const Ns type : kAllNamespaces) add(std::string(name_of(type)), type);
  add("all-but-user", NsSet::all().without(Ns::user));
  add("all", NsSet::all());

  constexpr std::uint64_t kEmptyMountNamespace = 0x00100000;  // UNSHARE_EMPTY_MNTNS, Linux 7.1, commit 9d4e752a
  CaseSpec empty =
      inside_case("unshare/mnt-empty", "unshare with UNSHARE_EMPTY_MNTNS (Linux 7.1): no copy of the mounts", Ns::mnt);
  empty.from = Effort::smoke;
  empty.prepare = [](const Place&) {
    const auto act = [] { return errno_unless(::syscall(SYS_unshare, kEmptyMountNamespace)); };
    if (const Inside once = timed_inside(0, nullptr, act); once.error != 0)
      throw Unsupported{"unshare does not know UNSHARE_EMPTY_MNTNS (Linux 7.1)", once.error};
    return sample_of(act);
  };
  cases.push_back(std::move(empty));
  return cases;
}

// A process in all eight, descriptors of its namespaces and one of itself.
struct Targets {
  Holder holder{clone_flags(NsSet::all())};
  Fd pidfd{static_cast<int>(::syscall(SYS_pidfd_open, holder.pid(), 0))};
  Fd spaces[kAllNamespaces.size()];

  Targets() {
    for (const Ns type : kAllNamespaces) {
      const std::string path = say("/proc/", holder.pid(), "/ns/", name_of(type));
      spaces[static_cast<std::size_t>(type)] = Fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    }
  }
};

// One for all cases of a process: every open descriptor makes every creation dearer, by what copying and closing it
// costs.
std::shared_ptr<Targets> shared_targets() {
  static std::weak_ptr<Targets> known;
  auto targets = known.lock();
  if (!targets) known = targets = std::make_shared<Targets>();
  return targets;
}

// User first: it gives the privilege over the others, which belong to it.
constexpr Ns kJoinOrder[] = {Ns::user, Ns::mnt, Ns::pid, Ns::net, Ns::ipc, Ns::uts, Ns::cgroup, Ns::time};

int join_one_by_one(const Targets& targets, NsSet set) {
  for (const Ns type : kJoinOrder)
    if (set.has(type))
      if (::syscall(SYS_setns, targets.spaces[static_cast<std::size_t>(type)].get(), clone_flag(type)) != 0)
        return errno;
  return 0;
}

int join_at_once(const Targets& targets, NsSet set) {
  return errno_unless(::syscall(SYS_setns, targets.pidfd.get(), clone_flags(set)));
}

void add_join(std::vector<CaseSpec>& cases, const std::string& name, NsSet set, bool by_pidfd) {
  CaseSpec one = inside_case(say("join/", by_pidfd ? "pidfd/" : "nsfd/", name),
                             say("setns to ", text_of(set), by_pidfd ? " of a process at once" : ", one by one"), set);
  one.prepare = [set, by_pidfd](const Place&) {
    const auto targets = shared_targets();
    return sample_of(
        [targets, set, by_pidfd] { return by_pidfd ? join_at_once(*targets, set) : join_one_by_one(*targets, set); });
  };
  cases.push_back(std::move(one));
}

std::vector<CaseSpec> joins() {
  std::vector<CaseSpec> cases;
  for (const bool by_pidfd : {false, true}) {
    for (const Ns type : kAllNamespaces) add_join(cases, std::string(name_of(type)), type, by_pidfd);
    add_join(cases, "all-but-user", NsSet::all().without(Ns::user), by_pidfd);
    add_join(cases, "all", NsSet::all(), by_pidfd);
  }
  CaseSpec open =
      inside_case("join/open", "opening /proc/PID/ns/net, which a setns by descriptor needs first", Ns::net);
  open.prepare = [](const Place&) {
    const std::string path = "/proc/self/ns/net";
    return [path](double* values) {
      const std::int64_t start = now_ns();
      const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
      values[0] = us_of(now_ns() - start);
      return fd ? 0 : errno;
    };
  };
  cases.push_back(std::move(open));
  return cases;
}

const FamilyRow rows[] = {{{"unshare", "Creation by unshare", 4, unshares, nullptr}},
                          {{"join", "Joining by setns", 5, joins, nullptr}}};

}  // namespace
}  // namespace nsproof::bench
