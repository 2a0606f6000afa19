// The kernel's tables about networks, IPC and cgroups, as Linux writes them.
#include <gtest/gtest.h>

#include <cerrno>

#include "suites/audit/ns_judge.h"

namespace nsproof::audit {
namespace {

TEST(AuditNs, Interfaces) {
  EXPECT_EQ(interfaces_of("Inter-|   Receive                                                |  Transmit\n"
                          " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs\n"
                          "    lo:  110 1 0 0 0 0 0 0 110 1 0 0 0 0 0 0\n"
                          "eth0:1: 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n"),
            (std::vector<std::string>{"eth0:1", "lo"}));
  EXPECT_TRUE(interfaces_of("").empty());
}

TEST(AuditNs, Listeners) {
  const std::vector<Listener> found = listeners_of(
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
      "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 31337 1 0 100 0\n"
      "   1: 0100007F:C350 0100007F:1F90 01 00000000:00000000 00:00000000 00000000     0        0 31338 1 0 20 4\n"
      "   2: truncated\n");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].address, "0100007F:1F90");
  EXPECT_EQ(found[0].uid, 1000U);
  EXPECT_EQ(found[0].inode, 31337U);
}

TEST(AuditNs, SysvObjects) {
  const std::vector<IpcObject> shm = ipc_objects_of(
      "       key      shmid perms                  size  cpid  lpid nattch   uid   gid  cuid  cgid      atime\n"
      "1640613419          3   644                  4096     0     0      0 65534 65534 65534 65534          0\n");
  ASSERT_EQ(shm.size(), 1U);
  EXPECT_EQ(shm[0].id, "3");
  EXPECT_EQ(shm[0].creator_uid, 65534U);
  EXPECT_EQ(shm[0].creator_pid, 0);
  const std::vector<IpcObject> sem = ipc_objects_of(
      "       key      semid perms      nsems   uid   gid  cuid  cgid      otime      ctime\n"
      "         1          0   600          1  1000  1000  1000  1000          0 1790000000\n");
  ASSERT_EQ(sem.size(), 1U);
  EXPECT_EQ(sem[0].creator_uid, 1000U);
  EXPECT_EQ(sem[0].creator_pid, -1);
  EXPECT_TRUE(ipc_objects_of("       key      semid perms\n").empty());
}

// As on Linux 6.18: by root of the machine, in a PID namespace, on Linux 6.1, and under a filter.
TEST(AuditNs, WalkOfMountNamespaces) {
  constexpr const char* kCall = "ioctl(5, NS_MNT_GET_PREV, ...)";
  EXPECT_EQ(judge_walk(kCall, 0).answer, Answer::weak);
  EXPECT_EQ(judge_walk(kCall, EPERM).answer, Answer::hardened);
  EXPECT_EQ(judge_walk(kCall, ENOENT).answer, Answer::hardened);
  EXPECT_EQ(judge_walk(kCall, ENOSYS).answer, Answer::hardened);
  EXPECT_EQ(judge_walk(kCall, ENOTTY).answer, Answer::not_applicable);
  EXPECT_EQ(judge_walk(kCall, EIO).answer, Answer::unknown);
}

TEST(AuditNs, ForeignCgroups) {
  EXPECT_TRUE(in_foreign_cgroup("0::/../pause\n"));
  EXPECT_TRUE(in_foreign_cgroup("3:cpu:/\n2:pids:/..\n"));
  EXPECT_FALSE(in_foreign_cgroup("0::/\n"));
  EXPECT_FALSE(in_foreign_cgroup("0::/init/..hidden\n"));
  EXPECT_FALSE(in_foreign_cgroup(""));
}

}  // namespace
}  // namespace nsproof::audit
