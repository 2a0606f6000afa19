// A file that outside puts where the sandbox can see it: in the sandbox's own root directory, or among the layer's
// files when the sandbox has no root of its own.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/world/world.h"

namespace nsproof {

class SharedFile {
 public:
  // A new file below /var of the sandbox's root, owned by root; `name` is what no other file there is called.
  SharedFile(World& world, std::string_view name, std::string_view contents, unsigned mode);
  SharedFile(const SharedFile&) = delete;
  SharedFile& operator=(const SharedFile&) = delete;
  // Outside deletes it.
  ~SharedFile();

  // By the numbers that outside has for them. Throws Broken when outside may not.
  void give_to(std::uint32_t user, std::uint32_t group);
  // chown(2) takes the set-user-ID bit away, so the mode is set last.
  void set_mode(unsigned mode);

  [[nodiscard]] const std::string& outside_path() const { return outside_path_; }
  [[nodiscard]] const std::string& inside_path() const { return inside_path_; }

 private:
  World& world_;
  std::string outside_path_;
  std::string inside_path_;
};

// Where inside finds a file of its root directory, like kSetUidTwin.
std::string path_inside(World& world, std::string_view path);

}  // namespace nsproof
