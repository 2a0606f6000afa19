// What a layer holds for its sandboxes: the probe, twins of it that an execve(2) would give privileges, a root
// directory with the mount points that runtimes expect, and a home for the ordinary user.
#include <fcntl.h>
#include <linux/capability.h>
#include <sys/syscall.h>

#include <utility>
#include <vector>

#include "harness/launch/probe_image.h"
#include "harness/runtime/container.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/xattr.h"

namespace nsproof {
namespace {

// Calls that must all succeed, as many of them in a frame as it takes: a root directory is made for every sandbox.
class Frames {
 public:
  explicit Frames(Actor& actor) : actor_(actor) {}

  void make_directory(const std::string& directory, unsigned mode = 0755) {
    make_room(1);
    add(step(SYS_mkdirat, "mkdirat", {here(), path(directory), num(mode)}));
  }
  void chmod(const std::string& file, unsigned mode) {
    make_room(1);
    add(step(SYS_fchmodat, "fchmodat", {here(), path(file), num(mode)}));
  }
  void chown(const std::string& file, unsigned owner) {
    make_room(1);
    add(step(SYS_fchownat, "fchownat", {here(), path(file), num(owner), num(owner), num(0)}));
  }
  // The mode is the file's whatever the umask is.
  void make_file(const std::string& file, std::string_view data, unsigned mode) {
    make_room(4);
    const int opened = static_cast<int>(steps_.size());
    constexpr int kFlags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC;
    add(step(SYS_openat, "openat",
             {here(), path(file), named(kFlags, "O_WRONLY|O_CREAT|O_TRUNC|O_CLOEXEC"), num(mode)}));
    add(step(SYS_write, "write", {result_of(opened), bytes(data), num(static_cast<std::int64_t>(data.size()))}));
    add(step(SYS_fchmod, "fchmod", {result_of(opened), num(mode)}));
    add(step(SYS_close, "close", {result_of(opened)}));
  }
  void send() {
    if (steps_.empty()) return;
    for (const Reply& reply : actor_.batch(std::exchange(steps_, {}))) must(reply);
  }

 private:
  static Arg here() { return named(static_cast<std::uint64_t>(AT_FDCWD), "AT_FDCWD"); }
  void make_room(std::size_t calls) {
    if (steps_.size() + calls > wire::kMaxCalls) send();
  }
  void add(Step step) {
    step.on_error = wire::OnError::stop;
    steps_.push_back(std::move(step));
  }

  Actor& actor_;
  std::vector<Step> steps_;
};

void furnish_user(Actor& warden) {
  const std::string runtime = say("/run/user/", kLayerUser);
  must(sys::mkdir(warden, "/run/user"));
  for (const std::string& directory : {runtime, std::string(kLayerUserHome)}) {
    must(sys::mkdir(warden, directory, 0700));
    must(sys::chown(warden, directory, kLayerUser, kLayerUser));
  }
}

}  // namespace

void furnish_root(Actor& warden, const std::string& root, RunAs owner, Planting planting) {
  Frames frames(warden);
  const auto make = [&](const std::string& directory) {
    frames.make_directory(directory);
    if (owner == RunAs::user) frames.chown(directory, kLayerUser);
  };
  make(root);
  for (const char* directory : {"bin", "dev", "etc", "home", "mnt", "proc", "root", "run", "sys", "tmp", "usr",
                                "usr/lib", "var", "var/tmp", "old-root"})
    make(say(root, "/", directory));
  frames.chmod(root + "/tmp", 01777);
  frames.make_file(root + kProbeInside, probe_image(), 0755);
  if (planting == Planting::everything) {
    frames.make_file(root + kSetUidTwin, probe_image(), 04755);
    frames.make_file(root + kFileCapabilityTwin, probe_image(), 0755);
  }
  frames.make_file(root + "/etc/passwd", "root:x:0:0:root:/root:/nsprobe\n", 0644);
  frames.make_file(root + "/etc/group", "root:x:0:\n", 0644);
  // systemd-nspawn(1) takes no directory without it for the root of a system.
  frames.make_file(root + "/usr/lib/os-release", "ID=nsproof\n", 0644);
  frames.make_file(root + "/etc/os-release", "ID=nsproof\n", 0644);
  frames.send();
  if (planting == Planting::everything)
    must(sys::set_file_capability(warden, root + kFileCapabilityTwin, std::uint64_t{1} << CAP_NET_RAW));
}

void furnish(ForeignLayer& layer) {
  Actor& warden = layer.warden();
  must(sys::chmod(warden, kLayerHome, 0755));
  must(sys::make_file(warden, kPlantedFile, "a secret of the host\n", 0644));
  Frames probe(warden);
  probe.make_file(say(kLayerHome, kProbeInside), probe_image(), 0755);
  probe.send();
  furnish_root(warden, say(kLayerHome, "/rootfs"), RunAs::root, Planting::everything);
  furnish_user(warden);
}

}  // namespace nsproof
