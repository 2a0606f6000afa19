// Who the process is: root, a member of powerful groups, or somebody whose number the host has given to another
// (credentials(7)).
#include <sys/stat.h>

#include <algorithm>
#include <charconv>

#include "harness/audit/rule.h"
#include "harness/audit/view.h"
#include "harness/support/text.h"
#include "suites/audit/cred_judge.h"

namespace nsproof::audit {
namespace {

template <class T>
T number(std::string_view word) {
  T value{};
  std::from_chars(word.data(), word.data() + word.size(), value);
  return value;
}

}  // namespace

std::vector<IdRange> parse_id_map(std::string_view text) {
  std::vector<IdRange> map;
  for (const std::string& line : lines_of(text)) {
    const std::vector<std::string> words = words_of(line);
    if (words.size() == 3)
      map.push_back(
          {number<std::uint32_t>(words[0]), number<std::uint32_t>(words[1]), number<std::uint64_t>(words[2])});
  }
  return map;
}

std::optional<std::uint32_t> id_inside(const std::vector<IdRange>& map, std::uint32_t outside) {
  for (const IdRange& range : map)
    if (outside >= range.outside && outside - range.outside < range.count)
      return range.inside + (outside - range.outside);
  return std::nullopt;
}

bool overlap(const std::vector<IdRange>& one, const std::vector<IdRange>& other) {
  return std::any_of(one.begin(), one.end(), [&](const IdRange& a) {
    return std::any_of(other.begin(), other.end(), [&](const IdRange& b) {
      return a.outside < b.outside + b.count && b.outside < a.outside + a.count;
    });
  });
}

InsideIds ids_inside(View& view) {
  const Status& status = view.status();
  const sys::Got<std::string>& users = view.process_file("uid_map");
  const sys::Got<std::string>& groups = view.process_file("gid_map");
  if (!users.ok() || !groups.ok()) throw CouldNotLook(say("/proc/PID/uid_map: ", errno_name(users.error())));
  const std::vector<IdRange> uid_map = parse_id_map(users.value);
  const std::vector<IdRange> gid_map = parse_id_map(groups.value);
  const sys::Got<std::string>& overflow = view.file("/proc/sys/kernel/overflowgid");
  const std::uint32_t nobody = overflow.ok() ? number<std::uint32_t>(overflow.value) : 65534;
  const auto named = [&](const std::vector<IdRange>& map, std::uint32_t id) {
    return view.from_host() ? id_inside(map, id).value_or(nobody) : id;
  };
  InsideIds ids{named(uid_map, status.euid()), named(gid_map, status.egid()), {}, 0};
  const auto has_name = [&](std::uint32_t id) {
    return std::any_of(gid_map.begin(), gid_map.end(),
                       [&](const IdRange& range) { return id >= range.inside && id - range.inside < range.count; });
  };
  for (const std::uint32_t group : status.groups) {
    ids.groups.push_back(named(gid_map, group));
    if (view.from_host() ? !id_inside(gid_map, group) : group == nobody && !has_name(group)) ++ids.nameless_groups;
  }
  return ids;
}

namespace {

Sight is_root(View& view) {
  const InsideIds ids = ids_inside(view);
  const bool capable = view.status().capabilities.effective != 0;
  const bool outside = view.user_namespace().ownership == Ownership::host;
  std::string seen = say("the effective user id is ", ids.uid);
  if (ids.uid != 0) return hardened(std::move(seen));
  if (outside && capable) return weak(std::move(seen), Severity::high, "it is the host's root, and has capabilities");
  return weak(std::move(seen));
}

std::string group_list(const InsideIds& ids) {
  std::vector<std::string> names;
  for (const std::uint32_t group : ids.groups) names.push_back(std::to_string(group));
  return say("the group is ", ids.gid, ", others: ", names.empty() ? "none" : join(names, " "));
}

Sight in_root_group(View& view) {
  const InsideIds ids = ids_inside(view);
  return weak_if(ids.gid == 0 || std::count(ids.groups.begin(), ids.groups.end(), 0U) > 0, group_list(ids));
}

// Devices and sockets that open to a group of the process, and not to everybody.
Sight powerful_group(View& view) {
  constexpr std::size_t kMany = 512;
  constexpr std::size_t kShown = 5;
  const InsideIds ids = ids_inside(view);
  std::vector<std::string> found;
  std::size_t seen = 0;
  for (const char* directory : {"/dev", "/dev/mapper", "/dev/net", "/dev/dri", "/dev/input", "/run", "/var/run"}) {
    const sys::Got<std::vector<std::string>>& names = view.names(directory, kMany);
    for (const std::string& name : names.value) {
      const std::string path = say(directory, "/", name);
      const sys::Got<struct stat>& entry = view.stat(path);
      if (!entry.ok()) continue;
      const mode_t mode = entry.value.st_mode;
      if (!S_ISBLK(mode) && !S_ISCHR(mode) && !S_ISSOCK(mode)) continue;
      ++seen;
      const bool member =
          entry.value.st_gid == ids.gid || std::count(ids.groups.begin(), ids.groups.end(), entry.value.st_gid) > 0;
      const mode_t by_group = mode >> 3 & 6;
      const bool only_by_group = (by_group & ~(mode & 6)) != 0 && entry.value.st_uid != ids.uid;
      if (member && only_by_group) found.push_back(say(quoted(path), " by group ", entry.value.st_gid));
    }
  }
  const std::size_t count = found.size();
  if (count > kShown) found.resize(kShown);
  return weak_if(count > 0, count > 0
                                ? join(found, ", ")
                                : say("none of ", seen, " devices and sockets opens by a group; ", group_list(ids)));
}

// Below are the system's users and the people of a host; kubesec asks for more than this, too.
constexpr std::uint32_t kHigh = 10000;

// The overflow id for one that is not mapped (user_namespaces(7)).
std::uint32_t outside_id(std::string_view map, std::uint32_t inside) {
  constexpr std::uint32_t kOverflow = 65534;
  for (const IdRange& range : parse_id_map(map))
    if (inside >= range.inside && inside - range.inside < range.count) return range.outside + (inside - range.inside);
  return kOverflow;
}

Sight low_user(View& view) {
  const UserNamespaceView& user = view.user_namespace();
  if (user.ownership == Ownership::undecided) return unknown(user.how);
  const InsideIds ids = ids_inside(view);
  const std::uint32_t outside = user.ownership == Ownership::own ? outside_id(user.uid_map, ids.uid) : ids.uid;
  if (outside == 0) return not_applicable("the user is root outside, which is a finding of its own");
  return weak_if(outside < kHigh, say("user ", ids.uid, " inside is user ", outside, " outside"));
}

const Rules rows = {
    {
        .id = "cred.user.root",
        .title = "The process runs as root.",
        .severity = Severity::medium,
        .why =
            "Whatever a fault lets out of the container is root's, and files of mounted volumes are root's to write.",
        .how = "Uid of /proc/PID/status, as it is called inside (/proc/PID/uid_map).",
        .references = {"credentials(7)", "CIS Docker 4.1", "CIS Kubernetes 5.2.7", "PSS restricted: runAsNonRoot"},
        .fix = {.oci = R"({"process":{"user":{"uid":1000,"gid":1000}}})",
                .docker = "--user 1000:1000",
                .kubernetes = "securityContext: {runAsNonRoot: true, runAsUser: 1000}",
                .bwrap = "--unshare-user --uid 1000 --gid 1000"},
        .confined = Confined::by_user_namespace,
        .look = is_root,
        .spoil = {.config = R"({"process":{"user":{"uid":0}}})"},
    },
    {
        .id = "cred.group.root",
        .title = "The process is in the group of root.",
        .severity = Severity::low,
        .why = "Files of images and volumes are often group root's to read, and sometimes to write.",
        .how = "Gid and Groups of /proc/PID/status, as they are called inside (/proc/PID/gid_map).",
        .references = {"credentials(7)", "NSA Kubernetes hardening guidance: non-root group"},
        .fix = {.oci = R"({"process":{"user":{"gid":1000,"-additionalGids":[0]}}})",
                .docker = "--user 1000:1000",
                .kubernetes = "securityContext: {runAsGroup: 1000, supplementalGroups: []}",
                .bwrap = "--unshare-user --gid 1000"},
        .confined = Confined::by_user_namespace,
        .look = in_root_group,
        .spoil = {.config = R"({"process":{"user":{"gid":0}}})"},
    },
    {
        .id = "cred.group.powerful",
        .title = "A group of the process opens a device or a socket that is shut to others.",
        .severity = Severity::high,
        .why = "Groups such as disk, docker and kvm are as good as root to whoever can reach what they open.",
        .how =
            "Owners and modes of the devices and sockets in /dev, /run and /var/run, compared with Gid and Groups of "
            "/proc/PID/status by number. Nothing is opened.",
        .references = {"credentials(7)", "unix(7)", "docker(1)"},
        .fix = {.oci = R"({"process":{"user":{"additionalGids":[]}}})",
                .docker = "without --group-add",
                .kubernetes = "securityContext: {supplementalGroups: []}",
                .bwrap = "without --dev-bind of the device or socket"},
        .look = powerful_group,
        .spoil = {.config = R"({"process":{"user":{"+additionalGids":[2000]}},"+mounts":[{"destination":"/run/power",)"
                            R"("type":"bind","source":"/run/nsproof-power","options":["bind","ro"]}]})",
                  .prepare = {"perl -MSocket -e 'socket(S,AF_UNIX,SOCK_STREAM,0); "
                              "bind(S,pack_sockaddr_un(\"/run/nsproof-power\")) or die'; "
                              "chgrp 301000 /run/nsproof-power; chmod 0660 /run/nsproof-power"},
                  .also = {"mnt.host-path.bound"}},
    },
    {
        .id = "cred.user.low",
        .title = "The user id of the process is also that of somebody on the host.",
        .severity = Severity::low,
        .why = "Without a user namespace numbers mean the same inside and outside: what gets out acts as that user.",
        .how = "Uid of /proc/PID/status: below 10000, with no user namespace whose map leads elsewhere.",
        .references = {"credentials(7)", "user_namespaces(7)", "kubesec RunAsUser"},
        .fix = {.oci = R"({"process":{"user":{"uid":65532}}})",
                .docker = "--user 65532:65532",
                .kubernetes = "securityContext: {runAsUser: 65532}",
                .bwrap = "--unshare-user --uid 65532"},
        .look = low_user,
        .spoil = {.config = R"({"linux":{"uidMappings":null,"gidMappings":null,"-namespaces":[{"type":"user"}]}})",
                  .also = {"ns.user.none"}},
    },
};

}  // namespace
}  // namespace nsproof::audit
