// Entering the mount namespace of a sandbox from outside.
#include "suites/runtime/root_support.h"

#include <fcntl.h>
#include <sched.h>

#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/ids.h"
#include "harness/sys/nsfs.h"
#include "harness/sys/process.h"

namespace nsproof {

namespace {

std::string pid_of_inside(World& w) {
  const int pid = w.inside().pid();
  if (pid == 0) throw Broken("the sandbox's process is not visible from outside, so its mounts cannot be entered");
  return std::to_string(pid);
}

int open_root(Actor& visitor, const std::string& pid) {
  return static_cast<int>(must(sys::open(visitor, say("/proc/", pid, "/root"), O_PATH | O_DIRECTORY | O_CLOEXEC)));
}

// setns(2) makes the root of the namespace the caller's; that of the sandbox may lie below.
void enter_mounts(Actor& visitor, int mounts, int root) {
  must(sys::setns(visitor, mounts, CLONE_NEWNS));
  must(sys::fchdir(visitor, root));
  must(sys::chroot(visitor, "."));
}

}  // namespace

Actor& visitor_of(World& w, const std::string& name) {
  const std::string pid = pid_of_inside(w);
  Actor& visitor = w.fork(w.outside(), name);
  const int root = open_root(visitor, pid);
  const int mounts = static_cast<int>(must(sys::open_ns(visitor, pid, Ns::mnt)));
  enter_mounts(visitor, mounts, root);
  return visitor;
}

Actor& root_visitor_of(World& w, const std::string& name) {
  const std::string pid = pid_of_inside(w);
  Actor& visitor = w.fork(w.outside(), name);
  const int root = open_root(visitor, pid);
  const int users = static_cast<int>(must(sys::open_ns(visitor, pid, Ns::user)));
  const int mounts = static_cast<int>(must(sys::open_ns(visitor, pid, Ns::mnt)));
  if (must(sys::ns_identity(visitor, users)) != must(sys::ns_identity(visitor, "self", Ns::user))) {
    must(sys::setns(visitor, users, CLONE_NEWUSER));
    must(sys::setresgid(visitor, 0, 0, 0));
    must(sys::setresuid(visitor, 0, 0, 0));
  }
  enter_mounts(visitor, mounts, root);
  return visitor;
}

std::optional<std::string> asked_for_own_root(const Contract& contract) {
  if (!contract.private_root) return std::nullopt;
  return "a root directory of its own";
}

}  // namespace nsproof
