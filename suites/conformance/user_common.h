// What the files about user namespaces and capabilities share: judging a refusal by its errno, and a process without
// privilege to try things with.
#pragma once

#include <linux/sched.h>
#include <sys/prctl.h>

#include <initializer_list>
#include <string>

#include "harness/catalogue/property.h"
#include "harness/support/text.h"
#include "harness/sys/idmaps.h"
#include "harness/sys/ids.h"
#include "harness/sys/process.h"
#include "harness/world/world.h"

namespace nsproof {

// The documented errno is a refusal and success is not; every other errno tells nothing.
inline Observation judge_refusal(const Reply& reply, std::initializer_list<int> documented) {
  if (reply.ok()) return allowed(say(reply.call, " succeeded"));
  const std::string failed = say(reply.call, " failed with ", errno_name(reply.error()));
  for (const int error : documented)
    if (reply.error() == error) return refused(failed);
  return unknown(say(failed, ", which is neither success nor the documented refusal"));
}

// The same for a write to an id map, which must have an effect to count as success.
inline Observation judge_mapping(Actor& reader, int pid, sys::MapFile file, const Reply& reply,
                                 std::initializer_list<int> documented) {
  if (reply.ok() && must(sys::read_map(reader, pid, file)).empty())
    return unknown(say(reply.call, " succeeded, but the map is empty"));
  return judge_refusal(reply, documented);
}

// A child of outside with these ids, all of them, no other group and so no capability. Needs Need::many_ids.
inline Actor& ordinary_user(World& w, std::uint32_t id) {
  Actor& user = w.fork(w.outside(), "user");
  must(sys::setgroups(user, {}));
  must(sys::setresgid(user, id, id, id));
  must(sys::setresuid(user, id, id, id));
  // A change of ids makes a process undumpable, and its files in /proc root's (proc(5)).
  must(sys::prctl(user, PR_SET_DUMPABLE, "PR_SET_DUMPABLE", 1));
  return user;
}

// A child of outside that keeps its ids and has no capability left.
inline Actor& powerless(World& w) {
  Actor& child = w.fork(w.outside(), "powerless");
  must(sys::capset(child, {}));
  return child;
}

}  // namespace nsproof
