// clone3(2) without the C library, for timed windows: no lazy binding, no atfork handlers, and types that clone(2)
// cannot make (CLONE_NEWTIME lies in the byte of its exit signal).
#pragma once

#include <linux/sched.h>
#include <sched.h>

#include <cstdint>

namespace nsproof::bench {

// How the child shares the creator's memory. vfork: all of it, on a stack of its own, and the creator waits until the
// child exits or executes (CLONE_VM|CLONE_VFORK). fork: a copy, whose cost grows with the creator's memory.
enum class CloneStyle { vfork, fork };

constexpr const char* name_of(CloneStyle style) { return style == CloneStyle::vfork ? "vfork" : "fork"; }

// A child that runs `entry(argument)`, which must not return and, in vfork style, must not allocate or touch what the
// creator owns but `argument`. Returns the child's pid, or -errno.
long raw_clone(std::uint64_t flags, CloneStyle style, void (*entry)(void*), void* argument);

[[noreturn]] void raw_exit(int status);

// What became of one creation. Times are CLOCK_MONOTONIC.
struct CloneTimes {
  std::int64_t called = 0;
  std::int64_t child_began = 0;  // the child's first instructions
  std::int64_t returned = 0;     // clone3 has returned in the creator
  std::int64_t reaped = 0;       // wait4 has returned
  std::int64_t cpu = 0;          // CPU time of creator and child together
};

// Creates a child with these flags, which exits at once, and waits for it. Returns 0 or the errno of what was refused;
// then the times mean nothing.
int timed_clone(std::uint64_t flags, CloneStyle style, CloneTimes& times);

// Waits for a child, however often a signal interrupts. Returns its wait status, or -1.
int reap(long pid);

}  // namespace nsproof::bench
