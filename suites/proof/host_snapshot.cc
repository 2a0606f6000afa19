#include "suites/proof/host_snapshot.h"

#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>

#include "harness/support/host_file.h"
#include "harness/support/text.h"

namespace nsproof {
namespace {

namespace fs = std::filesystem;

std::set<std::string> lines_in(const fs::path& path) {
  const std::vector<std::string> lines = lines_of(host_file(path));
  return {lines.begin(), lines.end()};
}

bool is_number(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::vector<std::string> namespaces_of(const fs::path& process) {
  std::vector<std::string> links;
  for (const char* type : {"mnt", "pid", "net", "user", "ipc", "uts", "cgroup", "time"}) {
    std::error_code error;
    const fs::path link = fs::read_symlink(process / "ns" / type, error);
    if (!error) links.push_back(link.string());
  }
  return links;
}

// Processes by id, name and start time: those of nsproof, and whoever is in another namespace than we are. Others come
// and go on a machine as they like.
void add_processes(HostSnapshot& snapshot) {
  const std::vector<std::string> ours = namespaces_of("/proc/self");
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string pid = entry.path().filename();
    if (!is_number(pid)) continue;
    const std::string stat = host_file(entry.path() / "stat");
    const std::size_t end = stat.rfind(')');
    if (end == std::string::npos) continue;
    const std::vector<std::string> fields = words_of(stat.substr(end + 1));
    constexpr std::size_t kStart = 19;
    if (fields.size() <= kStart) continue;
    const std::vector<std::string> links = namespaces_of(entry.path());
    snapshot["namespaces"].insert(links.begin(), links.end());
    const bool named = stat.find("nsproof") != std::string::npos || stat.find("nsprobe") != std::string::npos;
    if (named || links != ours) snapshot["processes"].insert(say(stat.substr(0, end + 1), " started ", fields[kStart]));
  }
}

// Files of /proc/sys that count what the kernel does and set nothing (proc(5)).
bool is_counter(std::string_view path) {
  static constexpr std::string_view kCounters[] = {"/proc/sys/fs/aio-nr",      "/proc/sys/fs/dentry-state",
                                                   "/proc/sys/fs/file-nr",     "/proc/sys/fs/inode-nr",
                                                   "/proc/sys/fs/inode-state", "/proc/sys/kernel/ns_last_pid",
                                                   "/proc/sys/kernel/random/", "/proc/sys/kernel/pty/nr"};
  return std::any_of(std::begin(kCounters), std::end(kCounters),
                     [&](std::string_view counter) { return path.starts_with(counter); });
}

void add_sysctls(HostSnapshot& snapshot) {
  std::error_code error;
  for (fs::recursive_directory_iterator at("/proc/sys", fs::directory_options::skip_permission_denied, error), end;
       at != end; at.increment(error)) {
    if (error) break;
    const std::string path = at->path();
    if (is_counter(path) || !at->is_regular_file(error) ||
        (at->status(error).permissions() & fs::perms::owner_read) == fs::perms::none)
      continue;
    snapshot["sysctls"].insert(say(path, " = ", host_file(path)));
  }
}

void add_cgroups(HostSnapshot& snapshot) {
  std::error_code error;
  for (fs::recursive_directory_iterator at("/sys/fs/cgroup", fs::directory_options::skip_permission_denied, error), end;
       at != end; at.increment(error)) {
    if (error) break;
    if (at->is_directory(error)) snapshot["cgroups"].insert(at->path().string());
  }
}

}  // namespace

HostSnapshot take_snapshot() {
  HostSnapshot snapshot;
  utsname names{};
  ::uname(&names);
  snapshot["names"] = {say("host name ", names.nodename), say("domain name ", names.domainname)};
  snapshot["mounts"] = lines_in("/proc/self/mountinfo");
  for (const char* kind : {"shm", "sem", "msg"})
    snapshot[say("sysvipc ", kind)] = lines_in(say("/proc/sysvipc/", kind));
  for (const auto& link : fs::directory_iterator("/sys/class/net")) snapshot["links"].insert(link.path().filename());
  add_processes(snapshot);
  add_sysctls(snapshot);
  add_cgroups(snapshot);
  for (const char* directory : {"/run/netns", "/var/run/netns", "/dev/mqueue", "/dev/shm", "/tmp"}) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(directory, error)) snapshot["files"].insert(entry.path());
  }
  return snapshot;
}

namespace {

std::string key_of(const std::string& kind, const std::string& line) {
  return say(kind, ": ", line.substr(0, line.find(" = ")));
}

template <class Report>
void compare(const HostSnapshot& before, const HostSnapshot& after, Report report) {
  static const std::set<std::string> kNone;
  std::set<std::string> kinds;
  for (const auto& [kind, lines] : before) kinds.insert(kind);
  for (const auto& [kind, lines] : after) kinds.insert(kind);
  const auto lines_of_kind = [](const HostSnapshot& snapshot, const std::string& kind) -> const std::set<std::string>& {
    const auto found = snapshot.find(kind);
    return found == snapshot.end() ? kNone : found->second;
  };
  for (const std::string& kind : kinds) {
    const auto& old_lines = lines_of_kind(before, kind);
    const auto& new_lines = lines_of_kind(after, kind);
    for (const std::string& line : old_lines)
      if (!new_lines.contains(line)) report(kind, '-', line);
    for (const std::string& line : new_lines)
      if (!old_lines.contains(line)) report(kind, '+', line);
  }
}

}  // namespace

std::vector<std::string> differences(const HostSnapshot& before, const HostSnapshot& after,
                                     const std::set<std::string>& ignored_keys) {
  std::vector<std::string> found;
  compare(before, after, [&](const std::string& kind, char sign, const std::string& line) {
    // Somebody else's process may end at any time, and its namespaces with it; what matters is what has come and stays.
    if (sign == '-' && (kind == "processes" || kind == "namespaces")) return;
    if (!ignored_keys.contains(key_of(kind, line))) found.push_back(say(kind, ": ", sign, " ", line));
  });
  return found;
}

std::set<std::string> volatile_keys(const HostSnapshot& one, const HostSnapshot& other) {
  std::set<std::string> keys;
  compare(one, other, [&](const std::string& kind, char, const std::string& line) { keys.insert(key_of(kind, line)); });
  return keys;
}

HostWatch::HostWatch() {
  const HostSnapshot first = take_snapshot();
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  before_ = take_snapshot();
  ignored_ = volatile_keys(first, before_);
}

std::vector<std::string> HostWatch::what_is_left() {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  for (;;) {
    const HostSnapshot after = take_snapshot();
    std::vector<std::string> left = differences(before_, after, ignored_);
    if (left.empty() || std::chrono::steady_clock::now() > until) return left;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    ignored_.merge(volatile_keys(after, take_snapshot()));
  }
}

}  // namespace nsproof
