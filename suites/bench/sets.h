// The sets of namespace types that costs are told for: each type, and those that well-known tools make.
#pragma once

#include <span>

#include "harness/bench/case.h"

namespace nsproof::bench {

struct NamedSet {
  const char* name;
  NsSet types;
  Effort from;
  int every;  // in one of so many rounds: the large sets are dear, and vary less
};

inline constexpr NamedSet kSets[] = {
    {"none", {}, Effort::smoke, 1},
    {"uts", Ns::uts, Effort::smoke, 1},
    {"cgroup", Ns::cgroup, Effort::smoke, 1},
    {"time", Ns::time, Effort::smoke, 1},
    {"pid", Ns::pid, Effort::smoke, 1},
    {"user", Ns::user, Effort::smoke, 1},
    {"ipc", Ns::ipc, Effort::smoke, 1},
    {"mnt", Ns::mnt, Effort::smoke, 1},
    {"net", Ns::net, Effort::smoke, 1},
    {"user+net", {Ns::user, Ns::net}, Effort::standard, 2},
    {"light", {Ns::uts, Ns::ipc, Ns::cgroup, Ns::time}, Effort::standard, 2},
    {"all-but-net", NsSet::all().without(Ns::net), Effort::standard, 2},
    {"bubblewrap", {Ns::user, Ns::mnt, Ns::pid, Ns::ipc, Ns::uts, Ns::cgroup}, Effort::standard, 2},
    {"docker", {Ns::mnt, Ns::pid, Ns::net, Ns::ipc, Ns::uts}, Effort::standard, 2},
    {"kubernetes", {Ns::mnt, Ns::pid, Ns::net, Ns::ipc, Ns::uts, Ns::cgroup}, Effort::standard, 2},
    {"all", NsSet::all(), Effort::smoke, 1},
};

// How long the kernel is left alone after a sample of this set, in nanoseconds. Only the destruction of a network
// namespace is put off to a work queue that takes as long as the creation did; without a pause its backlog bleeds into
// the next sample.
constexpr std::int64_t settle_for(NsSet types) { return types.has(Ns::net) ? 2'500'000 : 0; }

// Sets with a mount namespace gate on the time until clone3 returns: their exit waits for the other CPUs to pass a
// grace period (synchronize_rcu_expedited in namespace_unlock), and so measures the neighbours.
constexpr const char* gate_of(NsSet types) { return types.has(Ns::mnt) ? "return" : "total"; }

}  // namespace nsproof::bench
