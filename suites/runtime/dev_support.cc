// Finding devices to try with, by what the kernel says that it has.
#include "suites/runtime/dev_support.h"

#include <fcntl.h>

#include "harness/support/text.h"
#include "harness/sys/files.h"

namespace nsproof {
namespace {

// Documentation/admin-guide/devices.txt: the kernel's log of "mem", and devices of "misc".
constexpr HarmlessDevice kDevices[] = {{"kmsg", 1, 11},           {"fuse", 10, 229},   {"tun", 10, 200},
                                       {"loop-control", 10, 237}, {"autofs", 10, 235}, {"vga_arbiter", 10, 63},
                                       {"hpet", 10, 228}};

}  // namespace

std::span<const HarmlessDevice> known_harmless_devices() { return kDevices; }

std::vector<HarmlessDevice> harmless_devices(Actor& actor) {
  std::vector<HarmlessDevice> found = {kDevices[0]};
  const sys::Got<std::string> listed = sys::read_file(actor, "/proc/misc");
  if (!listed.ok()) return found;
  for (const std::string& line : lines_of(listed.value)) {
    const std::vector<std::string> words = words_of(line);  // "229 fuse"
    for (const HarmlessDevice& device : kDevices)
      if (device.major == 10 && words.size() == 2 && words[0] == std::to_string(device.minor) &&
          words[1] == device.name)
        found.push_back(device);
  }
  return found;
}

Reply open_and_close(Actor& actor, const std::string& path) {
  const Reply opened = sys::open(actor, path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (opened.ok()) must(sys::close(actor, static_cast<int>(opened.value)));
  return opened;
}

}  // namespace nsproof
