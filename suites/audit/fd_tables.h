// Descriptors of the audited process, and tables of its network namespace, as data; and what is wrong with those that
// came from outside. Pure functions but for one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/audit/finding.h"
#include "harness/sys/mounts.h"

namespace nsproof::audit {

class View;

struct Descriptor {
  int number = -1;
  std::string link;          // of /proc/PID/fd: "/", "socket:[4711]", "anon_inode:[perf_event]"
  int mount = -1;            // mnt_id of fdinfo
  unsigned mode = 0;         // S_IFMT of stat(2); 0 if unknown
  std::uint64_t device = 0;  // st_rdev
  std::string protocol;      // of a socket: "UNIX", "TCP"; empty if unknown
};

// mnt_id and O_CLOEXEC of /proc/PID/fdinfo/N (proc(5)).
struct DescriptorInfo {
  int mount = -1;
  bool close_on_exec = false;
};
DescriptorInfo parse_fdinfo(std::string_view text);

// What the audited process was given besides its standard streams, at most 256 of them. Throws CouldNotLook.
std::vector<Descriptor> inherited_descriptors(View& view);

// Directories and files that no mount of the process leads to.
Sight judge_foreign_files(const std::vector<Descriptor>& descriptors, const std::vector<sys::MountInfo>& mounts);
// Objects of the kernel: namespaces, BPF programs, another process, a virtual machine, a foreign device.
Sight judge_special(const std::vector<Descriptor>& descriptors, const std::vector<sys::MountInfo>& mounts);
// Sockets that are in no table of the process's network namespace. `known` are the inodes in these tables.
Sight judge_foreign_sockets(const std::vector<Descriptor>& descriptors, const std::vector<std::uint64_t>& known);

// One line of /proc/PID/net/unix. An abstract name begins with '@' where the kernel has NUL (unix(7)).
struct UnixSocket {
  bool listening = false;
  std::uint64_t inode = 0;
  std::string path;
};
std::vector<UnixSocket> parse_unix_sockets(std::string_view text);
// The inodes of a table of /proc/PID/net that has a column of this name: "inode" of tcp, "Inode" of netlink.
std::vector<std::uint64_t> inodes_of_table(std::string_view text);

}  // namespace nsproof::audit
