#include "harness/bench/compare.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "harness/bench/statistics.h"
#include "harness/support/text.h"

namespace nsproof::bench {
namespace {

constexpr double kSure = 0.05;
// An interval that reaches further than this from no effect does not establish that there is none.
constexpr double kVaguePercent = 10;

const BenchCase* case_with(const BenchResult& result, const std::string& id) {
  for (const BenchCase& one : result.cases)
    if (one.id == id) return &one;
  return nullptr;
}

const Phase* phase_with(const BenchCase& one, const std::string& name) {
  for (const Phase& phase : one.phases)
    if (phase.name == name) return &phase;
  return nullptr;
}

bool wanted(const std::string& id, const std::vector<std::string>& filters) {
  return filters.empty() || std::any_of(filters.begin(), filters.end(), [&](const std::string& filter) {
           return id == filter || id.starts_with(filter + "/") || glob_match(filter, id);
         });
}

GateLevel level_of(const Comparison& row, const CompareWish& wish) {
  if (wish.warn_percent <= 0 && wish.fail_percent <= 0) return GateLevel::none;
  if (row.word == Word::not_comparable) return GateLevel::none;
  if (row.word == Word::cannot_tell) {
    // Too vague for a word; but if all of the interval is within the gate, that much can be told.
    const double limit = wish.fail_percent > 0 ? wish.fail_percent : wish.warn_percent;
    const bool within = std::min(row.n_a, row.n_b) >= kLeastProcesses && row.interval_percent.high < limit;
    return within ? GateLevel::pass : GateLevel::none;
  }
  if (row.word != Word::slower) return GateLevel::pass;
  if (wish.fail_percent > 0 && row.effect_percent >= wish.fail_percent) return GateLevel::fail;
  if (wish.warn_percent > 0 && row.effect_percent >= wish.warn_percent) return GateLevel::warn;
  return GateLevel::pass;
}

std::string sentence_of(const Comparison& row) {
  const double low = std::min(std::abs(row.interval_percent.low), std::abs(row.interval_percent.high));
  const double high = std::max(std::abs(row.interval_percent.low), std::abs(row.interval_percent.high));
  switch (row.word) {
    case Word::slower:
      return fmt::format("slower by {:.1f} % ({:.1f} to {:.1f})", row.effect_percent, row.interval_percent.low,
                         row.interval_percent.high);
    case Word::faster: return fmt::format("faster by {:.1f} % ({:.1f} to {:.1f})", -row.effect_percent, low, high);
    case Word::no_change: return "no change";
    case Word::cannot_tell:
      if (std::min(row.n_a, row.n_b) < kLeastProcesses)
        return fmt::format("cannot tell: n too small ({} and {} processes)", row.n_a, row.n_b);
      return fmt::format("cannot tell: {:+.1f} % ({:+.1f} to {:+.1f}) is too vague", row.effect_percent,
                         row.interval_percent.low, row.interval_percent.high);
    case Word::not_comparable: return row.text;
  }
  return "";
}

Word word_of(const Comparison& row, const CompareWish& wish) {
  if (std::min(row.n_a, row.n_b) < kLeastProcesses) return Word::cannot_tell;
  const bool sure = row.p < kSure;
  if (sure && std::abs(row.effect_percent) >= wish.minimum_effect_percent)
    return row.effect_percent > 0 ? Word::slower : Word::faster;
  const bool vague = row.interval_percent.low < -kVaguePercent || row.interval_percent.high > kVaguePercent;
  return vague ? Word::cannot_tell : Word::no_change;
}

Comparison not_comparable(std::string reason) {
  Comparison row;
  row.word = Word::not_comparable;
  row.text = std::move(reason);
  return row;
}

Comparison compare_phases(const BenchCase& a, const Phase& of_a, const BenchCase& b, const Phase& of_b,
                          const CompareWish& wish) {
  const bool ratio = wish.basis == Basis::ratio;
  if (ratio && (!of_a.ratio || !of_b.ratio)) return not_comparable("has no floor; only its time could be compared");
  Comparison row = ratio ? compare_groups(of_a.repetition_ratios, of_b.repetition_ratios, wish)
                         : compare_groups(of_a.repetitions, of_b.repetitions, wish);
  row.basis = ratio ? "ratio to " + a.floor : "time, " + a.unit;
  if (ratio && a.floor != b.floor) row.basis += " and to " + b.floor;
  row.a = ratio ? of_a.ratio->value : of_a.estimate.p5;
  row.b = ratio ? of_b.ratio->value : of_b.estimate.p5;
  return row;
}

Comparison compare_one(const BenchCase& a, const BenchCase& b, const CompareWish& wish) {
  const std::string phase = a.gate.empty() ? a.head : a.gate;
  Comparison row;
  const Phase* of_a = phase_with(a, phase);
  const Phase* of_b = phase_with(b, phase);
  if (of_a != nullptr && of_b != nullptr)
    row = compare_phases(a, *of_a, b, *of_b, wish);
  else if (a.state != State::measured || b.state != State::measured)
    row = not_comparable(say("not measured in ", a.state != State::measured ? "A" : "B", ": ",
                             a.state != State::measured ? a.reason : b.reason));
  else
    row = not_comparable("a curve or a figure, which is not tested");
  row.id = a.id;
  row.phase = phase;
  row.text = sentence_of(row);
  // What waits for other CPUs, or has no floor, is told but does not gate.
  row.gate = a.gate.empty() ? GateLevel::none : level_of(row, wish);
  return row;
}

CompareResult frame(const std::string& a, const std::string& b, const CompareWish& wish) {
  CompareResult comparison;
  comparison.a = a;
  comparison.b = b;
  comparison.minimum_effect_percent = wish.minimum_effect_percent;
  comparison.warn_percent = wish.warn_percent;
  comparison.fail_percent = wish.fail_percent;
  return comparison;
}

}  // namespace

Comparison compare_groups(const std::vector<double>& a, const std::vector<double>& b, const CompareWish& wish) {
  Comparison row;
  row.n_a = static_cast<int>(a.size());
  row.n_b = static_cast<int>(b.size());
  row.p = mann_whitney(a, b);
  const Ratio quotient = typical_quotient(a, b);
  const auto percent = [](double factor) { return (factor - 1) * 100; };
  row.effect_percent = a.empty() || b.empty() ? 0 : percent(quotient.value);
  row.interval_percent = {percent(quotient.interval.low), percent(quotient.interval.high)};
  if (a.empty() || b.empty()) row.interval_percent = {};
  row.word = word_of(row, wish);
  row.text = sentence_of(row);
  row.gate = level_of(row, wish);
  return row;
}

CompareResult compare(const BenchResult& a, const std::string& a_label, const BenchResult& b,
                      const std::string& b_label, const CompareWish& wish) {
  CompareResult comparison = frame(a_label, b_label, wish);
  const bool same_machine = a.environment.machine_identity == b.environment.machine_identity;
  if (!same_machine && wish.basis == Basis::time)
    throw std::invalid_argument(say("times of different machines cannot be compared: A is ", a.environment.machine_name,
                                    ", B is ", b.environment.machine_name,
                                    "; ratios to the floor of the same run can"));
  if (!same_machine)
    comparison.note =
        "A and B are different machines or kernels: their times are not compared, only ratios to the floor of each "
        "run.";
  if (a.guard.loud || b.guard.loud)
    comparison.note += say(comparison.note.empty() ? "" : " ", "The machine changed its speed while ",
                           a.guard.loud && b.guard.loud ? "A and B were"
                           : a.guard.loud               ? "A was"
                                                        : "B was",
                           " measured.");
  for (const BenchCase& one : a.cases) {
    const BenchCase* other = case_with(b, one.id);
    if (other == nullptr || !wanted(one.id, wish.filters)) continue;
    // The floor itself has no ratio; it is what the others are told by.
    const bool floor = one.gate.empty() && one.floor.empty() && !one.phases.empty() && wish.basis == Basis::ratio;
    if (!floor) comparison.rows.push_back(compare_one(one, *other, wish));
  }
  return comparison;
}

CompareResult compare_cases(const BenchResult& result, const std::string& a_id, const std::string& b_id,
                            const CompareWish& wish) {
  const BenchCase* a = case_with(result, a_id);
  const BenchCase* b = case_with(result, b_id);
  if (a == nullptr || b == nullptr) throw std::invalid_argument(say("no case ", a == nullptr ? a_id : b_id));
  CompareResult comparison = frame(a_id, b_id, wish);
  Comparison row = compare_one(*a, *b, wish);
  row.id = say(a_id, " and ", b_id);
  const Phase* of_a = phase_with(*a, row.phase);
  const Phase* of_b = phase_with(*b, row.phase);
  if (of_a != nullptr && of_b != nullptr) {
    const std::size_t pairs = std::min(of_a->repetitions.size(), of_b->repetitions.size());
    for (std::size_t i = 0; i < pairs; ++i)
      row.differences_percent.push_back((of_b->repetitions[i] / of_a->repetitions[i] - 1) * 100);
  }
  comparison.rows.push_back(std::move(row));
  return comparison;
}

BenchResult join_runs(const std::vector<BenchResult>& runs) {
  BenchResult joined = runs.at(0);
  for (std::size_t i = 1; i < runs.size(); ++i) {
    joined.plan.processes += runs[i].plan.processes;
    joined.plan.rounds += runs[i].plan.rounds;
    joined.plan.seconds += runs[i].plan.seconds;
    joined.guard.rounds += runs[i].guard.rounds;
    joined.guard.tagged += runs[i].guard.tagged;
    joined.guard.loud = joined.guard.loud || runs[i].guard.loud;
    for (BenchCase& one : joined.cases) {
      const BenchCase* other = case_with(runs[i], one.id);
      if (other == nullptr) continue;
      for (Phase& phase : one.phases) {
        const Phase* more = phase_with(*other, phase.name);
        if (more == nullptr) continue;
        const auto append = [](std::vector<double>& to, const std::vector<double>& from) {
          to.insert(to.end(), from.begin(), from.end());
        };
        append(phase.repetitions, more->repetitions);
        append(phase.repetition_ratios, more->repetition_ratios);
        phase.estimate.samples += more->estimate.samples;
      }
    }
  }
  for (BenchCase& one : joined.cases)
    for (Phase& phase : one.phases) {
      phase.estimate.p5 = median(phase.repetitions);
      if (phase.ratio) phase.ratio->value = median(phase.repetition_ratios);
    }
  return joined;
}

GateCounts count(const CompareResult& comparison) {
  GateCounts counts;
  for (const Comparison& row : comparison.rows) {
    counts.judged += row.gate != GateLevel::none ? 1 : 0;
    counts.warned += row.gate == GateLevel::warn ? 1 : 0;
    counts.failed += row.gate == GateLevel::fail ? 1 : 0;
    counts.untold += row.word == Word::cannot_tell && row.gate == GateLevel::none ? 1 : 0;
  }
  return counts;
}

}  // namespace nsproof::bench
