// Whatever comes over a guest's result line, the parsers of frames and of their bodies must answer with values or
// Corrupt, within their bounds (libFuzzer). The first byte chooses the parser: random bytes never pass a checksum.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "harness/guest/frame.h"
#include "harness/guest/message.h"

using namespace nsproof::guest;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  try {
    switch (data[0] % 5) {
      case 0: hello_of(bytes); break;
      case 1: began_of(bytes); break;
      case 2: finished_of(bytes); break;
      case 3: end_of(bytes); break;
      default: {
        FrameReader reader;
        reader.take(bytes);
        while (reader.next()) {
        }
      }
    }
  } catch (const Corrupt&) {
  }
  return 0;
}
