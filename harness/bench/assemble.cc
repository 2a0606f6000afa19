#include "harness/bench/assemble.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <set>

#include "harness/bench/statistics.h"
#include "harness/support/text.h"

namespace nsproof::bench {
namespace {

// Everything about one case, sorted by what it is about.
struct Sorted {
  std::map<std::uint16_t, std::vector<Sampled>> phases;
  std::map<std::uint16_t, std::map<double, std::vector<Sampled>>> points;
  std::map<std::uint16_t, std::vector<double>> figures;
  std::map<std::uint16_t, std::string> words;
  std::vector<double> passes;
  std::int64_t refused = 0;
  int refused_with = 0;
  const Remark* gap = nullptr;
};

constexpr double kSpeedStep = 0.15;  // how far from the usual a round is another regime
constexpr double kFullSpeed =
    1.12;  // times the fastest moments: the two speeds of a shared core are 1.25 or more apart
constexpr std::size_t kLeastCalm = 40;
constexpr std::size_t kLeastOfProcess = 4;
constexpr double kTaggedShare = 0.2;  // above which the result must say so
constexpr std::int64_t kEnoughSamples = 30;
constexpr double kWideInterval = 0.1;  // of a gated ratio, both sides together

std::vector<Sorted> sort_out(const Recorded& recorded) {
  std::vector<Sorted> sorted(recorded.specs.size());
  for (const Record& record : recorded.records) {
    if (record.case_index >= sorted.size()) continue;
    Sorted& place = sorted[record.case_index];
    const bool phase = record.kind == RecordKind::sample;
    const Sampled sampled{record.process, record.round, record.value, phase ? record.x : 0};
    switch (record.kind) {
      case RecordKind::sample: place.phases[record.metric].push_back(sampled); break;
      case RecordKind::point: place.points[record.metric][record.x].push_back(sampled); break;
      case RecordKind::figure: place.figures[record.metric].push_back(record.value); break;
      case RecordKind::pass: place.passes.push_back(record.value); break;
      case RecordKind::refused:
        place.refused += static_cast<std::int64_t>(record.value);
        place.refused_with = static_cast<int>(record.x);
        break;
      case RecordKind::guard: break;
    }
  }
  for (const Remark& remark : recorded.remarks) {
    if (remark.case_index >= sorted.size()) continue;
    Sorted& place = sorted[remark.case_index];
    if (remark.kind == Remark::Kind::word)
      place.words[remark.metric] = remark.text;
    else if (place.gap == nullptr || remark.kind == Remark::Kind::failed)
      place.gap = &remark;
  }
  return sorted;
}

SpeedGuard guard_of(const std::vector<Record>& records, std::set<std::pair<std::uint32_t, std::uint32_t>>& tagged) {
  SpeedGuard guard;
  std::vector<double> all;
  for (const Record& record : records)
    if (record.kind == RecordKind::guard) all.push_back(record.value);
  guard.rounds = static_cast<std::int64_t>(all.size());
  guard.usual_ns = median(all);
  std::vector<double> slow;
  for (const Record& record : records) {
    if (record.kind != RecordKind::guard || std::abs(record.value / guard.usual_ns - 1) <= kSpeedStep) continue;
    tagged.insert({record.process, record.round});
    slow.push_back(std::max(record.value / guard.usual_ns, guard.usual_ns / record.value));
  }
  guard.tagged = static_cast<std::int64_t>(slow.size());
  guard.slowest_ratio = slow.empty() ? 1 : median(slow);
  guard.loud = static_cast<double>(guard.tagged) > kTaggedShare * static_cast<double>(guard.rounds);
  return guard;
}

// What a sample's speed may be at most to count as one of the machine's full speed.
double full_speed_limit(const std::vector<Record>& records) {
  std::vector<double> speeds;
  for (const Record& record : records)
    if (record.kind == RecordKind::sample && record.x > 0) speeds.push_back(record.x);
  return quantile(std::move(speeds), 0.02) * kFullSpeed;
}

double p5_of(const std::vector<Sampled>& samples) {
  std::vector<double> values;
  for (const Sampled& one : samples) values.push_back(one.value);
  return quantile(std::move(values), 0.05);
}

const std::vector<Sampled>* samples_of(const std::vector<Sorted>& sorted, const std::vector<CaseSpec>& specs,
                                       const std::string& id, const std::string& phase) {
  for (std::size_t i = 0; i < specs.size(); ++i) {
    if (specs[i].id != id) continue;
    for (std::size_t p = 0; p < specs[i].phases.size(); ++p) {
      const bool same = specs[i].phases[p].name == phase || (specs[i].phases.size() == 1 && p == 0);
      const auto found = sorted[i].phases.find(static_cast<std::uint16_t>(p));
      if (same && found != sorted[i].phases.end()) return &found->second;
    }
    // A floor that does not tell this phase apart is compared by its head.
    for (std::size_t p = 0; p < specs[i].phases.size(); ++p) {
      const auto found = sorted[i].phases.find(static_cast<std::uint16_t>(p));
      if (specs[i].phases[p].name == specs[i].head && found != sorted[i].phases.end()) return &found->second;
    }
  }
  return nullptr;
}

// Two sets of samples that may be compared: both of the machine's full speed, or both of whatever speed there was.
struct Pair {
  std::vector<Sampled> ours;
  std::vector<Sampled> floor;
};

Pair alike(const std::vector<Sampled>& samples, const std::vector<Sampled>& floor, double limit, std::size_t least) {
  Pair pair{calm(samples, limit), calm(floor, limit)};
  if (pair.ours.size() >= least && pair.floor.size() >= least) return pair;
  return {samples, floor};
}

std::vector<Sampled> of_process(const std::vector<Sampled>& samples, std::uint32_t process) {
  std::vector<Sampled> chosen;
  std::copy_if(samples.begin(), samples.end(), std::back_inserter(chosen),
               [&](const Sampled& one) { return one.process == process; });
  return chosen;
}

std::vector<std::uint32_t> processes_of(const std::vector<Sampled>& samples) {
  std::set<std::uint32_t> processes;
  for (const Sampled& one : samples) processes.insert(one.process);
  return {processes.begin(), processes.end()};
}

// One estimate a process.
void add_repetitions(Phase& phase, const std::vector<Sampled>& samples, const std::vector<Sampled>* floor,
                     double limit) {
  for (const std::uint32_t process : processes_of(samples)) {
    const std::vector<Sampled> ours = of_process(samples, process);
    const std::vector<Sampled> theirs = floor != nullptr ? of_process(*floor, process) : ours;
    const Pair pair = alike(ours, theirs, limit, kLeastOfProcess);
    if (pair.ours.size() < kLeastOfProcess || pair.floor.size() < kLeastOfProcess) continue;
    const double below = p5_of(pair.floor);
    phase.repetitions.push_back(p5_of(pair.ours));
    if (floor != nullptr && below > 0) phase.repetition_ratios.push_back(p5_of(pair.ours) / below);
  }
}

// `limit` is the speed up to which a sample counts as one of the machine's full speed.
Phase phase_of(const PhaseSpec& spec, const std::vector<Sampled>& samples, const std::vector<Sampled>* floor,
               double limit, std::uint64_t seed) {
  Phase phase;
  phase.name = spec.name;
  phase.title = spec.title;
  phase.timing = spec.timing;
  phase.ecdf = ecdf_of(samples);
  const Pair pair = alike(samples, floor != nullptr ? *floor : samples, limit, kLeastCalm);
  phase.estimate = estimate_of(samples, pair.ours, seed);
  if (floor != nullptr) phase.ratio = ratio_of(pair.ours, pair.floor, seed);
  add_repetitions(phase, samples, floor, limit);
  return phase;
}

Series series_of(const SeriesSpec& spec, const std::map<double, std::vector<Sampled>>& points, std::uint64_t seed) {
  Series series{spec.name, spec.title, spec.x_title, spec.unit, spec.better, {}, std::nullopt, spec.slope_title};
  std::vector<double> x;
  std::vector<double> y;
  for (const auto& [at, samples] : points) {
    Point point;
    point.x = at;
    point.estimate = estimate_of(samples, samples, seed);
    if (!series.points.empty()) point.ratio = ratio_of(samples, points.begin()->second, seed);
    x.push_back(at);
    // Throughput is estimated by its median, since noise only ever takes away from it.
    y.push_back(spec.better == Better::lower ? point.estimate.p5 : point.estimate.p50);
    series.points.push_back(std::move(point));
  }
  if (!spec.slope_title.empty() && x.size() >= 3) series.line = fit_line(x, y);
  return series;
}

void fill_state(BenchCase& one, const Sorted& sorted) {
  const bool measured = !sorted.phases.empty() || !sorted.points.empty() || !sorted.figures.empty();
  one.refused = sorted.refused;
  if (sorted.refused_with != 0) one.error = errno_name(sorted.refused_with);
  if (measured) {
    one.state = State::measured;
    if (sorted.gap != nullptr && sorted.gap->kind == Remark::Kind::failed) one.tags.emplace_back("partly failed");
    return;
  }
  if (sorted.gap == nullptr) {
    one.reason = "the run ended before it was measured";
    return;
  }
  one.state = sorted.gap->kind == Remark::Kind::unsupported ? State::unsupported : State::failed;
  one.reason = sorted.gap->text;
  if (sorted.gap->error != 0) one.error = errno_name(sorted.gap->error);
}

void fill_figures(BenchCase& one, const CaseSpec& spec, const Sorted& sorted) {
  for (std::size_t i = 0; i < spec.figures.size(); ++i) {
    const auto index = static_cast<std::uint16_t>(i);
    const auto value = sorted.figures.find(index);
    const auto word = sorted.words.find(index);
    if (value == sorted.figures.end() && word == sorted.words.end()) continue;
    one.figures.push_back({spec.figures[i].name, spec.figures[i].title,
                           value == sorted.figures.end() ? 0 : median(value->second), spec.figures[i].unit,
                           word == sorted.words.end() ? "" : word->second});
  }
}

int rank_of(const std::string& family) {
  for (const Family& one : families())
    if (one.name == family) return one.rank;
  return 0;
}

Matrix matrix_of(const CaseSpec& spec, const Sorted& sorted, std::uint64_t seed) {
  Matrix matrix;
  matrix.unit = spec.unit;
  matrix.style = spec.style;
  matrix.metric = "total";
  matrix.passes_ms = sorted.passes;
  const auto points = sorted.points.find(0);
  if (points == sorted.points.end()) return matrix;
  for (const auto& [bits, samples] : points->second)
    matrix.cells.push_back(
        {NsSet::from_bits(static_cast<std::uint8_t>(bits)), estimate_of(samples, samples, seed), 0, 0});
  fit_additive_model(matrix);
  return matrix;
}

}  // namespace

BenchResult assemble(const Recorded& recorded) {
  BenchResult result;
  const std::vector<Sorted> sorted = sort_out(recorded);
  std::set<std::pair<std::uint32_t, std::uint32_t>> tagged;
  result.guard = guard_of(recorded.records, tagged);
  const double limit = full_speed_limit(recorded.records);
  for (std::size_t i = 0; i < recorded.specs.size(); ++i) {
    const CaseSpec& spec = recorded.specs[i];
    BenchCase one{spec.id,    spec.id.substr(0, spec.id.find('/')),
                  spec.title, spec.unit,
                  spec.floor, spec.head,
                  spec.gate,  spec.set,
                  spec.style, State::skipped,
                  "",         "",
                  0,          {},
                  {},         {},
                  {}};
    fill_state(one, sorted[i]);
    if (spec.id == kMatrixCase) result.matrix = matrix_of(spec, sorted[i], recorded.seed);
    for (const auto& [index, samples] : sorted[i].phases) {
      const PhaseSpec& phase = spec.phases.at(index);
      const auto* floor = spec.floor.empty() ? nullptr : samples_of(sorted, recorded.specs, spec.floor, phase.name);
      one.phases.push_back(phase_of(phase, samples, floor, limit, recorded.seed + i));
      const bool few = static_cast<std::int64_t>(samples.size()) < kEnoughSamples;
      const Phase& last = one.phases.back();
      const bool gated = phase.name == spec.gate && last.ratio;
      if (gated && few) one.tags.emplace_back("few samples");
      if (gated && last.ratio->interval.high - last.ratio->interval.low > kWideInterval * last.ratio->value)
        one.tags.emplace_back("wide interval");
    }
    if (spec.id != kMatrixCase)
      for (const auto& [index, points] : sorted[i].points)
        one.series.push_back(series_of(spec.series.at(index), points, recorded.seed + i));
    fill_figures(one, spec, sorted[i]);
    if (result.guard.loud && !one.phases.empty()) one.tags.emplace_back("speed changed");
    result.cases.push_back(std::move(one));
  }
  std::stable_sort(result.cases.begin(), result.cases.end(),
                   [](const BenchCase& a, const BenchCase& b) { return rank_of(a.family) < rank_of(b.family); });
  return result;
}

}  // namespace nsproof::bench
