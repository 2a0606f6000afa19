// Finds socket files by lstat(2) alone, within bounds: at most so many directories and names, and so deep.
#include "suites/audit/mnt_sockets.h"

#include <fcntl.h>
#include <sys/syscall.h>

#include <algorithm>
#include <deque>
#include <set>

#include "harness/audit/look.h"
#include "harness/support/text.h"
#include "suites/audit/fd_tables.h"
#include "suites/audit/mnt_table.h"

namespace nsproof::audit {
namespace {

constexpr std::size_t kNames = 4096;
constexpr std::size_t kNamesOfOne = 2048;
constexpr std::size_t kDirectories = 256;
constexpr int kDepth = 4;
constexpr std::size_t kBatch = wire::kMaxCalls;
constexpr std::size_t kLongestPath = 1024;

// In directories that may be searched but not listed, a name must be known.
constexpr const char* kWellKnown[] = {"/run/docker.sock",
                                      "/run/containerd/containerd.sock",
                                      "/run/k3s/containerd/containerd.sock",
                                      "/run/crio/crio.sock",
                                      "/run/podman/podman.sock",
                                      "/run/buildkit/buildkitd.sock",
                                      "/run/cri-dockerd.sock",
                                      "/run/libvirt/libvirt-sock",
                                      "/run/dbus/system_bus_socket",
                                      "/run/systemd/private",
                                      "/var/lib/kubelet/device-plugins/kubelet.sock",
                                      "/var/lib/lxd/unix.socket",
                                      "/var/lib/incus/unix.socket",
                                      "/var/snap/lxd/common/lxd/unix.socket"};

struct Walked {
  std::vector<std::string> sockets;
  std::size_t looked_at = 0;
  bool complete = true;
};

struct Place {
  std::string path;
  int depth = 0;
};

// lstat(2) of many files, whose calls are not worth a line each: those of the sockets are made again by the rule.
std::vector<unsigned> kinds_of(Actor& actor, const std::vector<std::string>& paths) {
  std::vector<unsigned> kinds;
  for (std::size_t from = 0; from < paths.size(); from += kBatch) {
    std::vector<Step> steps;
    for (std::size_t i = from; i < std::min(from + kBatch, paths.size()); ++i) {
      steps.push_back(step(SYS_newfstatat, "newfstatat",
                           {named(static_cast<std::uint64_t>(AT_FDCWD), "AT_FDCWD"), path(paths[i]),
                            out(sizeof(struct stat)), named(AT_SYMLINK_NOFOLLOW, "AT_SYMLINK_NOFOLLOW")}));
      steps.back().plumbing = true;
    }
    for (const Reply& reply : actor.batch(std::move(steps)))
      kinds.push_back(reply.ok() ? out_as<struct stat>(reply).st_mode & S_IFMT : 0);
  }
  kinds.resize(paths.size());
  return kinds;
}

Walked walk(Actor& actor, const std::vector<std::string>& roots, const std::set<std::string>& closed) {
  Walked walked;
  std::deque<Place> left;
  std::set<std::string> known(roots.begin(), roots.end());
  for (const std::string& root : roots) left.push_back({root, 0});
  std::size_t directories = 0;
  while (!left.empty()) {
    if (walked.looked_at >= kNames || directories++ >= kDirectories) {
      walked.complete = false;
      break;
    }
    const Place place = left.front();
    left.pop_front();
    const sys::Got<std::vector<std::string>> names = list_cautiously(actor, place.path, kNamesOfOne);
    if (!names.ok()) continue;  // it is not there, a link to what is looked at anyway, or may not be listed
    std::vector<std::string> paths;
    for (const std::string& name : names.value) {
      std::string full = say(place.path, "/", name);
      if (full.size() <= kLongestPath && !closed.contains(full)) paths.push_back(std::move(full));
    }
    walked.looked_at += paths.size();
    if (names.value.size() >= kNamesOfOne) walked.complete = false;
    const std::vector<unsigned> kinds = kinds_of(actor, paths);
    for (std::size_t i = 0; i < paths.size(); ++i) {
      if (kinds[i] == S_IFSOCK) walked.sockets.push_back(paths[i]);
      if (kinds[i] == S_IFDIR && place.depth + 1 < kDepth && known.insert(paths[i]).second)
        left.push_back({paths[i], place.depth + 1});
    }
  }
  return walked;
}

// A file name holds no NUL, so that is what the answer is divided by. The first part says how the walk ended.
std::string packed(const Walked& walked) {
  std::string text = say(walked.complete ? "+" : "-", walked.looked_at);
  for (const std::string& one : walked.sockets) text += say('\0', one);
  return text;
}

// Sockets that the environment tells tools to use.
std::vector<std::string> named_in_environment(View& view) {
  std::vector<std::string> paths;
  const sys::Got<std::string>& environment = view.process_file("environ");
  for (const std::string& one : split(environment.value, '\0'))
    for (const std::string_view name : {"DOCKER_HOST=unix://", "CONTAINER_HOST=unix://", "BUILDKIT_HOST=unix://"})
      if (one.starts_with(name)) paths.push_back(one.substr(name.size(), kLongestPath));
  return paths;
}

std::set<std::string> listened_at(View& view) {
  std::set<std::string> paths;
  if (view.name_space(Ns::net).ownership != Ownership::own) return paths;
  for (const UnixSocket& one : parse_unix_sockets(view.process_file("net/unix").value))
    if (one.listening) paths.insert(one.path);
  return paths;
}

}  // namespace

SocketFiles socket_files(View& view) {
  const Mounts& mounts = view.mounts();
  std::vector<std::string> roots = {"/run", "/var/run", "/tmp"};
  std::vector<std::string> candidates = named_in_environment(view);
  candidates.insert(candidates.end(), std::begin(kWellKnown), std::end(kWellKnown));
  std::set<std::string> closed;
  std::map<std::string, const Mount*> by_target;
  for (const Mount* one : visible(mounts)) {
    by_target[one->target] = one;
    const Origin origin = origin_of(*one, mounts);
    if (origin == Origin::kernel || may_hang(*one)) {
      closed.insert(one->target);
    } else if (origin == Origin::host_path || origin == Origin::sensitive || origin == Origin::runtime_file ||
               origin == Origin::volume) {
      // A socket, or a directory with some.
      candidates.push_back(one->target);
      if (one->root != "/") roots.push_back(one->target);
    }
  }
  const std::string answer = view.ask("socket files",
                                      [&](Actor& actor) {
                                        const Walked walked = walk(actor, roots, closed);
                                        return sys::Got<std::string>{Reply{}, packed(walked)};
                                      })
                                 .value;
  std::vector<std::string> parts = split(answer, '\0');
  SocketFiles files;
  files.complete = parts.front().starts_with('+');
  files.looked_at = std::stoul(parts.front().substr(1));
  candidates.insert(candidates.end(), parts.begin() + 1, parts.end());
  std::sort(candidates.begin(), candidates.end());
  candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
  const std::set<std::string> listened = listened_at(view);
  for (const std::string& path : candidates) {
    const sys::Got<struct stat>& seen = view.stat(path);
    if (!seen.ok() || !S_ISSOCK(seen.value.st_mode)) continue;
    const auto mount = by_target.find(path);
    const std::string original = mount != by_target.end() ? mount->second->root : "";
    files.found.push_back({path, original, view.writable(path), original.empty() && listened.contains(path)});
  }
  return files;
}

}  // namespace nsproof::audit
