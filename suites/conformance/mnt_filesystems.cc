// Mount namespaces: which file systems a user namespace may mount, and what it must own for that (user_namespaces(7)).
#include <linux/capability.h>
#include <sys/sysmacros.h>

#include "harness/catalogue/property.h"
#include "harness/sys/ids.h"
#include "suites/conformance/mnt_support.h"

namespace nsproof {
namespace {

using namespace mnt;

// Read-only, so that nobody writes to what a file system of the whole kernel shows.
constexpr std::uint64_t kCautious = MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC;

bool has_mount(Actor& actor, std::string_view target, std::string_view type) {
  const auto mount = sys::mount_at(must(sys::mountinfo(actor)), target);
  return mount && mount->type == type;
}

Observation mount_of_type(World& w, std::string_view type) {
  must(sys::mkdir(w.outside(), kPoint));
  const Reply reply = sys::mount(w.inside(), type, kPoint, type, kCautious);
  return refusal(reply, {EPERM}, has_mount(w.inside(), kPoint, type), say("mounting ", type));
}

// The same in a sandbox that has one more namespace.
Observation mount_with(World& w, std::string_view type, Ns owned) {
  w.sandbox().namespaces = w.sandbox().namespaces.with(owned);
  return mount_of_type(w, type);
}

// A sysfs must be visible before a user namespace may mount one (mount_too_revealing() in fs/namespace.c).
void show_sysfs(World& w) { must(sys::mount(w.outside(), "sysfs", "/sys", "sysfs", kCautious)); }

enum class Visible { covered, fully };

Observation proc_when_ours_is(World& w, Visible visible) {
  if (visible == Visible::covered) must(sys::mount(w.outside(), "tmpfs", "/proc/sys", "tmpfs"));
  return mount_of_type(w, "proc");
}

// A type that this kernel has and that user namespaces may not mount.
Observation mount_of_privileged_type(World& w) {
  const auto known = words_of(must(sys::read_file(w.outside(), "/proc/filesystems")));
  for (const std::string_view type : {"devtmpfs", "debugfs", "securityfs", "tracefs", "hugetlbfs", "ext4", "xfs"})
    if (std::find(known.begin(), known.end(), type) != known.end()) return mount_of_type(w, type);
  return unknown("this kernel has no file system type that user namespaces may not mount");
}

Observation mount_as_root_of_own_user_namespace(World& w) {
  if (!must(sys::capget(w.inside())).has(CAP_SYS_ADMIN)) return unknown("inside has no CAP_SYS_ADMIN to begin with");
  return mount_of_type(w, "tmpfs");
}

constexpr unsigned kDevice = S_IFCHR | 0666;
const std::uint64_t kNullDevice = makedev(1, 3);  // null(4)

Observation device_made(World& w) {
  const Reply reply = sys::mknod(w.inside(), "/tmp/null", kDevice, kNullDevice);
  return refusal(reply, {EPERM}, reaches(w.outside(), "/tmp/null"), "making a device file");
}

// The device file itself is made by outside, through the root of inside.
Observation device_opened(World& w) {
  must(sys::mkdir(w.outside(), kPoint));
  mount_marked(w.inside(), kPoint);
  const std::string device = say("/proc/", w.inside().pid(), "/root", kPoint, "/null");
  must(sys::mknod(w.outside(), device, kDevice, kNullDevice));
  const Reply reply = sys::open(w.inside(), say(kPoint, "/null"), O_WRONLY | O_CLOEXEC);
  return refusal(reply, {EACCES}, reply.ok(), "opening a device file on a file system of its own");
}

const Sandbox kOwnUserAndMounts = {.namespaces = {Ns::user, Ns::mnt}};

const Rows rows = {
    {
        .id = "mnt.mount.needs-owner-capability",
        .claim =
            "Mounting needs CAP_SYS_ADMIN in the user namespace that owns the mount namespace; to have it in one's "
            "own is not enough: EPERM.",
        .how = "Root of a new user namespace in the old mount namespace mounts a tmpfs.",
        .source = "user_namespaces(7)",
        .since = {3, 8},
        .sandbox = {.namespaces = Ns::user},
        .check = mount_as_root_of_own_user_namespace,
        .control = [](World& w) { return mount_with(w, "tmpfs", Ns::mnt); },
        .control_differs = "the sandbox has a mount namespace of its own",
    },
    {
        .id = "mnt.proc.needs-owned-pid-namespace",
        .claim = "Mounting proc needs CAP_SYS_ADMIN over the pid namespace that it would show: EPERM.",
        .how = "Root of a new user and mount namespace, in the old pid namespace, mounts proc.",
        .source = "user_namespaces(7)",
        .since = {3, 8},
        .sandbox = kOwnUserAndMounts,
        .check = [](World& w) { return mount_of_type(w, "proc"); },
        .control = [](World& w) { return mount_with(w, "proc", Ns::pid); },
        .control_differs = "the sandbox has a pid namespace of its own",
    },
    {
        .id = "mnt.proc.covered-instance-refused",
        .claim = "A user namespace whose visible proc is covered in part cannot mount one that is not: EPERM.",
        .how = "Outside mounts a tmpfs on /proc/sys before the sandbox; inside mounts a proc of its own pid namespace.",
        .source = "user_namespaces(7); mount_too_revealing() in fs/namespace.c",
        .since = {4, 8},
        .sandbox = {.namespaces = {Ns::user, Ns::mnt, Ns::pid}},
        .check = [](World& w) { return proc_when_ours_is(w, Visible::covered); },
        .control = [](World& w) { return proc_when_ours_is(w, Visible::fully); },
        .control_differs = "nothing is mounted on /proc/sys",
    },
    {
        .id = "mnt.sysfs.needs-owned-net-namespace",
        .claim = "Mounting sysfs needs CAP_SYS_ADMIN over the network namespace that it would show: EPERM.",
        .how = "Root of a new user and mount namespace, in the old network namespace, mounts sysfs.",
        .source = "user_namespaces(7)",
        .since = {3, 8},
        .sandbox = kOwnUserAndMounts,
        .makes = Ns::net,
        .needs = {Need::initial_root},
        .check =
            [](World& w) {
              show_sysfs(w);
              return mount_of_type(w, "sysfs");
            },
        .control =
            [](World& w) {
              show_sysfs(w);
              return mount_with(w, "sysfs", Ns::net);
            },
        .control_differs = "the sandbox has a network namespace of its own",
    },
    {
        .id = "mnt.mqueue.needs-owned-ipc-namespace",
        .claim = "Mounting mqueue needs CAP_SYS_ADMIN over the IPC namespace that it would show: EPERM.",
        .how = "Root of a new user and mount namespace, in the old IPC namespace, mounts mqueue.",
        .source = "user_namespaces(7)",
        .since = {3, 8},
        .sandbox = kOwnUserAndMounts,
        .needs = {Need::mqueue},
        .check = [](World& w) { return mount_of_type(w, "mqueue"); },
        .control = [](World& w) { return mount_with(w, "mqueue", Ns::ipc); },
        .control_differs = "the sandbox has an IPC namespace of its own",
    },
    {
        .id = "mnt.cgroup2.needs-owned-cgroup-namespace",
        .claim = "Mounting cgroup2 needs CAP_SYS_ADMIN over the cgroup namespace that it would show: EPERM.",
        .how = "Root of a new user and mount namespace, in the old cgroup namespace, mounts cgroup2.",
        .source = "cgroup_namespaces(7)",
        .since = {4, 6},
        .sandbox = kOwnUserAndMounts,
        .makes = Ns::cgroup,
        .check = [](World& w) { return mount_of_type(w, "cgroup2"); },
        .control = [](World& w) { return mount_with(w, "cgroup2", Ns::cgroup); },
        .control_differs = "the sandbox has a cgroup namespace of its own",
    },
    {
        .id = "mnt.filesystem.privileged-type-refused",
        .claim =
            "A user namespace may mount only types that are marked for it: EPERM for devtmpfs, debugfs and the like.",
        .how = "Inside mounts the first type of /proc/filesystems that is among a list of such types.",
        .source = "user_namespaces(7)",
        .since = {3, 8},
        .sandbox = kOwnUserAndMounts,
        .check = mount_of_privileged_type,
        .control = [](World& w) { return mount_of_type(w, "tmpfs"); },
        .control_differs = "the type is tmpfs",
    },
    {
        .id = "mnt.device.making-refused",
        .claim = "Root of a user namespace cannot make device files: EPERM.",
        .how = "Inside makes a character device on the tmpfs of outside, which looks for it.",
        .source = "mknod(2); user_namespaces(7)",
        .since = {3, 8},
        .isolated_by = Ns::user,
        .needs = {Need::initial_root},
        .check = device_made,
    },
    {
        .id = "mnt.device.opening-refused",
        .claim = "Device files on a file system that a user namespace has mounted do not open: EACCES.",
        .how = "Inside mounts a tmpfs, outside puts the null device on it through /proc/PID/root, inside opens that.",
        .source = "user_namespaces(7); SB_I_NODEV in fs/super.c",
        .since = {4, 8},
        .isolated_by = Ns::user,
        .sandbox = {.namespaces = Ns::mnt},
        .needs = {Need::initial_root},
        .check = device_opened,
    },
};

}  // namespace
}  // namespace nsproof
