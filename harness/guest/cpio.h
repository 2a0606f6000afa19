// Writes the archive that the kernel unpacks as its first root file system: "newc" cpio, as the kernel's
// Documentation/driver-api/early-userspace/buffer-format.rst has it. No tool and no root is needed for that.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace nsproof::guest {

class Cpio {
 public:
  // Paths are relative to the root ("dev/console"), and a directory comes before what is in it.
  void directory(std::string_view path);
  void file(std::string_view path, unsigned permissions, std::string_view contents);
  void character_device(std::string_view path, unsigned permissions, unsigned major, unsigned minor);

  // The archive with its end mark. The kernel takes several, one after the other.
  std::string finish();

 private:
  void entry(std::string_view path, unsigned mode, std::string_view contents, unsigned major, unsigned minor);

  std::string bytes_;
  std::uint32_t inode_ = 0;
};

}  // namespace nsproof::guest
