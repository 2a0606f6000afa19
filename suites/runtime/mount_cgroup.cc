// A read-only cgroup mount, whatever the runtime made of it: no group of the machine can be changed through it.
#include <fcntl.h>
#include <linux/magic.h>

#include <algorithm>

#include "harness/catalogue/property.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/filesystems.h"
#include "harness/world/world.h"
#include "suites/runtime/mount_support.h"
#include "suites/runtime/root_support.h"

namespace nsproof {
namespace {

constexpr MountOption kRo{"ro", "rw", 0};

std::vector<std::string> read_only_places(const Contract& contract) {
  std::vector<std::string> places;
  for (const ContractMount& mount : visible_mounts(contract.mounts))
    if (is_cgroup(mount) && has_option(mount, kRo)) places.push_back(mount.destination);
  return places;
}

// The hierarchies there: the mount itself, or what lies in it.
std::vector<std::string> hierarchies(Actor& actor, const std::string& place) {
  const auto is_hierarchy = [&](const std::string& path) {
    const sys::Got<sys::FileSystem> there = sys::statfs(actor, path);
    return there.ok() && (there.value.type == CGROUP_SUPER_MAGIC || there.value.type == CGROUP2_SUPER_MAGIC);
  };
  if (is_hierarchy(place)) return {place};
  sys::Got<std::vector<std::string>> names = sys::list_directory(actor, place);
  std::vector<std::string> found;
  std::sort(names.value.begin(), names.value.end());
  for (const std::string& name : names.value)
    if (is_hierarchy(say(place, "/", name))) found.push_back(say(place, "/", name));
  return found;
}

// Whether root may move processes or make groups there; nothing is written, and what was made is gone.
std::optional<std::string> changes(Actor& actor, const std::string& hierarchy) {
  const std::string group = hierarchy + "/nsproof-group";
  if (sys::mkdir(actor, group).ok()) {
    must(sys::rmdir(actor, group));
    return say("a group can be made in ", hierarchy);
  }
  const Reply opened = sys::open(actor, hierarchy + "/cgroup.procs", O_WRONLY | O_CLOEXEC);
  if (!opened.ok()) return std::nullopt;
  must(sys::close(actor, static_cast<int>(opened.value)));
  return say(hierarchy, "/cgroup.procs opens for writing");
}

Observation groups_cannot_be_changed(World& w) {
  Actor& visitor = visitor_of(w);
  std::size_t seen = 0;
  for (const std::string& place : read_only_places(w.contract())) {
    for (const std::string& hierarchy : hierarchies(visitor, place)) {
      if (const auto change = changes(visitor, hierarchy)) return leaked(*change);
      ++seen;
    }
  }
  return isolated(say("none of ", seen, " hierarchies can be changed"));
}

Observation takes_no_file(World& w) {
  Actor& visitor = root_visitor_of(w);
  std::vector<std::string> seen;
  for (const std::string& place : read_only_places(w.contract())) {
    const std::string file = place + "/nsproof-file";
    const Reply made = sys::open(visitor, file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (made.ok()) {
      must(sys::unlink(visitor, file));
      return leaked(say("a file can be made in ", place));
    }
    seen.push_back(say("a new file in ", place, ": ", errno_name(made.error())));
  }
  return isolated(join(seen, ", "));
}

Observation tmp_takes_no_file(World& w) {
  const std::string file = "/tmp/nsproof-file";
  const Reply made = sys::open(w.inside(), file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (!made.ok()) return isolated(say("a new file in /tmp: ", errno_name(made.error())));
  must(sys::unlink(w.inside(), file));
  return leaked("a file can be made in /tmp");
}

std::optional<std::string> asked_for_read_only_groups(const Contract& contract) {
  const std::vector<std::string> places = read_only_places(contract);
  if (places.empty()) return std::nullopt;
  return say(join(places, " "), " ro");
}

constexpr const char* kSource = "OCI runtime-spec config.md, Linux mount options; cgroups(7)";

const RuntimeRows rows = {
    {
        .id = "mount.cgroup.ro-in-force",
        .claim = "No cgroup can be made or joined through a cgroup mount with the option ro.",
        .how = "A process of outside among the sandbox's mounts makes a group in every hierarchy there and opens "
               "cgroup.procs for writing; nothing is written.",
        .source = kSource,
        .since = {2, 6, 24},
        .reach = Reach::any_sandbox,
        .check = groups_cannot_be_changed,
        .asked = asked_for_read_only_groups,
    },
    {
        .id = "mount.cgroup.no-new-file",
        .claim = "No file can be made in a cgroup mount with the option ro, also where it is but a directory with the "
                 "hierarchies of version 1.",
        .how = "Root of the sandbox's user namespace makes a file there.",
        .source = kSource,
        .since = {2, 6, 24},
        .reach = Reach::any_sandbox,
        .check = takes_no_file,
        .control = tmp_takes_no_file,
        .control_differs = "in a process that nothing isolates, at a mount without the option",
        .asked = asked_for_read_only_groups,
    },
};

}  // namespace
}  // namespace nsproof
