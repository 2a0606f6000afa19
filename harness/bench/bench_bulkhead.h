// The bulkhead of a measuring process: fresh namespaces and a mount tree that is the same on every machine, so that a
// figure which depends on the number of mounts means the same everywhere.
#pragma once

#include <functional>
#include <string>

namespace nsproof::bench {

// Mounts that a measuring process sees. The cost of a mount namespace grows with them (0.9 µs each to copy), so they
// are made up to this number.
inline constexpr int kStandardMounts = 24;

// Directories of the bulkhead's root that cases may use.
inline constexpr const char* kScratch = "/scratch";  // on the root's tmpfs
inline constexpr const char* kHostTrue = "/usr/bin/true";

struct BulkheadProcess {
  int pid = 0;
  bool unprivileged = false;  // a user namespace was needed
};

// Starts a process in fresh mnt, pid, ipc, uts, net and cgroup namespaces (and user, if the caller is not privileged)
// that runs `work` as process 1 there and exits with its result. Its root is a tmpfs with a procfs; /usr and its likes
// are the machine's, read-only and without set-uid bits, so that dynamic programs can run. It dies with the caller.
// Throws Broken if it cannot be made; a failure inside is exit status 120 and a line in `error` of the shared page.
BulkheadProcess start_in_bulkhead(const std::function<int(bool unprivileged)>& work);

// What went wrong while the last one was being built; empty if nothing did.
std::string bulkhead_error();

}  // namespace nsproof::bench
