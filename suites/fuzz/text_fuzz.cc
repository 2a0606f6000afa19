// Text that a hostile process can choose (mount points, names, limits) goes through these parsers and escapes; none may
// read out of bounds, and what is shown on a terminal holds no control byte (libFuzzer).
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "harness/catalogue/needs.h"
#include "harness/support/text.h"
#include "harness/sys/mounts.h"
#include "reports/escape.h"

using namespace nsproof;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  sys::parse_mountinfo(text);
  kernel_version(text);
  nsproof::quoted(text);
  const std::size_t half = size / 2;
  glob_match(text.substr(0, std::min<std::size_t>(half, 16)), text.substr(half));
  for (const char c : shown_line(std::string(text)))
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) std::abort();
  return 0;
}
