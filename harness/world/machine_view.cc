#include "harness/world/machine_view.h"

#include <fcntl.h>
#include <linux/sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <csignal>

#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/mounts.h"
#include "harness/sys/netlink.h"
#include "harness/sys/process.h"
#include "harness/sys/uts.h"
#include "harness/world/spawn.h"

namespace nsproof {
namespace {

constexpr std::uint64_t kQuiet = MS_NOSUID | MS_NODEV | MS_NOEXEC;

void make_directory(Actor& actor, const std::string& path) {
  const Reply made = sys::mkdir(actor, path);
  if (made.error() != EEXIST) must(made);
}

// Everything of the machine's tree that is a file system on a disk gets an overlay of its own: an overlay does not
// reach across mounts (Documentation/filesystems/overlayfs.rst).
bool is_stored(const sys::MountInfo& mount) {
  static constexpr std::string_view kTypes[] = {"ext2",     "ext3", "ext4",     "xfs",      "btrfs",
                                                "zfs",      "f2fs", "bcachefs", "overlay",  "erofs",
                                                "squashfs", "nfs",  "nfs4",     "virtiofs", "9p"};
  return std::find(std::begin(kTypes), std::end(kTypes), mount.type) != std::end(kTypes);
}

bool below_any(std::string_view path, std::initializer_list<std::string_view> directories) {
  return std::any_of(directories.begin(), directories.end(), [&](std::string_view one) {
    return path == one || (path.starts_with(one) && path.substr(one.size()).starts_with('/'));
  });
}

// Mounts an overlay over `lower`, writable in memory, at `root` + `lower`.
Reply cover(Actor& warden, const std::string& lower, const std::string& root, int number) {
  const std::string scratch = say("/tmp/", number);
  for (const char* part : {"", "/upper", "/work"}) must(sys::mkdir(warden, scratch + part));
  return sys::mount(warden, "overlay", root + lower, "overlay", 0,
                    say("lowerdir=", lower, ",upperdir=", scratch, "/upper,workdir=", scratch, "/work"));
}

void cover_tree(Actor& warden, const std::string& root) {
  const std::vector<sys::MountInfo> mounts = must(sys::mountinfo(warden));
  must(sys::mount(warden, "tmpfs", "/tmp", "tmpfs"));
  must(sys::mkdir(warden, root));
  int number = 0;
  must(cover(warden, "/", root, number++));
  for (const sys::MountInfo& mount : mounts) {
    if (mount.target == "/" || !is_stored(mount)) continue;
    if (below_any(mount.target, {"/proc", "/sys", "/dev", "/run", "/tmp", "/var/tmp", "/home", "/root"})) continue;
    // A mount that is hidden by another or is a file has nothing to be covered; its place then shows what is below.
    cover(warden, mount.target, root, number++);
  }
}

// Device nodes that every container is made from (config-linux.md, "Default Devices"); no disk is among them.
void make_devices(Actor& warden, const std::string& dev) {
  struct Node {
    const char* name;
    unsigned minor;
    unsigned major = 1;
  };
  static constexpr Node kNodes[] = {{"null", 3},   {"zero", 5},    {"full", 7},
                                    {"random", 8}, {"urandom", 9}, {"tty", 0, 5}};
  must(sys::mount(warden, "tmpfs", dev, "tmpfs", MS_NOSUID, "mode=755"));
  for (const Node& node : kNodes) {
    const std::string path = say(dev, "/", node.name);
    if (sys::mknod(warden, path, S_IFCHR | 0666, makedev(node.major, node.minor)).ok()) {
      must(sys::chmod(warden, path, 0666));
      continue;
    }
    // In a user namespace there are no new nodes (mknod(2)); the machine's will do.
    must(sys::make_file(warden, path, ""));
    must(sys::mount(warden, say("/dev/", node.name), path, "", MS_BIND));
  }
  for (const char* directory : {"pts", "shm", "mqueue"}) must(sys::mkdir(warden, say(dev, "/", directory)));
  must(sys::mount(warden, "devpts", dev + "/pts", "devpts", MS_NOSUID | MS_NOEXEC,
                  "newinstance,ptmxmode=0666,mode=620"));
  must(sys::mount(warden, "tmpfs", dev + "/shm", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777"));
  sys::mount(warden, "mqueue", dev + "/mqueue", "mqueue", kQuiet);  // not every kernel has it
  must(sys::symlink(warden, "pts/ptmx", dev + "/ptmx"));
  must(sys::symlink(warden, "/proc/self/fd", dev + "/fd"));
  static constexpr const char* kStreams[] = {"stdin", "stdout", "stderr"};
  for (int i = 0; i < 3; ++i) must(sys::symlink(warden, say("/proc/self/fd/", i), say(dev, "/", kStreams[i])));
}

// Hierarchies of both versions side by side are what few runtimes can work with; where there are controllers of
// version 1, the layer has version 1.
void mount_cgroups(Actor& warden, const std::string& place, const CgroupGrove& grove) {
  const auto& trees = grove.trees();
  const bool version1 = std::any_of(trees.begin(), trees.end(), [](const auto& tree) {
    return !tree.version2 && !tree.controllers.starts_with("name=");
  });
  if (!version1) {
    must(sys::mount(warden, "cgroup2", place, "cgroup2", kQuiet));
    return;
  }
  must(sys::mount(warden, "tmpfs", place, "tmpfs", kQuiet, "mode=755"));
  for (const CgroupGrove::Tree& tree : trees) {
    if (tree.version2) continue;
    must(sys::mkdir(warden, say(place, "/", tree.name)));
    const std::string options = tree.controllers.starts_with("name=") ? "none," + tree.controllers : tree.controllers;
    must(sys::mount(warden, "cgroup", say(place, "/", tree.name), "cgroup", kQuiet, options));
  }
}

void build_view(Actor& warden, const CgroupGrove* grove) {
  const std::string root = "/tmp/root";
  cover_tree(warden, root);
  for (const char* directory : {"/proc", "/sys", "/dev", "/run", "/tmp", "/var", "/var/tmp", "/home", "/root"})
    make_directory(warden, root + directory);
  must(sys::mount(warden, "proc", root + "/proc", "proc", kQuiet));
  must(sys::mount(warden, "sysfs", root + "/sys", "sysfs", kQuiet | MS_RDONLY));
  if (grove != nullptr && !grove->trees().empty()) mount_cgroups(warden, root + "/sys/fs/cgroup", *grove);
  make_devices(warden, root + "/dev");
  for (const char* directory : {"/run", "/home", "/root"})
    must(sys::mount(warden, "tmpfs", root + directory, "tmpfs", MS_NODEV, "mode=755"));
  for (const char* directory : {"/tmp", "/var/tmp"})
    must(sys::mount(warden, "tmpfs", root + directory, "tmpfs", MS_NODEV, "mode=1777"));
  must(sys::chdir(warden, root));
  if (sys::pivot_root(warden, ".", ".").ok()) {
    must(sys::umount(warden, ".", MNT_DETACH));
  } else {
    // The root is the initramfs, which cannot be pivoted away from (pivot_root(2)).
    must(sys::mount(warden, ".", "/", "", MS_MOVE));
    must(sys::chroot(warden, "."));
  }
  must(sys::chdir(warden, "/"));
  must(sys::mkdir(warden, kLayerHome));
}

// What was built must be what is there: nothing of the machine's file systems but what an overlay shows.
void verify_view(Actor& warden) {
  for (const sys::MountInfo& mount : must(sys::mountinfo(warden)))
    if (is_stored(mount) && mount.type != "overlay")
      throw Broken(say("a mount of the machine is still in the layer: ", mount.type, " on ", mount.target));
}

}  // namespace

void guard_machine_view(Actor& keeper) {
  must(sys::mount(keeper, "", "/", "", MS_REC | MS_PRIVATE));
  const std::uint64_t attributes[] = {MOUNT_ATTR_RDONLY, 0, 0, 0};  // struct mount_attr
  must(keeper.call(
      SYS_mount_setattr, "mount_setattr",
      {named(static_cast<std::uint64_t>(AT_FDCWD), "AT_FDCWD"), path("/"), named(AT_RECURSIVE, "AT_RECURSIVE"),
       record(raw(attributes), "{attr_set=MOUNT_ATTR_RDONLY}"), num(sizeof attributes)}));
  must(sys::mount(keeper, "proc", "/proc", "proc", kQuiet));
}

ForeignLayer::ForeignLayer(Keeper& keeper, CgroupForest* forest)
    : keeper_(&keeper), grove_(forest != nullptr ? forest->make_grove() : nullptr) {
  keeper.actor().transcript().entries.clear();
  warden_ = must_spawn(keeper.actor(), clone_flags({Ns::mnt, Ns::pid, Ns::ipc, Ns::uts, Ns::net}), "warden");
  warden_->set_transcript(transcript_);
  if (grove_) {
    for (const CgroupGrove::Tree& tree : grove_->trees()) write_for_harness(*warden_, tree.processes.get(), "0");
    must(sys::unshare(*warden_, CLONE_NEWCGROUP));
  }
  build_view(*warden_, grove_.get());
  verify_view(*warden_);
  // firejail(1) takes a machine that has no kernel thread among its first processes for a container, and then isolates
  // nothing at all.
  kthreadd_ = must_spawn(*warden_, 0, "kthreadd");
  must(kthreadd_->call(SYS_prctl, "prctl", {named(PR_SET_NAME, "PR_SET_NAME"), str("kthreadd")}));
  must(sys::set_link_up(*warden_, "lo"));
  must(sys::sethostname(*warden_, kLayerHostname));
}

ForeignLayer::~ForeignLayer() {
  if (!warden_) return;
  try {
    sys::kill(keeper_->actor(), warden_->pid(), SIGKILL);
    sys::wait4(keeper_->actor(), warden_->pid());
  } catch (const Broken&) {
    // The keeper is lost; its owner finds out when it makes the next layer, and the kernel has cleaned up.
  }
}

}  // namespace nsproof
