#include "harness/audit/initial_namespaces.h"

#include <charconv>

namespace nsproof::audit {

std::uint64_t initial_inode(Ns type) {
  switch (type) {
    case Ns::ipc: return 0xEFFFFFFF;
    case Ns::uts: return 0xEFFFFFFE;
    case Ns::user: return 0xEFFFFFFD;
    case Ns::pid: return 0xEFFFFFFC;
    case Ns::cgroup: return 0xEFFFFFFB;
    case Ns::time: return 0xEFFFFFFA;
    case Ns::net: return 0xEFFFFFF9;
    case Ns::mnt: return 0xEFFFFFF8;
  }
  return 0;
}

bool is_initial_inode(Ns type, std::uint64_t inode) { return inode == initial_inode(type); }

bool has_fixed_inode(Ns type) { return type != Ns::net && type != Ns::mnt; }

std::uint64_t inode_in(std::string_view link) {
  const std::size_t open = link.find('[');
  std::uint64_t inode = 0;
  if (open != std::string_view::npos) std::from_chars(link.data() + open + 1, link.data() + link.size(), inode);
  return inode;
}

}  // namespace nsproof::audit
