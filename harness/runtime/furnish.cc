// What a layer holds for its sandboxes: the probe, twins of it that an execve(2) would give privileges, a root
// directory with the mount points that runtimes expect, and a home for the ordinary user.
#include <linux/capability.h>

#include "harness/launch/probe_image.h"
#include "harness/runtime/container.h"
#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/sys/xattr.h"

namespace nsproof {
namespace {

void make_probe(Actor& warden, const std::string& path, unsigned mode) {
  must(sys::make_file(warden, path, probe_image(), 0755));
  must(sys::chmod(warden, path, mode));  // the umask does not count
}

void furnish_user(Actor& warden) {
  const std::string runtime = say("/run/user/", kLayerUser);
  must(sys::mkdir(warden, "/run/user"));
  for (const std::string& directory : {runtime, std::string(kLayerUserHome)}) {
    must(sys::mkdir(warden, directory, 0700));
    must(sys::chown(warden, directory, kLayerUser, kLayerUser));
  }
}

}  // namespace

void furnish_root(Actor& warden, const std::string& root, RunAs owner) {
  const auto make = [&](const std::string& directory) {
    must(sys::mkdir(warden, directory));
    if (owner == RunAs::user) must(sys::chown(warden, directory, kLayerUser, kLayerUser));
  };
  make(root);
  for (const char* directory : {"bin", "dev", "etc", "home", "mnt", "proc", "root", "run", "sys", "tmp", "usr",
                                "usr/lib", "var", "var/tmp", "old-root"})
    make(say(root, "/", directory));
  must(sys::chmod(warden, root + "/tmp", 01777));
  make_probe(warden, root + kProbeInside, 0755);
  make_probe(warden, root + kSetUidTwin, 04755);
  make_probe(warden, root + kFileCapabilityTwin, 0755);
  must(sys::set_file_capability(warden, root + kFileCapabilityTwin, std::uint64_t{1} << CAP_NET_RAW));
  must(sys::make_file(warden, root + "/etc/passwd", "root:x:0:0:root:/root:/nsprobe\n", 0644));
  must(sys::make_file(warden, root + "/etc/group", "root:x:0:\n", 0644));
  // systemd-nspawn(1) takes no directory without it for the root of a system.
  must(sys::make_file(warden, root + "/usr/lib/os-release", "ID=nsproof\n", 0644));
  must(sys::make_file(warden, root + "/etc/os-release", "ID=nsproof\n", 0644));
}

void furnish(ForeignLayer& layer) {
  Actor& warden = layer.warden();
  must(sys::chmod(warden, kLayerHome, 0755));
  must(sys::make_file(warden, kPlantedFile, "a secret of the host\n", 0644));
  make_probe(warden, say(kLayerHome, kProbeInside), 0755);
  furnish_root(warden, say(kLayerHome, "/rootfs"), RunAs::root);
  furnish_user(warden);
}

}  // namespace nsproof
