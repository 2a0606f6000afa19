// Numbers like those of a small virtual machine; nothing is random, so pages are the same every time.
#include "suites/proof/html_page/sample_bench.h"

#include <cmath>
#include <string>
#include <utility>

#include "harness/support/text.h"

namespace nsproof::bench {
namespace {

constexpr double kFloorUs = 24;

// Between -1 and 1, different for every index.
double wobble(std::size_t index) { return std::sin(static_cast<double>(index) * 12.9898 + 4.1); }

Estimate estimate_of(double p5, std::int64_t samples = 600) {
  return {samples, p5 * 0.98, p5, p5 * 1.09, p5 * 1.3, p5 * 2.6, {p5 * 0.99, p5 * 1.012}};
}

Ratio ratio_of(double value) { return {value, {value * 0.985, value * 1.018}}; }

Phase phase_of(std::string name, std::string title, double p5, double floor) {
  Phase phase{std::move(name), std::move(title), Timing::wall, estimate_of(p5), std::nullopt, {}, {}, {}};
  if (floor > 0) phase.ratio = ratio_of(p5 / floor);
  for (int i = 0; i <= 20; ++i) {
    const double fraction = i / 20.0;
    phase.ecdf.push_back({p5 * (0.98 + 0.3 * std::pow(fraction, 6) + 0.15 * fraction), fraction});
  }
  for (std::size_t i = 0; i < 9; ++i) phase.repetitions.push_back(p5 * (1 + 0.01 * wobble(i)));
  return phase;
}

BenchCase case_of(std::string id, std::string title, std::string unit, std::string floor) {
  BenchCase one;
  one.family = id.substr(0, id.find('/'));
  one.id = std::move(id);
  one.title = std::move(title);
  one.unit = std::move(unit);
  one.floor = std::move(floor);
  one.state = State::measured;
  return one;
}

BenchCase timed(std::string id, std::string title, double us, std::string floor, double floor_us) {
  BenchCase one = case_of(std::move(id), std::move(title), "us", std::move(floor));
  one.head = one.gate = "total";
  one.phases.push_back(phase_of("total", "until it is reaped", us, floor_us));
  return one;
}

struct Creation {
  std::string_view set;
  double us;
};

constexpr Creation kCreations[] = {{"none", kFloorUs}, {"uts", 26},       {"cgroup", 26},  {"time", 27},
                                   {"pid", 29},        {"user", 32},      {"ipc", 47},     {"mnt", 92},
                                   {"net", 371},       {"user+net", 380}, {"docker", 480}, {"all", 502}};

void add_creations(BenchResult& result, std::string_view style, double more_us) {
  const std::string suffix = style == "fork" ? "@fork" : "";
  for (const auto& [set, us] : kCreations) {
    const std::string floor = say("create/none", suffix);
    BenchCase one = timed(say("create/", set, suffix), say("make ", set, " by clone3, ", style, " style"), us + more_us,
                          floor, kFloorUs + more_us);
    one.set = set;
    one.style = style;
    one.phases.push_back(phase_of("return", "until clone3 returns", us * 0.85 + more_us, 15));
    one.phases.push_back(phase_of("first_instruction", "until the child's first instruction", us * 0.8 + more_us, 10));
    one.phases.push_back(phase_of("exit", "from there until it is reaped", us * 0.2, 13));
    one.phases.push_back(phase_of("cpu", "CPU time of both", us + more_us, kFloorUs));
    result.cases.push_back(std::move(one));
  }
}

void add_destructions(BenchResult& result) {
  for (const auto& [set, ms] : {std::pair<std::string, double>("uts", 0.03), {"ipc", 10}, {"net", 35}, {"user", 45}}) {
    BenchCase one = case_of(say("destroy/", set), "the last reference goes", "ms", "");
    one.set = set;
    one.head = "destroyed";
    one.phases.push_back(phase_of("destroyed", "until a new one may be made at the limit", ms, 0));
    one.figures.push_back({"class", "how it is destroyed", 0, "", ms < 1 ? "sync" : "deferred"});
    result.cases.push_back(std::move(one));
  }
}

Series series_of(std::string title, std::string over, std::string unit, Better better) {
  Series series{"series", std::move(title), std::move(over), std::move(unit), better, {}, std::nullopt, ""};
  for (const double x : {25.0, 100.0, 200.0, 500.0, 1000.0})
    series.points.push_back(
        {x, estimate_of(better == Better::lower ? 15 + 0.9 * x : 1500 * std::sqrt(x), 60), ratio_of(1 + x / 100)});
  if (better == Better::lower) {
    series.line = Line{15, 0.9, 0.998};
    series.slope_title = "us per mount";
  }
  return series;
}

void add_growth(BenchResult& result) {
  BenchCase mounts = case_of("mounts/private", "a mount namespace over the number of mounts in it", "us", "");
  mounts.series.push_back(series_of("copy", "mounts in the namespace", "us", Better::lower));
  mounts.series.push_back(series_of("teardown in exit", "mounts in the namespace", "us", Better::lower));
  result.cases.push_back(std::move(mounts));
  BenchCase parallel = case_of("parallel/net", "several creators of net", "us", "");
  parallel.series.push_back(series_of("creations by all together", "creators", "per second", Better::higher));
  result.cases.push_back(std::move(parallel));
}

void add_gaps(BenchResult& result) {
  BenchCase missing = case_of("mounts/open_tree", "a mount namespace by OPEN_TREE_NAMESPACE", "us", "");
  missing.state = State::unsupported;
  missing.reason = "this kernel has no OPEN_TREE_NAMESPACE";
  missing.error = "EINVAL";
  missing.refused = 1;
  BenchCase failed = case_of("idmap/340", "an id map of 340 extents", "us", "");
  failed.state = State::failed;
  failed.reason = "every write was refused";
  failed.error = "EPERM";
  failed.refused = 600;
  BenchCase skipped = case_of("steady/kill/all", "kill inside all", "ns", "");
  skipped.reason = "out of time";
  skipped.state = State::skipped;
  for (BenchCase* one : {&missing, &failed, &skipped}) result.cases.push_back(std::move(*one));
}

Matrix sample_matrix() {
  Matrix matrix{"us", "vfork", "total", kFloorUs, {}, 0.985, 11.2, NsSet{}, {90.1, 88.4}, {}};
  constexpr double kEffects[] = {32, 3, 347, 6, 26, -2, 2, 3};  // in the order of kAllNamespaces
  for (const Ns type : kAllNamespaces) matrix.effects[type] = kEffects[static_cast<std::size_t>(type)];
  double most = 0;
  for (unsigned bits = 0; bits < 256; ++bits) {
    const NsSet set = NsSet::from_bits(static_cast<std::uint8_t>(bits));
    double model = matrix.base;
    for (const auto& [type, effect] : matrix.effects) model += set.has(type) ? effect : 0;
    const double residual = wobble(bits) * (set.has(Ns::net) ? 18 : 2);
    matrix.cells.push_back({set, estimate_of(model + residual, 20), model, residual});
    if (std::fabs(residual) > most) matrix.worst = set;
    most = std::max(most, std::fabs(residual));
  }
  return matrix;
}

void make_hostile(std::string& text) {
  text +=
      "</script><script>window.broken=1</script><!--<script>\"'><img src=x onerror=window.broken=1>\xe2\x80\xa8]]>"
      "\xe2\x80\xae\x1b[31m{{broken}}&lt;";
}

}  // namespace

BenchResult sample_run() {
  BenchResult result;
  result.environment = {"0.1.0",
                        "nsproof bench --json bench.json",
                        "2026-11-23T18:30:00",
                        "Some CPU, 2 CPUs, Linux 6.18",
                        "x86_64|Some CPU|2|6.18",
                        {{"kernel.release", "Kernel", "6.18.44"}, {"load", "Load", "0.4, 1.8"}}};
  result.plan = {"default", 12345678901234567890U, 9, 612, "", 54.2};
  result.guard = {612, 180, 141, 1.38, true};
  result.cases.push_back(timed("floor/syscall", "one getppid", 0.141, "floor/vfork", kFloorUs));
  result.cases.push_back(
      timed("floor/vfork", "clone3 with VM and VFORK, exit, wait", kFloorUs, "floor/vfork", kFloorUs));
  result.cases.push_back(timed("floor/fork_256m", "fork with 256 MiB of memory", 8590, "floor/vfork", kFloorUs));
  add_creations(result, "vfork", 0);
  add_creations(result, "fork", 55);
  add_destructions(result);
  add_growth(result);
  result.cases.push_back(timed("container/raw", "a container made by hand", 608, "floor/vfork", kFloorUs));
  for (const auto& [name, us] : {std::pair<std::string, double>("bwrap", 2260), {"crun", 5390}, {"podman", 104000}})
    result.cases.push_back(
        timed(say("runtime/", name), say(name, " runs a program that does nothing"), us, "container/raw", 608));
  result.cases.back().tags = {"speed changed"};
  add_gaps(result);
  result.matrix = sample_matrix();
  return result;
}

BenchResult sample_comparison() {
  BenchResult result = sample_run();
  CompareResult comparison{"before.json", "after.json", "", 3, 10, 25, {}};
  struct Change {
    std::string_view id;
    double percent;
    Word word;
    std::string_view text;
    GateLevel gate;
  };
  constexpr Change kChanges[] = {{"create/net", 31, Word::slower, "slower by 31 % (29 to 33)", GateLevel::fail},
                                 {"create/mnt", 12, Word::slower, "slower by 12 % (10 to 14)", GateLevel::warn},
                                 {"create/uts", 0.4, Word::no_change, "no change", GateLevel::pass},
                                 {"create/user", -8, Word::faster, "faster by 8 % (6 to 10)", GateLevel::pass},
                                 {"create/ipc", 4, Word::cannot_tell, "cannot tell: n too small", GateLevel::none},
                                 {"gone/case", 0, Word::not_comparable, "not comparable: only in A", GateLevel::none}};
  for (const auto& [id, percent, word, text, gate] : kChanges) {
    const bool both = word != Word::not_comparable;
    Comparison row{std::string(id),
                   "total",
                   "ratio to create/none",
                   4,
                   4 * (1 + percent / 100),
                   percent,
                   {percent - 2, percent + 2},
                   0.01,
                   9,
                   both ? 9 : 0,
                   word,
                   std::string(text),
                   gate,
                   {}};
    for (std::size_t i = 0; both && i < 9; ++i) row.differences_percent.push_back(percent + 3 * wobble(i));
    comparison.rows.push_back(std::move(row));
  }
  result.comparison = std::move(comparison);
  return result;
}

BenchResult hostile_run() {
  BenchResult result = sample_comparison();
  BenchEnvironment& e = result.environment;
  for (std::string* text : {&e.tool_version, &e.command_line, &e.machine_name, &e.machine_identity, &result.plan.filter,
                            &result.comparison->a, &result.comparison->note})
    make_hostile(*text);
  for (Fact& fact : e.facts)
    for (std::string* text : {&fact.title, &fact.value}) make_hostile(*text);
  for (BenchCase& one : result.cases) {
    for (std::string* text : {&one.id, &one.family, &one.title, &one.reason}) make_hostile(*text);
    if (one.state == State::measured) one.reason.clear();
    one.tags.emplace_back();
    make_hostile(one.tags.back());
    for (Phase& phase : one.phases) make_hostile(phase.title);
    for (Series& series : one.series)
      for (std::string* text : {&series.title, &series.x_title, &series.unit}) make_hostile(*text);
    for (Figure& figure : one.figures)
      for (std::string* text : {&figure.title, &figure.text}) make_hostile(*text);
  }
  for (Comparison& row : result.comparison->rows)
    for (std::string* text : {&row.id, &row.basis, &row.text}) make_hostile(*text);
  return result;
}

}  // namespace nsproof::bench
