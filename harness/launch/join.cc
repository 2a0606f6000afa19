// The launchers that join: a holder makes the namespaces with clone3, a stage enters them with setns(2), by
// descriptors of /proc/PID/ns one after the other or by the holder's pidfd all at once, and its child is the member.
#include <fcntl.h>
#include <linux/sched.h>

#include <utility>

#include "harness/launch/launch.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/process.h"
#include "harness/world/spawn.h"
#include "harness/world/world.h"

namespace nsproof {
namespace {

// The user namespace first: it brings the capabilities that the others ask for (user_namespaces(7)).
constexpr Ns kJoinOrder[] = {Ns::user, Ns::cgroup, Ns::ipc, Ns::uts, Ns::net, Ns::pid, Ns::time, Ns::mnt};

void join_one_by_one(Actor& stage, int holder, NsSet types) {
  std::vector<std::pair<int, Ns>> links;
  for (const Ns type : kJoinOrder) {
    if (!types.has(type)) continue;
    // All are opened before the first is joined: /proc may be another one after.
    const std::string link = say("/proc/", holder, "/ns/", name_of(type));
    links.emplace_back(static_cast<int>(must(sys::open(stage, link, O_RDONLY | O_CLOEXEC))), type);
  }
  for (const auto& [fd, type] : links) must(sys::setns(stage, fd, clone_flag(type)));
  for (const auto& [fd, type] : links) must(sys::close(stage, fd));
}

void join_at_once(Actor& stage, int holder, NsSet types) {
  const int pidfd = static_cast<int>(must(sys::pidfd_open(stage, holder)));
  if (!types.empty()) must(sys::setns(stage, pidfd, clone_flags(types)));
  must(sys::close(stage, pidfd));
}

Launched launch_by_joining(World& world, Actor& creator, const Sandbox& sandbox, const std::string& name,
                           void (*join)(Actor&, int, NsSet)) {
  Actor& holder = *launch_by_clone3(world, creator, sandbox, name + "-holder").member;
  std::unique_ptr<Actor> stage = must_spawn(creator, 0, "stage");
  join(*stage, holder.pid(), sandbox.namespaces);
  Actor& member = world.adopt(must_spawn(*stage, CLONE_PARENT, name));
  sys::exit(*stage);
  must(sys::wait4(creator, stage->pid()));
  become_root(member, sandbox);
  return {&member, &holder};
}

}  // namespace

Launched launch_by_setns(World& world, Actor& creator, const Sandbox& sandbox, const std::string& name) {
  return launch_by_joining(world, creator, sandbox, name, join_one_by_one);
}

Launched launch_by_pidfd(World& world, Actor& creator, const Sandbox& sandbox, const std::string& name) {
  return launch_by_joining(world, creator, sandbox, name, join_at_once);
}

}  // namespace nsproof
