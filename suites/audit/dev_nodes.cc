// A bounded walk over /dev and the mount points, by lstat(2) alone: opening a device could arm a watchdog or rewind a
// tape.
#include "suites/audit/dev_nodes.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <deque>

#include "harness/audit/look.h"
#include "harness/support/text.h"

namespace nsproof::audit {
namespace {

constexpr std::size_t kDirectories = 200;
constexpr std::size_t kNodes = 4096;
constexpr std::size_t kMounts = 256;
constexpr int kDepth = 3;

bool below(std::string_view path, std::string_view directory) {
  return path.starts_with(directory) && path.substr(directory.size()).starts_with('/');
}

// Somebody else answers for these, and may not.
bool is_remote(std::string_view type) {
  for (const std::string_view one : {"nfs", "nfs4", "cifs", "smb3", "9p", "ceph", "autofs", "afs"})
    if (type == one) return true;
  return type.starts_with("fuse");
}

// A line of what is kept: kind, numbers, and the path up to a NUL, for a name may hold anything else.
void add_node(std::string& text, const std::string& path, const struct stat& seen) {
  text += say(S_ISBLK(seen.st_mode) ? "b " : "c ", major(seen.st_rdev), " ", minor(seen.st_rdev), " ", path);
  text.push_back('\0');
}

bool is_node(const struct stat& seen) { return S_ISBLK(seen.st_mode) || S_ISCHR(seen.st_mode); }

sys::Got<std::string> walk(Actor& actor, const std::vector<std::string>& mount_points) {
  sys::Got<std::string> found;
  struct Directory {
    std::string path;
    int depth;
  };
  std::deque<Directory> left{{"/dev", 0}};
  std::size_t looked = 0;
  for (std::size_t opened = 0; !left.empty() && opened < kDirectories; ++opened) {
    const Directory directory = left.front();
    left.pop_front();
    const sys::Got<std::vector<std::string>> names = list_cautiously(actor, directory.path, kNodes);
    if (!names.ok() && directory.depth == 0) {
      found.reply = names.reply;
      if (names.error() != ENOENT) return found;
    }
    for (const std::string& name : names.value) {
      if (++looked > kNodes) break;
      const std::string path = say(directory.path, "/", name);
      const sys::Got<struct stat> seen = look_at(actor, path, Links::seen);
      if (!seen.ok()) continue;
      if (is_node(seen.value)) add_node(found.value, path, seen.value);
      const bool other = path == "/dev/pts" || path == "/dev/mqueue";
      if (S_ISDIR(seen.value.st_mode) && directory.depth < kDepth && !other)
        left.push_back({path, directory.depth + 1});
    }
  }
  for (const std::string& path : mount_points) {
    const sys::Got<struct stat> seen = look_at(actor, path, Links::seen);
    if (seen.ok() && is_node(seen.value)) add_node(found.value, path, seen.value);
  }
  found.reply.value = 0;
  return found;
}

}  // namespace

std::vector<DeviceNode> parse_device_nodes(std::string_view text) {
  std::vector<DeviceNode> nodes;
  for (const std::string& line : split(text, '\0')) {
    if (line.size() < 3) continue;
    DeviceNode node;
    node.kind = line[0];
    const char* const end = line.data() + line.size();
    const auto [after_major, bad_major] = std::from_chars(line.data() + 2, end, node.major);
    if (bad_major != std::errc{} || after_major == end) continue;
    const auto [after_minor, bad_minor] = std::from_chars(after_major + 1, end, node.minor);
    if (bad_minor != std::errc{} || after_minor == end) continue;
    node.path.assign(after_minor + 1, end);
    nodes.push_back(std::move(node));
  }
  return nodes;
}

std::vector<DeviceNode> device_nodes(View& view) {
  std::vector<std::string> mount_points;
  for (const sys::MountInfo& mount : view.mounts()) {
    const bool walked = below(mount.target, "/dev");
    const bool masked = below(mount.target, "/proc") || below(mount.target, "/sys");  // by /dev/null
    if (!walked && !masked && !is_remote(mount.type) && mount_points.size() < kMounts)
      mount_points.push_back(mount.target);
  }
  const sys::Got<std::string>& text = view.ask("device nodes", [&](Actor& actor) { return walk(actor, mount_points); });
  if (!text.ok()) throw CouldNotLook(say("/dev cannot be listed: ", errno_name(text.error())));
  return parse_device_nodes(text.value);
}

DeviceUse device_use(View& view, const DeviceNode& node) {
  const sys::MountInfo* mount = view.mount_of(node.path);
  if (mount != nullptr) {
    const std::vector<std::string> options = split(mount->options, ',');
    if (std::find(options.begin(), options.end(), "nodev") != options.end()) return {false, "nodev"};
  }
  const int read = view.access(node.path, R_OK);
  const int write = view.access(node.path, W_OK);
  if (read != 0 && write != 0) return {false, errno_name(read)};
  return {true, read == 0 && write == 0 ? "R_OK|W_OK" : read == 0 ? "R_OK" : "W_OK"};
}

bool is_usual_device(const DeviceNode& node) {
  if (node.kind != 'c') return false;
  if (node.major == 1) return node.minor == 3 || node.minor == 5 || (node.minor >= 7 && node.minor <= 9);
  if (node.major == 5) return node.minor <= 2;
  return node.major >= 136 && node.major <= 143;  // the slaves of pseudo-terminals
}

std::string text_of(const DeviceNode& node) {
  return say(quoted(node.path), " (", node.kind == 'b' ? "block " : "", node.major, ":", node.minor, ")");
}

}  // namespace nsproof::audit
