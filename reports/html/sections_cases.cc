// Sections that go case by case: the forest plot, the ladder of runtimes, phases and distributions.
#include <algorithm>
#include <map>

#include "harness/support/text.h"
#include "reports/html/figures.h"
#include "reports/html/sections.h"

namespace nsproof::bench {
namespace {

const Phase* phase_named(const BenchCase& one, std::string_view name) {
  for (const Phase& phase : one.phases)
    if (phase.name == name) return &phase;
  return nullptr;
}

Row row_of(const BenchCase& one, std::vector<std::string> cells) {
  cells.insert(cells.begin(), one.id);
  return {std::move(cells), one.id, link_to_case(one.id)};
}

// At least two of the phases are known, so that there is something to tell apart.
bool is_creation(const BenchCase& one) {
  int known = 0;
  for (const std::string_view name : {"return", "first_instruction", "exit"})
    known += phase_named(one, name) != nullptr;
  return known > 1;
}

std::string estimate_text(const BenchCase& one, const Phase* phase) {
  return phase == nullptr ? "not measured" : quantity(phase->estimate.p5, one.unit);
}

bool has_ratio(const BenchCase& one, const Phase& phase) { return !one.floor.empty() && phase.ratio.has_value(); }

Table ratio_table(const BenchResult& result) {
  Table table{"Cases against their floor",
              {{"case", Align::left},
               {"what it does", Align::left},
               {"× floor"},
               {"95 %"},
               {"floor", Align::left},
               {"time"},
               {"95 %"},
               {"samples"},
               {"tags", Align::left}},
              {}};
  for (const BenchCase& one : result.cases) {
    const Phase* head = head_of(one);
    if (head == nullptr || !has_ratio(one, *head)) continue;
    const Estimate& e = head->estimate;
    table.rows.push_back(row_of(
        one, {one.title, times(head->ratio->value), between(head->ratio->interval), one.floor, quantity(e.p5, one.unit),
              between(e.interval, one.unit), std::to_string(e.samples), join(one.tags, ", ")}));
  }
  return table;
}

Table time_table(const BenchResult& result) {
  Table table{
      "Cases without a floor",
      {{"case", Align::left}, {"what it does", Align::left}, {"time"}, {"95 %"}, {"samples"}, {"tags", Align::left}},
      {}};
  for (const BenchCase& one : result.cases) {
    const Phase* head = head_of(one);
    if (head == nullptr || has_ratio(one, *head)) continue;
    const Estimate& e = head->estimate;
    table.rows.push_back(row_of(one, {one.title, quantity(e.p5, one.unit), between(e.interval, one.unit),
                                      std::to_string(e.samples), join(one.tags, ", ")}));
  }
  return table;
}

// The share of samples at `fraction` of a distribution, from the points that were kept of it.
double quantile(const std::vector<EcdfPoint>& points, double fraction) {
  const auto at = std::find_if(points.begin(), points.end(),
                               [&](const EcdfPoint& point) { return point.fraction >= fraction - 1e-9; });
  return at == points.end() ? points.back().value : at->value;
}

}  // namespace

Section forest_section(const BenchResult& result) {
  Section section{
      "forest",
      "Every case against its floor",
      "The floor is the cheapest thing of the same kind without the isolation, measured in the same rounds; "
      "so the ratio is what may be compared between runs.",
      {},
      {}};
  Table ratios = ratio_table(result);
  if (!ratios.rows.empty()) {
    section.charts.push_back(
        {"forest",
         "A point is the ratio of the 5th percentiles, the line through it the 95 % interval. The "
         "axis is logarithmic: equal distances are equal factors. The vertical line is the floor."});
    section.tables.push_back(std::move(ratios));
  }
  Table plain = time_table(result);
  if (!plain.rows.empty()) {
    section.charts.push_back({"time-forest",
                              "Cases that have no floor, as times: the 5th percentile with its 95 % interval, on a "
                              "logarithmic axis."});
    section.tables.push_back(std::move(plain));
  }
  return section;
}

Section ladder_section(const BenchResult& result) {
  Section section{
      "ladder",
      "Runtimes, from the container made by hand upwards",
      "The same program that does nothing, run by each runtime. The first rung is a container made with bare "
      "system calls, so a multiple of it is what the runtime adds.",
      {},
      {}};
  Table table{
      "Runtimes as multiples of a container made by hand",
      {{"case", Align::left}, {"what it does", Align::left}, {"× floor"}, {"95 %"}, {"time"}, {"95 %"}, {"samples"}},
      {}};
  for (const BenchCase& one : result.cases) {
    const Phase* head = head_of(one);
    if (head == nullptr || (one.family != "runtime" && one.family != "container")) continue;
    const bool ratio = has_ratio(one, *head) && one.family == "runtime";
    table.rows.push_back(
        row_of(one, {one.title, ratio ? times(head->ratio->value) : "", ratio ? between(head->ratio->interval) : "",
                     quantity(head->estimate.p5, one.unit), between(head->estimate.interval, one.unit),
                     std::to_string(head->estimate.samples)}));
  }
  if (std::none_of(result.cases.begin(), result.cases.end(),
                   [](const BenchCase& one) { return one.family == "runtime" && !one.phases.empty(); }))
    return section;
  section.charts.push_back({"ladder", "Points are multiples of the container made by hand, on a logarithmic axis."});
  section.tables.push_back(std::move(table));
  return section;
}

Section phases_section(const BenchResult& result) {
  Section section{
      "phases",
      "Where the time goes",
      "The call of clone3 and the child's first instruction are waited for at the same time, so their times "
      "overlap. What wait() does not show is how long the kernel then takes to destroy the namespace; it is "
      "measured for single types.",
      {},
      {}};
  std::map<std::string, const BenchCase*> destroyed;
  for (const BenchCase& one : result.cases)
    if (!one.set.empty() && phase_named(one, "destroyed") != nullptr) destroyed[one.set] = &one;
  Table table{"Phases of creation and destruction",
              {{"case", Align::left},
               {"until the call returns or the program is executed"},
               {"until the first instruction"},
               {"from there until it is reaped"},
               {"until it is destroyed"},
               {"total"},
               {"CPU time"}},
              {}};
  for (const BenchCase& one : result.cases) {
    if (!is_creation(one)) continue;
    const auto gone = destroyed.find(one.set);
    table.rows.push_back(row_of(
        one, {estimate_text(one, phase_named(one, "return")), estimate_text(one, phase_named(one, "first_instruction")),
              estimate_text(one, phase_named(one, "exit")),
              gone == destroyed.end() ? "not measured"
                                      : estimate_text(*gone->second, phase_named(*gone->second, "destroyed")),
              estimate_text(one, phase_named(one, "total")), estimate_text(one, phase_named(one, "cpu"))}));
  }
  if (table.rows.empty()) return section;
  section.charts.push_back(
      {"phases",
       "One row a case, one column a phase. Every column has its own linear scale that begins at zero, because "
       "destruction takes milliseconds where creation takes microseconds."});
  section.tables.push_back(std::move(table));
  return section;
}

Section distribution_section(const BenchResult& result) {
  Section section{"distributions",
                  "Whole distributions",
                  "One number hides the tail. Each curve is the share of samples that took at most so long.",
                  {},
                  {}};
  constexpr std::pair<std::string_view, double> kColumns[] = {{"1 %", 0.01},  {"5 %", 0.05},  {"10 %", 0.1},
                                                              {"25 %", 0.25}, {"50 %", 0.5},  {"75 %", 0.75},
                                                              {"90 %", 0.9},  {"95 %", 0.95}, {"99 %", 0.99}};
  Table table{"Distributions: the time within which a share of the samples was done", {{"case", Align::left}}, {}};
  for (const auto& [title, fraction] : kColumns) table.columns.push_back({std::string(title)});
  for (const BenchCase& one : result.cases) {
    const Phase* head = head_of(one);
    if (head == nullptr || head->ecdf.size() < 2) continue;
    std::vector<std::string> cells;
    for (const auto& [title, fraction] : kColumns) cells.push_back(quantity(quantile(head->ecdf, fraction), one.unit));
    table.rows.push_back(row_of(one, std::move(cells)));
  }
  if (table.rows.empty()) return section;
  section.charts.push_back(
      {"ecdf",
       "From left to right the time on a logarithmic axis up to the 99th percentile, from bottom to top the share "
       "of samples from 0 to 1; the dotted line is one half, the number the median. A steep curve is a steady "
       "cost; grey curves are the other cases of the choice."});
  section.tables.push_back(std::move(table));
  return section;
}

}  // namespace nsproof::bench
