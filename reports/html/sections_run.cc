// Sections about the run itself: what could not be measured, all figures, and the conditions that decide the numbers.
#include <algorithm>

#include "harness/support/text.h"
#include "reports/bench_json.h"
#include "reports/html/figures.h"
#include "reports/html/sections.h"

namespace nsproof::bench {
namespace {

std::vector<std::string> families_of(const BenchResult& result) {
  std::vector<std::string> families;
  for (const BenchCase& one : result.cases)
    if (std::find(families.begin(), families.end(), one.family) == families.end()) families.push_back(one.family);
  return families;
}

void add_phases(Table& table, const BenchCase& one) {
  bool first = true;
  for (const Phase& phase : one.phases) {
    const Estimate& e = phase.estimate;
    const auto q = [&](double value) { return quantity(value, one.unit); };
    table.rows.push_back(
        {{one.id, phase.title, std::to_string(e.samples), q(e.min), q(e.p5), between(e.interval, one.unit), q(e.p50),
          q(e.p90), q(e.p99), phase.ratio ? times(phase.ratio->value) : "",
          phase.ratio ? between(phase.ratio->interval) : "", one.floor},
         one.id,
         "",
         first ? anchor_of_case(one.id) : ""});
    first = false;
  }
  for (const Figure& figure : one.figures) {
    table.rows.push_back(
        {{one.id, figure.title, "", "", figure.text.empty() ? quantity(figure.value, figure.unit) : figure.text, "", "",
          "", "", "", "", ""},
         one.id,
         "",
         first ? anchor_of_case(one.id) : ""});
    first = false;
  }
  for (const Series& series : one.series) {
    const Estimate& e = series.points.empty() ? Estimate{} : series.points.front().estimate;
    const auto q = [&](double value) { return quantity(value, series.unit); };
    table.rows.push_back({{one.id, say(series.title, ", first point"), std::to_string(e.samples), q(e.min), q(e.p5),
                           between(e.interval, series.unit), q(e.p50), q(e.p90), q(e.p99), "", "", one.floor},
                          one.id,
                          "",
                          first ? anchor_of_case(one.id) : ""});
    first = false;
  }
}

}  // namespace

Section gaps_section(const BenchResult& result) {
  Section section{"gaps", "What is not here", "", {}, {}};
  Table table{"Cases that were not measured, and calls that were refused",
              {{"case", Align::left},
               {"what it does", Align::left},
               {"state", Align::left},
               {"errno", Align::left},
               {"reason", Align::left},
               {"refused calls"}},
              {}};
  int missing = 0;
  for (const BenchCase& one : result.cases) {
    if (one.state == State::measured && one.refused == 0) continue;
    if (one.state != State::measured) ++missing;
    table.rows.push_back({{one.id, one.title, std::string(name_of(one.state)), one.error, one.reason,
                           one.refused > 0 ? std::to_string(one.refused) : ""},
                          one.id,
                          "",
                          one.state == State::measured ? "" : anchor_of_case(one.id)});
  }
  if (table.rows.empty()) return section;
  section.lead =
      say(missing, " of ", result.cases.size(),
          " cases have no figures. A gap is named, it is never a zero; and a call that failed is no sample.");
  section.tables.push_back(std::move(table));
  return section;
}

Section figures_section(const BenchResult& result) {
  Section section{
      "figures",
      "All figures",
      "Every phase of every case. The estimate is the 5th percentile, because noise of a machine only adds; "
      "its 95 % interval comes from blocks of neighbouring rounds.",
      {},
      {}};
  for (const std::string& family : families_of(result)) {
    Table table{family,
                {{"case", Align::left},
                 {"phase", Align::left},
                 {"samples"},
                 {"min"},
                 {"p5"},
                 {"95 %"},
                 {"median"},
                 {"p90"},
                 {"p99"},
                 {"× floor"},
                 {"95 %"},
                 {"floor", Align::left}},
                {}};
    for (const BenchCase& one : result.cases)
      if (one.family == family) add_phases(table, one);
    if (!table.rows.empty()) section.tables.push_back(std::move(table));
  }
  return section;
}

Section conditions_section(const BenchResult& result) {
  Section section{"conditions",
                  "What decides these numbers",
                  "The same figures on another machine, kernel or configuration are other figures. Times of different "
                  "machines are not comparable, ratios to the floor are.",
                  {},
                  {}};
  Table table{"Conditions of the run", {{"condition", Align::left}, {"value", Align::left}}, {}};
  const auto add = [&](std::string title, std::string value) {
    if (!value.empty()) table.rows.push_back({{std::move(title), std::move(value)}});
  };
  for (const Fact& fact : result.environment.facts) add(fact.title, fact.value);
  const SpeedGuard& guard = result.guard;
  add("Speed of the machine",
      say(guard.tagged, " of ", guard.rounds,
          " rounds were tagged because the machine changed its speed; one getppid takes ",
          quantity(guard.usual_ns, "ns"), " usually, in the slowest regime ", times(guard.slowest_ratio), " that"));
  add("Plan", say(result.plan.mode, ": ", result.plan.rounds, " rounds in ", result.plan.processes, " processes, ",
                  quantity(result.plan.seconds, "s")));
  add("Seed of the order", std::to_string(result.plan.seed));
  add("Filter", result.plan.filter);
  add("Command", result.environment.command_line);
  add("nsproof", result.environment.tool_version);
  add("Identity of the machine", result.environment.machine_identity);
  section.tables.push_back(std::move(table));
  return section;
}

}  // namespace nsproof::bench
