// The devices that a sandbox should have: the usual ones that work as such, and those that a configuration names.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "harness/catalogue/property.h"
#include "harness/runtime/contract.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/world/world.h"

namespace nsproof {
namespace {

// What went wrong with a device, in words; empty if nothing did.
using Trial = std::string (*)(Actor& actor, int fd);

std::string swallows(Actor& actor, int fd) {
  const Reply written = sys::write(actor, fd, "lost");
  if (written.value != 4) return say("write(2) to it: ", errno_name(written.error()));
  return must(sys::read(actor, fd, 4)).empty() ? "" : "there is something to read";
}

std::string gives_zeros(Actor& actor, int fd) {
  return must(sys::read(actor, fd, 4)) == std::string(4, '\0') ? "" : "it does not give zeros";
}

std::string is_full(Actor& actor, int fd) {
  return sys::write(actor, fd, "x").error() == ENOSPC ? "" : "it is not full";
}

std::string is_random(Actor& actor, int fd) {
  const std::string first = must(sys::read(actor, fd, 16));
  return first.size() == 16 && must(sys::read(actor, fd, 16)) != first ? "" : "it does not give random bytes";
}

struct Usual {
  const char* path;
  Trial trial;
};

constexpr Usual kUsual[] = {{"/dev/null", swallows},
                            {"/dev/zero", gives_zeros},
                            {"/dev/full", is_full},
                            {"/dev/random", is_random},
                            {"/dev/urandom", is_random}};

Observation usual_work(World& w) {
  std::vector<std::string> names;
  for (const Usual& device : kUsual) {
    const Reply opened = sys::open(w.inside(), device.path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (!opened.ok()) return leaked(say(device.path, " does not open: ", errno_name(opened.error())));
    const int fd = static_cast<int>(opened.value);
    const std::string wrong = device.trial(w.inside(), fd);
    must(sys::close(w.inside(), fd));
    if (!wrong.empty()) return leaked(say(device.path, ": ", wrong));
    names.emplace_back(device.path);
  }
  return isolated(say(join(names, " "), " work"));
}

Observation usual_with_a_plain_file(World& w) {
  must(sys::unlink(w.inside(), "/dev/full"));
  must(sys::make_file(w.inside(), "/dev/full", ""));
  return usual_work(w);
}

Observation streams_lead_to_own(World& w) {
  struct Link {
    const char* path;
    const char* same_as;
  };
  static constexpr Link kLinks[] = {{"/dev/fd", "/proc/self/fd"},
                                    {"/dev/stdin", "/proc/self/fd/0"},
                                    {"/dev/stdout", "/proc/self/fd/1"},
                                    {"/dev/stderr", "/proc/self/fd/2"}};
  for (const Link& link : kLinks) {
    const sys::Got<struct stat> there = sys::stat(w.inside(), link.path);
    const sys::Got<struct stat> own = sys::stat(w.inside(), link.same_as);
    if (!own.ok()) return unknown(say(link.same_as, ": ", errno_name(own.error())));
    if (!there.ok()) return leaked(say(link.path, ": ", errno_name(there.error())));
    if (there.value.st_ino != own.value.st_ino || there.value.st_dev != own.value.st_dev)
      return leaked(say(link.path, " is not ", link.same_as));
  }
  return isolated("/dev/fd, stdin, stdout and stderr are the caller's own");
}

Observation streams_without_one(World& w) {
  must(sys::unlink(w.inside(), "/dev/stdout"));
  must(sys::symlink(w.inside(), "/dev/null", "/dev/stdout"));
  return streams_lead_to_own(w);
}

std::optional<std::string> asked_for_devices(const Contract& contract) {
  if (!contract.devices || contract.devices->empty()) return std::nullopt;
  std::vector<std::string> paths;
  for (const ContractDevice& device : *contract.devices) paths.push_back(device.path);
  return join(paths, " ");
}

unsigned kind_of(char type) { return type == 'b' ? S_IFBLK : type == 'p' ? S_IFIFO : S_IFCHR; }

Observation configured_there(World& w) {
  for (const ContractDevice& device : *w.contract().devices) {
    const sys::Got<struct stat> there = sys::stat(w.inside(), device.path);
    if (!there.ok()) return leaked(say(device.path, ": ", errno_name(there.error())));
    if ((there.value.st_mode & S_IFMT) != kind_of(device.type)) return leaked(say(device.path, " is of another type"));
    if (device.type != 'p' && there.value.st_rdev != makedev(device.major, device.minor))
      return leaked(say(device.path, " is ", major(there.value.st_rdev), ":", minor(there.value.st_rdev)));
    const Reply opened = sys::open(w.inside(), device.path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    // The rules may still deny it if its owner does not have it opened: that is EPERM, and not for who asked for it.
    if (opened.error() == EPERM) return leaked(say(device.path, " does not open: EPERM"));
    if (opened.ok()) must(sys::close(w.inside(), static_cast<int>(opened.value)));
  }
  return isolated("each is there with its type and number, and is not refused");
}

Observation configured_owned(World& w) {
  for (const ContractDevice& device : *w.contract().devices) {
    const sys::Got<struct stat> there = sys::stat(w.inside(), device.path);
    if (!there.ok()) return leaked(say(device.path, ": ", errno_name(there.error())));
    if (device.mode && (there.value.st_mode & 07777) != *device.mode)
      return leaked(say(device.path, " has another mode"));
    if (there.value.st_uid != device.uid.value_or(0) || there.value.st_gid != device.gid.value_or(0))
      return leaked(say(device.path, " belongs to ", there.value.st_uid, ":", there.value.st_gid));
  }
  return isolated("each has its mode and owner");
}

const RuntimeRows rows = {
    {
        .id = "dev.usual.work",
        .claim = "The devices null, zero, full, random and urandom are there and do what they are for.",
        .how = "Inside reads from them and writes to them.",
        .source = "OCI runtime-spec config-linux.md, Default Devices; null(4), full(4), random(4)",
        .since = {2, 6, 24},
        .reach = Reach::any_alone,
        .check = usual_work,
        .control = usual_with_a_plain_file,
        .control_differs = "/dev/full is a plain file",
    },
    {
        .id = "dev.streams.own",
        .claim = "/dev/fd, stdin, stdout and stderr lead to the descriptors of the process that asks.",
        .how = "Inside compares what stat(2) says of them and of /proc/self/fd.",
        .source = "OCI runtime-spec runtime-linux.md, Dev symbolic links",
        .since = {2, 6, 24},
        .reach = Reach::any_alone,
        .check = streams_lead_to_own,
        .control = streams_without_one,
        .control_differs = "one of the links leads elsewhere",
    },
    {
        .id = "dev.configured.there",
        .claim = "Every configured device is there with its type and number, and the sandbox may open it.",
        .how = "Inside asks stat(2) for each, and opens it.",
        .source = "OCI runtime-spec config-linux.md, Devices",
        .since = {2, 6, 24},
        .reach = Reach::any_sandbox,
        .check = configured_there,
        .asked = asked_for_devices,
    },
    {
        .id = "dev.configured.owned-as-asked",
        .claim = "Every configured device has the mode and the owner that were asked for.",
        .how = "Inside asks stat(2) for each.",
        .source = "OCI runtime-spec config-linux.md, Devices",
        .since = {2, 6, 24},
        .reach = Reach::any_sandbox,
        .check = configured_owned,
        .asked = asked_for_devices,
    },
};

}  // namespace
}  // namespace nsproof
