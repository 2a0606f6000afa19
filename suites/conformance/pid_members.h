// Members of a sandbox's pid namespace, as the rows about them need them.
#pragma once

#include <linux/sched.h>

#include <string>

#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/process.h"
#include "harness/world/enter.h"
#include "harness/world/world.h"

namespace nsproof {

// A process in the same pid namespace as `member`, otherwise like outside and its child, so that outside knows its
// number and can wait for it (setns(2), pid_namespaces(7)).
inline Actor& join_pid_namespace(World& w, Actor& member, const std::string& name) {
  Actor& stage = w.fork(w.outside(), name + "-stage");
  must_enter(stage, member.pid(), Ns::pid);
  Actor& joined = w.clone(stage, CLONE_PARENT, name);
  sys::exit(stage);
  must(sys::wait4(w.outside(), stage.pid()));
  return joined;
}

// The sandbox's process 1 with no other member that outside would have to wait for: an init cannot be reaped before
// all members are (zap_pid_ns_processes() in kernel/pid_namespace.c).
inline Actor& lone_init(World& w) {
  Actor& init = w.init();
  if (&w.inside() != &init) w.end(w.outside(), w.inside());
  return init;
}

}  // namespace nsproof
