#include "harness/sys/nsfs.h"

#include <sys/ioctl.h>
#include <sys/syscall.h>

#include "harness/support/text.h"
#include "harness/sys/files.h"

namespace nsproof::sys {
namespace {

// linux/nsfs.h and linux/pidfd.h; Debian 12's headers are older than some of these.
constexpr std::uint64_t kGetUserns = _IO(0xb7, 0x1);
constexpr std::uint64_t kGetParent = _IO(0xb7, 0x2);
constexpr std::uint64_t kGetNstype = _IO(0xb7, 0x3);
constexpr std::uint64_t kGetOwnerUid = _IO(0xb7, 0x4);
constexpr std::uint64_t kGetMntnsId = _IOR(0xb7, 0x5, std::uint64_t);
constexpr std::uint64_t kGetId = _IOR(0xb7, 0xd, std::uint64_t);

struct PidfdRequest {
  std::uint64_t request;
  std::string_view name;
};

// In the order of enum Ns.
constexpr PidfdRequest kPidfdRequests[] = {
    {_IO(0xff, 3), "PIDFD_GET_MNT_NAMESPACE"},    {_IO(0xff, 5), "PIDFD_GET_PID_NAMESPACE"},
    {_IO(0xff, 4), "PIDFD_GET_NET_NAMESPACE"},    {_IO(0xff, 9), "PIDFD_GET_USER_NAMESPACE"},
    {_IO(0xff, 2), "PIDFD_GET_IPC_NAMESPACE"},    {_IO(0xff, 10), "PIDFD_GET_UTS_NAMESPACE"},
    {_IO(0xff, 1), "PIDFD_GET_CGROUP_NAMESPACE"}, {_IO(0xff, 7), "PIDFD_GET_TIME_NAMESPACE"},
};

Reply ask(Actor& actor, int fd, std::uint64_t request, std::string_view name) {
  return actor.call(SYS_ioctl, "ioctl", {num(fd), named(request, std::string(name))});
}

template <class T>
Got<T> ask_for(Actor& actor, int fd, std::uint64_t request, std::string_view name) {
  Got<T> got{actor.call(SYS_ioctl, "ioctl", {num(fd), named(request, std::string(name)), out(sizeof(T))})};
  if (got.ok()) {
    got.value = out_as<T>(got.reply);
    actor.shows(say("[", got.value, "]"));
  }
  return got;
}

Got<NsIdentity> identity(Got<struct stat> status) {
  Got<NsIdentity> got{std::move(status.reply)};
  if (got.ok()) got.value = {status.value.st_dev, status.value.st_ino};
  return got;
}

std::string link_path(std::string_view process, std::string_view link) { return say("/proc/", process, "/ns/", link); }

}  // namespace

Got<NsIdentity> ns_identity(Actor& actor, std::string_view process, std::string_view link) {
  return identity(stat(actor, link_path(process, link)));
}
Got<NsIdentity> ns_identity(Actor& actor, std::string_view process, Ns type) {
  return ns_identity(actor, process, name_of(type));
}
Got<NsIdentity> ns_identity(Actor& actor, int fd) { return identity(fstat(actor, fd)); }

Reply open_ns(Actor& actor, std::string_view process, std::string_view link) {
  return open(actor, link_path(process, link), O_RDONLY | O_CLOEXEC);
}
Reply open_ns(Actor& actor, std::string_view process, Ns type) { return open_ns(actor, process, name_of(type)); }

Reply ns_get_userns(Actor& actor, int fd) { return ask(actor, fd, kGetUserns, "NS_GET_USERNS"); }
Reply ns_get_parent(Actor& actor, int fd) { return ask(actor, fd, kGetParent, "NS_GET_PARENT"); }
Reply ns_get_nstype(Actor& actor, int fd) { return ask(actor, fd, kGetNstype, "NS_GET_NSTYPE"); }

Got<std::uint32_t> ns_get_owner_uid(Actor& actor, int fd) {
  return ask_for<std::uint32_t>(actor, fd, kGetOwnerUid, "NS_GET_OWNER_UID");
}
Got<std::uint64_t> ns_get_id(Actor& actor, int fd) { return ask_for<std::uint64_t>(actor, fd, kGetId, "NS_GET_ID"); }
Got<std::uint64_t> ns_get_mntns_id(Actor& actor, int fd) {
  return ask_for<std::uint64_t>(actor, fd, kGetMntnsId, "NS_GET_MNTNS_ID");
}

Reply set_namespace_limit(Actor& actor, Ns type, int limit) {
  return write_file(actor, say("/proc/sys/user/max_", name_of(type), "_namespaces"), std::to_string(limit));
}

Reply pidfd_get_namespace(Actor& actor, int pidfd, Ns type) {
  const PidfdRequest& row = kPidfdRequests[static_cast<unsigned>(type)];
  // The argument must be 0 (linux/pidfd.h).
  return actor.call(SYS_ioctl, "ioctl", {num(pidfd), named(row.request, std::string(row.name)), num(0)});
}

}  // namespace nsproof::sys
