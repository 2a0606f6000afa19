// The summary is made of the same figures as the sections.
#include "reports/html/summary.h"

#include <algorithm>

#include "harness/support/text.h"
#include "reports/html/figures.h"
#include "reports/html/sections.h"

namespace nsproof::bench {
namespace {

const BenchCase* case_named(const BenchResult& result, std::string_view id) {
  const auto at = std::find_if(result.cases.begin(), result.cases.end(),
                               [&](const BenchCase& one) { return one.id == id && head_of(one) != nullptr; });
  return at == result.cases.end() ? nullptr : &*at;
}

void add_ratio(Facts& facts, const BenchResult& result, std::string_view id, std::string term) {
  const BenchCase* one = case_named(result, id);
  if (one == nullptr || !head_of(*one)->ratio) return;
  facts.emplace_back(std::move(term), say(times(head_of(*one)->ratio->value), " the floor, ",
                                          quantity(head_of(*one)->estimate.p5, one->unit)));
}

void add_model(Facts& facts, const Matrix& matrix) {
  if (matrix.empty() || matrix.effects.empty()) return;
  double sum = 0;
  for (const auto& [type, effect] : matrix.effects) sum += std::max(0.0, effect);
  const auto most = std::max_element(matrix.effects.begin(), matrix.effects.end(),
                                     [](const auto& a, const auto& b) { return a.second < b.second; });
  if (sum <= 0) return;
  facts.emplace_back("Most of it is",
                     say(name_of(most->first), ", ", number(most->second / sum * 100), " % of what all types add"));
  facts.emplace_back("Do costs add?", say("a sum of types explains ", number(matrix.r2 * 100), " %"));
}

void add_slowest_destruction(Facts& facts, const BenchResult& result) {
  const BenchCase* slowest = nullptr;
  for (const BenchCase& one : result.cases) {
    if (one.family != "destroy" || head_of(one) == nullptr || one.unit != "ms") continue;
    if (slowest == nullptr || head_of(one)->estimate.p5 > head_of(*slowest)->estimate.p5) slowest = &one;
  }
  if (slowest != nullptr)
    facts.emplace_back("Slowest to be destroyed",
                       say(slowest->set, ", ", quantity(head_of(*slowest)->estimate.p5, slowest->unit)));
}

}  // namespace

std::string headline(const BenchResult& result) {
  return result.comparison ? say("From ", result.comparison->a, " to ", result.comparison->b) : "What isolation costs";
}

std::string run_line(const BenchResult& result) {
  std::string started = result.environment.started;
  std::replace(started.begin(), started.end(), 'T', ' ');
  return say(result.environment.machine_name, " · ", started, " UTC · ", result.plan.mode, " plan, ",
             result.plan.rounds, " rounds in ", result.plan.processes, " processes · nsproof ",
             result.environment.tool_version);
}

Facts key_figures(const BenchResult& result) {
  Facts facts;
  add_ratio(facts, result, "create/all", "All eight namespaces");
  add_ratio(facts, result, "container/raw", "A container made by hand");
  add_model(facts, result.matrix);
  add_slowest_destruction(facts, result);
  return facts;
}

std::vector<std::string> warnings(const BenchResult& result) {
  std::vector<std::string> all;
  if (result.partial) all.emplace_back("The run was interrupted: what it had not reached is missing.");
  if (result.guard.loud)
    all.push_back(say("The machine was unsteady: it changed its speed in ", result.guard.tagged, " of ",
                      result.guard.rounds, " rounds. Believe ratios, not times."));
  const auto failed = std::count_if(result.cases.begin(), result.cases.end(),
                                    [](const BenchCase& one) { return one.state == State::failed; });
  if (failed > 0)
    all.push_back(say(failed, failed == 1 ? " case failed: it is" : " cases failed: they are",
                      " listed under “What is not here”."));
  return all;
}

}  // namespace nsproof::bench
