// Which mounts of a table can be reached, and where each comes from.
#include "suites/audit/mnt_table.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "harness/support/text.h"

namespace nsproof::audit {
namespace {

// Where a walk from the root directory goes: onto the child that was mounted last, and on to what is stacked there.
class Walk {
 public:
  explicit Walk(const Mounts& mounts) {
    std::set<int> known;
    for (const Mount& one : mounts) known.insert(one.id);
    for (const Mount& one : mounts) {
      children_[{one.parent, one.target}] = &one;
      if (one.target == "/" && (!known.contains(one.parent) || one.parent == one.id)) first_ = &one;
    }
  }

  const Mount* find(std::string_view path) {
    const Mount* at = climbed(first_, "/");
    for (std::size_t end = 1; at != nullptr && end < path.size();) {
      end = std::min(path.find('/', end), path.size());
      at = climbed(at, std::string(path.substr(0, end)));
      ++end;
    }
    return at;
  }

 private:
  const Mount* climbed(const Mount* from, const std::string& target) {
    if (from == nullptr) return nullptr;
    const auto [kept, fresh] = tops_.try_emplace({from->id, target}, from);
    // A table that was written to deceive could go round in circles.
    for (std::size_t left = fresh ? children_.size() : 0; left > 0; --left) {
      const auto child = children_.find({kept->second->id, target});
      if (child == children_.end()) break;
      kept->second = child->second;
    }
    return kept->second;
  }

