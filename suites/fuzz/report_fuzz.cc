// A report read back is bytes from anywhere: read_json must give results or say what is wrong (libFuzzer). What it
// gives must survive every projection.
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string_view>

#include "reports/json.h"
#include "reports/report.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const nsproof::Results results = nsproof::read_json({reinterpret_cast<const char*>(data), size});
    for (const nsproof::Format format : nsproof::kAllFormats) nsproof::render(format, results);
  } catch (const std::runtime_error&) {
  }
  return 0;
}
