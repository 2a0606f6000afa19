// The performance report: a measurement as one page of HTML that needs nothing else. Every table is in the HTML itself;
// where charts were bundled when nsproof was built, a script draws them from the result that the page carries.
#pragma once

#include <string>
#include <string_view>

#include "harness/bench/bench_result.h"

namespace nsproof::bench {

// What the page takes along. Without `charts` it is tables only.
struct PageAssets {
  std::string_view style;
  std::string_view charts;
};

PageAssets embedded_assets();

// No network, no eval, no inline handlers: the page forbids itself everything but the two hashes of its own style and
// script (Content Security Policy Level 3). Text of the result can neither become markup nor leave the data.
std::string html_report(const BenchResult& result, const PageAssets& assets = embedded_assets());

}  // namespace nsproof::bench
