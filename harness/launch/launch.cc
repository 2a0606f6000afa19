#include "harness/launch/launch.h"

#include <linux/sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "harness/launch/faults.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/ids.h"
#include "harness/sys/mounts.h"
#include "harness/sys/process.h"
#include "harness/world/world.h"

namespace nsproof {
namespace {

struct Row {
  Way way;
  std::string_view name;
  Launched (*launch)(World&, Actor&, const Sandbox&, const std::string&);
};

constexpr Row kRows[] = {
    {Way::clone3, "clone3", launch_by_clone3},
    {Way::unshare, "unshare", launch_by_unshare},
    {Way::setns, "setns", launch_by_setns},
    {Way::pidfd, "pidfd", launch_by_pidfd},
};

std::string lines(const std::vector<Extent>& extents) {
  std::string text;
  for (const Extent& one : extents) text += say(one.inside, " ", one.outside, " ", one.count, "\n");
  return text;
}

std::uint64_t propagation_flag(Propagation propagation) {
  switch (propagation) {
    case Propagation::unchanged: return 0;
    case Propagation::make_private: return MS_PRIVATE;
    case Propagation::make_shared: return MS_SHARED;
    case Propagation::make_slave: return MS_SLAVE;
    case Propagation::make_unbindable: return MS_UNBINDABLE;
  }
  return 0;
}

}  // namespace

std::string_view name_of(Way way) { return kRows[static_cast<unsigned>(way)].name; }

std::optional<Way> way_named(std::string_view name) {
  for (const Row& row : kRows)
    if (row.name == name) return row.way;
  return std::nullopt;
}

Launched launch(World& world, Actor& creator, const Sandbox& sandbox, Way way, const std::string& name) {
  return kRows[static_cast<unsigned>(way)].launch(world, creator, sandbox, name);
}

std::uint64_t creation_flags(const Sandbox& sandbox) {
  return clone_flags(faults::without_dropped(sandbox.namespaces));
}

void write_maps(World& world, Actor& creator, Actor& process, const IdMap& map) {
  if (map.extents.empty()) return;
  const std::string text = lines(map.extents);
  // Outside's /proc counts as outside does. A creator further in may still look at that one, where the process has
  // another number than its creator knows it by; the process finds it itself.
  const std::string pid =
      &creator == &world.outside() ? std::to_string(process.pid()) : must(sys::readlink(process, "/proc/self"));
  must(sys::write_file(creator, say("/proc/", pid, "/uid_map"), text));
  must(sys::write_file(creator, say("/proc/", pid, "/gid_map"), text));
}

void write_clock_offsets(Actor& actor, const ClockOffsets& offsets) {
  must(sys::write_file(actor, "/proc/self/timens_offsets",
                       say("monotonic ", offsets.monotonic, " 0\nboottime ", offsets.boottime, " 0\n")));
}

void become_root(Actor& actor, const Sandbox& sandbox) {
  if (!sandbox.namespaces.has(Ns::user) || sandbox.map.extents.empty()) return;
  for (const Extent& one : sandbox.map.extents)
    if (one.inside == 0 && one.outside == 0) return;  // it is root already
  must(sys::setresgid(actor, 0, 0, 0));
  must(sys::setresuid(actor, 0, 0, 0));
  // A change of ids makes a process undumpable, and its files in /proc root's (proc(5)).
  must(sys::prctl(actor, PR_SET_DUMPABLE, "PR_SET_DUMPABLE", 1));
}

void set_up_mounts(Actor& actor, const Sandbox& sandbox) {
  if (sandbox.propagation != Propagation::unchanged)
    must(sys::mount(actor, "", "/", "", MS_REC | propagation_flag(sandbox.propagation)));
  if (sandbox.proc == Proc::fresh) must(sys::mount(actor, "proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC));
}

}  // namespace nsproof
