// What tables of the kernel about networks and IPC amount to, as pure functions of their texts: rules and their unit
// tests share it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/audit/finding.h"

namespace nsproof::audit {

// The interfaces of a network namespace, sorted: the names in /proc/PID/net/dev (proc_pid_net(5)).
std::vector<std::string> interfaces_of(std::string_view net_dev);

// The sockets that listen in /proc/PID/net/tcp, tcp6: their addresses as they stand there, owners and inodes.
struct Listener {
  std::string address;
  std::uint32_t uid = 0;
  std::uint64_t inode = 0;
};
std::vector<Listener> listeners_of(std::string_view net_tcp);

// Rows of /proc/sysvipc/shm, sem or msg (sysvipc(7)).
struct IpcObject {
  std::string id;
  std::uint32_t creator_uid = 0;
  int creator_pid = -1;  // in the reader's numbers, 0 if it has none there; -1: the table does not tell
};
std::vector<IpcObject> ipc_objects_of(std::string_view table);

// What a walk to other mount namespaces came to: the last call and its errno, 0 if it gave a descriptor.
Sight judge_walk(std::string_view call, int error);

// Whether a line of /proc/PID/cgroup leads out of the reader's cgroup namespace: "0::/../other" (cgroup_namespaces(7)).
bool in_foreign_cgroup(std::string_view cgroup);

}  // namespace nsproof::audit
