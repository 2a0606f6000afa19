// Mount namespaces: the flags of mounts that a user namespace inherited are locked (mount_namespaces(7)).
#include "harness/catalogue/property.h"
#include "harness/sys/mounts_new.h"
#include "suites/conformance/mnt_support.h"

namespace nsproof {
namespace {

using namespace mnt;

struct MountFlag {
  std::uint64_t flag;
  std::string_view option;    // as mountinfo says it
  std::uint64_t instead = 0;  // a remount that names no access time flag keeps the one there is (mount(2))
};

constexpr MountFlag kReadOnly = {MS_RDONLY, "ro"};
constexpr MountFlag kNoSuid = {MS_NOSUID, "nosuid"};
constexpr MountFlag kNoDev = {MS_NODEV, "nodev"};
constexpr MountFlag kNoExec = {MS_NOEXEC, "noexec"};
constexpr MountFlag kNoAtime = {MS_NOATIME, "noatime", MS_STRICTATIME};
constexpr std::uint64_t kAll = MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_NOATIME;

bool has_option(Actor& actor, std::string_view target, std::string_view option) {
  const auto mount = sys::mount_at(must(sys::mountinfo(actor)), target);
  if (!mount) throw Broken(say(actor.name(), " has no mount at ", target));
  const auto options = split(mount->options, ',');
  return std::find(options.begin(), options.end(), option) != options.end();
}

Reply set_flags(Actor& actor, std::string_view target, std::uint64_t flags) {
  return sys::mount(actor, "", target, "", MS_REMOUNT | MS_BIND | flags);
}

void make_with_all_flags(Actor& actor, std::string_view target) {
  make_marked(actor, target);
  must(set_flags(actor, target, kAll));
}

// Clears one of the flags that `target` has and leaves the others.
Observation clear(Actor& actor, std::string_view target, const MountFlag& flag) {
  if (!has_option(actor, target, flag.option))
    return unknown(say("the mount does not have ", flag.option, " to clear"));
  const Reply reply = set_flags(actor, target, (kAll & ~flag.flag) | flag.instead);
  return refusal(reply, {EPERM}, !has_option(actor, target, flag.option), say("clearing ", flag.option));
}

Observation clear_inherited(World& w, const MountFlag& flag) {
  make_with_all_flags(w.outside(), kPoint);
  return clear(w.inside(), kPoint, flag);
}

Observation clear_on_bind(World& w) {
  make_with_all_flags(w.outside(), kPoint);
  must(sys::mkdir(w.outside(), "/tmp/copy"));
  must(bind(w.inside(), kPoint, "/tmp/copy"));
  return clear(w.inside(), "/tmp/copy", kReadOnly);
}

Observation clear_by_setattr(World& w) {
  make_with_all_flags(w.outside(), kPoint);
  const Reply reply = sys::mount_setattr(w.inside(), AT_FDCWD, kPoint, {.clear = sys::kMountAttrReadOnly});
  return refusal(reply, {EPERM}, !has_option(w.inside(), kPoint, "ro"), "clearing ro with mount_setattr");
}

// CVE-2013-1957: a mount that propagates into a less privileged namespace later is locked like an inherited one.
Observation clear_propagated(World& w) {
  make_with_all_flags(w.outside(), "/tmp/source");
  make_marked(w.outside(), "/tmp/shared");
  must(sys::mkdir(w.outside(), "/tmp/shared/place"));
  must(set_type(w.outside(), "/tmp/shared", MS_SHARED));
  w.inside();
  must(bind(w.outside(), "/tmp/source", "/tmp/shared/place"));
  return clear(w.inside(), "/tmp/shared/place", kReadOnly);
}

const Sandbox kOwnMounts = {.namespaces = Ns::mnt};
constexpr std::string_view kHow =
    "Outside makes a mount with ro, nosuid, nodev, noexec and noatime; inside remounts its copy without this one and "
    "reads the options of mountinfo.";
constexpr std::string_view kSource = "mount_namespaces(7); CVE-2014-5206, CVE-2014-5207";

const Rows rows = {
    {
        .id = "mnt.locked-flags.ro",
        .claim = "A user namespace cannot make an inherited read-only mount writable: EPERM.",
        .how = kHow,
        .source = kSource,
        .since = {3, 17},
        .isolated_by = Ns::user,
        .sandbox = kOwnMounts,
        .check = [](World& w) { return clear_inherited(w, kReadOnly); },
    },
    {
        .id = "mnt.locked-flags.nosuid",
        .claim = "A user namespace cannot clear nosuid of an inherited mount: EPERM.",
        .how = kHow,
        .source = kSource,
        .since = {3, 17},
        .isolated_by = Ns::user,
        .sandbox = kOwnMounts,
        .check = [](World& w) { return clear_inherited(w, kNoSuid); },
    },
    {
        .id = "mnt.locked-flags.nodev",
        .claim = "A user namespace cannot clear nodev of an inherited mount: EPERM.",
        .how = kHow,
        .source = kSource,
        .since = {3, 17},
        .isolated_by = Ns::user,
        .sandbox = kOwnMounts,
        .check = [](World& w) { return clear_inherited(w, kNoDev); },
    },
    {
        .id = "mnt.locked-flags.noexec",
        .claim = "A user namespace cannot clear noexec of an inherited mount: EPERM.",
        .how = kHow,
        .source = kSource,
        .since = {3, 17},
        .isolated_by = Ns::user,
        .sandbox = kOwnMounts,
        .check = [](World& w) { return clear_inherited(w, kNoExec); },
    },
    {
        .id = "mnt.locked-flags.atime",
        .claim = "A user namespace cannot change how an inherited mount keeps access times: EPERM.",
        .how = kHow,
        .source = kSource,
        .since = {3, 17},
        .isolated_by = Ns::user,
        .sandbox = kOwnMounts,
        .check = [](World& w) { return clear_inherited(w, kNoAtime); },
    },
    {
        .id = "mnt.locked-flags.kept-by-bind",
        .claim = "A bind copy of an inherited read-only mount cannot be made writable either: EPERM.",
        .how = "Inside binds its copy of a read-only mount of outside and remounts the bind without ro.",
        .source = "commit a6138db815df",
        .since = {3, 17},
        .isolated_by = Ns::user,
        .sandbox = kOwnMounts,
        .check = clear_on_bind,
    },
    {
        .id = "mnt.locked-flags.mount-setattr",
        .claim = "mount_setattr(2) cannot make an inherited read-only mount writable in a user namespace: EPERM.",
        .how = "Inside clears MOUNT_ATTR_RDONLY of its copy of a read-only mount of outside.",
        .source = "mount_setattr(2)",
        .since = {5, 12},
        .isolated_by = Ns::user,
        .sandbox = kOwnMounts,
        .check = clear_by_setattr,
    },
    {
        .id = "mnt.locked-flags.propagated-mount",
        .claim = "A read-only mount that arrives by propagation cannot be made writable in a user namespace: EPERM.",
        .how =
            "Outside binds a read-only mount below a shared one after the sandbox was made; inside remounts its copy.",
        .source = "CVE-2013-1957; CVE-2014-5206",
        .since = {3, 17},
        .isolated_by = Ns::user,
        .sandbox = kOwnMounts,
        .check = clear_propagated,
    },
};

}  // namespace
}  // namespace nsproof
