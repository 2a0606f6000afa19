#include "harness/world/bulkhead.h"

#include <linux/capability.h>
#include <linux/sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "harness/host/cgroup_home.h"
#include "harness/launch/first_probe.h"
#include "harness/support/text.h"
#include "harness/sys/cgroups.h"
#include "harness/sys/files.h"
#include "harness/sys/mounts.h"
#include "harness/sys/process.h"
#include "harness/world/machine_view.h"
#include "harness/world/spawn.h"

namespace nsproof {
namespace {

bool has_capability(unsigned capability) {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[2] = {};
  if (::syscall(SYS_capget, &header, data) != 0) return false;
  return (data[capability / 32].effective & (1U << (capability % 32))) != 0;
}

// nsproof may have been started in a chroot, which would stay in the way (user_namespaces(7): no user namespace can be
// made in one). Joining the mount namespace that it is in anyway takes the keeper to that namespace's root.
void leave_chroot(Actor& keeper) {
  const int self = static_cast<int>(must(sys::pidfd_open(keeper, 1)));
  must(sys::setns(keeper, self, clone_flag(Ns::mnt)));
  must(sys::close(keeper, self));
}

// What is mounted on an initramfs stays in the namespace although no path leads there, and a procfs among it would
// answer for ours when a user namespace asks to mount one (mount_too_revealing() in fs/namespace.c).
void empty_initramfs(Actor& keeper) {
  const auto mounts = must(sys::mountinfo(keeper));
  for (auto mount = mounts.rbegin(); mount != mounts.rend(); ++mount) {
    if (mount->target == "/" || sys::umount(keeper, mount->target, MNT_DETACH).ok()) continue;
    // Locked by the user namespace that we are in: then it is covered, so that it does not count as visible.
    if (mount->type == "proc") sys::mount(keeper, "tmpfs", mount->target + "/sys", "tmpfs");
  }
}

// The machine's mounts are left behind: a tmpfs becomes the root and the old tree is detached, so that no path in
// the bulkhead leads to a file of the machine.
void build_root(Actor& keeper) {
  must(sys::mount(keeper, "", "/", "", MS_REC | MS_PRIVATE));
  const int root = static_cast<int>(must(sys::new_mount(keeper, "tmpfs")));
  must(sys::attach_mount(keeper, root, "/"));
  must(sys::fchdir(keeper, root));
  must(sys::close(keeper, root));
  for (const char* directory : {"proc", "tmp", "sys", "dev", "mnt"}) must(sys::mkdir(keeper, directory));
  // Before the old procfs goes: a user namespace may mount one only while it can see one (mount_too_revealing() in
  // fs/namespace.c).
  must(sys::mount(keeper, "proc", "proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC));
  if (sys::pivot_root(keeper, ".", ".").ok()) {
    must(sys::umount(keeper, ".", MNT_DETACH));
  } else {
    // The root is the initramfs, which cannot be pivoted away from (pivot_root(2)); ours already covers it.
    empty_initramfs(keeper);
    must(sys::chroot(keeper, "."));
  }
  must(sys::chdir(keeper, "/"));
}

// What was built must be what is there: a kernel or a filter that lets calls succeed without effect stops here.
void verify_root(Actor& keeper) {
  const std::string self = must(sys::readlink(keeper, "/proc/self"));
  if (self != "1") throw Broken(say("the bulkhead's /proc is not its own: /proc/self is ", self));
  for (const sys::MountInfo& mount : must(sys::mountinfo(keeper)))
    if (mount.type != "tmpfs" && mount.type != "proc")
      throw Broken(say("a mount of the machine is still in the bulkhead: ", mount.type, " on ", mount.target));
}

// A cgroup2 mount shows what is below the root of the mounter's cgroup namespace, so the warden enters the group
// before it makes the namespace; the machine's groups are never in sight.
void move_into_group(Actor& warden, const CgroupGroup& group) {
  write_for_harness(warden, group.processes(), "0");
  must(sys::unshare(warden, CLONE_NEWCGROUP));
  must(sys::mount(warden, "tmpfs", "/sys", "tmpfs"));
  must(sys::mkdir(warden, sys::kCgroupMount));
  must(sys::mount(warden, "cgroup2", sys::kCgroupMount, "cgroup2", MS_NOSUID | MS_NODEV | MS_NOEXEC));
  const std::string path = must(sys::cgroup_path(warden));
  if (path != "/") throw Broken(say("the root of the layer's cgroup namespace is not its cgroup: ", path));
}

// The types that this kernel was built with. Each is tried by itself once clone3 has refused them all together: EINVAL
// is what it says of a type that it does not have (clone(2)), once the caller may make it at all.
NsSet available_types(bool unprivileged) {
  static const NsSet types = [unprivileged] {
    NsSet found;
    for (const Ns type : kAllNamespaces) {
      int error = 0;
      try {
        const NsSet tried = unprivileged ? NsSet{Ns::user}.with(type) : NsSet{type};
        const FirstProbe probe = start_first_probe(clone_flags(tried), &error);
        ::kill(probe.pid, SIGKILL);
        ::waitpid(probe.pid, nullptr, 0);
      } catch (const Broken&) {
        if (error == EINVAL) continue;
      }
      found = found.with(type);
    }
    return found;
  }();
  return types;
}

struct KeeperStart {
  FirstProbe probe;
  NsSet types;
};

KeeperStart start_keeper(bool unprivileged) {
  const auto flags = [&](NsSet types) { return clone_flags(unprivileged ? types : types.without(Ns::user)); };
  int error = 0;
  try {
    return {start_first_probe(flags(NsSet::all()), &error), NsSet::all()};
  } catch (const Broken&) {
    if (error != EINVAL) throw;
  }
  const NsSet types = available_types(unprivileged);
  return {start_first_probe(flags(types)), types};
}

}  // namespace

Keeper::Keeper(View view) : unprivileged_(!has_capability(CAP_SYS_ADMIN)) {
  KeeperStart start = start_keeper(unprivileged_);
  pid_ = start.probe.pid;
  types_ = start.types;
  try {
    actor_ = std::make_unique<Actor>("keeper", std::move(start.probe.transport), transcript_);
    // Twice bound to the harness: it reads the end of its channel, and its parent's death kills it (prctl(2)).
    must(sys::prctl(*actor_, PR_SET_PDEATHSIG, "PR_SET_PDEATHSIG", SIGKILL));
    // Ctrl-C is for the harness, which then ends the bulkhead in its own time.
    must(sys::setsid(*actor_));
    leave_chroot(*actor_);
    if (view == View::machine) {
      guard_machine_view(*actor_);
    } else {
      build_root(*actor_);
      verify_root(*actor_);
    }
  } catch (const Broken&) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    throw;
  }
}

Keeper::~Keeper() {
  // Process 1 takes every other process of the bulkhead with it (pid_namespaces(7)).
  ::kill(pid_, SIGKILL);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

Layer::Layer(Keeper& keeper, NsSet types, CgroupHome* cgroups)
    : keeper_(&keeper), group_(cgroups != nullptr ? cgroups->make_group() : nullptr) {
  const NsSet fresh = types.with({Ns::mnt, Ns::pid, Ns::ipc, Ns::uts});
  keeper.actor().transcript().entries.clear();
  warden_ = must_spawn(keeper.actor(), clone_flags(fresh), "warden");
  must(sys::mount(*warden_, "proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC));
  must(sys::mount(*warden_, "tmpfs", "/tmp", "tmpfs"));
  if (group_) move_into_group(*warden_, *group_);
}

Layer::~Layer() {
  if (!warden_) return;
  try {
    sys::kill(keeper_->actor(), warden_->pid(), SIGKILL);
    sys::wait4(keeper_->actor(), warden_->pid());
  } catch (const Broken&) {
    // The keeper is lost; the worker finds out when it makes the next layer, and the kernel has cleaned up.
  }
}

std::unique_ptr<Actor> Layer::make_outside(Transcript& transcript) {
  std::unique_ptr<Actor> outside = must_spawn(*warden_, 0, "outside");
  outside->set_transcript(transcript);
  return outside;
}

}  // namespace nsproof
