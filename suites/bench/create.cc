// What clone3(2) costs for each type and for the usual sets, in both styles.
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "harness/bench/bench_bulkhead.h"
#include "harness/bench/case.h"
#include "harness/bench/clock.h"
#include "harness/support/fd.h"
#include "harness/support/text.h"
#include "suites/bench/sets.h"

namespace nsproof::bench {
namespace {

CaseSpec creation(const NamedSet& set, CloneStyle style) {
  const bool vfork = style == CloneStyle::vfork;
  CaseSpec one;
  one.id = say("create/", set.name, vfork ? "" : "@fork");
  one.title = say("clone3 of ", text_of(set.types), ", ", name_of(style), " style");
  one.floor = vfork ? "create/none" : "create/none@fork";
  one.head = "total";
  one.gate = gate_of(set.types);
  one.set = text_of(set.types);
  one.style = name_of(style);
  one.from = vfork ? set.from : set.types.empty() || set.types == NsSet::all() ? Effort::standard : Effort::full;
  one.phases = creation_phases();
  one.settle_ns = settle_for(set.types);
  one.every = set.every;
  if (set.types.empty()) one.floor = one.gate = "";
  const std::uint64_t flags = clone_flags(set.types);
  one.prepare = [flags, style](const Place&) {
    return [flags, style](double* values) {
      CloneTimes times;
      const int error = timed_clone(flags, style, times);
      put_creation(times, values);
      return error;
    };
  };
  return one;
}

// A mount namespace that has nothing but one empty mount (Linux 7.1, commit 9d4e752a): no copy of the creator's mounts.
constexpr std::uint64_t kEmptyMountNamespace = 1ULL << 37;  // CLONE_EMPTY_MNTNS, implies CLONE_NEWNS

CaseSpec empty_mount_namespace() {
  CaseSpec one = creation({"mnt-empty", Ns::mnt, Effort::smoke, 1}, CloneStyle::vfork);
  one.title = "clone3 with CLONE_EMPTY_MNTNS (Linux 7.1): a mount namespace without a copy of the mounts";
  one.prepare = [](const Place&) {
    CloneTimes times;
    if (const int error = timed_clone(CLONE_NEWNS | kEmptyMountNamespace, CloneStyle::vfork, times); error != 0)
      throw Unsupported{"clone3 does not know CLONE_EMPTY_MNTNS (Linux 7.1)", error};
    return [](double* values) {
      CloneTimes taken;
      const int error = timed_clone(CLONE_NEWNS | kEmptyMountNamespace, CloneStyle::vfork, taken);
      put_creation(taken, values);
      return error;
    };
  };
  return one;
}

// A mount namespace made from a directory, without a copy of the creator's mounts, pivot_root and umount (Linux 7.0,
// commit 9b8a0ba6).
constexpr unsigned kOpenTreeNamespace = 1 << 1;  // OPEN_TREE_NAMESPACE

int open_tree_namespace(Fd& made) {
  made = Fd(static_cast<int>(::syscall(SYS_open_tree, AT_FDCWD, kScratch, kOpenTreeNamespace | O_CLOEXEC)));
  return made ? 0 : errno;
}

CaseSpec tree_namespace() {
  CaseSpec one = creation({"mnt-open-tree", Ns::mnt, Effort::smoke, 1}, CloneStyle::vfork);
  one.title = "open_tree with OPEN_TREE_NAMESPACE (Linux 7.0): a mount namespace from a directory";
  one.floor = "floor/vfork";
  one.style = "";
  one.head = one.gate = "total";
  one.phases = {{"total", "until open_tree returns"}};
  one.prepare = [](const Place&) {
    Fd first;
    if (const int error = open_tree_namespace(first); error != 0)
      throw Unsupported{"open_tree does not know OPEN_TREE_NAMESPACE (Linux 7.0)", error};
    return [](double* values) {
      Fd made;
      const std::int64_t start = now_ns();
      const int error = open_tree_namespace(made);
      values[0] = us_of(now_ns() - start);
      return error;
    };
  };
  return one;
}

std::vector<CaseSpec> creations() {
  std::vector<CaseSpec> cases;
  for (const CloneStyle style : {CloneStyle::vfork, CloneStyle::fork})
    for (const NamedSet& set : kSets) cases.push_back(creation(set, style));
  cases.push_back(empty_mount_namespace());
  cases.push_back(tree_namespace());
  return cases;
}

const FamilyRow row = {{"create", "Creation by clone3", 2, creations, nullptr}};

}  // namespace
}  // namespace nsproof::bench
