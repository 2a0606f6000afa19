// Where the embedded parts of the page lie.
#include "reports/html.h"

extern "C" const char nsproof_page_style_begin[];
extern "C" const char nsproof_page_style_end[];
extern "C" const char nsproof_page_charts_begin[];
extern "C" const char nsproof_page_charts_end[];

namespace nsproof::bench {
namespace {

std::string_view between(const char* begin, const char* end) { return {begin, static_cast<std::size_t>(end - begin)}; }

}  // namespace

PageAssets embedded_assets() {
  return {between(nsproof_page_style_begin, nsproof_page_style_end),
          between(nsproof_page_charts_begin, nsproof_page_charts_end)};
}

}  // namespace nsproof::bench
