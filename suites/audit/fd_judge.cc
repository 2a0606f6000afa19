// What is wrong with descriptors that came from outside.
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <array>

#include "harness/support/text.h"
#include "suites/audit/fd_tables.h"
#include "suites/audit/mnt_table.h"

namespace nsproof::audit {
namespace {

std::string text_of(const Descriptor& one) { return say(one.number, " -> ", quoted(one.link, 80)); }

bool is_foreign(const Descriptor& one, const Mounts& mounts) {
  return std::none_of(mounts.begin(), mounts.end(), [&](const Mount& mount) { return mount.id == one.mount; });
}

// Files that are on no mount of any process, but for memfd_create(2), shared memory and the like.
bool is_of_file_system(const Descriptor& one) {
  return one.link.starts_with('/') && !one.link.starts_with("/memfd:") && !one.link.starts_with("/SYSV") &&
         !one.link.starts_with("/dev/zero (deleted)") && !one.link.starts_with("/[aio]");
}

// "net:[4026531840]"
bool is_namespace(std::string_view link) {
  static constexpr auto kTypes = std::to_array<std::string_view>(
      {"cgroup:[", "ipc:[", "mnt:[", "net:[", "pid:[", "pid_for_children:[", "time:[", "user:[", "uts:["});
  return std::any_of(kTypes.begin(), kTypes.end(), [&](std::string_view type) { return link.starts_with(type); });
}

bool is_powerful(const std::string& link) {
  if (is_namespace(link) || link.starts_with("/memfd:runc") || link.starts_with("pidfd:")) return true;
  if (!link.starts_with("anon_inode:")) return false;
  static constexpr auto kKinds =
      std::to_array<std::string_view>({"bpf", "perf_event", "io_uring", "kvm", "userfaultfd", "pidfd", "fanotify",
                                       "seccomp", "fscontext", "vfio", "iommufd", "mount", "uffd"});
  return std::any_of(kKinds.begin(), kKinds.end(),
                     [&](std::string_view kind) { return link.find(kind) != std::string::npos; });
}

// The memory devices without memory, and terminals, which have a rule of their own.
bool is_harmless_device(const Descriptor& one) {
  const unsigned first = major(one.device);
  const unsigned second = minor(one.device);
  const bool memory = first == 1 && (second == 3 || second == 5 || second == 7 || second == 8 || second == 9);
  return one.mode == S_IFCHR && (memory || first == 5 || (first >= 136 && first <= 143));
}

}  // namespace

Sight judge_foreign_files(const std::vector<Descriptor>& descriptors, const Mounts& mounts) {
  std::vector<std::string> found;
  std::vector<std::string> unclear;
  for (const Descriptor& one : descriptors) {
    if (!is_of_file_system(one) || !is_foreign(one, mounts)) continue;
    if (one.mode == S_IFDIR || one.mode == S_IFREG)
      found.push_back(say("descriptor ", text_of(one), ", a ", one.mode == S_IFDIR ? "directory" : "file", " of mount ",
                          one.mount, ", which is none of the container's"));
    else if (one.mode == 0)
      unclear.push_back(text_of(one));
  }
  if (!found.empty()) return weak(some_of(found));
  if (!unclear.empty()) return unknown(say("what is behind descriptor ", some_of(unclear), " cannot be looked at"));
  return hardened(say("none of ", descriptors.size(), " that were inherited besides the standard streams"));
}

Sight judge_special(const std::vector<Descriptor>& descriptors, const Mounts& mounts) {
  std::vector<std::string> found;
  for (const Descriptor& one : descriptors) {
    const bool device = one.mode == S_IFBLK || (one.mode == S_IFCHR && !is_harmless_device(one));
    if (is_powerful(one.link) || (device && is_of_file_system(one) && is_foreign(one, mounts)))
      found.push_back(say("descriptor ", text_of(one)));
  }
  if (!found.empty()) return weak(some_of(found));
  return hardened(say("none of ", descriptors.size(), " that were inherited besides the standard streams"));
}

Sight judge_foreign_sockets(const std::vector<Descriptor>& descriptors, const std::vector<std::uint64_t>& known) {
  std::vector<std::string> found;
  std::size_t own = 0;
  for (const Descriptor& one : descriptors) {
    if (!one.link.starts_with("socket:[")) continue;
    // Of other families there are no tables.
    static constexpr auto kListed = std::to_array<std::string_view>({"UNIX", "TCP", "UDP", "RAW", "NETLINK", "PACKET"});
    const bool listed = one.protocol.empty() || std::any_of(kListed.begin(), kListed.end(), [&](std::string_view name) {
                          return one.protocol.starts_with(name);
                        });
    const bool there = std::any_of(known.begin(), known.end(),
                                   [&](std::uint64_t inode) { return one.link == say("socket:[", inode, "]"); });
    own += there ? 1 : 0;
    if (listed && !there)
      found.push_back(say("descriptor ", text_of(one), one.protocol.empty() ? "" : say(" ", quoted(one.protocol))));
  }
  if (!found.empty()) return weak(some_of(found));
  return hardened(say("no socket but ", own, " of the container's own network namespace"));
}

}  // namespace nsproof::audit
