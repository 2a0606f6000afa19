// What it costs to give a user namespace its id map, by the number of extents (user_namespaces(7)).
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "harness/bench/case.h"
#include "harness/bench/child.h"
#include "harness/bench/clock.h"
#include "harness/support/fd.h"
#include "harness/support/text.h"

namespace nsproof::bench {
namespace {

// Not next to each other, so that they stay as many as they are. Up to 5 are kept in place, more in a sorted array
// (UID_GID_MAP_MAX_BASE_EXTENTS), and 340 is the most (UID_GID_MAP_MAX_EXTENTS).
std::string map_of(int extents) {
  std::string text;
  for (int i = 0; i < extents; ++i) text += say(2 * i, " ", 2 * i, " 1\n");
  return text;
}

int write_map(const std::string& map, double& took_us) {
  // Not by Holder, which maps as well.
  const long pid = raw_clone(
      CLONE_NEWUSER, CloneStyle::fork,
      [](void*) {
        for (;;) ::pause();
      },
      nullptr);
  if (pid < 0) return static_cast<int>(-pid);
  const Fd file(::open(say("/proc/", pid, "/uid_map").c_str(), O_WRONLY | O_CLOEXEC));
  const std::int64_t start = now_ns();
  const ssize_t written = file ? ::write(file.get(), map.data(), map.size()) : -1;
  const int error = errno;
  took_us = us_of(now_ns() - start);
  ::kill(static_cast<pid_t>(pid), SIGKILL);
  reap(pid);
  return written == static_cast<ssize_t>(map.size()) ? 0 : error;
}

std::vector<CaseSpec> idmaps() {
  std::vector<CaseSpec> cases;
  for (const int extents : {1, 5, 6, 340}) {
    CaseSpec one;
    one.id = say("idmap/", extents);
    one.title = say("the write of a uid_map of ", extents, extents == 1 ? " extent" : " extents");
    one.floor = "floor/vfork";
    one.head = one.gate = "time";
    one.set = "user";
    one.phases = {{"time", "the write"}};
    one.every = 4;
    one.prepare = [extents](const Place& place) {
      if (place.unprivileged && extents > 1)
        throw Unsupported{"more than one's own id may be mapped only by a privileged user", EPERM};
      const std::string map = map_of(extents);
      return [map](double* values) { return write_map(map, values[0]); };
    };
    cases.push_back(std::move(one));
  }
  return cases;
}

const FamilyRow row = {{"idmap", "Id maps", 12, idmaps, nullptr}};

}  // namespace
}  // namespace nsproof::bench
