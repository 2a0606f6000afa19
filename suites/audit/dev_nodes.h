// The device nodes that a container can name, found without opening any: stat(2) tells what they are, and access(2)
// whether the permissions and the device cgroup let them be used.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/audit/view.h"

namespace nsproof::audit {

struct DeviceNode {
  std::string path;
  char kind = 'c';  // or 'b'
  unsigned major = 0;
  unsigned minor = 0;
};

// Those below /dev, but for /dev/pts, and those that are mounted somewhere else. Throws CouldNotLook.
std::vector<DeviceNode> device_nodes(View& view);
// Of the text that is kept of a walk. Pure.
std::vector<DeviceNode> parse_device_nodes(std::string_view text);

// Whether the process may read or write it: no nodev, and permissions and device cgroup agree. Why not, if not.
struct DeviceUse {
  bool usable = false;
  std::string how;  // "W_OK", "R_OK|W_OK", "EACCES", "nodev"
};
DeviceUse device_use(View& view, const DeviceNode& node);

// What every container has (Default Devices of the OCI runtime specification), and terminals.
bool is_usual_device(const DeviceNode& node);

// "/dev/fuse" (10:229)
std::string text_of(const DeviceNode& node);

}  // namespace nsproof::audit
