// Options of tmpfs mounts by what they do: how much fits, and which accesses are remembered.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "harness/catalogue/property.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/filesystems.h"
#include "harness/world/world.h"
#include "suites/runtime/mount_support.h"
#include "suites/runtime/root_support.h"

namespace nsproof {
namespace {

// More is not allocated for a test.
constexpr std::uint64_t kMostAllocated = std::uint64_t{64} << 20;

std::vector<ContractMount> sized_mounts(const Contract& contract) {
  std::vector<ContractMount> found;
  for (const ContractMount& mount : visible_mounts(contract.mounts))
    if (mount.type == "tmpfs" && size_option(mount).value_or(0) > 0) found.push_back(mount);
  return found;
}

// Null if no file can be made there.
std::optional<Reply> allocate_at(Actor& actor, const std::string& place, std::uint64_t bytes) {
  const std::string file = place + "/nsproof-size";
  const Reply made = sys::open(actor, file, O_RDWR | O_CREAT | O_CLOEXEC);
  if (!made.ok()) return std::nullopt;
  Reply allocated = sys::fallocate(actor, static_cast<int>(made.value), static_cast<std::int64_t>(bytes));
  must(sys::close(actor, static_cast<int>(made.value)));
  must(sys::unlink(actor, file));
  return allocated;
}

Observation no_more_fits(World& w) {
  std::vector<std::string> seen;
  for (const ContractMount& mount : sized_mounts(w.contract())) {
    const std::uint64_t size = *size_option(mount);
    const std::string& place = mount.destination;
    if (size <= kMostAllocated) {
      constexpr std::uint64_t kPage = 4096;
      const std::optional<Reply> allocated = allocate_at(w.inside(), place, size + 16 * kPage);
      if (allocated && allocated->ok()) return leaked(say(place, " takes more than ", size, " bytes"));
      if (allocated && allocated->error() == ENOSPC) {
        seen.push_back(say(place, ": ENOSPC"));
        continue;
      }
    }
    const sys::Got<sys::FileSystem> there = sys::statfs(w.inside(), place);
    if (!there.ok()) return leaked(say(place, ": ", errno_name(there.error())));
    if (there.value.bytes == 0 || there.value.bytes > size + size / 16)
      return leaked(say(place, " has ", there.value.bytes, " bytes, and was to have ", size));
    seen.push_back(say(place, " has ", there.value.bytes, " bytes by statfs(2)"));
  }
  return isolated(join(seen, ", "));
}

std::optional<std::string> asked_for_sizes(const Contract& contract) {
  std::vector<std::string> all;
  for (const ContractMount& mount : sized_mounts(contract))
    all.push_back(say(mount.destination, " of ", *size_option(mount), " bytes"));
  if (all.empty()) return std::nullopt;
  return join(all, ", ");
}

constexpr std::int64_t kLongAgo = 1'000'000'000;

// When a file was last accessed, after it has been read; null if none can be made.
std::optional<std::int64_t> access_after_read(World& w, const std::string& place, std::int64_t accessed,
                                              std::int64_t modified) {
  Actor& visitor = root_visitor_of(w);
  const std::string file = place + "/nsproof-read";
  if (!sys::make_file(visitor, file, "text", 0644).ok()) return std::nullopt;
  must(sys::set_times(visitor, file, accessed, modified));
  const bool read = sys::read_file(visitor, file).ok();
  const struct stat after = must(sys::stat(visitor, file));
  must(sys::unlink(visitor, file));
  if (!read) return std::nullopt;
  return after.st_atim.tv_sec;
}

// With relatime an access is noted if it is the first after a change, or the first of a day.
std::optional<Observation> forgets(World& w, const std::string& place) {
  const auto accessed = access_after_read(w, place, kLongAgo, kLongAgo + 1);
  if (!accessed) return std::nullopt;
  if (*accessed != kLongAgo) return leaked(say("a read in ", place, " is noted"));
  return isolated(say("a read in ", place, " is not noted"));
}

// A time of access that is newer than the change and of today, or rather of the future: relatime leaves it.
std::optional<Observation> remembers(World& w, const std::string& place) {
  constexpr std::int64_t kFarAhead = 32'503'680'000;  // the year 3000
  const auto accessed = access_after_read(w, place, kFarAhead, kLongAgo);
  if (!accessed) return std::nullopt;
  if (*accessed == kFarAhead) return leaked(say("a read in ", place, " is not noted"));
  return isolated(say("a read in ", place, " is noted"));
}

constexpr MountOption kNoatime{"noatime", "atime", ST_NOATIME};

std::vector<std::string> strict_places(const Contract& contract) {
  std::vector<std::string> places;
  for (const ContractMount& mount : visible_mounts(contract.mounts))
    if (mount.type == "tmpfs" && has_option(mount, {"strictatime", "nostrictatime", 0}))
      places.push_back(mount.destination);
  return places;
}

Observation accesses_are_noted(World& w) {
  std::vector<std::string> seen;
  for (const std::string& place : strict_places(w.contract())) {
    if (const std::optional<Observation> here = remembers(w, place)) {
      if (here->outcome == Outcome::leaked) return *here;
      seen.push_back(here->reason);
      continue;
    }
    const std::uint64_t flags = must(sys::statfs(w.inside(), place)).flags;
    if ((flags & (ST_NOATIME | ST_RELATIME)) != 0) return leaked(say(place, " is not strictatime"));
    seen.push_back(say("statfs(2) says so of ", place));
  }
  return isolated(join(seen, ", "));
}

constexpr const char* kSource = "OCI runtime-spec config.md, Linux mount options; mount(2)";

const RuntimeRows rows = {
    {
        .id = "mount.tmpfs.size-in-force",
        .claim = "A tmpfs with the option size takes no more.",
        .how = "Inside allocates more with fallocate(2); where it may not, or it would be much, statfs(2) decides.",
        .source = "tmpfs(5)",
        .since = {2, 6, 38},
        .reach = Reach::any_sandbox,
        .check = no_more_fits,
        .asked = asked_for_sizes,
    },
    {
        .id = "mount.option.noatime-in-force",
        .claim = "Reads below a mount with the option noatime leave no trace.",
        .how =
            "Root of the sandbox's user namespace reads a file that was changed after it was last accessed; where no "
            "file can be made, the flags of statfs(2) decide.",
        .source = kSource,
        .since = {2, 6, 36},
        .reach = Reach::any_sandbox,
        .check = [](World& w) { return judge_option(w, places_with(w.contract(), kNoatime), kNoatime, forgets); },
        .control = [](World& w) { return judge_option(w, {"/tmp"}, kNoatime, forgets); },
        .control_differs = "in a process that nothing isolates, at a mount without the option",
        .asked = [](const Contract& contract) { return asked_for_option(contract, kNoatime); },
    },
    {
        .id = "mount.option.strictatime-in-force",
        .claim = "Every read below a mount with the option strictatime is noted.",
        .how = "Root of the sandbox's user namespace reads a file whose time of access relatime would leave; where no "
               "file "
               "can be made, the flags of statfs(2) decide.",
        .source = kSource,
        .since = {2, 6, 30},
        .reach = Reach::any_sandbox,
        .check = accesses_are_noted,
        .asked = [](const Contract& contract) -> std::optional<std::string> {
          const std::vector<std::string> places = strict_places(contract);
          if (places.empty()) return std::nullopt;
          return say(join(places, " "), " strictatime");
        },
    },
};

}  // namespace
}  // namespace nsproof
