// What the audit concludes about kernel files, from sights of them: also of such as no machine at hand has.
#include <gtest/gtest.h>
#include <linux/magic.h>
#include <sys/stat.h>

#include <cerrno>

#include "suites/audit/mask_addresses.h"
#include "suites/audit/mask_exposure.h"
#include "suites/audit/w_files.h"
#include "suites/audit/w_release_agent.h"

namespace nsproof::audit {
namespace {

using How = Exposure::How;

KernelPath file_of_proc(const std::string& path, int open_error) {
  KernelPath seen{.path = path};
  seen.mode = S_IFREG | 0400;
  seen.device = "0:93";
  seen.magic = PROC_SUPER_MAGIC;
  seen.open_error = open_error;
  return seen;
}

KernelPath directory_of(const std::string& path, std::uint64_t magic, std::size_t names) {
  KernelPath seen{.path = path};
  seen.mode = S_IFDIR | 0755;
  seen.device = "0:94";
  seen.magic = magic;
  seen.size = names;
  return seen;
}

sys::MountInfo mount(const std::string& root, const std::string& target, const std::string& type,
                     const std::string& device) {
  sys::MountInfo made;
  made.root = root;
  made.target = target;
  made.type = type;
  made.device = device;
  made.options = "rw,nosuid";
  return made;
}

// As runc 1.1 masks it.
KernelPath null_device_over(const std::string& path) {
  KernelPath seen{.path = path};
  seen.mode = S_IFCHR | 0666;
  seen.node = "1:3";
  seen.device = "0:97";
  seen.magic = TMPFS_MAGIC;
  seen.mount = mount("/null", path, "tmpfs", "0:97");
  return seen;
}

Sight readable(const std::vector<KernelPath>& paths) {
  std::vector<std::pair<std::string, Exposure>> seen;
  for (const KernelPath& one : paths) seen.emplace_back(one.path, judge(one));
  return judge_readable(seen);
}

// Rules without a fixture on this machine: mask.kcore, mask.hardware and mask.power.
TEST(AuditMask, KcoreIsWeakOnlyIfItOpens) {
  EXPECT_EQ(readable({file_of_proc("/proc/kcore", 0)}).answer, Answer::weak);
  // Root without CAP_SYS_RAWIO: the permission bits would let it, the kernel does not.
  EXPECT_EQ(readable({file_of_proc("/proc/kcore", EPERM)}).answer, Answer::hardened);
  EXPECT_EQ(readable({null_device_over("/proc/kcore")}).answer, Answer::hardened);
  EXPECT_EQ(readable({{.path = "/proc/kcore", .stat_error = ENOENT}}).answer, Answer::not_applicable);
  EXPECT_EQ(readable({file_of_proc("/proc/kcore", EIO)}).answer, Answer::unknown);
}

TEST(AuditMask, HardwareIsWeakIfADirectoryHasNames) {
  const KernelPath no_sound{.path = "/proc/asound", .stat_error = ENOENT};
  KernelPath masked = directory_of("/proc/scsi", TMPFS_MAGIC, 0);
  masked.read_only = true;
  masked.mount = mount("/", "/proc/scsi", "tmpfs", "0:94");
  EXPECT_EQ(readable({directory_of("/proc/scsi", PROC_SUPER_MAGIC, 3), no_sound}).answer, Answer::weak);
  EXPECT_EQ(readable({masked, no_sound}).answer, Answer::hardened);
  EXPECT_EQ(readable({directory_of("/proc/acpi", PROC_SUPER_MAGIC, 0), no_sound}).answer, Answer::not_applicable);
}

TEST(AuditMask, PowerIsWeakIfItsMeterIsBare) {
  const std::string powercap = "/sys/devices/virtual/powercap";
  const KernelPath no_throttle{.path = "/sys/devices/system/cpu/cpu0/thermal_throttle", .stat_error = ENOENT};
  KernelPath masked = directory_of(powercap, TMPFS_MAGIC, 0);
  masked.mount = mount("/", powercap, "tmpfs", "0:94");
  EXPECT_EQ(readable({directory_of(powercap, SYSFS_MAGIC, 4), no_throttle}).answer, Answer::weak);
  EXPECT_EQ(readable({masked, no_throttle}).answer, Answer::hardened);
}

TEST(AuditMask, AnAbsentFileIsNotMasked) {
  EXPECT_EQ(judge({.path = "/proc/keys", .stat_error = ENOENT}).how, How::absent);
  EXPECT_EQ(judge({.path = "/sys/kernel/notes", .stat_error = ENOENT, .hidden_by = "a tmpfs at /sys/kernel"}).how,
            How::hidden);
}

TEST(AuditMask, AMaskNeedsItsEffectAndItsMount) {
  EXPECT_EQ(judge(null_device_over("/proc/keys")).how, How::masked);
  // A mask that a second mount of all of /proc has buried: mountinfo still has its line.
  KernelPath buried = file_of_proc("/proc/keys", 0);
  buried.mount = mount("/null", "/proc/keys", "tmpfs", "0:97");
  EXPECT_EQ(judge(buried).how, How::open);
  EXPECT_EQ(forgery(buried), "");
  // As systemd-nspawn(1) masks: a file of its own that nobody may read.
  KernelPath inaccessible{.path = "/proc/keys", .mode = S_IFREG, .magic = TMPFS_MAGIC};
  inaccessible.mount = mount("/systemd/inaccessible/reg", "/proc/keys", "tmpfs", "0:25");
  inaccessible.open_error = EACCES;
  EXPECT_EQ(judge(inaccessible).how, How::masked);
}

TEST(AuditMask, AnotherFileInPlaceOfAMaskIsForged) {
  KernelPath exchanged = file_of_proc("/proc/keys", 0);
  exchanged.mount = mount("/sys/kernel/core_pattern", "/proc/keys", "proc", "0:93");
  EXPECT_EQ(judge(exchanged).how, How::forged);
  EXPECT_NE(forgery(exchanged), "");
  // The file itself, bound read-only over itself.
  exchanged.mount->root = "/keys";
  EXPECT_EQ(judge(exchanged).how, How::open);
  EXPECT_EQ(forgery(exchanged), "");

  KernelPath disk = null_device_over("/proc/keys");
  disk.mode = S_IFBLK | 0660;
  disk.node = "254:0";
  EXPECT_EQ(judge(disk).how, How::forged);

  KernelPath filled = directory_of("/proc/acpi", TMPFS_MAGIC, 2);
  filled.mount = mount("/", "/proc/acpi", "tmpfs", "0:94");
  EXPECT_EQ(judge(filled).how, How::forged);
  filled.mount->type = "fuse.lxcfs";
  EXPECT_EQ(forgery(filled), "");
}

TEST(AuditMask, WhatCouldNotBeSeenIsUnknownUnlessSomethingElseIsOpen) {
  const KernelPath unseen{.path = "/proc/slabinfo", .stat_error = EIO};
  EXPECT_EQ(readable({unseen, null_device_over("/proc/keys")}).answer, Answer::unknown);
  EXPECT_EQ(readable({unseen, file_of_proc("/proc/keys", 0)}).answer, Answer::weak);
}

TEST(AuditMask, AddressesAreToldByDigitsThatAreNotZero) {
  EXPECT_TRUE(tells_addresses("ffffffff81000000 T startup_64\nffffffff81000000 T _stext\n"));
  EXPECT_FALSE(tells_addresses("0000000000000000 T startup_64\n0000000000000000 T _stext\n"));
  EXPECT_TRUE(tells_addresses("00000000-00000fff : Reserved\n00001000-0009fbff : System RAM\n"));
  EXPECT_FALSE(tells_addresses("00000000-00000000 : Reserved\n  00000000-00000000 : PCI Bus 0000:00\n"));
  EXPECT_FALSE(tells_addresses(""));
}

TEST(AuditWrite, IsWeakIfOneFileMayBeWritten) {
  const WriteAccess refused{.path = "/proc/sys/kernel/panic", .error = EROFS};
  EXPECT_EQ(judge_writable({refused, {.path = "/proc/sysrq-trigger"}}).answer, Answer::weak);
  EXPECT_EQ(judge_writable({refused, {.path = "/proc/sysrq-trigger", .error = ENOENT}}).answer, Answer::hardened);
  EXPECT_EQ(judge_writable({{.path = "/proc/sysrq-trigger", .error = ENOENT}}).answer, Answer::not_applicable);
  EXPECT_EQ(
      judge_writable({{.path = "/sys/kernel/uevent_helper", .error = ENOENT, .hidden_by = "a tmpfs at /sys"}}).answer,
      Answer::hardened);
  // A filter of system calls says EPERM, too, and knows nothing of the file.
  EXPECT_EQ(judge_writable({refused, {.path = "/proc/sysrq-trigger", .error = EPERM}}).answer, Answer::unknown);
  EXPECT_EQ(judge_writable({{.path = "/proc/sys/kernel/kptr_restrict", .lacks = "CAP_SYS_ADMIN"}}).answer,
            Answer::hardened);
}

TEST(AuditWrite, ReleaseAgentsOfRootsCount) {
  const Sight open = judge_release_agents({{"/sys/fs/cgroup/cpu", ENOENT}, {"/mnt", 0}}, true);
  EXPECT_EQ(open.answer, Answer::weak);
  EXPECT_EQ(open.severity, std::nullopt);
  EXPECT_EQ(judge_release_agents({{"/mnt", 0}}, false).severity, Severity::high);
  EXPECT_EQ(judge_release_agents({{"/mnt", EROFS}}, true).answer, Answer::hardened);
  EXPECT_EQ(judge_release_agents({{"/sys/fs/cgroup/cpu", ENOENT}}, true).answer, Answer::hardened);
  EXPECT_EQ(judge_release_agents({{"/mnt", EIO}}, true).answer, Answer::unknown);
  EXPECT_EQ(judge_release_agents({}, true).answer, Answer::hardened);
}

}  // namespace
}  // namespace nsproof::audit
