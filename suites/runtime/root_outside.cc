// The host's tree from within a root directory of one's own: every known way back to a file of the host.
#include <fcntl.h>
#include <sched.h>

#include "harness/catalogue/property.h"
#include "harness/runtime/container.h"
#include "harness/support/text.h"
#include "harness/sys/file_handles.h"
#include "harness/sys/files.h"
#include "harness/sys/process.h"
#include "harness/world/world.h"
#include "suites/runtime/root_support.h"

namespace nsproof {
namespace {

// More than a root directory is deep. At the root of the machine ".." leads nowhere, so too many do no harm.
constexpr const char* kUp = "../../../../../../../../../..";

std::string climbed() { return std::string(kUp) + kPlantedFile; }

// The file of the host opens by one of these names; null if by none.
std::optional<Observation> opens(Actor& actor, const std::vector<std::string>& names) {
  for (const std::string& name : names)
    if (sys::read_file(actor, name).ok()) return leaked(say(name, " is the host's ", kPlantedFile));
  return std::nullopt;
}

Observation by_its_path(World& w) {
  const sys::Got<std::string> text = sys::read_file(w.inside(), kPlantedFile);
  return text.ok() ? leaked(say(kPlantedFile, " opens")) : isolated(say(kPlantedFile, ": ", errno_name(text.error())));
}

Observation by_parents(World& w) {
  must(sys::chdir(w.inside(), "/"));
  if (const auto leak = opens(w.inside(), {"/" + climbed(), climbed(), "/proc/../" + climbed(), "/dev/" + climbed()}))
    return *leak;
  return isolated("no number of .. leads out of /");
}

Observation by_processes(World& w) {
  const sys::Got<std::vector<std::string>> processes = sys::list_directory(w.inside(), "/proc");
  if (!processes.ok()) return isolated(say("/proc: ", errno_name(processes.error())));
  std::vector<std::string> names = {"/proc/self/root/" + climbed(), "/proc/self/cwd/" + climbed()};
  for (const std::string& process : processes.value) {
    if (process.find_first_not_of("0123456789") != std::string::npos) continue;
    for (const char* link : {"root", "cwd"}) names.push_back(say("/proc/", process, "/", link, "/", climbed()));
  }
  if (const auto leak = opens(w.inside(), names)) return *leak;
  return isolated(say("none of ", names.size(), " links in /proc leads out of /"));
}

Observation by_descriptors(World& w) {
  constexpr int kMost = 64;
  for (int fd = -1; fd < kMost; ++fd) {
    const int directory = fd < 0 ? AT_FDCWD : fd;
    const Reply opened = sys::openat(w.inside(), directory, climbed(), O_RDONLY | O_CLOEXEC);
    if (!opened.ok()) continue;
    must(sys::close(w.inside(), static_cast<int>(opened.value)));
    return leaked(say(fd < 0 ? "the working directory" : say("descriptor ", fd), " leads to ", kPlantedFile));
  }
  return isolated(say("neither the working directory nor a descriptor below ", kMost, " leads out"));
}

// chroot(2): "This call does not change the current working directory", which then lies outside of the root, and ".."
// stops nowhere.
Observation by_chroot(World& w) {
  Actor& inside = w.inside();
  must(sys::chdir(inside, "/"));
  const auto root = must(sys::open(inside, "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  Reply moved = sys::chroot(inside, "/tmp");
  // A user namespace gives the privilege.
  if (moved.error() == EPERM && sys::unshare(inside, CLONE_NEWUSER).ok()) moved = sys::chroot(inside, "/tmp");
  if (!moved.ok()) return isolated(say("chroot(2): ", errno_name(moved.error())));
  must(sys::fchdir(inside, static_cast<int>(root)));
  // The mounts of the sandbox begin above what the first chroot made its root; below them there is nothing.
  if (const auto leak = opens(inside, {climbed()})) return *leak;
  return isolated("outside of a root within its root, the sandbox finds nothing of the host's");
}

Observation by_handle(World& w) {
  const sys::FileHandle handle = must(sys::name_to_handle_at(w.outside(), kPlantedFile));
  const auto root = must(sys::open(w.inside(), "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  Reply opened = sys::open_by_handle_at(w.inside(), static_cast<int>(root), handle, O_RDONLY);
  if (opened.error() == ESTALE && w.place().rootfs().empty()) {
    // Another file system than that of the root, which only who has it in sight can name.
    const auto near = must(sys::open(w.inside(), "/run", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    opened = sys::open_by_handle_at(w.inside(), static_cast<int>(near), handle, O_RDONLY);
  }
  if (opened.ok()) return leaked(say(kPlantedFile, " opens by its handle"));
  return isolated(say("open_by_handle_at(2): ", errno_name(opened.error())));
}

constexpr const char* kSpec = "OCI runtime-spec config-linux.md, Mount Namespace; pivot_root(2)";

const RuntimeRows rows = {
    {
        .id = "root.outside.path-hidden",
        .claim = "A file of the host outside the root directory does not open by its path.",
        .how = "A file lies beside the root directory; inside opens the path that it has for the host.",
        .source = kSpec,
        .since = {2, 6, 24},
        .reach = Reach::any_sandbox,
        .check = by_its_path,
        .asked = asked_for_own_root,
    },
    {
        .id = "root.outside.parents-hidden",
        .claim = "No parent of / is the host's.",
        .how = "Inside opens a file of the host by paths that begin with many times \"..\".",
        .source = "path_resolution(7), pivot_root(2)",
        .since = {2, 6, 24},
        .reach = Reach::any_sandbox,
        .check = by_parents,
        .asked = asked_for_own_root,
    },
    {
        .id = "root.outside.proc-hidden",
        .claim = "No root or working directory of a process in /proc leads to the host's tree.",
        .how = "Inside follows root and cwd of every process that it sees, and opens a file of the host from there.",
        .source = "proc(5), /proc/PID/root",
        .since = {2, 6, 24},
        .reach = Reach::any_sandbox,
        .check = by_processes,
        .asked = asked_for_own_root,
    },
    {
        .id = "root.outside.descriptors-hidden",
        .claim = "Neither the working directory nor an open descriptor leads to the host's tree.",
        .how = "Inside opens a file of the host relative to each of them, climbing with \"..\".",
        .source = "CVE-2024-21626, openat(2)",
        .since = {2, 6, 24},
        .reach = Reach::any_sandbox,
        .check = by_descriptors,
        .asked = asked_for_own_root,
    },
    {
        .id = "root.outside.chroot-escape-refused",
        .claim = "Leaving the root directory by a second chroot(2) does not lead to the host's tree.",
        .how = "Inside changes its root to a directory below, goes to a descriptor of the old one and climbs with "
               "\"..\".",
        .source = "chroot(2), NOTES",
        .since = {2, 6, 24},
        .reach = Reach::any_sandbox,
        .check = by_chroot,
        .asked = asked_for_own_root,
    },
    {
        .id = "root.outside.handle-refused",
        .claim = "A file of the host does not open by its file handle.",
        .how = "Outside tells the handle of a file beside the root directory, on the same file system; inside opens it "
               "from its own root.",
        .source = "open_by_handle_at(2)",
        .since = {2, 6, 39},
        .reach = Reach::any_sandbox,
        .check = by_handle,
        .asked = asked_for_own_root,
    },
};

}  // namespace
}  // namespace nsproof
