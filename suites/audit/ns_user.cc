// The user namespace of the container, and those that its processes can make (user_namespaces(7)).
#include <sched.h>

#include <algorithm>
#include <cerrno>

#include "harness/audit/look.h"
#include "harness/audit/rule.h"
#include "harness/audit/view.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/process.h"
#include "harness/world/spawn.h"
#include "suites/audit/cred_judge.h"

namespace nsproof::audit {
namespace {

Sight none(View& view) {
  const UserNamespaceView& user = view.user_namespace();
  if (user.ownership == Ownership::undecided) return unknown(user.how);
  return weak_if(user.ownership == Ownership::host, user.how);
}

// The maps of the audited process, if it has a user namespace of its own.
std::optional<std::string> own_map(View& view, const char* file) {
  const UserNamespaceView& user = view.user_namespace();
  if (user.ownership == Ownership::undecided) throw CouldNotLook(user.how);
  if (user.ownership == Ownership::host) return std::nullopt;
  const sys::Got<std::string>& text = view.process_file(file);
  if (!text.ok()) throw CouldNotLook(say("/proc/PID/", file, ": ", errno_name(text.error())));
  return text.value;
}

constexpr const char* kNoneOfItsOwn = "the container has no user namespace of its own, which is a finding by itself";

Sight leads_to_root(View& view) {
  for (const char* file : {"uid_map", "gid_map"}) {
    const std::optional<std::string> map = own_map(view, file);
    if (!map) return not_applicable(kNoneOfItsOwn);
    for (const IdRange& range : parse_id_map(*map))
      if (range.outside == 0 && range.count > 0)
        return weak(say(file, ": ", range.inside, " inside is 0 outside (", range.count, " ids)"));
  }
  return hardened(say("uid_map: ", join(words_of(*own_map(view, "uid_map")), " ")));
}

// Another user namespace whose processes are the same users outside. The host looks at every process that it has; the
// error is E2BIG if there are too many, and EACCES if one that matters cannot be told from the container's own.
sys::Got<std::string> find_overlap(Actor& host, const std::string& own_link, const std::vector<IdRange>& own) {
  constexpr std::size_t kMany = 8192;
  constexpr std::uint64_t kEveryId = 4294967295;
  sys::Got<std::string> found;
  const sys::Got<std::vector<std::string>> entries = list_cautiously(host, "/proc", kMany);
  found.reply = entries.reply;
  std::vector<std::string> seen = {own_link};
  int error = entries.value.size() == kMany ? E2BIG : 0;
  for (const std::string& entry : entries.value) {
    if (entry.find_first_not_of("0123456789") != std::string::npos) continue;
    const sys::Got<std::string> link = sys::readlink(host, say("/proc/", entry, "/ns/user"));
    if (link.error() == ENOENT || link.error() == ESRCH) continue;  // it has ended
    if (link.ok() && std::find(seen.begin(), seen.end(), link.value) != seen.end()) continue;
    if (link.ok()) seen.push_back(link.value);
    const sys::Got<std::string> text = sys::read_file(host, say("/proc/", entry, "/uid_map"));
    const std::vector<IdRange> map = parse_id_map(text.value);
    // Who has every id is of the host itself, or as good as.
    if (!text.ok() || (!map.empty() && map[0].count == kEveryId) || !overlap(own, map)) continue;
    if (!link.ok()) error = link.error();
    if (link.ok()) found.value = say(link.value, " of process ", entry, ": ", join(words_of(text.value), " "));
  }
  if (found.value.empty() && found.reply.ok() && error != 0) found.reply.value = -error;
  return found;
}

Sight overlaps(View& view) {
  const std::optional<std::string> map = own_map(view, "uid_map");
  if (!map) return not_applicable(kNoneOfItsOwn);
  const std::string own_link = view.process_link("ns/user").value;
  const Reply& reply = view.host_call("overlapping user namespaces", [&](Actor& host) {
    // Read from outside: what the process is told of its own map may begin at another user namespace.
    sys::Got<std::string> found = find_overlap(host, own_link, parse_id_map(*map));
    found.reply.outs = {found.value};
    return found.reply;
  });
  if (!reply.ok()) return unknown(say("the processes of the host: ", errno_name(reply.error())));
  const std::string& other = reply.outs.at(0);
  return weak_if(!other.empty(), other.empty() ? "no process of the host has other maps to the same users"
                                               : say("the same users as ", other));
}

Sight drops_groups(View& view) {
  const std::optional<std::string> setgroups = own_map(view, "setgroups");
  if (!setgroups) return not_applicable(kNoneOfItsOwn);
  const int nameless = ids_inside(view).nameless_groups;
  return weak_if(
      trim(*setgroups) == "allow" && nameless > 0,
      say("setgroups is ", quoted(trim(*setgroups)), ", and ", nameless, " groups of the process have no name inside"));
}

// What a child that is gone at once could make, by either way of making it.
struct Made {
  Reply user;  // a user namespace
  Reply more;  // a network namespace in it
};

void end(Actor& parent, Actor& child) {
  sys::exit(child);
  sys::wait4(parent, child.pid());
}

Reply make_network(Actor& child) {
  Reply reply = sys::unshare(child, CLONE_NEWNET);
  if (reply.ok()) return reply;
  const Spawned grandchild = spawn(child, CLONE_NEWNET, "grandchild");
  if (!grandchild.actor) return reply;
  end(child, *grandchild.actor);
  return grandchild.reply;
}

Made try_to_make(Actor& inside) {
  Made made;
  const std::unique_ptr<Actor> child = must_spawn(inside, 0, "maker");
  made.user = sys::unshare(*child, CLONE_NEWUSER);
  if (made.user.ok()) made.more = make_network(*child);
  end(inside, *child);
  if (made.user.ok()) return made;
  const Spawned born = spawn(inside, CLONE_NEWUSER, "born");
  if (!born.actor) return made;
  made.user = born.reply;
  made.more = make_network(*born.actor);
  end(inside, *born.actor);
  return made;
}

// 0, or an errno; of the two calls one after the other.
struct Outcome {
  int user = 0;
  int more = 0;
};
Outcome made_by_child(View& view) {
  const Reply& kept = view.call("makes user namespaces", [](Actor& inside) {
    const Made made = try_to_make(inside);
    Reply both = made.user;
    both.outs = {std::to_string(made.more.error())};
    return both;
  });
  return {kept.error(), std::stoi(kept.outs.at(0))};
}

Sight creatable(View& view) {
  const Outcome made = made_by_child(view);
  if (made.user == EINVAL) return not_applicable("unshare(CLONE_NEWUSER): EINVAL, the kernel has no user namespaces");
  return weak_if(made.user == 0,
                 made.user == 0 ? "a child makes one" : say("unshare(CLONE_NEWUSER): ", errno_name(made.user)));
}

Sight gains_privileges(View& view) {
  const Outcome made = made_by_child(view);
  if (made.user != 0) return hardened(say("unshare(CLONE_NEWUSER): ", errno_name(made.user)));
  return weak_if(made.more == 0, made.more == 0
                                     ? "a child makes a network namespace in its new user namespace"
                                     : say("unshare(CLONE_NEWNET) in a new user namespace: ", errno_name(made.more)));
}

// unshare(2) with these flags passes the filter.
std::string allowed(std::uint64_t flags) {
  std::vector<std::string> refused;
  std::vector<std::string> passed;
  for (const std::uint64_t flag : {CLONE_NEWUSER, CLONE_NEWNET}) {
    if ((flags & flag) == 0) continue;
    refused.push_back(
        say(R"({"args":[{"index":0,"value":)", flag, R"(,"valueTwo":)", flag, R"(,"op":"SCMP_CMP_MASKED_EQ"}]})"));
    passed.push_back(say(R"({"names":["unshare"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":)", flag,
                         R"(,"op":"SCMP_CMP_EQ"}]})"));
  }
  return say(R"({"linux":{"seccomp":{"-syscalls":[)", join(refused, ","), R"(],"+syscalls":[)", join(passed, ","),
             "]}}}");
}

constexpr const char* kPrivateRange = R"({"linux":{"uidMappings":[{"containerID":0,"hostID":100000,"size":65536}],)"
                                      R"("gidMappings":[{"containerID":0,"hostID":100000,"size":65536}]}})";
const Fix kNoUserNamespaces = {.docker = "without --security-opt seccomp=unconfined",
                               .kubernetes = "securityContext: {seccompProfile: {type: RuntimeDefault}}",
                               .bwrap = "--disable-userns",
                               .host = "sysctl user.max_user_namespaces=0"};

const Rules rows = {
    {
        .id = "ns.user.none",
        .title = "The container has no user namespace of its own.",
        .severity = Severity::medium,
        .why = "Root inside is root outside: its files, its limits, and whatever its capabilities open are the host's.",
        .how = "The inode of /proc/PID/ns/user is the initial namespace's, or that of the process outside.",
        .references = {"user_namespaces(7)", "CIS Docker 2.9", "CIS Docker 5.31", "kubesec HostUsers"},
        .fix = {.oci = R"({"linux":{"+namespaces":[{"type":"user"}],)"
                       R"("uidMappings":[{"containerID":0,"hostID":100000,"size":65536}],)"
                       R"("gidMappings":[{"containerID":0,"hostID":100000,"size":65536}]}})",
                .docker = "dockerd --userns-remap=default",
                .podman = "--userns=auto",
                .kubernetes = "hostUsers: false",
                .bwrap = "--unshare-user"},
        .look = none,
        .spoil = {.config = R"({"process":{"user":{"uid":65532}},)"
                            R"("linux":{"uidMappings":null,"gidMappings":null,"-namespaces":[{"type":"user"}]}})"},
    },
    {
        .id = "ns.user.identity",
        .title = "The user namespace of the container maps to root outside.",
        .severity = Severity::high,
        .why = "Files that root outside owns are the container's to write, and files that it makes are root's.",
        .how = "A line of /proc/PID/uid_map or gid_map whose range begins at 0 outside.",
        .references = {"user_namespaces(7)", "CIS Docker 2.9", "subuid(5)"},
        .fix = {.oci = kPrivateRange,
                .docker = "dockerd --userns-remap=default",
                .podman = "--userns=auto",
                .kubernetes = "hostUsers: false",
                .bwrap = "--unshare-user --uid 1000, started by an ordinary user"},
        .look = leads_to_root,
        .spoil = {.config = R"({"process":{"user":{"uid":20000}},)"
                            R"("linux":{"uidMappings":[{"containerID":0,"hostID":0,"size":65536}]}})"},
    },
    {
        .id = "ns.user.overlap",
        .title = "Another container has the same users outside.",
        .severity = Severity::medium,
        .why = "What gets out of one of them acts as the user of the other: reads its files, signals its processes.",
        .how = "/proc/PID/uid_map compared with that of every process of the host whose user namespace is another.",
        .references = {"user_namespaces(7)", "subuid(5)", "podman-run(1): --userns=auto"},
        .fix = {.oci = kPrivateRange, .podman = "--userns=auto", .kubernetes = "hostUsers: false"},
        .look = overlaps,
        .spoil =
            {.prepare = {"unshare --user sleep 600 >/dev/null 2>&1 & sleep 0.1; echo 0 100000 1000 >/proc/$!/uid_map"}},
    },
    {
        .id = "ns.user.setgroups",
        .title = "The container can drop groups that it has from outside.",
        .severity = Severity::low,
        .why = "Modes that give a group less than others (rwx---r-x) no longer keep out who leaves the group.",
        .how = "/proc/PID/setgroups says \"allow\", and Groups of /proc/PID/status has some that gid_map does not map.",
        .references = {"user_namespaces(7): setgroups", "CVE-2014-8989", "CVE-2018-7169"},
        .fix = {.oci =
                    R"({"process":{"user":{"additionalGids":[]}},"annotations":{"run.oci.keep_original_groups":null}})",
                .podman = "without --group-add keep-groups"},
        .look = drops_groups,
        .spoil = {.config = R"({"annotations":{"run.oci.keep_original_groups":"1"},)"
                            R"("linux":{"gidMappings":[{"containerID":0,"hostID":100000,"size":2000}]}})",
                  .wrap = {"setpriv", "--groups", "4243"}},
    },
    {
        .id = "ns.user.creatable",
        .title = "Processes of the container can make user namespaces.",
        .severity = Severity::medium,
        .why = "In one of their own they hold every capability, which opens much of the kernel to them.",
        .how = "unshare(CLONE_NEWUSER), then clone, by a child that ends at once, and its namespace with it.",
        .references = {"user_namespaces(7)", "CVE-2022-0185", "CVE-2023-0386", "CVE-2024-1086"},
        .fix = kNoUserNamespaces,
        .side = Side::inside,
        .look = creatable,
        .spoil = {.config = allowed(CLONE_NEWUSER), .also = {"seccomp.user-namespace.creatable"}},
    },
    {
        .id = "ns.user.gains-privileges",
        .title = "User namespaces that processes of the container make give them privileges.",
        .severity = Severity::medium,
        .why = "Where they are merely allowed but empty of privileges, as on recent Ubuntu, the kernel stays shut.",
        .how = "unshare(CLONE_NEWNET) by a child in a user namespace of its own; both end with the child.",
        .references = {"user_namespaces(7)", "apparmor_restrict_unprivileged_userns", "CVE-2024-1086"},
        .fix = kNoUserNamespaces,
        .side = Side::inside,
        .look = gains_privileges,
        .spoil = {.config = allowed(CLONE_NEWUSER | CLONE_NEWNET),
                  .also = {"ns.user.creatable", "seccomp.user-namespace.creatable", "seccomp.namespaces.creatable"}},
    },
};

}  // namespace
}  // namespace nsproof::audit
