// Descriptors that a runtime let through into the container, and a working directory outside of it: what is open
// already no mount namespace, no capability and no mask takes away.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <algorithm>

#include "harness/audit/rule.h"
#include "harness/audit/view.h"
#include "harness/support/text.h"
#include "suites/audit/fd_tables.h"

namespace nsproof::audit {
namespace {

Sight look_at_sockets(View& view) {
  const std::vector<Descriptor> descriptors = inherited_descriptors(view);
  std::vector<std::uint64_t> known;
  const sys::Got<std::string>& local = view.process_file("net/unix");
  if (!local.ok()) return unknown(say("/proc/PID/net/unix: ", errno_name(local.error())));
  for (const UnixSocket& one : parse_unix_sockets(local.value)) known.push_back(one.inode);
  for (const char* table : {"tcp", "tcp6", "udp", "udp6", "raw", "raw6", "netlink", "packet"}) {
    const sys::Got<std::string>& text = view.process_file(say("net/", table));
    const std::vector<std::uint64_t> inodes = inodes_of_table(text.value);
    known.insert(known.end(), inodes.begin(), inodes.end());
  }
  return judge_foreign_sockets(descriptors, known);
}

// getcwd(2) says "(unreachable)" only of the caller's own; the mount that a directory is on tells of any process
// (statx(2), STATX_MNT_ID, Linux 5.8).
Sight look_at_directory(View& view) {
  constexpr unsigned kMountId = 0x1000;
  if (view.status().pids.empty()) return unknown("/proc/PID/status says no number of the process");
  const std::string name = say("/proc/", view.status().pids.back(), "/cwd");
  const Reply& reply = view.call("mount of the working directory", [&](Actor& actor) {
    Reply seen = actor.call(SYS_statx, "statx",
                            {named(static_cast<std::uint64_t>(AT_FDCWD), "AT_FDCWD"), path(name), num(0),
                             named(kMountId, "STATX_MNT_ID"), out(sizeof(struct statx))});
    if (seen.ok()) actor.shows(say("{stx_mnt_id=", out_as<struct statx>(seen).stx_mnt_id, "}"));
    return seen;
  });
  if (!reply.ok()) return unknown(say(name, ": ", errno_name(reply.error())));
  const auto seen = out_as<struct statx>(reply);
  if ((seen.stx_mask & kMountId) == 0) return unknown("statx(2) of this kernel does not tell mounts");
  const std::string directory = say(quoted(view.process_link("cwd").value), " on mount ", seen.stx_mnt_id);
  const std::vector<sys::MountInfo>& mounts = view.mounts();
  const bool there = std::any_of(mounts.begin(), mounts.end(), [&](const sys::MountInfo& one) {
    return static_cast<std::uint64_t>(one.id) == seen.stx_mnt_id;
  });
  return weak_if(!there, there ? directory : say(directory, ", which is none of the container's"));
}

// crun hands on as many descriptors as it is told to; they are numbered from 3.
std::vector<std::string> with_descriptors(const std::string& opened, int count) {
  return {"sh", "-c",
          say(opened, "; a=$1 b=$2 c=$3; shift 4; exec \"$a\" \"$b\" \"$c\" run --preserve-fds ", count, " \"$@\""),
          "-"};
}

const Rules rows = {
    {
        .id = "fd.foreign-file.held",
        .title = "A process of the container holds a descriptor of a file or directory outside of it.",
        .severity = Severity::critical,
        .why = "openat(2) relative to such a directory reaches every file of the host that permissions allow, and "
               "nothing that keeps the container in its root directory counts.",
        .how = "mnt_id of /proc/PID/fdinfo of every descriptor above 2 without O_CLOEXEC is looked up in "
               "/proc/PID/mountinfo; the name that readlink(2) shows is worth nothing.",
        .references = {"CVE-2024-21626", "CVE-2016-9962", "proc_pid_fdinfo(5)"},
        .fix = {.docker = "runc 1.1.12 or newer; close descriptors before docker run is called",
                .podman = "without --preserve-fds",
                .kubernetes = "nodes with runc 1.1.12, crun 1.14.1 or newer",
                .bwrap = "close descriptors before: bwrap ... 3<&-"},
        .look = [](View& view) { return judge_foreign_files(inherited_descriptors(view), view.mounts()); },
        .spoil = {.wrap = with_descriptors("exec 3</etc", 1)},
    },
    {
        .id = "fd.special.held",
        .title = "A process of the container was given a descriptor of a kernel object.",
        .severity = Severity::high,
        .why =
            "A namespace can be joined with it, a BPF program loaded, a process signalled, a device driven, whatever "
            "the container itself would be refused.",
        .how = "What readlink(2) says of every descriptor above 2 without O_CLOEXEC in /proc/PID/fd: anon_inode:, "
               "net:[...], pidfd; and devices on mounts that are none of the container's.",
        .references = {"CVE-2016-9962", "setns(2)", "pidfd_open(2)"},
        .fix = {.docker = "close descriptors before docker run is called",
                .podman = "without --preserve-fds",
                .kubernetes = "nodes with runc 1.1.12, crun 1.14.1 or newer",
                .bwrap = "close descriptors before: bwrap ... 3<&-"},
        .look = [](View& view) { return judge_special(inherited_descriptors(view), view.mounts()); },
        .spoil = {.wrap = with_descriptors("exec 3</proc/self/ns/net", 1)},
    },
    {
        .id = "fd.socket.inherited",
        .title = "A process of the container was given a socket of another network namespace.",
        .severity = Severity::medium,
        .why = "It speaks to whoever is at its other end, or accepts connections of a network that the container "
               "should not be part of.",
        .how = "The inode of every socket above descriptor 2 without O_CLOEXEC is looked up in the tables of "
               "/proc/PID/net. A TCP or UDP socket that has no address yet counts as foreign.",
        .references = {"unix(7)", "network_namespaces(7)"},
        .fix = {.docker = "close descriptors before docker run is called",
                .podman = "without --preserve-fds; only sockets that the service is meant to have",
                .kubernetes = "nodes with runc 1.1.12, crun 1.14.1 or newer",
                .bwrap = "close descriptors before: bwrap ... 3<&-"},
        .look = look_at_sockets,
        .spoil = {.wrap = {"perl", "-e",
                           "use Socket; $^F = 9; socketpair(A, B, AF_UNIX, SOCK_STREAM, 0) or die; "
                           "splice @ARGV, 4, 0, '--preserve-fds', '2'; exec @ARGV"}},
    },
    {
        .id = "fd.cwd.outside",
        .title = "The working directory of a process of the container is outside of it.",
        .severity = Severity::critical,
        .why = "A relative path is enough to reach the files of the host.",
        .how = "The mount of /proc/PID/cwd, by statx(2), is looked up in /proc/PID/mountinfo.",
        .references = {"CVE-2024-21626", "getcwd(3)"},
        .fix = {.oci = R"({"process":{"cwd":"/"}})",
                .docker = "-w /",
                .kubernetes = "workingDir: /",
                .bwrap = "--chdir /"},
        .look = look_at_directory,
        .spoil = {.config = R"({"process":{"cwd":"/proc/self/fd/3"}})",
                  .wrap = with_descriptors("exec 3</etc", 1),
                  .also = {"fd.foreign-file.held"}},
    },
};

}  // namespace
}  // namespace nsproof::audit
