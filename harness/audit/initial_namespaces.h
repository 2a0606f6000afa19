// The inodes of the namespaces that the kernel starts with, which tell a process from inside whether it shares one with
// the host (include/uapi/linux/nsfs.h, enum init_ns_ino; include/linux/proc_ns.h before).
#pragma once

#include <cstdint>
#include <string_view>

#include "harness/catalogue/namespaces.h"

namespace nsproof::audit {

std::uint64_t initial_inode(Ns type);
bool is_initial_inode(Ns type, std::uint64_t inode);

// Whether every kernel that has this type gives the first one its inode: then any other inode is proof, too. Those of
// the network and mount namespace got theirs only with Linux 6.18; before, they were numbered like all others.
bool has_fixed_inode(Ns type);

// 4026531836 of "pid:[4026531836]"; 0 if it is no such text.
std::uint64_t inode_in(std::string_view link);

}  // namespace nsproof::audit
