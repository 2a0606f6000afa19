#include "suites/runtime/cred_file.h"

#include "harness/support/text.h"
#include "harness/sys/files.h"
#include "harness/world/machine_view.h"

namespace nsproof {
namespace {

// The root directory of the sandbox as outside sees it. Where there is no other root the layer has one all the same,
// and inside sees it at the same place. It is known once there is a sandbox.
std::string directory_of(World& world) {
  world.inside();
  const std::string own = world.place().rootfs();
  return own.empty() ? say(kLayerHome, "/rootfs") : own;
}

}  // namespace

std::string path_inside(World& world, std::string_view path) {
  const std::string directory = directory_of(world);
  return world.place().rootfs().empty() ? say(directory, path) : std::string(path);
}

SharedFile::SharedFile(World& world, std::string_view name, std::string_view contents, unsigned mode)
    : world_(world),
      outside_path_(say(directory_of(world), "/var/", name)),
      inside_path_(path_inside(world, say("/var/", name))) {
  must(sys::make_file(world.outside(), outside_path_, contents));
  set_mode(mode);
}

SharedFile::~SharedFile() {
  try {
    sys::unlink(world_.outside(), outside_path_);
  } catch (const Broken&) {
    // Outside is gone, and the layer goes with it.
  }
}

void SharedFile::give_to(std::uint32_t user, std::uint32_t group) {
  must(sys::chown(world_.outside(), outside_path_, user, group));
}

void SharedFile::set_mode(unsigned mode) { must(sys::chmod(world_.outside(), outside_path_, mode)); }

}  // namespace nsproof
