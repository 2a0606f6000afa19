// Directories that every program writes to, and what the host has mounted: none of it may be the sandbox's.
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>

#include "harness/catalogue/property.h"
#include "harness/runtime/contract.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/mounts.h"
#include "harness/world/world.h"
#include "suites/runtime/mount_support.h"
#include "suites/runtime/root_support.h"

namespace nsproof {
namespace {

constexpr const char* kMark = "nsproof-mark";

struct Names {
  static constexpr char kShm[] = "/dev/shm";
  static constexpr char kTmp[] = "/tmp";
  static constexpr char kVarTmp[] = "/var/tmp";
  static constexpr char kRun[] = "/run";
};

// Whether `seer` sees what `maker` puts into a directory. What it made is gone afterwards.
Observation passes_between(Actor& maker, Actor& seer, const std::string& directory) {
  const std::string file = say(directory, "/", kMark);
  const Reply made = sys::make_file(maker, file, "mark", 0644);
  if (!made.ok()) return isolated(say(maker.name(), " cannot write to ", directory, ": ", errno_name(made.error())));
  const Reply seen = sys::access(seer, file);
  must(sys::unlink(maker, file));
  if (seen.ok()) return leaked(say(seer.name(), " sees the file that ", maker.name(), " made in ", directory));
  return isolated(say(seer.name(), " does not see it: ", errno_name(seen.error())));
}

template <const char* directory>
Observation host_is_hidden(World& w) {
  return passes_between(w.outside(), w.inside(), directory);
}

template <const char* directory>
Observation sandbox_is_hidden(World& w) {
  return passes_between(w.inside(), w.outside(), directory);
}

bool is_within(const std::string& path, const std::string& directory) {
  return path == directory || (path.starts_with(directory) && path[directory.size()] == '/');
}

// What outside calls the directory that a mount shows: outside has a mount of the same file system, and the place of
// the directory within the file system lies below what that mount shows of it.
std::optional<std::string> name_outside(World& w, const sys::MountInfo& mount,
                                        const std::vector<sys::MountInfo>& mounts_outside, std::uint64_t device) {
  for (const sys::MountInfo& theirs : mounts_outside) {
    if (theirs.type != mount.type) continue;
    const std::string root = theirs.root == "/" ? "" : theirs.root;
    if (!mount.root.starts_with(root)) continue;
    const sys::Got<struct stat> seen = sys::stat(w.outside(), theirs.target);
    if (!seen.ok() || seen.value.st_dev != device) continue;
    return (theirs.target == "/" ? "" : theirs.target) + (mount.root == "/" ? "" : mount.root.substr(root.size()));
  }
  return std::nullopt;
}

// Only file systems that hold files of users; the kernel's own (proc, sysfs, cgroup) look the same everywhere.
bool holds_files(const sys::MountInfo& mount) {
  static constexpr std::string_view kKernel[] = {"proc", "sysfs", "cgroup", "cgroup2", "mqueue", "devpts"};
  return std::find(std::begin(kKernel), std::end(kKernel), mount.type) == std::end(kKernel);
}

// Whether a file that outside makes in its directory is there in one of inside's.
bool shows_mark(World& w, const std::string& outside, const std::string& inside) {
  const std::string file = say(outside, "/", kMark);
  if (!sys::make_file(w.outside(), file, "mark", 0644).ok()) return false;
  const Reply there = sys::access(w.inside(), say(inside, "/", kMark));
  must(sys::unlink(w.outside(), file));
  return there.ok();
}

// At or below a bind mount that the sandbox was to have.
bool is_configured(const std::string& target, const std::vector<ContractMount>& mounts) {
  return std::any_of(mounts.begin(), mounts.end(), [&](const ContractMount& mount) {
    return is_bind(mount) && is_within(target, mount.destination);
  });
}

Observation no_mount_is_the_hosts(World& w) {
  // By outside's /proc, since the sandbox need not have one.
  const int pid = w.inside().pid();
  if (pid == 0) return unknown("outside does not see the sandbox's process");
  const std::vector<sys::MountInfo> mounts = must(sys::mountinfo(w.outside(), std::to_string(pid)));
  const std::vector<sys::MountInfo> mounts_outside = must(sys::mountinfo(w.outside()));
  // The root directory, and beside it what the tool keeps of this sandbox.
  const std::string rootfs = w.place().rootfs();
  const std::string own = rootfs.substr(0, rootfs.rfind('/'));
  for (const sys::MountInfo& mount : mounts) {
    if (!holds_files(mount) || is_configured(mount.target, w.contract().mounts)) continue;
    const sys::Got<struct stat> seen = sys::stat(w.inside(), mount.target);
    if (!seen.ok() || !S_ISDIR(seen.value.st_mode)) continue;
    const auto name = name_outside(w, mount, mounts_outside, seen.value.st_dev);
    if (!name || (!own.empty() && is_within(*name, own))) continue;
    if (shows_mark(w, *name, mount.target))
      return leaked(say(mount.target, " is the host's ", name->empty() ? "/" : *name));
  }
  return isolated(say("none of ", mounts.size(), " mounts is a directory of the host"));
}

constexpr const char* kShmSource = "shm_overview(7): POSIX shared memory objects are files in /dev/shm";
constexpr const char* kRootSource = "OCI runtime-spec config-linux.md, Mount Namespace";

const RuntimeRows rows = {
    {
        .id = "root.shm.host-hidden",
        .claim = "POSIX shared memory of the host is out of reach.",
        .how = "Outside makes a file in /dev/shm; inside looks for it in its own.",
        .source = kShmSource,
        .since = {2, 6, 24},
        .reach = Reach::any_sandbox,
        .check = host_is_hidden<Names::kShm>,
    },
    {
        .id = "root.shm.sandbox-hidden",
        .claim = "POSIX shared memory of the sandbox does not show outside.",
        .how = "Inside makes a file in /dev/shm; outside looks for it in its own.",
        .source = kShmSource,
        .since = {2, 6, 24},
        .reach = Reach::any_sandbox,
        .check = sandbox_is_hidden<Names::kShm>,
    },
    {
        .id = "root.tmp.host-hidden",
        .claim = "Temporary files of the host do not show in the sandbox.",
        .how = "Outside makes a file in /tmp; inside looks for it.",
        .source = kRootSource,
        .since = {2, 6, 24},
        .reach = Reach::any_sandbox,
        .check = host_is_hidden<Names::kTmp>,
        .asked = asked_for_own_root,
    },
    {
        .id = "root.tmp.sandbox-hidden",
        .claim = "Temporary files of the sandbox do not show in the host's /tmp.",
        .how = "Inside makes a file in /tmp; outside looks for it.",
        .source = kRootSource,
        .since = {2, 6, 24},
        .reach = Reach::any_sandbox,
        .check = sandbox_is_hidden<Names::kTmp>,
        .asked = asked_for_own_root,
    },
    {
        .id = "root.var-tmp.host-hidden",
        .claim = "Lasting temporary files of the host do not show in the sandbox.",
        .how = "Outside makes a file in /var/tmp; inside looks for it.",
        .source = kRootSource,
        .since = {2, 6, 24},
        .reach = Reach::any_sandbox,
        .check = host_is_hidden<Names::kVarTmp>,
        .asked = asked_for_own_root,
    },
    {
        .id = "root.run.host-hidden",
        .claim = "Sockets and other files of the host's services in /run do not show in the sandbox.",
        .how = "Outside makes a file in /run; inside looks for it.",
        .source = kRootSource,
        .since = {2, 6, 24},
        .reach = Reach::any_sandbox,
        .check = host_is_hidden<Names::kRun>,
        .asked = asked_for_own_root,
    },
    {
        .id = "root.mounts.host-hidden",
        .claim =
            "No directory of the host's file systems is mounted in the sandbox but its root and what was asked for.",
        .how = "Outside reads the mountinfo of inside; where a mount shows a directory that outside knows by another "
               "name, outside "
               "makes a file there and inside looks for it.",
        .source = "OCI runtime-spec config-linux.md, Mount Namespace; proc(5), /proc/PID/mountinfo",
        .since = {2, 6, 26},
        .reach = Reach::any_sandbox,
        .check = no_mount_is_the_hosts,
        .asked = asked_for_own_root,
    },
};

}  // namespace
}  // namespace nsproof
