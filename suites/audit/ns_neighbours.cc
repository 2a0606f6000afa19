// Who else is in the container's own namespaces: processes, sockets and System V objects that nobody in it made.
#include <algorithm>
#include <set>

#include "harness/audit/rule.h"
#include "harness/audit/view.h"
#include "harness/support/text.h"
#include "suites/audit/ns_judge.h"

namespace nsproof::audit {
namespace {

bool is_number(const std::string& name) {
  return !name.empty() && name.find_first_not_of("0123456789") == std::string::npos;
}

constexpr std::size_t kManyProcesses = 512;

std::vector<std::string> processes(View& view) {
  const sys::Got<std::vector<std::string>>& entries = view.names("/proc");
  if (!entries.ok()) throw CouldNotLook(say("/proc: ", errno_name(entries.error())));
  std::vector<std::string> numbers;
  for (const std::string& entry : entries.value)
    if (is_number(entry) && numbers.size() < kManyProcesses) numbers.push_back(entry);
  return numbers;
}

Sight shared_pod(View& view) {
  const NamespaceView& pid = view.name_space(Ns::pid);
  if (pid.ownership == Ownership::undecided) return unknown(pid.how);
  if (pid.ownership == Ownership::host) return not_applicable("it is the host's, which is a finding by itself");
  const Status& own = view.status();
  const bool is_first = !own.pids.empty() && own.pids.back() == 1;
  const sys::Got<std::string>& first = view.file("/proc/1/status");
  if (!first.ok()) return unknown(say("/proc/1/status: ", errno_name(first.error())));
  if (!is_first && parse_status(first.value).name == "pause")
    return weak("process 1 is \"pause\", which holds a pod together");
  const sys::Got<std::string>& mine = view.process_file("cgroup");
  if (!mine.ok()) return unknown(say("/proc/PID/cgroup: ", errno_name(mine.error())));
  const bool own_groups = view.name_space(Ns::cgroup).ownership == Ownership::own;
  const std::vector<std::string> all = processes(view);
  for (const std::string& process : all) {
    const sys::Got<std::string>& group = view.file(say("/proc/", process, "/cgroup"));
    if (!group.ok()) continue;  // it has ended
    if (own_groups && in_foreign_cgroup(group.value))
      return weak(say("process ", process, " is in ", quoted(trim(group.value), 100), ", outside of this container"));
    // Paths from the host's root do not tell where a container begins.
    if (!own_groups && group.value != mine.value)
      return unknown(say("process ", process, " is in another cgroup, ", quoted(trim(group.value), 100),
                         ", and without a cgroup namespace nothing tells whose"));
  }
  return hardened(say("process 1 is no pause, and the cgroups of ", all.size(), " processes are the container's"));
}

// The sockets that visible processes hold, as /proc/PID/fd tells.
struct Held {
  std::set<std::string> links;
  std::size_t unread = 0;  // processes whose descriptors cannot be seen
};

// Whether processes of other users are left out of /proc (proc(5), hidepid).
bool hides_others(View& view) {
  const sys::MountInfo* proc = view.mount_at("/proc");
  return proc != nullptr && proc->super_options.find("hidepid=") != std::string::npos &&
         proc->super_options.find("hidepid=off") == std::string::npos;
}

Held sockets_held(View& view) {
  constexpr std::size_t kMany = 1024;
  Held held;
  const std::vector<std::string> all = processes(view);
  if (all.size() == kManyProcesses) ++held.unread;
  for (const std::string& process : all) {
    const std::string directory = say("/proc/", process, "/fd");
    const sys::Got<std::vector<std::string>>& descriptors = view.names(directory, kMany);
    if (!descriptors.ok() && descriptors.error() != ENOENT) ++held.unread;
    for (const std::string& fd : descriptors.value) {
      const sys::Got<std::string>& link = view.link(say(directory, "/", fd));
      if (link.ok() && link.value.starts_with("socket:")) held.links.insert(link.value);
    }
  }
  return held;
}

Sight strangers_listen(View& view) {
  const NamespaceView& net = view.name_space(Ns::net);
  if (net.ownership == Ownership::undecided) return unknown(net.how);
  if (net.ownership == Ownership::host) return not_applicable("it is the host's, which is a finding by itself");
  if (view.name_space(Ns::pid).ownership == Ownership::host)
    return not_applicable("the processes in sight are the host's, which is a finding by itself");
  std::vector<Listener> listeners;
  for (const char* file : {"net/tcp", "net/tcp6"}) {
    const sys::Got<std::string>& table = view.process_file(file);
    if (!table.ok() && table.error() != ENOENT)
      return unknown(say("/proc/PID/", file, ": ", errno_name(table.error())));
    const std::vector<Listener> more = listeners_of(table.value);
    listeners.insert(listeners.end(), more.begin(), more.end());
  }
  if (listeners.empty()) return hardened("no TCP socket listens");
  const Held held = sockets_held(view);
  for (const Listener& one : listeners) {
    if (held.links.contains(say("socket:[", one.inode, "]"))) continue;
    const std::string seen = say("no process in sight holds the socket that listens at ", one.address);
    if (hides_others(view) && one.uid != view.status().euid())
      return unknown(say(seen, ", but processes of user ", one.uid, " are hidden (hidepid)"));
    return held.unread == 0 ? weak(seen)
                            : unknown(say(seen, ", but the descriptors of ", held.unread, " cannot be seen"));
  }
  return hardened(say("processes of the container hold all ", listeners.size(), " sockets that listen"));
}

Sight foreign_ipc(View& view) {
  const NamespaceView& ipc = view.name_space(Ns::ipc);
  if (ipc.ownership == Ownership::undecided) return unknown(ipc.how);
  std::vector<std::string> found;
  std::size_t tables = 0;
  for (const char* file : {"shm", "sem", "msg"}) {
    const sys::Got<std::string>& table = view.file(say("/proc/sysvipc/", file));
    if (table.error() == ENOENT) continue;
    if (!table.ok()) return unknown(say("/proc/sysvipc/", file, ": ", errno_name(table.error())));
    ++tables;
    for (const IpcObject& object : ipc_objects_of(table.value))
      if (ipc.ownership == Ownership::host || object.creator_pid == 0)
        found.push_back(say(file, " ", object.id, " of user ", object.creator_uid));
  }
  if (tables == 0) return not_applicable("/proc/sysvipc is not there");
  const std::size_t count = found.size();
  constexpr std::size_t kShown = 5;
  if (count > kShown) found.resize(kShown);
  return weak_if(count > 0, count > 0 ? say(count, " objects: ", join(found, ", "))
                                      : "no object of System V that a process outside made");
}

constexpr const char* kOwnNamespaces =
    R"({"linux":{"namespaces":[{"type":"pid"},{"type":"network"},{"type":"ipc"},{"type":"uts"},{"type":"mount"},)"
    R"({"type":"cgroup"},{"type":"user"}]}})";

// Namespaces that somebody else holds are joined from outside of a user namespace only.
constexpr const char* kWithoutUser =
    R"("process":{"user":{"uid":65532}},"linux":{"uidMappings":null,"gidMappings":null,)";

const Rules rows = {
    {
        .id = "ns.pid.pod-shared",
        .title = "The container shares its PID namespace with other containers.",
        .severity = Severity::medium,
        .why = "It sees their processes, and what users and capabilities allow of arguments, environment and files.",
        .how = "/proc/1/status is of a process named pause, or /proc/PID/cgroup of a process leads out of the cgroup "
               "namespace.",
        .references = {"pid_namespaces(7)", "cgroup_namespaces(7)", "NSA Kubernetes hardening guidance"},
        .fix = {.oci = kOwnNamespaces,
                .docker = "without --pid=container:NAME",
                .kubernetes = "shareProcessNamespace: false",
                .bwrap = "--unshare-pid --proc /proc"},
        .look = shared_pod,
        .spoil = {.config = say("{", kWithoutUser, R"("namespaces":[{"type":"network"},{"type":"ipc"},{"type":"uts"},)",
                                R"({"type":"mount"},{"type":"cgroup"},{"type":"pid","path":"/run/nsproof-pod"}]}})"),
                  .prepare = {"cp /bin/sleep /run/pause; touch /run/nsproof-pod; "
                              "unshare --pid --fork setpriv --reuid 65532 --regid 1000 --clear-groups /run/pause 600 "
                              ">/dev/null 2>&1 & sleep 0.2; "
                              "mount --bind /proc/$!/ns/pid_for_children /run/nsproof-pod"},
                  .also = {"ns.user.none"}},
    },
    {
        .id = "ns.net.peers-local",
        .title = "Somebody out of sight listens in the container's network namespace.",
        .severity = Severity::low,
        .why = "The network namespace is shared with another container, whose loopback services are in reach.",
        .how =
            "TCP sockets that listen in /proc/PID/net/tcp and tcp6 and that are no descriptor of a process in /proc.",
        .references = {"network_namespaces(7)", "proc_pid_net(5)"},
        .fix = {.oci = kOwnNamespaces,
                .docker = "without --network=container:NAME",
                .kubernetes = "one container in each pod",
                .bwrap = "--unshare-net"},
        .look = strangers_listen,
        .spoil = {.config = say(
                      "{", kWithoutUser, R"("sysctl":null,"namespaces":[{"type":"pid"},{"type":"ipc"},{"type":"uts"},)",
                      R"({"type":"mount"},{"type":"cgroup"},{"type":"network","path":"/run/nsproof-net"}]}})"),
                  .prepare = {"touch /run/nsproof-net; unshare --net perl -MSocket -e "
                              "'$>=65532; socket(S,AF_INET,SOCK_STREAM,0); bind(S,sockaddr_in(8080,INADDR_LOOPBACK)); "
                              "listen(S,1) or die; sleep 600' >/dev/null 2>&1 & sleep 0.3; "
                              "mount --bind /proc/$!/ns/net /run/nsproof-net"},
                  .also = {"ns.user.none"}},
    },
    {
        .id = "ns.ipc.objects",
        .title = "The container sees System V objects that processes outside of it made.",
        .severity = Severity::medium,
        .why = "Shared memory of others is there to be read by whoever their modes let in.",
        .how =
            "Rows of /proc/sysvipc/shm, sem and msg: all, if the IPC namespace is the host's; else those whose maker "
            "has no number in the PID namespace.",
        .references = {"sysvipc(7)", "ipc_namespaces(7)", "CIS Docker 5.17"},
        .fix = {.oci = kOwnNamespaces,
                .docker = "--ipc=private",
                .kubernetes = "hostIPC: false",
                .bwrap = "--unshare-ipc"},
        .look = foreign_ipc,
        .spoil = {.config = R"({"linux":{"-namespaces":[{"type":"ipc"}]},"-mounts":[{"destination":"/dev/mqueue"}]})",
                  .prepare = {"ipcmk --shmem 4096"},
                  .also = {"ns.ipc.host", "ns.any.inherited"}},
    },
};

}  // namespace
}  // namespace nsproof::audit