  std::map<std::pair<int, std::string>, const Mount*> children_;  // of a mount, at a mount point
  std::map<std::pair<int, std::string>, const Mount*> tops_;      // what is on top of what was mounted there
  const Mount* first_ = nullptr;
};

template <std::size_t N>
bool among(std::string_view text, const std::array<std::string_view, N>& list) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

bool is_of_kernel(std::string_view type) {
  static constexpr auto kTypes = std::to_array<std::string_view>(
      {"proc",       "sysfs",     "cgroup",  "cgroup2",    "devpts", "mqueue",    "debugfs",     "tracefs",
       "securityfs", "bpf",       "pstore",  "configfs",   "nsfs",   "hugetlbfs", "binfmt_misc", "efivarfs",
       "fusectl",    "selinuxfs", "smackfs", "rpc_pipefs", "nfsd",   "resctrl",   "autofs",      "binder"});
  return among(type, kTypes);
}

// A bind of a node, or of one over a file that is masked: its root is the name of the node.
bool is_node(const Mount& mount) {
  static constexpr auto kNodes =
      std::to_array<std::string_view>({"/null", "/zero", "/full", "/random", "/urandom", "/tty", "/console", "/ptmx"});
  return among(mount.root, kNodes) || is_below(mount.target, "/dev") || is_below(mount.root, "/dev");
}

bool is_runtime_file(const Mount& mount) {
  static constexpr auto kTargets = std::to_array<std::string_view>(
      {"/etc/hosts", "/etc/hostname", "/etc/resolv.conf", "/etc/mtab", "/run/.containerenv", "/var/run/.containerenv",
       "/run/secrets", "/dev/termination-log", "/dev/shm", "/sbin/docker-init", "/dev/init", "/run/podman-init"});
  if (among(mount.target, kTargets)) return true;
  // Podman makes accounts for the user that it starts, and binds its own copy.
  const bool accounts = mount.target == "/etc/passwd" || mount.target == "/etc/group";
  return accounts && !is_below(mount.root, "/etc");
}

bool is_engine_volume(const Mount& mount) {
  if (mount.root == "/") return true;
  static constexpr auto kPlaces = std::to_array<std::string_view>(
      {"docker/volumes/", "storage/volumes/", "/volumes/kubernetes.io~", "/volume-subpaths/", "nerdctl/volumes/"});
  return std::any_of(kPlaces.begin(), kPlaces.end(),
                     [&](std::string_view place) { return mount.root.find(place) != std::string::npos; });
}

bool is_sensitive(const Mount& mount) {
  static constexpr auto kHarmless =
      std::to_array<std::string_view>({"/etc/localtime", "/etc/timezone", "/etc/ssl/certs", "/etc/pki/tls/certs",
                                       "/etc/ca-certificates", "/etc/alternatives"});
  static constexpr auto kPlaces = std::to_array<std::string_view>(
      {"/etc", "/root", "/boot", "/home", "/run", "/var/run", "/var/log", "/var/spool/cron", "/var/lib/docker",
       "/var/lib/containerd", "/var/lib/containers", "/var/lib/kubelet", "/var/lib/crio", "/var/lib/etcd",
       "/var/lib/rancher", "/lib/modules", "/usr/lib/modules"});
  static constexpr auto kPrograms =
      std::to_array<std::string_view>({"/usr", "/bin", "/sbin", "/lib", "/lib64", "/opt/cni"});
  const auto below_one_of = [&](const auto& places) {
    return std::any_of(places.begin(), places.end(), [&](std::string_view one) { return is_below(mount.root, one); });
  };
  if (below_one_of(kHarmless)) return false;
  if (below_one_of(kPlaces) || mount.root == "/var" || mount.root == "/var/lib") return true;
  // The host's programs can be read by everybody; what matters is that they cannot be replaced.
  return is_writable(mount) && below_one_of(kPrograms);
}

}  // namespace

std::vector<const Mount*> visible(const Mounts& mounts) {
  Walk walk(mounts);
  std::vector<const Mount*> seen;
  for (const Mount& one : mounts)
    if (walk.find(one.target) == &one) seen.push_back(&one);
  return seen;
}

std::optional<std::string> option_of(std::string_view options, std::string_view name) {
  for (const std::string& one : split(options, ',')) {
    if (one == name) return "";
    if (one.starts_with(name) && one.size() > name.size() && one[name.size()] == '=')
      return one.substr(name.size() + 1);
  }
  return std::nullopt;
}

bool is_writable(const Mount& mount) {
  return !option_of(mount.options, "ro") && !option_of(mount.super_options, "ro");
}

bool is_below(std::string_view path, std::string_view directory) {
  if (directory == "/") return path.starts_with('/');
  return path.starts_with(directory) && (path.size() == directory.size() || path[directory.size()] == '/');
}

bool may_hang(const Mount& mount) {
  const std::string_view type = mount.type;
  return type.starts_with("fuse") || type.starts_with("nfs") || type == "cifs" || type == "smb3" || type == "9p" ||
         type == "ceph" || type == "autofs";
}

Origin origin_of(const Mount& mount, const Mounts& mounts) {
  if (is_of_kernel(mount.type)) return Origin::kernel;
  if (mount.type == "devtmpfs") return mount.root == "/" ? Origin::kernel : Origin::device;
  for (const Mount& root : mounts)
    if (root.target == "/" && root.device == mount.device && is_below(mount.root, root.root)) return Origin::root;
  if (mount.target == "/") return Origin::root;
  if (mount.type == "tmpfs" || mount.type == "ramfs") {
    if (mount.root == "/") return Origin::memory;
    if (is_node(mount)) return Origin::device;
    // A part of a tmpfs that is also seen as a whole.
    for (const Mount& whole : mounts)
      if (whole.device == mount.device && whole.root == "/") return Origin::memory;
    if (is_runtime_file(mount)) return Origin::runtime_file;
    // What is bound of the host's /run says so only by its content; sockets have a rule of their own.
    return Origin::host_path;
  }
  if (is_runtime_file(mount)) return Origin::runtime_file;
  if (is_engine_volume(mount)) return Origin::volume;
  if (is_node(mount)) return Origin::device;
  return is_sensitive(mount) ? Origin::sensitive : Origin::host_path;
}

std::string described(const Mount& mount) {
  return say(quoted(mount.target), " is ", quoted(mount.root), " of ", quoted(mount.type, 20), " (",
             is_writable(mount) ? "rw" : "ro", ")");
}

std::string some_of(const std::vector<std::string>& items) {
  constexpr std::size_t kShown = 4;
  if (items.size() <= kShown) return join(items, ", ");
  const std::vector<std::string> first(items.begin(), items.begin() + kShown);
  return say(join(first, ", "), ", and ", items.size() - kShown, " more");
}

}  // namespace nsproof::audit
