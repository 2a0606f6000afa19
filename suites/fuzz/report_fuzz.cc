// A report read back is bytes from anywhere: read_json must give results or say what is wrong (libFuzzer). What it
// gives must survive every projection, and be the same as itself.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string_view>

#include "reports/diff.h"
#include "reports/json.h"
#include "reports/matrix.h"
#include "reports/report.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const nsproof::Results results = nsproof::read_json({reinterpret_cast<const char*>(data), size});
    for (const nsproof::Format format : nsproof::kAllFormats) nsproof::render(format, results);
    const nsproof::Diff difference = nsproof::diff(results, results);
    if (nsproof::got_worse(difference) || difference.same != static_cast<int>(results.cases.size())) std::abort();
    const nsproof::Results none;
    nsproof::render_diff_text(nsproof::diff(results, none), results, none, nsproof::unpainted);
    nsproof::render_matrix_text(nsproof::matrix_of(results), nsproof::unpainted);
  } catch (const std::runtime_error&) {
  }
  return 0;
}
