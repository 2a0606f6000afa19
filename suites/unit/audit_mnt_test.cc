// What mount tables, descriptors, sockets, keys and terminals amount to, judged from texts.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "harness/support/text.h"
#include "suites/audit/fd_tables.h"
#include "suites/audit/mnt_keys.h"
#include "suites/audit/mnt_sockets.h"
#include "suites/audit/mnt_sysctl.h"
#include "suites/audit/mnt_table.h"

namespace nsproof::audit {
namespace {

// Of a container of Docker with a volume, a directory of the host and its own socket in it.
constexpr const char* kDocker =
    "501 400 0:60 / / rw,relatime master:180 - overlay overlay "
    "rw,lowerdir=/var/lib/docker/overlay2/l/AB:/var/lib/docker/overlay2/l/CD,"
    "upperdir=/var/lib/docker/overlay2/1f/diff,workdir=/var/lib/docker/overlay2/1f/work\n"
    "502 501 0:63 / /proc rw,nosuid,nodev,noexec,relatime - proc proc rw\n"
    "503 501 0:64 / /dev rw,nosuid - tmpfs tmpfs rw,size=65536k,mode=755\n"
    "504 503 0:65 / /dev/pts rw,nosuid,noexec,relatime - devpts devpts rw,gid=5,mode=620,ptmxmode=666\n"
    "505 501 0:66 / /sys ro,nosuid,nodev,noexec,relatime - sysfs sysfs ro\n"
    "506 505 0:28 / /sys/fs/cgroup ro,nosuid,nodev,noexec,relatime - cgroup2 cgroup rw,nsdelegate\n"
    "507 503 0:62 / /dev/mqueue rw,nosuid,nodev,noexec,relatime - mqueue mqueue rw\n"
    "508 503 0:67 / /dev/shm rw,nosuid,nodev,noexec,relatime - tmpfs shm rw,size=65536k\n"
    "509 501 8:1 /var/lib/docker/containers/77/resolv.conf /etc/resolv.conf rw,relatime - ext4 /dev/sda1 rw\n"
    "510 501 8:1 /var/lib/docker/containers/77/hostname /etc/hostname rw,relatime - ext4 /dev/sda1 rw\n"
    "511 501 8:1 /var/lib/docker/containers/77/hosts /etc/hosts rw,relatime - ext4 /dev/sda1 rw\n"
    "512 501 8:1 /var/lib/docker/volumes/data/_data /data rw,relatime master:1 - ext4 /dev/sda1 rw\n"
    "513 501 0:25 /docker.sock /run/engine.sock rw,nosuid,nodev - tmpfs tmpfs rw,size=800000k,mode=755\n"
    "514 502 0:63 /bus /proc/bus ro,nosuid,nodev,noexec,relatime - proc proc rw\n"
    "515 502 0:64 /null /proc/kcore rw,nosuid - tmpfs tmpfs rw,size=65536k,mode=755\n"
    "516 502 0:70 / /proc/acpi ro,relatime - tmpfs tmpfs ro\n";

// Of a pod: its own /etc/hosts, a token, a volume, and a directory of the host.
constexpr const char* kPod =
    "900 800 0:80 / / rw,relatime - overlay overlay rw,lowerdir=l/A,upperdir=/var/lib/containerd/s/9/fs,workdir=w\n"
    "901 900 8:2 /var/lib/kubelet/pods/1-2/etc-hosts /etc/hosts rw,relatime - ext4 /dev/sda2 rw\n"
    "902 900 8:2 /var/lib/kubelet/pods/1-2/containers/a/5f /dev/termination-log rw,relatime - ext4 /dev/sda2 rw\n"
    "903 900 0:81 / /var/run/secrets/kubernetes.io/serviceaccount ro,relatime - tmpfs tmpfs rw,size=1000k\n"
    "904 900 8:2 /var/lib/kubelet/pods/1-2/volumes/kubernetes.io~empty-dir/tmp /tmp rw,relatime - ext4 /dev/sda2 rw\n"
    "905 900 8:2 /var/log /host/log ro,relatime - ext4 /dev/sda2 rw\n"
    "906 900 8:16 / /database rw,relatime - xfs /dev/sdb rw\n";

Mounts with(const char* table, const std::string& more) { return sys::parse_mountinfo(table + more); }

Origin origin_at(const Mounts& mounts, std::string_view target) {
  for (const Mount& one : mounts)
    if (one.target == target) return origin_of(one, mounts);
  ADD_FAILURE() << "no mount at " << target;
  return Origin::kernel;
}

TEST(AuditMnt, KnowsWhereMountsComeFrom) {
  const Mounts docker = with(kDocker, "");
  EXPECT_EQ(origin_at(docker, "/"), Origin::root);
  EXPECT_EQ(origin_at(docker, "/sys/fs/cgroup"), Origin::kernel);
  EXPECT_EQ(origin_at(docker, "/dev/shm"), Origin::memory);
  EXPECT_EQ(origin_at(docker, "/proc/kcore"), Origin::device);
  EXPECT_EQ(origin_at(docker, "/etc/hosts"), Origin::runtime_file);
  EXPECT_EQ(origin_at(docker, "/data"), Origin::volume);
  EXPECT_EQ(origin_at(docker, "/run/engine.sock"), Origin::host_path);
  const Mounts pod = with(kPod, "");
  EXPECT_EQ(origin_at(pod, "/etc/hosts"), Origin::runtime_file);
  EXPECT_EQ(origin_at(pod, "/dev/termination-log"), Origin::runtime_file);
  EXPECT_EQ(origin_at(pod, "/tmp"), Origin::volume);
  EXPECT_EQ(origin_at(pod, "/database"), Origin::volume);
  EXPECT_EQ(origin_at(pod, "/host/log"), Origin::sensitive);
}

TEST(AuditMnt, SensitiveDirectories) {
  EXPECT_EQ(judge_sensitive(with(kDocker, "")).answer, Answer::hardened);
  const Sight read_only = judge_sensitive(with(kPod, ""));
  EXPECT_EQ(read_only.answer, Answer::weak);
  EXPECT_EQ(read_only.severity, Severity::medium);
  const Sight writable = judge_sensitive(with(kDocker, "520 501 8:1 /etc /host rw - ext4 /dev/sda1 rw\n"));
  EXPECT_EQ(writable.answer, Answer::weak);
  EXPECT_FALSE(writable.severity);
  // The host's programs are no secret, and what sounds like /etc is not.
  for (const char* line : {"520 501 8:1 /usr /usr ro - ext4 /dev/sda1 rw\n", "520 501 8:1 /etcd /x rw - ext4 /d rw\n",
                           "520 501 8:1 /etc/localtime /etc/localtime ro - ext4 /dev/sda1 rw\n"})
    EXPECT_EQ(judge_sensitive(with(kDocker, line)).answer, Answer::hardened) << line;
  EXPECT_EQ(judge_sensitive(with(kDocker, "520 501 8:1 /usr/bin /x rw - ext4 /dev/sda1 rw\n")).answer, Answer::weak);
  // Accounts that Podman makes are its own; the host's are not.
  const auto accounts = [](const char* root) {
    return judge_sensitive(with(kDocker, say("520 501 8:1 ", root, " /etc/passwd ro - ext4 /d rw\n"))).answer;
  };
  EXPECT_EQ(accounts("/var/lib/containers/storage/overlay-containers/5/userdata/passwd"), Answer::hardened);
  EXPECT_EQ(accounts("/etc/passwd"), Answer::weak);
}

TEST(AuditMnt, OverlayNamesItsDirectories) {
  EXPECT_EQ(judge_overlay_paths(with(kDocker, "")).answer, Answer::weak);
  EXPECT_EQ(
      judge_overlay_paths(with("1 0 0:60 / / rw - overlay overlay rw,lowerdir=a,upperdir=b,workdir=c\n", "")).answer,
      Answer::hardened);
  EXPECT_EQ(judge_overlay_paths(with("1 0 8:1 / / rw - ext4 /dev/sda1 rw\n", "")).answer, Answer::not_applicable);
}

// As where lxcfs was bound into a container, and where Podman had its overlay made by fuse-overlayfs.
TEST(AuditMnt, FuseOfTheHost) {
  EXPECT_EQ(judge_fuse(with(kDocker, "")).answer, Answer::not_applicable);
  const auto fuse = [](std::string_view flags, std::string_view options) {
    return judge_fuse(with(kDocker, say("520 502 0:48 /proc/meminfo /proc/meminfo ", flags, " - fuse.lxcfs lxcfs ",
                                        options, "\n")))
        .answer;
  };
  EXPECT_EQ(fuse("rw,nosuid,nodev", "rw,user_id=0,group_id=0,allow_other"), Answer::weak);
  EXPECT_EQ(fuse("ro,nosuid,nodev", "rw,user_id=0,group_id=0,allow_other"), Answer::hardened);
  EXPECT_EQ(judge_fuse(with(kDocker, "520 501 0:48 / /m rw - fuse.sshfs x rw,user_id=0,group_id=0\n")).answer,
            Answer::hardened);
  EXPECT_EQ(judge_fuse(with("1 0 0:9 / / rw - fuse.fuse-overlayfs fuse-overlayfs rw,allow_other\n", "")).answer,
            Answer::not_applicable);
}

TEST(AuditMnt, TwinsShowWhatIsMasked) {
  EXPECT_EQ(judge_twin(with(kDocker, ""), "proc", "/proc").answer, Answer::hardened);
  const std::string twin = "520 501 0:63 / /other rw - proc proc rw\n";
  EXPECT_EQ(judge_twin(with(kDocker, twin), "proc", "/proc").answer, Answer::weak);
  const std::string masks =
      "521 520 0:63 /bus /other/bus ro - proc proc rw\n522 520 0:64 /null /other/kcore ro - tmpfs tmpfs rw\n"
      "523 520 0:71 / /other/acpi ro - tmpfs tmpfs ro\n";
  EXPECT_EQ(judge_twin(with(kDocker, twin + masks), "proc", "/proc").answer, Answer::hardened);
  EXPECT_EQ(
      judge_twin(with("1 0 8:1 / / rw - ext4 /d rw\n", "2 1 0:5 / /x rw - proc proc rw\n"), "proc", "/proc").answer,
      Answer::weak);
  EXPECT_EQ(judge_twin(with("1 0 8:1 / / rw - ext4 /d rw\n", ""), "proc", "/proc").answer, Answer::hardened);
}

TEST(AuditMnt, OnlyWhatCanBeReachedCounts) {
  const std::string devtmpfs = "520 501 0:6 / /host rw - devtmpfs devtmpfs rw\n";
  EXPECT_EQ(judge_devtmpfs(with(kDocker, "")).answer, Answer::hardened);
  EXPECT_EQ(judge_devtmpfs(with(kDocker, devtmpfs)).answer, Answer::weak);
  EXPECT_EQ(judge_devtmpfs(with(kDocker, devtmpfs + "521 520 0:90 / /host rw - tmpfs none rw,size=0k\n")).answer,
            Answer::hardened);
  // The mount that hides it can be on a directory above.
  EXPECT_EQ(judge_devtmpfs(with(kDocker, "520 501 0:6 / /a/b rw - devtmpfs d rw\n521 501 0:90 / /a rw - tmpfs t rw\n"))
                .answer,
            Answer::hardened);
}

TEST(AuditMnt, HostileTables) {
  for (const char* table :
       {"", "\n\n", "x", "1 1 0:1 / / rw - tmpfs t rw\n", "1 2 0:1 / / rw - a a rw\n2 1 0:1 / / rw - a a rw\n",
        "1 2 0:1 / /x rw - a a rw\n2 1 0:1 / /x rw - a a rw\n", "1 0 0:1 / / rw -\n"}) {
    const Mounts mounts = sys::parse_mountinfo(table);
    EXPECT_LE(visible(mounts).size(), mounts.size()) << table;
    judge_host_paths(mounts);
    judge_twin(mounts, "proc", "/proc");
  }
  // Many stacked on one another, and names that would break a line.
  std::string many = "1 0 0:1 / / rw - ext4 /d rw\n";
  for (int i = 2; i < 3000; ++i) many += say(i, " ", i - 1, " 0:2 / /x rw - ext4 /d rw\n");
  EXPECT_EQ(visible(sys::parse_mountinfo(many)).size(), 2U);
  const Sight sight = judge_host_paths(with(kDocker, "520 501 8:1 /srv/a\\012b /x\\033[2J rw - ext4 /d rw\n"));
  EXPECT_EQ(sight.answer, Answer::weak);
  EXPECT_EQ(sight.observed.find_first_of("\n\033"), std::string::npos);
}

TEST(AuditMnt, SomeOfMany) {
  EXPECT_EQ(some_of({"a", "b"}), "a, b");
  EXPECT_EQ(some_of({"a", "b", "c", "d", "e", "f"}), "a, b, c, d, and 2 more");
}

Descriptor descriptor(int number, std::string link, int mount, unsigned mode, std::string protocol = {}) {
  Descriptor one;
  one.number = number;
  one.link = std::move(link);
  one.mount = mount;
  one.mode = mode;
  one.protocol = std::move(protocol);
  return one;
}

TEST(AuditFd, ReadsFdinfo) {
  const DescriptorInfo plain = parse_fdinfo("pos:\t0\nflags:\t0100000\nmnt_id:\t144\nino:\t56\n");
  EXPECT_EQ(plain.mount, 144);
  EXPECT_FALSE(plain.close_on_exec);
  EXPECT_TRUE(parse_fdinfo("pos:\t0\nflags:\t02000002\nmnt_id:\t10\n").close_on_exec);
  EXPECT_EQ(parse_fdinfo("").mount, -1);
}

// CVE-2024-21626: descriptor 7 of runc was /sys/fs/cgroup of the host, whatever its name shows.
TEST(AuditFd, ForeignDirectories) {
  const Mounts mounts = with(kDocker, "");
  const auto judged = [&](const Descriptor& one) { return judge_foreign_files({one}, mounts).answer; };
  EXPECT_EQ(judged(descriptor(7, "/", 30, S_IFDIR)), Answer::weak);
  EXPECT_EQ(judged(descriptor(7, "/", 501, S_IFDIR)), Answer::hardened);
  EXPECT_EQ(judged(descriptor(7, "/etc/shadow", 30, S_IFREG)), Answer::weak);
  EXPECT_EQ(judged(descriptor(7, "/", 30, 0)), Answer::unknown);
  EXPECT_EQ(judged(descriptor(7, "/dev/null", 30, S_IFCHR)), Answer::hardened);
  EXPECT_EQ(judged(descriptor(7, "/memfd:x (deleted)", 30, S_IFREG)), Answer::hardened);
  EXPECT_EQ(judged(descriptor(7, "socket:[5]", 10, S_IFSOCK)), Answer::hardened);
}

TEST(AuditFd, SpecialObjects) {
  const Mounts mounts = with(kDocker, "");
  for (const char* link :
       {"anon_inode:bpf-prog", "anon_inode:[perf_event]", "anon_inode:[io_uring]", "anon_inode:kvm-vm",
        "anon_inode:[pidfd]", "net:[4026531840]", "mnt:[4026531841]", "/memfd:runc_cloned:/proc/self/exe"})
    EXPECT_EQ(judge_special({descriptor(5, link, 15, 0)}, mounts).answer, Answer::weak) << link;
  for (const char* link : {"anon_inode:[eventpoll]", "anon_inode:[eventfd]", "anon_inode:[timerfd]",
                           "anon_inode:inotify", "pipe:[5]", "socket:[5]", "/etc/passwd", "/memfd:cache (deleted)"})
    EXPECT_EQ(judge_special({descriptor(5, link, 15, 0)}, mounts).answer, Answer::hardened) << link;
  EXPECT_EQ(judge_special({descriptor(5, "/dev/sda", 30, S_IFBLK)}, mounts).answer, Answer::weak);
}

TEST(AuditFd, SocketsOfAnotherNetwork) {
  const std::vector<std::uint64_t> known = {55, 56};
  const auto judged = [&](const char* link, const char* protocol) {
    return judge_foreign_sockets({descriptor(4, link, 10, S_IFSOCK, protocol)}, known).answer;
  };
  EXPECT_EQ(judged("socket:[55]", "UNIX"), Answer::hardened);
  EXPECT_EQ(judged("socket:[5]", "UNIX"), Answer::weak);
  EXPECT_EQ(judged("socket:[5]", "UNIX-STREAM"), Answer::weak);
  EXPECT_EQ(judged("socket:[5]", ""), Answer::weak);
  EXPECT_EQ(judged("socket:[5]", "ALG"), Answer::hardened);
  EXPECT_EQ(judged("pipe:[5]", ""), Answer::hardened);
}

TEST(AuditFd, TablesOfTheNetwork) {
  const std::vector<UnixSocket> sockets = parse_unix_sockets(
      "Num       RefCount Protocol Flags    Type St Inode Path\n"
      "000000009ee99db1: 00000002 00000000 00010000 0001 01 1346 @/containerd-shim/a b.sock@\n"
      "00000000b4f0124f: 00000003 00000000 00000000 0001 03 1345\n"
      "garbage\n");
  ASSERT_EQ(sockets.size(), 2U);
  EXPECT_TRUE(sockets[0].listening);
  EXPECT_EQ(sockets[0].path, "@/containerd-shim/a b.sock@");
  EXPECT_EQ(sockets[0].inode, 1346U);
  EXPECT_FALSE(sockets[1].listening);
  EXPECT_EQ(inodes_of_table(
                "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
                "   0: 00000000:07E8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 "
                "1598 1 0000000020b6a233 100 0 0 10 0\n"),
            std::vector<std::uint64_t>{1598});
  EXPECT_EQ(inodes_of_table("sk               Eth Pid        Groups   Rmem     Wmem     Dump  Locks    Drops    Inode\n"
                            "00000000ba2f0ee7 0   0          00000000 0        0        0     2        0        4\n"),
            std::vector<std::uint64_t>{4});
  EXPECT_TRUE(inodes_of_table("").empty());
}

TEST(AuditSock, KnowsTheirNames) {
  for (const char* path :
       {"/run/docker.sock", "/var/run/docker.sock", "/run/containerd/containerd.sock",
        "/run/containerd/containerd.sock.ttrpc", "/run/crio/crio.sock", "/run/user/1000/podman/podman.sock",
        "/run/k3s/containerd/containerd.sock", "/var/snap/lxd/common/lxd/unix.socket", "/run/libvirt/libvirt-sock",
        "/run/cri-dockerd.sock", "/run/buildkit/buildkitd.sock"})
    EXPECT_NE(runtime_of_socket(path), "") << path;
  for (const char* path : {"/run/dbus/system_bus_socket", "/run/systemd/private", "/run/systemd/journal/socket",
                           "/tmp/.X11-unix/X0", "/tmp/ssh-Xy/agent.4711"}) {
    EXPECT_NE(system_service_of_socket(path), "") << path;
    EXPECT_EQ(runtime_of_socket(path), "") << path;
  }
  for (const char* path : {"/run/php/php-fpm.sock", "/run/postgresql/.s.PGSQL.5432", "/tmp/app.sock"})
    EXPECT_EQ(say(runtime_of_socket(path), system_service_of_socket(path)), "") << path;
}

TEST(AuditSock, Judgements) {
  const auto judged = [](const SocketFile& one, bool complete = true) {
    return judge_sockets({{one}, 10, complete}, SocketKind::runtime);
  };
  EXPECT_FALSE(judged({"/run/docker.sock", "", true, false}).severity);
  EXPECT_EQ(judged({"/run/docker.sock", "", true, false}).answer, Answer::weak);
  EXPECT_EQ(judged({"/run/docker.sock", "", false, false}).severity, Severity::high);
  EXPECT_EQ(judged({"/run/docker.sock", "", true, true}).answer, Answer::hardened);  // a daemon of the container
  EXPECT_EQ(judged({"/run/engine.sock", "/docker.sock", true, false}).answer, Answer::weak);
  EXPECT_EQ(judged({"/run/app.sock", "", true, false}).answer, Answer::hardened);
  EXPECT_EQ(judged({"/run/app.sock", "", true, false}, false).answer, Answer::unknown);
}

// As of a login, of Docker, of Podman and of a process without a session.
TEST(AuditKey, SessionKeyrings) {
  EXPECT_EQ(judge_session("_ses", false).answer, Answer::weak);
  EXPECT_EQ(judge_session("_ses.c508af94abd3", false).answer, Answer::hardened);
  EXPECT_EQ(judge_session("nsproof-audited-1", true).answer, Answer::hardened);
  EXPECT_EQ(judge_session("_uid_ses.0", false).answer, Answer::weak);
  EXPECT_EQ(judge_session("_uid_ses.0", true).answer, Answer::hardened);
}

TEST(AuditKey, KeysOfOthers) {
  const auto judged = [](const char* text) { return judge_keys(text, 1000).answer; };
  EXPECT_EQ(judged("04f20546 I--Q---     1 perm 3f010003     0 65534 user      token: 12\n"), Answer::weak);
  EXPECT_EQ(judged("04f20546 I--Q---     1 perm 3f010003  1000 65534 user      token: 12\n"), Answer::hardened);
  EXPECT_EQ(judged("04f20546 I--Q---     1 perm 3f030000     0     0 keyring   _ses: empty\n"), Answer::hardened);
  EXPECT_EQ(judged("garbage\n"), Answer::hardened);
  // What a key is called is nobody's business.
  EXPECT_EQ(judge_keys("04f20546 I--Q--- 1 perm 3f010003 0 0 user secret-name: 1\n", 1).observed.find("secret-name"),
            std::string::npos);
}

// The lines of a shell that bwrap started without --new-session, of one of docker run -t, and of a service.
TEST(AuditTty, SharedTerminals) {
  const Mounts mounts = with(kDocker, "");
  const unsigned third = terminal_in("2 (bash) S 1 2 2 34819 2 4194304");
  EXPECT_EQ(third, 0x8803U);
  const auto judged = [&](unsigned device, const std::vector<std::string>& names, int mount) {
    return judge_terminal(device, names, {descriptor(0, "/dev/pts/3", mount, S_IFCHR)}, mounts).answer;
  };
  EXPECT_EQ(judged(third, {"ptmx"}, 29), Answer::weak);
  EXPECT_EQ(judged(third, {"ptmx", "3"}, 29), Answer::weak);
  EXPECT_EQ(judged(third, {"ptmx", "3"}, 504), Answer::hardened);
  EXPECT_EQ(judge_terminal(third, {"3"}, {}, mounts).answer, Answer::unknown);
  EXPECT_EQ(judged(terminal_in("1 (sh) S 0 1 1 1025 1 0"), {}, 29), Answer::weak);  // tty1
  EXPECT_EQ(judged(terminal_in("1 (a) S 0) S 0 1 1 0 -1 0"), {}, 29), Answer::hardened);
  EXPECT_THROW(terminal_in("nothing"), std::invalid_argument);
}

// The four files as Debian and systemd set them, and as a kernel has them by itself.
TEST(AuditFs, Protections) {
  EXPECT_EQ(judge_protection("1\n", 1).answer, Answer::hardened);
  EXPECT_EQ(judge_protection("0\n", 1).answer, Answer::weak);
  EXPECT_EQ(judge_protection("1\n", 2).answer, Answer::weak);
  EXPECT_EQ(judge_protection("2\n", 2).answer, Answer::hardened);
  EXPECT_EQ(judge_protection("", 1).answer, Answer::unknown);
  EXPECT_EQ(judge_protection("yes\n", 1).answer, Answer::unknown);
}

}  // namespace
}  // namespace nsproof::audit
