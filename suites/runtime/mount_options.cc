// Mount options by what they do: a set-user-ID program that gains nothing, a device that does not open, a program that
// is not executed, a file that is not written. A process of outside that has entered the sandbox's mounts puts the
// files there, so that no other protection of the sandbox stands in between.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>

#include <algorithm>

#include "harness/catalogue/property.h"
#include "harness/launch/probe_image.h"
#include "harness/support/text.h"
#include "harness/sys/execute.h"
#include "harness/sys/files.h"
#include "harness/sys/ids.h"
#include "harness/sys/mounts.h"
#include "harness/sys/process.h"
#include "harness/world/world.h"
#include "suites/runtime/mount_support.h"
#include "suites/runtime/root_support.h"

namespace nsproof {
namespace {

constexpr MountOption kRo{"ro", "rw", ST_RDONLY};
constexpr MountOption kNosuid{"nosuid", "suid", ST_NOSUID};
constexpr MountOption kNodev{"nodev", "dev", ST_NODEV};
constexpr MountOption kNoexec{"noexec", "exec", ST_NOEXEC};

std::string new_file_in(const std::string& place) { return place + "/nsproof-file"; }

// Puts the probe there; false where no file can be made (proc, mqueue, a read-only mount).
bool put_program(Actor& visitor, const std::string& file, unsigned mode) {
  if (!sys::make_file(visitor, file, probe_image(), 0700).ok()) {
    sys::unlink(visitor, file);
    return false;
  }
  must(sys::chmod(visitor, file, mode));
  return true;
}

// Whether a set-user-ID program there makes an ordinary user root.
std::optional<Observation> set_user_id(World& w, const std::string& place) {
  constexpr int kOrdinary = 1;
  Actor& visitor = root_visitor_of(w);
  Actor& ordinary = w.fork(visitor, "ordinary");
  if (!sys::setresuid(ordinary, kOrdinary, kOrdinary, kOrdinary).ok()) return std::nullopt;  // no second id is mapped
  const std::string file = new_file_in(place);
  if (!put_program(visitor, file, 04755)) return std::nullopt;
  const Reply executed = sys::execve(ordinary, file);
  must(sys::unlink(visitor, file));
  if (!executed.ok()) return std::nullopt;  // noexec has the last word
  const auto id = must(sys::geteuid(ordinary));
  if (id == kOrdinary) return isolated(say("a set-user-ID program in ", place, " gains nothing"));
  return leaked(say("a set-user-ID program in ", place, " becomes user ", id));
}

std::optional<Observation> device(World& w, const std::string& place) {
  Actor& visitor = visitor_of(w);
  const std::string file = new_file_in(place);
  if (!sys::mknod(visitor, file, S_IFCHR | 0666, makedev(1, 3)).ok()) return std::nullopt;
  sys::chmod(visitor, file, 0666);
  const Reply opened = sys::open(w.inside(), file, O_RDONLY | O_CLOEXEC);
  if (opened.ok()) must(sys::close(w.inside(), static_cast<int>(opened.value)));
  must(sys::unlink(visitor, file));
  if (opened.ok()) return leaked(say("a device node in ", place, " opens"));
  return isolated(say("a device node in ", place, ": ", errno_name(opened.error())));
}

std::optional<Observation> program(World& w, const std::string& place) {
  Actor& visitor = root_visitor_of(w);
  const std::string file = new_file_in(place);
  if (!put_program(visitor, file, 0755)) return std::nullopt;
  const Reply executed = sys::execve(w.fork(w.inside(), "child"), file);
  must(sys::unlink(visitor, file));
  if (executed.ok()) return leaked(say("a program in ", place, " is executed"));
  return isolated(say("a program in ", place, ": ", errno_name(executed.error())));
}

std::optional<Observation> change(World& w, const std::string& place) {
  Actor& visitor = root_visitor_of(w);
  const std::string file = new_file_in(place);
  const Reply made = sys::open(visitor, file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (made.ok()) {
    must(sys::unlink(visitor, file));
    return leaked(say("a file can be made in ", place));
  }
  if (made.error() == EROFS) return isolated(say("a new file in ", place, ": EROFS"));
  return std::nullopt;  // the file systems of the kernel take none
}

template <const MountOption* option, Effect effect>
Observation in_force(World& w) {
  return judge_option(w, places_with(w.contract(), *option), *option, effect);
}

// A place of the layer that has not this option, and takes files.
template <const MountOption* option, Effect effect>
Observation elsewhere(World& w) {
  // /dev alone of the layer's writable mounts lets devices open.
  return judge_option(w, {option == &kNodev ? "/dev" : "/tmp"}, *option, effect);
}

template <const MountOption* option>
std::optional<std::string> asked(const Contract& contract) {
  return asked_for_option(contract, *option);
}

constexpr const char* kBelow = "/nsproof-below";

std::vector<ContractMount> recursive_read_only(const Contract& contract) {
  std::vector<ContractMount> found;
  for (const ContractMount& mount : visible_mounts(contract.mounts))
    if (std::find(mount.options.begin(), mount.options.end(), "rro") != mount.options.end() && is_bind(mount))
      found.push_back(mount);
  return found;
}

Observation submounts_are_read_only(World& w) {
  const std::vector<ContractMount> mounts = recursive_read_only(w.contract());
  for (const ContractMount& mount : mounts) {
    must(sys::mkdir(w.outside(), mount.source + kBelow));
    must(sys::mount(w.outside(), "nsproof", mount.source + kBelow, "tmpfs"));
  }
  w.inside();
  std::vector<std::string> seen;
  for (const ContractMount& mount : mounts) {
    // Where nothing isolates, the source is all that there is.
    const std::string place = (w.place().rootfs().empty() ? mount.source : mount.destination) + kBelow;
    const auto here = change(w, place);
    if (!here) {
      seen.push_back(say(place, " takes no file"));
      continue;
    }
    if (here->outcome == Outcome::leaked) return *here;
    seen.push_back(here->reason);
  }
  return isolated(join(seen, ", "));
}

std::optional<std::string> asked_for_recursion(const Contract& contract) {
  std::vector<std::string> places;
  for (const ContractMount& mount : recursive_read_only(contract)) places.push_back(mount.destination);
  if (places.empty()) return std::nullopt;
  return say(join(places, " "), " rro");
}

constexpr const char* kSource = "OCI runtime-spec config.md, Linux mount options; mount(2)";
constexpr const char* kDiffers = "in a process that nothing isolates, at a mount without the option";

const RuntimeRows rows = {
    {
        .id = "mount.option.ro-in-force",
        .claim = "Nothing can be written below a mount with the option ro.",
        .how = "Root of the sandbox's user namespace makes a file at every such place; where the file system takes "
               "none, the flags of statfs(2) decide.",
        .source = kSource,
        .since = {2, 6, 36},
        .reach = Reach::any_sandbox,
        .check = in_force<&kRo, change>,
        .control = elsewhere<&kRo, change>,
        .control_differs = kDiffers,
        .asked = asked<&kRo>,
    },
    {
        .id = "mount.option.nosuid-in-force",
        .claim = "A set-user-ID program gains nothing below a mount with the option nosuid.",
        .how = "Root of the sandbox's user namespace puts such a program at every such place, and an ordinary user "
               "executes it; where no file can be put or executed, the flags of statfs(2) decide.",
        .source = kSource,
        .since = {2, 6, 36},
        .reach = Reach::any_sandbox,
        .check = in_force<&kNosuid, set_user_id>,
        .control = elsewhere<&kNosuid, set_user_id>,
        .control_differs = kDiffers,
        .asked = asked<&kNosuid>,
    },
    {
        .id = "mount.option.nodev-in-force",
        .claim = "No device opens below a mount with the option nodev.",
        .how =
            "A process of outside among the sandbox's mounts makes a node of the null device at every such place, and "
            "inside opens it; where no node can be made, the flags of statfs(2) decide.",
        .source = kSource,
        .since = {2, 6, 36},
        .reach = Reach::any_sandbox,
        .check = in_force<&kNodev, device>,
        .control = elsewhere<&kNodev, device>,
        .control_differs = kDiffers,
        .asked = asked<&kNodev>,
    },
    {
        .id = "mount.option.noexec-in-force",
        .claim = "No program is executed below a mount with the option noexec.",
        .how = "Root of the sandbox's user namespace puts a program at every such place, and inside executes it; where "
               "no file can be put, the flags of statfs(2) decide.",
        .source = kSource,
        .since = {2, 6, 36},
        .reach = Reach::any_sandbox,
        .check = in_force<&kNoexec, program>,
        .control = elsewhere<&kNoexec, program>,
        .control_differs = kDiffers,
        .asked = asked<&kNoexec>,
    },
    {
        .id = "mount.option.rro-in-force",
        .claim = "Nothing can be written in mounts below a bind mount with the option rro.",
        .how =
            "Outside mounts a tmpfs below the source before the sandbox starts; root of the sandbox's user namespace "
            "makes a file in it.",
        .source = "OCI runtime-spec config.md, Linux mount options; mount_setattr(2), AT_RECURSIVE",
        .since = {5, 12},
        .reach = Reach::any_alone,
        .check = submounts_are_read_only,
        .asked = asked_for_recursion,
    },
};

}  // namespace
}  // namespace nsproof
