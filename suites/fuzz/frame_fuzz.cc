// Whatever a probe sends, the frame parser must answer with results or Babbled, within its bounds (libFuzzer).
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "harness/actor/transport.h"

using namespace nsproof;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<Step> steps = [] {
    Step nested;
    nested.name = "nested";
    Arg header = record(std::string(16, '\0'), "header");
    header.pointers = {{0, out(24)}, {8, str("text")}};
    nested.args = {header, out(100)};
    Step partial;
    partial.name = "partial";
    partial.args = {num(3), out(4096), num(4096)};
    partial.send = wire::Send::as_returned;
    return std::vector<Step>{nested, partial, nested};
  }();
  wire::Reply header{};
  if (size < sizeof header) return 0;
  std::memcpy(&header, data, sizeof header);
  try {
    const std::size_t wanted = body_bytes(steps, header, header.sequence);
    const std::string_view body(reinterpret_cast<const char*>(data) + sizeof header, size - sizeof header);
    decode(steps, header, body.substr(0, wanted));
  } catch (const Babbled&) {
  }
  return 0;
}
