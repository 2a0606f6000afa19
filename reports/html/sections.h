// The sections of the performance report: what each says, its charts and its tables. Pure projections of the result.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/bench/bench_result.h"
#include "reports/bench_export.h"
#include "reports/html/markup.h"

namespace nsproof::bench {

struct Chart {
  std::string_view name;     // as web/charts/main.js knows it
  std::string_view caption;  // how to read it
};

struct Section {
  std::string_view id;
  std::string title;
  std::string lead;
  std::vector<Chart> charts;
  std::vector<Table> tables;
};

// Every section that has something to show, in the order of the page.
std::vector<Section> sections_of(const BenchResult& result);

// The parts of sections_of(); each returns a section without tables if there is nothing to show.
Section comparison_section(const CompareResult& comparison);
Section forest_section(const BenchResult& result);
Section ladder_section(const BenchResult& result);
Section phases_section(const BenchResult& result);
Section distribution_section(const BenchResult& result);
Section matrix_section(const BenchResult& result);
Section scaling_section(const BenchResult& result);
Section gaps_section(const BenchResult& result);
Section figures_section(const BenchResult& result);
Section conditions_section(const BenchResult& result);

}  // namespace nsproof::bench
