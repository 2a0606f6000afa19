// The order of the page.
#include "reports/html/sections.h"

namespace nsproof::bench {

std::vector<Section> sections_of(const BenchResult& result) {
  std::vector<Section> all;
  if (result.comparison) all.push_back(comparison_section(*result.comparison));
  for (const auto section : {forest_section, ladder_section, phases_section, distribution_section, matrix_section,
                             scaling_section, gaps_section, figures_section, conditions_section})
    all.push_back(section(result));
  std::erase_if(all, [](const Section& one) { return one.tables.empty(); });
  return all;
}

}  // namespace nsproof::bench
