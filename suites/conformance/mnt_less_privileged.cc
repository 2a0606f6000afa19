// Mount namespaces: one that another user namespace owns is less privileged than the one it was copied from, and what
// that takes away from sharing and from looking (mount_namespaces(7), "Restrictions on mount namespaces").
#include "harness/catalogue/property.h"
#include "harness/sys/mounts_new.h"
#include "suites/conformance/mnt_support.h"

namespace nsproof {
namespace {

using namespace mnt;

std::string tags_at_point(Actor& actor) {
  const auto mount = sys::mount_at(must(sys::mountinfo(actor)), kPoint);
  if (!mount) throw Broken(say(actor.name(), " has no mount at ", kPoint));
  return join(mount->tags, " ");
}

Observation shared_become_slaves(World& w) {
  make_marked(w.outside(), kPoint);
  must(set_type(w.outside(), kPoint, MS_SHARED));
  const std::string before = tags_at_point(w.outside());
  if (!before.starts_with("shared:")) return unknown(say("the mount outside is not shared but ", quoted(before)));
  const std::string after = tags_at_point(w.inside());
  if (after == before) return leaked(say("the copy is in the peer group of outside: ", after));
  if (after == "master:" + before.substr(7)) return isolated(say("the copy is a slave of the group: ", after));
  return unknown(say("the copy is neither peer nor slave: ", quoted(after)));
}

Observation nothing_goes_up(World& w) {
  make_marked(w.outside(), kPoint);
  const std::string child = say(kPoint, "/child");
  must(sys::mkdir(w.outside(), child));
  must(set_type(w.outside(), kPoint, MS_SHARED));
  must(sys::mount(w.inside(), "", "/", "", MS_SHARED | MS_REC));
  mount_marked(w.inside(), child);
  if (!sees_mark(w.inside(), child)) return unknown("inside does not see its own mount");
  if (sees_mark(w.outside(), child)) return leaked("the mount went up to outside");
  return isolated("the mount stayed inside although everything there was made shared");
}

Observation forced_unmount(World& w) {
  make_marked(w.outside(), kPoint);
  Actor& inside = w.inside();
  must(sys::mkdir(inside, "/tmp/copy"));
  must(bind(inside, kPoint, "/tmp/copy"));
  const Reply reply = sys::umount(inside, "/tmp/copy", MNT_FORCE);
  return refusal(reply, {EPERM}, !sees_mark(inside, "/tmp/copy"), "a forced unmount of a file system of outside");
}

Observation foreign_listing(World& w) {
  const std::uint64_t ns = must(sys::mount_namespace_id(w.outside(), "/proc/self/ns/mnt"));
  make_marked(w.outside(), kPoint);
  const std::uint64_t mount = must(sys::unique_mount_id(w.outside(), kPoint));
  const auto list = sys::listmount(w.inside(), {.ns = ns});
  const bool told = list.ok() && std::find(list.value.begin(), list.value.end(), mount) != list.value.end();
  return refusal(list.reply, {ENOENT, EPERM}, told, "the list of the mounts of outside");
}

Observation foreign_status(World& w) {
  const std::uint64_t ns = must(sys::mount_namespace_id(w.outside(), "/proc/self/ns/mnt"));
  make_marked(w.outside(), kPoint);
  const std::uint64_t mount = must(sys::unique_mount_id(w.outside(), kPoint));
  const auto status = sys::statmount(w.inside(), mount, ns);
  const bool told = status.ok() && status.value.id == mount && status.value.type == "tmpfs";
  return refusal(status.reply, {ENOENT, EPERM}, told, "statmount of a mount of outside");
}

const Sandbox kOwnMounts = {.namespaces = Ns::mnt};

const Rows rows = {
    {
        .id = "mnt.less-privileged.shared-become-slaves",
        .claim = "A mount namespace that a new user namespace owns gets slaves of the shared mounts of its creator.",
        .how =
            "Outside makes a mount shared before the sandbox; mountinfo inside must name its group as master and not "
            "as peer group.",
        .source = "mount_namespaces(7)",
        .since = {3, 8},
        .isolated_by = Ns::user,
        .sandbox = kOwnMounts,
        .check = shared_become_slaves,
    },
    {
        .id = "mnt.less-privileged.nothing-goes-up",
        .claim = "No mount made in a less privileged mount namespace appears in the more privileged one, even when it "
                 "makes everything shared.",
        .how =
            "Inside makes its whole tree shared and mounts below the copy of a shared mount of outside, which looks.",
        .source = "mount_namespaces(7)",
        .since = {3, 8},
        .isolated_by = Ns::user,
        .sandbox = kOwnMounts,
        .check = nothing_goes_up,
    },
    {
        .id = "mnt.less-privileged.force-refused",
        .claim = "MNT_FORCE on a file system that another user namespace has mounted is refused with EPERM.",
        .how = "Inside makes a bind copy of a mount of outside, which it may unmount, and unmounts that by force.",
        .source = "CVE-2014-7975; commit a1480dcc3c70",
        .since = {3, 17},
        .isolated_by = Ns::user,
        .sandbox = kOwnMounts,
        .check = forced_unmount,
    },
    {
        .id = "mnt.less-privileged.foreign-listing-refused",
        .claim = "listmount(2) of another mount namespace needs CAP_SYS_ADMIN in the user namespace that owns it.",
        .how =
            "Inside lists the mounts of outside's namespace by its id and looks for one that it does not have itself.",
        .source = "listmount(2)",
        .since = {6, 11},
        .isolated_by = Ns::user,
        .sandbox = kOwnMounts,
        .check = foreign_listing,
    },
    {
        .id = "mnt.less-privileged.foreign-status-refused",
        .claim = "statmount(2) in another mount namespace needs CAP_SYS_ADMIN in the user namespace that owns it.",
        .how = "Inside asks for a mount of outside by the ids of the mount and of its namespace.",
        .source = "statmount(2)",
        .since = {6, 11},
        .isolated_by = Ns::user,
        .sandbox = kOwnMounts,
        .check = foreign_status,
    },
};

}  // namespace
}  // namespace nsproof
