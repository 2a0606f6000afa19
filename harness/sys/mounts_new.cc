#include "harness/sys/mounts_new.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>

#include <cstring>

#include "harness/support/text.h"
#include "harness/sys/names.h"

namespace nsproof::sys {
namespace {

// The numbers are the same on every architecture that we run on; older C libraries do not know them.
constexpr long kMountSetattr = 442;
constexpr long kStatmount = 457;
constexpr long kListmount = 458;

constexpr std::uint64_t kGetMountNamespaceId = 0x8008b705;  // NS_GET_MNTNS_ID (ioctl_nsfs(2))

Arg directory(int fd) { return fd == AT_FDCWD ? named(static_cast<std::uint64_t>(fd), "AT_FDCWD") : num(fd); }

// struct mnt_id_req of <linux/mount.h>. The first version, of Linux 6.8, ends before the namespace.
struct MountRequest {
  std::uint32_t size = 24;
  std::uint32_t spare = 0;
  std::uint64_t mount = 0;
  std::uint64_t parameter = 0;
  std::uint64_t ns = 0;
};
static_assert(sizeof(MountRequest) == 32);

Arg request_arg(std::uint64_t mount, std::uint64_t parameter, std::uint64_t ns, std::string_view parameter_text) {
  MountRequest request{.mount = mount, .parameter = parameter, .ns = ns};
  std::string text =
      say("{mnt_id=", mount == kListFromRoot ? "LSMT_ROOT" : std::to_string(mount), ", param=", parameter_text);
  if (ns != 0) {
    request.size = sizeof request;
    text += say(", mnt_ns_id=", ns);
  }
  return record(raw(request), text + "}");
}

// The fixed part of struct statmount of <linux/mount.h>; strings follow and are named by their offset behind it.
struct Statmount {
  std::uint32_t size;
  std::uint32_t options;
  std::uint64_t mask;
  std::uint32_t device_major;
  std::uint32_t device_minor;
  std::uint64_t magic;
  std::uint32_t sb_flags;
  std::uint32_t type;
  std::uint64_t id;
  std::uint64_t parent;
  std::uint32_t old_id;
  std::uint32_t old_parent;
  std::uint64_t attributes;
  std::uint64_t propagation;
  std::uint64_t peer_group;
  std::uint64_t master;
  std::uint64_t propagate_from;
  std::uint32_t root;
  std::uint32_t target;
};
constexpr std::size_t kStringsOffset = 512;

std::string string_at(std::string_view reply, std::uint32_t offset) {
  const std::size_t begin = kStringsOffset + offset;
  if (begin >= reply.size()) throw Babbled("a string of statmount(2) lies outside the reply");
  const std::string_view rest = reply.substr(begin);
  return std::string(rest.substr(0, rest.find('\0')));
}

}  // namespace

Reply move_mount(Actor& actor, int from, std::string_view to, unsigned flags) {
  static constexpr FlagName kFlags[] = {{kMoveMountEmptyFrom, "MOVE_MOUNT_F_EMPTY_PATH"},
                                        {kMoveMountBeneath, "MOVE_MOUNT_BENEATH"}};
  flags |= kMoveMountEmptyFrom;
  return actor.call(SYS_move_mount, "move_mount",
                    {num(from), str(""), directory(AT_FDCWD), path(to), named(flags, flags_text(flags, kFlags))});
}

Reply mount_setattr(Actor& actor, int at, std::string_view target, const MountAttributes& attributes) {
  // struct mount_attr (mount_setattr(2)).
  const std::uint64_t words[] = {attributes.set, attributes.clear, attributes.propagation, 0};
  const unsigned flags = target.empty() ? AT_EMPTY_PATH : 0;
  return actor.call(
      kMountSetattr, "mount_setattr",
      {directory(at), path(target), named(flags, flags == 0 ? "0" : "AT_EMPTY_PATH"),
       record(raw(words), say("{attr_set=", hex(attributes.set).text, ", attr_clr=", hex(attributes.clear).text,
                              ", propagation=", mount_flags_text(attributes.propagation), "}")),
       num(sizeof words)});
}

Got<std::uint64_t> unique_mount_id(Actor& actor, std::string_view target) {
  constexpr unsigned kUnique = 0x4000;  // STATX_MNT_ID_UNIQUE (statx(2))
  constexpr std::size_t kBytes = 256, kIdOffset = 0x90;
  Got<std::uint64_t> got{
      actor.call(SYS_statx, "statx",
                 {directory(AT_FDCWD), path(target), num(0), named(kUnique, "STATX_MNT_ID_UNIQUE"), out(kBytes)})};
  if (!got.ok()) return got;
  const std::string_view reply = out_bytes(got.reply, 0, kBytes);
  std::uint32_t mask = 0;
  std::memcpy(&mask, reply.data(), sizeof mask);
  if ((mask & kUnique) == 0) throw Babbled("statx(2) did not tell the unique mount id");
  std::memcpy(&got.value, reply.data() + kIdOffset, sizeof got.value);
  actor.shows(say("{stx_mnt_id=", got.value, "}"));
  return got;
}

Got<MountStatus> statmount(Actor& actor, std::uint64_t mount, std::uint64_t ns) {
  constexpr std::uint64_t kWanted = 0x2 | 0x8 | 0x10 | 0x20;
  constexpr std::size_t kBytes = 2048;
  Got<MountStatus> got{actor.call(
      kStatmount, "statmount",
      {request_arg(mount, kWanted, ns, "STATMOUNT_MNT_BASIC|STATMOUNT_MNT_ROOT|STATMOUNT_MNT_POINT|STATMOUNT_FS_TYPE"),
       out(kBytes), num(kBytes), num(0)})};
  if (!got.ok()) return got;
  const std::string_view reply = out_bytes(got.reply, 0, kBytes);
  const auto status = out_as<Statmount>(got.reply);
  if ((status.mask & kWanted) != kWanted) throw Babbled("statmount(2) left out what was asked for");
  got.value = {status.id,
               status.parent,
               static_cast<int>(status.old_id),
               static_cast<int>(status.old_parent),
               string_at(reply, status.root),
               string_at(reply, status.target),
               string_at(reply, status.type)};
  actor.shows(say("{mnt_id=", got.value.id, ", mnt_parent_id=", got.value.parent, ", mnt_id_old=", got.value.old_id,
                  ", mnt_root=", quoted(got.value.root), ", mnt_point=", quoted(got.value.target),
                  ", fs_type=", quoted(got.value.type), "}"));
  return got;
}

Got<std::vector<std::uint64_t>> listmount(Actor& actor, const Listing& listing) {
  const std::size_t bytes = listing.limit * sizeof(std::uint64_t);
  Got<std::vector<std::uint64_t>> got{
      actor.call(kListmount, "listmount",
                 {request_arg(listing.mount, listing.after, listing.ns, std::to_string(listing.after)), out(bytes),
                  num(static_cast<std::int64_t>(listing.limit)), num(0)})};
  if (!got.ok()) return got;
  const auto count = static_cast<std::size_t>(got.reply.value);
  if (count > listing.limit) throw Babbled("listmount(2) returned more ids than there was room for");
  got.value.resize(count);
  if (count > 0) std::memcpy(got.value.data(), out_bytes(got.reply, 0, count * 8).data(), count * 8);
  std::vector<std::string> words;
  for (const std::uint64_t id : got.value) words.push_back(std::to_string(id));
  actor.shows(say("[", join(words, " "), "]"));
  return got;
}

Got<std::uint64_t> mount_namespace_id(Actor& actor, std::string_view ns_file) {
  std::vector<Step> steps;
  steps.push_back(step(SYS_openat, "openat",
                       {directory(AT_FDCWD), path(ns_file), named(O_RDONLY | O_CLOEXEC, "O_RDONLY|O_CLOEXEC")}));
  steps.front().on_error = wire::OnError::stop;
  steps.push_back(step(SYS_ioctl, "ioctl",
                       {result_of(0), named(kGetMountNamespaceId, "NS_GET_MNTNS_ID"), out(sizeof(std::uint64_t))}));
  steps.push_back(step(SYS_close, "close", {result_of(0)}));
  std::vector<Reply> replies = actor.batch(std::move(steps));
  if (replies.size() < 3) return {std::move(replies.at(0))};
  Got<std::uint64_t> got{std::move(replies[1])};
  if (got.ok()) {
    got.value = out_as<std::uint64_t>(got.reply);
    actor.shows(say("[", got.value, "]"), 1);
  }
  return got;
}

Got<bool> mounts_changed(Actor& actor, int mountinfo) {
  const pollfd entry{mountinfo, POLLPRI, 0};
  Got<bool> got{actor.call(SYS_ppoll, "ppoll",
                           {in_out(raw(entry), say("[{fd=", mountinfo, ", events=POLLPRI}]")), num(1),
                            record(raw(timespec{}), "0 s"), null(), num(8)})};
  if (got.ok()) {
    const auto events = out_as<pollfd>(got.reply).revents;
    got.value = (events & POLLPRI) != 0;
    actor.shows(got.value ? "{POLLPRI}" : "{}");
  }
  return got;
}

}  // namespace nsproof::sys
