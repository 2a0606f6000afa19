// How mounts are made: their flags, where mounts and unmounts propagate to, and what limits a tmpfs.
#include <set>

#include "harness/audit/look.h"
#include "harness/audit/rule.h"
#include "harness/audit/view.h"
#include "harness/support/text.h"
#include "suites/audit/mnt_table.h"

namespace nsproof::audit {
namespace {

// Of a writable mount the container's user must be able to make use: /run of root is not a place to plant a file in.
Sight look_at_flags(View& view) {
  const Mounts& mounts = view.mounts();
  std::vector<std::string> found;
  for (const Mount* one : visible(mounts)) {
    const Origin origin = origin_of(*one, mounts);
    if (origin == Origin::root || origin == Origin::kernel || origin == Origin::device) continue;
    if (origin == Origin::runtime_file) continue;  // single files, which stay what they are
    if (!is_writable(*one) || is_below(one->target, "/dev") || may_hang(*one)) continue;
    std::string missing = option_of(one->options, "nosuid") ? "" : "nosuid";
    if (!option_of(one->options, "nodev")) missing += missing.empty() ? "nodev" : " and nodev";
    if (missing.empty() || !view.writable(one->target)) continue;
    found.push_back(say(described(*one), " without ", missing));
  }
  if (found.empty()) return hardened("every mount that the audited user can write to is nosuid and nodev");
  return weak(some_of(found));
}

std::string peer_group(const Mount& mount, std::string_view kind) {
  for (const std::string& tag : mount.tags)
    if (tag.starts_with(kind)) return tag.substr(kind.size());
  return "";
}

// The mount table outside, where somebody there can be asked.
std::optional<Mounts> mounts_of_host(View& view) {
  try {
    const Reply& reply = view.host_call("mount table", [](Actor& actor) {
      sys::Got<std::string> text = read_cautiously(actor, "/proc/self/mountinfo", 1024 * 1024);
      Reply carried = std::move(text.reply);
      carried.outs = {std::move(text.value)};
      return carried;
    });
    if (reply.ok()) return sys::parse_mountinfo(reply.outs.front());
  } catch (const CouldNotLook&) {
    // Only the inside is known.
  }
  return std::nullopt;
}

Sight look_at_shared(View& view) {
  const std::optional<Mounts> outside = mounts_of_host(view);
  std::set<std::string> theirs;
  if (outside)
    for (const Mount& one : *outside) theirs.insert(peer_group(one, "shared:"));
  std::vector<std::string> found;
  std::size_t own = 0;
  for (const Mount& one : view.mounts()) {
    const std::string group = peer_group(one, "shared:");
    if (group.empty()) continue;
    ++own;
    if (outside && !theirs.contains(group)) continue;
    found.push_back(say(quoted(one.target), " is in peer group ", group));
  }
  if (own == 0) return hardened("no mount is in a peer group");
  if (found.empty()) return hardened(say(own, " mounts are in peer groups, of which the host has none"));
  // A mount namespace that belongs to another user namespace gets its copies as slaves (mount_namespaces(7)).
  if (!outside && view.user_namespace().ownership == Ownership::own)
    return hardened(say(own, " mounts are in peer groups, which a user namespace of one's own keeps inside"));
  const std::string observed =
      say(some_of(found), outside ? ", as mounts of the host are" : "; only the host can tell who else is");
  constexpr unsigned kSysAdmin = 21;
  if (view.status().effective(kSysAdmin)) return weak(observed);
  return weak(observed, Severity::medium, "without CAP_SYS_ADMIN nothing can be mounted that would propagate");
}

Sight look_at_slaves(View& view) {
  std::vector<std::string> found;
  for (const Mount& one : view.mounts()) {
    const std::string group = peer_group(one, "master:");
    if (!group.empty()) found.push_back(say(quoted(one.target), " is a slave of peer group ", group));
  }
  if (found.empty()) return hardened("no mount is a slave of a peer group");
  return weak(some_of(found));
}

Sight look_at_tmpfs(View& view) {
  std::vector<std::string> found;
  for (const Mount* one : visible(view.mounts())) {
    // What is bound of a tmpfs is limited, or not, where the whole is mounted.
    if ((one->type != "tmpfs" && one->type != "ramfs") || one->root != "/" || !is_writable(*one)) continue;
    const bool limited = option_of(one->super_options, "size") || option_of(one->super_options, "nr_blocks");
    if (limited || !view.writable(one->target)) continue;
    found.push_back(say(quoted(one->target), ": ", one->type, " ", quoted(one->super_options)));
  }
  if (found.empty()) return hardened("every tmpfs that the audited user can write to has a size");
  return weak(some_of(found));
}

Sight look_at_shm(View& view) {
  const Mount* shm = view.mount_at("/dev/shm");
  if (shm == nullptr) return hardened("nothing is mounted at /dev/shm");
  const sys::Got<struct stat>& seen = view.stat("/dev/shm");
  if (!seen.ok()) return unknown(say("/dev/shm: ", errno_name(seen.error())));
  try {
    const Reply& reply = view.host_call("stat of /dev/shm",
                                        [](Actor& actor) { return look_at(actor, "/dev/shm", Links::followed).reply; });
    if (reply.ok()) {
      const bool same = out_as<struct stat>(reply).st_dev == seen.value.st_dev;
      return weak_if(same, say(described(*shm), same ? ", the same file system as the host's" : ", not the host's"));
    }
  } catch (const CouldNotLook&) {
    // Only the inside is known.
  }
  if (view.name_space(Ns::mnt).ownership == Ownership::host) return weak("the mount namespace is the host's");
  // Its owner is root of the user namespace that it was mounted in.
  constexpr uid_t kUnmapped = 65534;
  if (view.user_namespace().ownership == Ownership::own && !view.user_namespace().identity)
    return weak_if(seen.value.st_uid == kUnmapped, say(described(*shm), " of user ", seen.value.st_uid));
  // The host's has the kernel's default of half the memory, which is not shown; runtimes give a size.
  constexpr double kLarge = 1 << 30;  // and some hosts give one, too: half of a large machine's memory
  if (const sys::Got<sys::FileSystem>& space = view.file_system("/dev/shm");
      option_of(shm->super_options, "size") && space.ok() && static_cast<double>(space.value.bytes) <= kLarge)
    return hardened(say(described(*shm), ", with a size of its own: ", space.value.bytes, " bytes"));
  return unknown(say(described(*shm), ", without a small size: only the host can tell whose that is"));
}

const Rules rows = {
    {
        .id = "mnt.volume.flags-missing",
        .title = "A writable mount lets set-user-ID files and device nodes take effect.",
        .severity = Severity::low,
        .why = "A process of the container can leave a set-user-ID program there for a process of the host or of "
               "another container, or a device node.",
        .how = "Mounts in /proc/PID/mountinfo that the audited user can write to, without nosuid or nodev.",
        .references = {"mount(8)", "CIS Docker 5.6", "CIS Distribution Independent Linux 1.1"},
        .fix = {.oci = R"({"+mounts":[{"destination":"/data","type":"bind","source":"/srv/data",)"
                       R"("options":["rbind","rw","nosuid","nodev","noexec"]}]})",
                .docker = "--tmpfs /tmp:rw,nosuid,nodev,noexec,size=64m; for volumes: --mount "
                          "type=volume,dst=/data,volume-opt=type=none,volume-opt=o=bind,nosuid,nodev",
                .podman = "-v data:/data:nosuid,nodev,noexec",
                .kubernetes = "mountOptions: [nosuid, nodev] of the PersistentVolume",
                .bwrap = "bwrap mounts nosuid and nodev by itself"},
        .confined = Confined::by_user_namespace,
        .look = look_at_flags,
        .spoil = {.config = R"({"+mounts":[{"destination":"/mnt","type":"tmpfs","source":"tmpfs",
                  "options":["mode=1777","size=1m"]}]})"},
    },
    {
        .id = "mnt.propagation.shared",
        .title = "A mount of the container is in a peer group that reaches out of it.",
        .severity = Severity::high,
        .why = "Whatever is mounted or unmounted below it in the container appears on the host, too.",
        .how = "shared:N in /proc/PID/mountinfo, compared with the host's table where that can be read.",
        .references = {"mount_namespaces(7)", "CIS Docker 5.20"},
        .fix = {.oci = R"({"linux":{"rootfsPropagation":"rprivate"}})",
                .docker = "without :shared and :rshared in -v",
                .kubernetes = "mountPropagation: None",
                .bwrap = "--unshare-user"},
        .look = look_at_shared,
        // A mount namespace of another user namespace would get a slave, so there is none.
        .spoil = {.config = R"({"linux":{"uidMappings":null,"gidMappings":null,"-namespaces":[{"type":"user"}],
                  "rootfsPropagation":"shared"},"+mounts":[{"destination":"/mnt","type":"bind",
                  "source":"/srv/nsproof-shared","options":["bind","ro","nosuid","nodev"]}]})",
                  .prepare = {"mkdir -p /srv/nsproof-shared && mount -t tmpfs -o size=1m tmpfs /srv/nsproof-shared "
                              "&& mount --make-shared /srv/nsproof-shared"},
                  .also = {"ns.user.none", "cred.user.low"}},
    },
    {
        .id = "mnt.propagation.slave",
        .title = "Mounts that are made on the host appear in the container.",
        .severity = Severity::medium,
        .why = "A disk that is plugged in, or another container's volume that is mounted later, can be read inside, "
               "and a mount inside can be undone from outside.",
        .how = "master:N in /proc/PID/mountinfo.",
        .references = {"mount_namespaces(7)", "CIS Docker 5.20"},
        .fix = {.oci = R"({"linux":{"rootfsPropagation":"rprivate"}})",
                .docker = "without :slave and :rslave in -v",
                .kubernetes = "mountPropagation: None",
                .bwrap = "bind as little as possible: bwrap makes slaves of all"},
        .look = look_at_slaves,
        .spoil = {.config = R"({"linux":{"rootfsPropagation":"rslave"},"+mounts":[{"destination":"/mnt","type":"bind",
                  "source":"/srv/nsproof-shared","options":["bind","rslave","ro","nosuid","nodev"]}]})",
                  .prepare = {"mkdir -p /srv/nsproof-shared && mount -t tmpfs -o size=1m tmpfs /srv/nsproof-shared "
                              "&& mount --make-shared /srv/nsproof-shared"}},
    },
    {
        .id = "mnt.tmpfs.unbounded",
        .title = "A writable tmpfs has no size of its own.",
        .severity = Severity::low,
        .why = "It may take half of the machine's memory; without a limit of the memory cgroup everybody else's.",
        .how = "tmpfs mounts that the audited user can write to, without size= in /proc/PID/mountinfo.",
        .references = {"tmpfs(5)", "CIS Docker 5.11"},
        .fix = {.oci = R"({"+mounts":[{"destination":"/tmp","type":"tmpfs","source":"tmpfs",)"
                       R"("options":["nosuid","nodev","noexec","size=64m"]}]})",
                .docker = "--tmpfs /tmp:size=64m --shm-size 64m",
                .kubernetes = "emptyDir: {medium: Memory, sizeLimit: 64Mi}",
                .bwrap = "--size 67108864 --tmpfs /tmp"},
        .look = look_at_tmpfs,
        .spoil = {.config = R"({"+mounts":[{"destination":"/mnt","type":"tmpfs","source":"tmpfs",
                  "options":["nosuid","nodev","noexec","mode=1777"]}]})"},
    },
    {
        .id = "mnt.shm.host",
        .title = "/dev/shm is the host's.",
        .severity = Severity::medium,
        .why = "Processes of the host keep data there that others of the same user may read or change, and there is "
               "no limit to what the container may put there.",
        .how = "stat(2) of /dev/shm inside and outside; where only the inside is known, its owner in a user namespace, "
               "or a size that only a runtime would give it.",
        .references = {"shm_overview(7)", "CIS Docker 5.17"},
        .fix = {.oci = R"({"-mounts":[{"source":"/dev/shm"}],"+mounts":[{"destination":"/dev/shm","type":"tmpfs",)"
                       R"("source":"shm","options":["nosuid","noexec","nodev","mode=1777","size=65536k"]}]})",
                .docker = "--ipc=private --shm-size=64m",
                .kubernetes = "hostIPC: false",
                .bwrap = "--dev /dev"},
        .look = look_at_shm,
        .spoil = {.config = R"({"-mounts":[{"destination":"/dev/shm","source":"shm"}],
                  "+mounts":[{"destination":"/dev/shm","type":"bind","source":"/dev/shm",
                  "options":["bind","rw","nosuid","noexec","nodev"]}]})",
                  .also = {"mnt.tmpfs.unbounded"}},
    },
};

}  // namespace
}  // namespace nsproof::audit
