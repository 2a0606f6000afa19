// How a kernel file is judged, and the few harmless calls that it is judged by: lstat, statfs, faccessat, and open for
// reading of regular files, of which nothing is read.
#include "suites/audit/mask_exposure.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "harness/audit/view.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"

namespace nsproof::audit {
namespace {

using How = Exposure::How;

bool is_kernels(std::uint64_t magic) { return magic == PROC_SUPER_MAGIC || magic == SYSFS_MAGIC; }
bool is_missing(int error) { return error == ENOENT || error == ENOTDIR; }
bool is_refusal(int error) { return error == EACCES || error == EPERM || error == EROFS; }

// "/keys" of "/proc/keys": where the file is within its own file system.
std::string_view within_its_file_system(std::string_view path) {
  const std::size_t slash = path.find('/', 1);
  return slash == std::string_view::npos ? "/" : path.substr(slash);
}

// Whether the mount is the uppermost there: one that a later mount of all of /proc has buried has another device.
bool is_live(const KernelPath& seen) {
  return seen.mount && (!is_kernels(seen.magic) || seen.mount->device == seen.device);
}

std::string mount_text(const sys::MountInfo& mount) {
  return say(quoted(mount.root), " of a ", quoted(mount.type, 32), " is mounted there");
}

Exposure judge_own(const KernelPath& seen) {
  if (is_refusal(seen.open_error)) return {How::refused, say(errno_name(seen.open_error), ", though it is not masked")};
  if (is_missing(seen.open_error)) return {How::absent, "the kernel has none"};
  if (seen.open_error != 0) return {How::undecided, say("open: ", errno_name(seen.open_error))};
  if (!S_ISDIR(seen.mode)) return {How::open, "can be read"};
  if (seen.size == 0) return {How::empty, "not masked, but empty"};
  return {How::open, say("lists ", seen.size, seen.size == 1 ? " name" : " names")};
}

// Something of another file system stands there.
Exposure judge_cover(const KernelPath& seen) {
  // Only a mount leads out of procfs and sysfs: with none at the path itself, the directory above is another's already.
  if (!seen.mount) return {How::hidden, "not a file of the kernel: its file system is not mounted there"};
  if (S_ISCHR(seen.mode) && seen.node == "1:3") return {How::masked, "masked by the null device"};
  if (S_ISDIR(seen.mode)) {
    if (is_refusal(seen.open_error)) return {How::masked, "masked by a directory that cannot be listed"};
    if (seen.open_error != 0) return {How::undecided, say("open: ", errno_name(seen.open_error))};
    if (seen.size == 0)
      return {How::masked, say("masked by an empty directory", seen.read_only ? "" : ", which is not read-only")};
    return {How::forged, say(mount_text(*seen.mount), ", with ", seen.size, " names in it")};
  }
  // systemd-nspawn(1) and firejail(1) mask with files that nobody may read.
  if (S_ISREG(seen.mode) && seen.size == 0) return {How::masked, "masked by an empty file"};
  if (is_refusal(seen.open_error)) return {How::masked, "masked by a file that cannot be read"};
  return {How::forged, mount_text(*seen.mount)};
}

}  // namespace

Exposure judge(const KernelPath& seen) {
  if (is_missing(seen.stat_error)) {
    if (seen.hidden_by.empty()) return {How::absent, "the kernel has none"};
    return {How::hidden, say("out of sight behind ", seen.hidden_by)};
  }
  if (is_refusal(seen.stat_error)) return {How::refused, say(errno_name(seen.stat_error), " on the way to it")};
  if (seen.stat_error != 0) return {How::undecided, errno_name(seen.stat_error)};
  if (!is_kernels(seen.magic)) return judge_cover(seen);
  if (is_live(seen) && seen.mount->root != within_its_file_system(seen.path))
    return {How::forged, mount_text(*seen.mount)};
  return judge_own(seen);
}

Sight judge_readable(const std::vector<std::pair<std::string, Exposure>>& seen) {
  std::vector<std::string> open;
  std::vector<std::string> undecided;
  std::vector<std::string> closed;
  std::vector<std::string> nothing;
  for (const auto& [path, one] : seen) {
    const std::string text = say(path, ": ", one.text);
    switch (one.how) {
      case How::open: open.push_back(text); break;
      case How::undecided: undecided.push_back(text); break;
      case How::absent:
      case How::empty: nothing.push_back(text); break;
      default: closed.push_back(text);
    }
  }
  if (!open.empty()) return weak(join(open, "; "));
  if (!undecided.empty()) return unknown(join(undecided, "; "));
  if (!closed.empty()) return hardened(join(closed, "; "));
  return not_applicable(join(nothing, "; "));
}

std::string forgery(const KernelPath& seen) {
  const Exposure found = judge(seen);
  if (found.how == How::forged) {
    // LXCFS shows a container its own part of such a file, by design.
    const bool lxcfs = seen.mount->type == "fuse.lxcfs";
    return lxcfs ? "" : found.text;
  }
  if (found.how == How::masked && S_ISDIR(seen.mode) && seen.writable)
    return "the directory over it can be written to, which no mask is";
  return "";
}

std::string what_hides(View& view, const std::string& path) {
  for (std::string at = path; at.rfind('/') > 0;) {
    at.resize(at.rfind('/'));
    if (!view.exists(at)) continue;
    const sys::Got<sys::FileSystem>& file_system = view.file_system(at);
    if (!file_system.ok()) throw CouldNotLook(say(at, ": ", errno_name(file_system.error())));
    const sys::MountInfo* mount = view.mount_of(at);
    if (!is_kernels(file_system.value.type))
      return say("a ", mount != nullptr ? quoted(mount->type, 32) : "mount", " at ",
                 mount != nullptr ? mount->target : at);
    // proc(5), mount option subset=pid: no files but those of processes.
    if (mount != nullptr && mount->super_options.find("subset=pid") != std::string::npos)
      return "the option subset=pid of /proc";
    return "";
  }
  return say("a root directory without ", path.substr(0, path.find('/', 1)));
}

KernelPath look_at_kernel_path(View& view, const std::string& path) {
  KernelPath seen;
  seen.path = path;
  const sys::Got<struct stat>& status = view.stat(path);
  seen.stat_error = status.error();
  if (is_missing(seen.stat_error)) seen.hidden_by = what_hides(view, path);
  if (!status.ok()) return seen;
  seen.mode = status.value.st_mode;
  seen.node = say(major(status.value.st_rdev), ":", minor(status.value.st_rdev));
  seen.device = say(major(status.value.st_dev), ":", minor(status.value.st_dev));
  const sys::Got<sys::FileSystem>& file_system = view.file_system(path);
  if (!file_system.ok()) throw CouldNotLook(say(path, ": ", errno_name(file_system.error())));
  seen.magic = file_system.value.type;
  seen.read_only = (file_system.value.flags & ST_RDONLY) != 0;
  if (const sys::MountInfo* mount = view.mount_at(path)) seen.mount = *mount;
  if (S_ISDIR(seen.mode)) {
    const sys::Got<std::vector<std::string>>& names = view.names(path);
    seen.open_error = names.error();
    seen.size = names.value.size();
    seen.writable = view.writable(path);
  } else if (S_ISREG(seen.mode)) {
    seen.size = static_cast<std::size_t>(status.value.st_size);
    seen.open_error = view.call(say("open ", path),
                                [&](Actor& actor) {
                                  const Reply opened =
                                      sys::open(actor, path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW | O_CLOEXEC);
                                  if (opened.ok()) sys::close(actor, static_cast<int>(opened.value));
                                  return opened;
                                })
                          .error();
  } else {
    seen.open_error = view.access(path, R_OK);
  }
  return seen;
}

Exposure exposure(View& view, const std::string& path) {
  try {
    return judge(look_at_kernel_path(view, path));
  } catch (const CouldNotLook& reason) {
    return {How::undecided, reason.what()};
  }
}

Sight readable(View& view, const std::vector<std::string>& paths) {
  std::vector<std::pair<std::string, Exposure>> seen;
  for (const std::string& path : paths) seen.emplace_back(path, exposure(view, path));
  return judge_readable(seen);
}

}  // namespace nsproof::audit
