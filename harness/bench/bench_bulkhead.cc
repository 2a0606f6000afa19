#include "harness/bench/bench_bulkhead.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/mount.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <vector>

#include "harness/actor/actor.h"
#include "harness/bench/raw_clone.h"
#include "harness/catalogue/namespaces.h"
#include "harness/support/fd.h"
#include "harness/support/host_file.h"
#include "harness/support/text.h"

// sys/mount.h and linux/mount.h cannot be included together with this C library.
extern "C" int mount(const char* source, const char* target, const char* type, unsigned long flags, const void* data);
extern "C" int umount2(const char* target, int flags);

namespace nsproof::bench {
namespace {

constexpr unsigned long kRecursive = 0x4000;   // MS_REC
constexpr unsigned long kPrivate = 1UL << 18;  // MS_PRIVATE
constexpr unsigned long kNoExecNoDevNoSuid = 0x8 | 0x4 | 0x2;
constexpr int kDetach = 2;  // MNT_DETACH

struct Report {
  char error[256];
};

Report& report() {
  static Report* const page =
      static_cast<Report*>(::mmap(nullptr, sizeof(Report), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  return *page;
}

void need(long result, const std::string& what) {
  if (result < 0) throw Broken(say(what, ": ", errno_name(errno)));
}

bool privileged() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[2] = {};
  return ::syscall(SYS_capget, &header, data) == 0 && (data[0].effective & (1U << CAP_SYS_ADMIN)) != 0;
}

// A copy of one mount of the machine, read-only; invalid if it cannot be had, as for a directory that is not there.
Fd read_only_copy(const std::string& path) {
  Fd copy(static_cast<int>(::syscall(SYS_open_tree, AT_FDCWD, path.c_str(), OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC)));
  if (!copy) return {};
  mount_attr attributes{};
  attributes.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID;
  if (::syscall(SYS_mount_setattr, copy.get(), "", AT_EMPTY_PATH, &attributes, sizeof attributes) != 0) return {};
  return copy;
}

struct HostDirectory {
  std::string path;
  std::string link;  // where it leads, if it is a symbolic link
  Fd copy;
};

std::vector<HostDirectory> host_directories() {
  std::vector<HostDirectory> found;
  for (const char* path : {"/usr", "/bin", "/sbin", "/lib", "/lib64", "/etc"}) {
    char target[256];
    const ssize_t length = ::readlink(path, target, sizeof target);
    if (length > 0)
      found.push_back({path, std::string(target, static_cast<std::size_t>(length)), {}});
    else if (Fd copy = read_only_copy(path))
      found.push_back({path, "", std::move(copy)});
  }
  if (Fd null = read_only_copy("/dev/null")) found.push_back({"/dev/null", "", std::move(null)});
  return found;
}

void attach(const HostDirectory& directory) {
  const std::string path = directory.path.substr(1);
  if (!directory.link.empty()) return need(::symlink(directory.link.c_str(), path.c_str()), "symlink " + path);
  if (path == "dev/null")
    Fd(::open(path.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0666));
  else
    need(::mkdir(path.c_str(), 0755), "mkdir " + path);
  constexpr unsigned kFromDescriptor = 0x4;  // MOVE_MOUNT_F_EMPTY_PATH
  need(::syscall(SYS_move_mount, directory.copy.get(), "", AT_FDCWD, path.c_str(), kFromDescriptor),
       "move_mount " + path);
}

std::size_t mounts_here() { return lines_of(host_file("/proc/self/mountinfo")).size(); }

void build_root() {
  need(::mount("", "/", "", kRecursive | kPrivate, nullptr), "making mounts private");
  const std::vector<HostDirectory> host = host_directories();
  const Fd context(static_cast<int>(::syscall(SYS_fsopen, "tmpfs", 1U)));
  need(context.get(), "fsopen tmpfs");
  constexpr unsigned kCreate = 6;  // FSCONFIG_CMD_CREATE
  need(::syscall(SYS_fsconfig, context.get(), kCreate, nullptr, nullptr, 0), "fsconfig tmpfs");
  const Fd root(static_cast<int>(::syscall(SYS_fsmount, context.get(), 1U, 0U)));
  need(root.get(), "fsmount tmpfs");
  need(::syscall(SYS_move_mount, root.get(), "", AT_FDCWD, "/", 0x4U), "move_mount tmpfs");
  need(::fchdir(root.get()), "fchdir");
  for (const char* directory : {"proc", "dev", "tmp", "scratch", "fill"})
    need(::mkdir(directory, 0777), say("mkdir ", directory));
  need(::mount("proc", "proc", "proc", kNoExecNoDevNoSuid, nullptr), "mounting proc");
  for (const HostDirectory& directory : host) attach(directory);
  if (::syscall(SYS_pivot_root, ".", ".") == 0)
    need(::umount2(".", kDetach), "umount of the machine's tree");
  else
    need(::chroot("."), "chroot");
  need(::chdir("/"), "chdir");
  for (int i = 0; mounts_here() < kStandardMounts; ++i) {
    const std::string path = say("/fill/", i);
    need(::mkdir(path.c_str(), 0755), "mkdir " + path);
    need(::mount("tmpfs", path.c_str(), "tmpfs", kNoExecNoDevNoSuid, nullptr), "mount " + path);
  }
}

void write_map(int pid, const char* file, const std::string& text) {
  const std::string path = say("/proc/", pid, "/", file);
  const Fd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!fd || ::write(fd.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    throw Broken(say("writing ", path, ": ", errno_name(errno)));
}

struct Start {
  const std::function<int(bool)>* work;
  bool unprivileged;
  int go;  // read end: a byte comes when the id maps are there
};

[[noreturn]] void run_inside(const Start& start) {
  int status = 120;
  try {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    char go = 0;
    while (::read(start.go, &go, 1) < 0 && errno == EINTR) {
    }
    ::setsid();  // Ctrl-C is for the harness
    build_root();
    status = (*start.work)(start.unprivileged);
  } catch (const std::exception& error) {
    const std::string_view what = error.what();
    std::memcpy(report().error, what.data(), std::min(what.size(), sizeof report().error - 1));
  } catch (...) {
    std::strcpy(report().error, "something was thrown that is no exception");
  }
  raw_exit(status);
}

void enter(void* start) { run_inside(*static_cast<const Start*>(start)); }

}  // namespace

BulkheadProcess start_in_bulkhead(const std::function<int(bool)>& work) {
  std::memset(&report(), 0, sizeof(Report));
  int ends[2];
  need(::pipe2(ends, O_CLOEXEC), "pipe2");
  const Fd theirs(ends[0]);
  const Fd ours(ends[1]);
  Start start{&work, !privileged(), theirs.get()};
  NsSet types{Ns::mnt, Ns::pid, Ns::ipc, Ns::uts, Ns::net, Ns::cgroup};
  if (start.unprivileged) types = types.with(Ns::user);
  long pid = raw_clone(clone_flags(types), CloneStyle::fork, enter, &start);
  for (const Ns type : {Ns::cgroup, Ns::net, Ns::ipc, Ns::uts})  // a kernel without this type
    if (pid == -EINVAL) pid = raw_clone(clone_flags(types = types.without(type)), CloneStyle::fork, enter, &start);
  if (pid < 0) throw Broken(say("clone3 of the bulkhead: ", errno_name(static_cast<int>(-pid))));
  const BulkheadProcess process{static_cast<int>(pid), start.unprivileged};
  try {
    if (start.unprivileged) {
      write_map(process.pid, "setgroups", "deny");
      write_map(process.pid, "uid_map", say("0 ", ::geteuid(), " 1"));
      write_map(process.pid, "gid_map", say("0 ", ::getegid(), " 1"));
    }
    if (::write(ours.get(), "g", 1) != 1) throw Broken("the measuring process is gone before it began");
  } catch (const Broken&) {
    ::kill(process.pid, SIGKILL);
    reap(process.pid);
    throw;
  }
  return process;
}

std::string bulkhead_error() { return report().error; }

}  // namespace nsproof::bench
