// Sections that put cases together: the 256 sets with the additive model, how costs grow, and a comparison.
#include <algorithm>

#include "harness/support/text.h"
#include "reports/bench_json.h"
#include "reports/html/figures.h"
#include "reports/html/sections.h"

namespace nsproof::bench {
namespace {

Table effects_table(const Matrix& matrix) {
  Table table{"The additive model", {{"part", Align::left}, {"cost"}}, {}};
  table.rows.push_back({{"base", quantity(matrix.base, matrix.unit)}});
  for (const auto& [type, effect] : matrix.effects)
    table.rows.push_back({{std::string(name_of(type)), signed_quantity(effect, matrix.unit)}});
  return table;
}

Table cells_table(const Matrix& matrix) {
  Table table{"All sets of namespaces",
              {{"set", Align::left}, {"measured"}, {"95 %"}, {"model"}, {"residual"}, {"samples"}},
              {}};
  for (const Cell& cell : matrix.cells)
    table.rows.push_back({{text_of(cell.set), quantity(cell.estimate.p5, matrix.unit),
                           between(cell.estimate.interval, matrix.unit), quantity(cell.model, matrix.unit),
                           signed_quantity(cell.residual, matrix.unit), std::to_string(cell.estimate.samples)}});
  return table;
}

std::string slope_text(const Series& series) {
  if (!series.line) return "";
  const std::string unit =
      series.slope_title.starts_with("us ") ? say("µ", series.slope_title.substr(1)) : series.slope_title;
  return say(number(series.line->slope), " ", unit, ", R² ", number(series.line->r2));
}

std::string gate_text(GateLevel level) { return level == GateLevel::none ? "" : std::string(name_of(level)); }

std::string quantity_of(const Comparison& row, double value) {
  return row.basis.starts_with("ratio") ? times(value) : number(value);
}

std::string comparison_lead(const CompareResult& comparison) {
  const auto count = [&](Word word) {
    return std::count_if(comparison.rows.begin(), comparison.rows.end(),
                         [&](const Comparison& row) { return row.word == word; });
  };
  std::string text = say("From A, ", comparison.a, ", to B, ", comparison.b, ": ", count(Word::slower), " slower, ",
                         count(Word::faster), " faster, ", count(Word::no_change), " without a change, ",
                         count(Word::cannot_tell), " where nothing can be told, ", count(Word::not_comparable),
                         " that cannot be compared. Changes of less than ", brief(comparison.minimum_effect_percent),
                         " % count as none.");
  if (comparison.fail_percent > 0)
    text += say(" The gate warns at ", brief(comparison.warn_percent), " % and fails at ",
                brief(comparison.fail_percent), " %.");
  if (!comparison.note.empty()) text += say(" ", comparison.note);
  return text;
}

}  // namespace

Section matrix_section(const BenchResult& result) {
  const Matrix& matrix = result.matrix;
  Section section{"matrix", "All 256 sets", "", {}, {}};
  if (matrix.empty()) return section;
  section.lead =
      say("Do costs add? The model is a base and a fixed price for each type. It explains ", number(matrix.r2 * 100),
          " % of the variance; what is left is ", quantity(matrix.rms_residual, matrix.unit),
          " (root mean square), most of all in ", text_of(matrix.worst), ".");
  section.charts = {{"lattice",
                     "The lattice of subsets, unrolled: a cell is a set, neighbours differ by one type, and a bar "
                     "beside rows or above "
                     "columns runs where its type is in the set. The first map is the measured cost, on a logarithmic "
                     "scale; the second what the model "
                     "does not explain, with its sign. The framed cell is the one the model misses most."},
                    {"effects", "The price of each type in the model, on a linear scale from zero."}};
  section.tables.push_back(cells_table(matrix));
  section.tables.push_back(effects_table(matrix));
  return section;
}

Section scaling_section(const BenchResult& result) {
  Section section{"scaling", "How costs grow", "What a cost does when there is more of everything.", {}, {}};
  Table table{"Series, point by point",
              {{"case", Align::left},
               {"series", Align::left},
               {"over", Align::left},
               {"x"},
               {"value"},
               {"95 %"},
               {"× reference"},
               {"samples"},
               {"fitted line", Align::left}},
              {}};
  for (const BenchCase& one : result.cases)
    for (const Series& series : one.series)
      for (const Point& point : series.points)
        table.rows.push_back(
            {{one.id, series.title, series.x_title, brief(point.x), quantity(point.estimate.p5, series.unit),
              between(point.estimate.interval, series.unit), point.ratio ? times(point.ratio->value) : "",
              std::to_string(point.estimate.samples), slope_text(series)},
             one.id,
             link_to_case(one.id)});
  if (table.rows.empty()) return section;
  section.charts.push_back(
      {"scaling",
       "Points with 95 % intervals, axes linear and from zero; the dashed line is the line of least "
       "squares. Costs are better low, rates are better high."});
  section.tables.push_back(std::move(table));
  return section;
}

Section comparison_section(const CompareResult& comparison) {
  Section section{"comparison", "What changed", comparison_lead(comparison), {}, {}};
  Table table{"Every case of the comparison",
              {{"case", Align::left},
               {"basis", Align::left},
               {"A"},
               {"B"},
               {"change"},
               {"95 %"},
               {"p"},
               {"processes"},
               {"verdict", Align::left},
               {"gate", Align::left}},
              {}};
  for (const Comparison& row : comparison.rows) {
    const bool both = row.n_a > 0 && row.n_b > 0;
    table.rows.push_back(
        {{row.id, row.basis, both ? quantity_of(row, row.a) : "", both ? quantity_of(row, row.b) : "",
          both ? percent(row.effect_percent) : "",
          both ? say(percent(row.interval_percent.low), " to ", percent(row.interval_percent.high)) : "",
          both ? number(row.p) : "", say(row.n_a, " and ", row.n_b), row.text, gate_text(row.gate)},
         row.id});
  }
  if (table.rows.empty()) return section;
  section.charts.push_back(
      {"paired",
       "Right of the line is slower. The point is the change with its 95 % interval; short ticks are "
       "the differences of single pairs of processes. The grey band is what counts as no change. "
       "Triangles point to slower or faster, a circle is no change, an empty diamond cannot tell."});
  section.tables.push_back(std::move(table));
  return section;
}

}  // namespace nsproof::bench
