// Reads the record of a measurement, of unknown origin: every field is looked up by name and checked for its type, and
// an error says where.
#include <charconv>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "harness/support/text.h"
#include "reports/bench_json.h"

namespace nsproof::bench {
namespace {

using Json = nlohmann::json;

// A value and where it stands: "cases/3/phases/0".
struct At {
  const Json& value;
  std::string where;

  [[noreturn]] void fail(std::string_view wanted) const {
    throw std::runtime_error(
        say("not a ", kBenchSchema, " record: ", where.empty() ? "the document" : where, " ", wanted));
  }
  [[nodiscard]] bool has(const char* key) const { return value.is_object() && value.contains(key); }
  [[nodiscard]] At get(const char* key) const {
    if (!value.is_object()) fail("is not an object");
    const auto found = value.find(key);
    if (found == value.end()) fail(say("has no \"", key, "\""));
    return {*found, where.empty() ? key : say(where, "/", key)};
  }
  [[nodiscard]] std::string text(const char* key) const {
    const At at = get(key);
    if (!at.value.is_string()) at.fail("is not a string");
    return at.value.get<std::string>();
  }
  [[nodiscard]] double number(const char* key) const { return get(key).number(); }
  [[nodiscard]] double number() const {
    if (!value.is_number()) fail("is not a number");
    return value.get<double>();
  }
  [[nodiscard]] std::int64_t integer(const char* key) const {
    const At at = get(key);
    if (!at.value.is_number_integer()) at.fail("is not an integer");
    return at.value.get<std::int64_t>();
  }
  [[nodiscard]] bool boolean(const char* key) const {
    const At at = get(key);
    if (!at.value.is_boolean()) at.fail("is not true or false");
    return at.value.get<bool>();
  }
  template <class T, class Convert>
  void fill(const char* key, std::vector<T>& place, Convert convert) const {
    const At at = get(key);
    if (!at.value.is_array()) at.fail("is not an array");
    std::size_t index = 0;
    for (const Json& one : at.value) place.push_back(convert(At{one, say(at.where, "/", index++)}));
  }
  template <class T, std::size_t N>
  [[nodiscard]] T word(const char* key, const T (&all)[N]) const {
    const std::string given = text(key);
    for (const T one : all)
      if (name_of(one) == given) return one;
    get(key).fail(say("is no known word: ", nsproof::quoted(given)));
  }
};

double number_of(const At& at) { return at.number(); }

std::string text_of(const At& at) {
  if (!at.value.is_string()) at.fail("is not a string");
  return at.value.get<std::string>();
}

Interval pair_of(const At& at) {
  if (!at.value.is_array() || at.value.size() != 2) at.fail("is not a pair of numbers");
  return {At{at.value[0], at.where + "/0"}.number(), At{at.value[1], at.where + "/1"}.number()};
}

Estimate estimate_of(const At& at) {
  return {at.integer("samples"), at.number("min"),           at.number("p5"), at.number("p50"), at.number("p90"),
          at.number("p99"),      pair_of(at.get("interval"))};
}

std::optional<Ratio> ratio_of(const At& at) {
  if (!at.has("ratio")) return std::nullopt;
  const At ratio = at.get("ratio");
  return Ratio{ratio.number("value"), pair_of(ratio.get("interval"))};
}

Phase phase_of(const At& at) {
  constexpr Timing kTimings[] = {Timing::wall, Timing::cpu};
  Phase phase;
  phase.name = at.text("name");
  phase.title = at.text("title");
  phase.timing = at.word("timing", kTimings);
  phase.estimate = estimate_of(at.get("estimate"));
  phase.ratio = ratio_of(at);
  at.fill("ecdf", phase.ecdf, [](const At& one) {
    const Interval pair = pair_of(one);
    return EcdfPoint{pair.low, pair.high};
  });
  at.fill("repetitions", phase.repetitions, number_of);
  at.fill("repetition_ratios", phase.repetition_ratios, number_of);
  return phase;
}

Series series_of(const At& at) {
  constexpr Better kBetters[] = {Better::lower, Better::higher};
  Series series{at.text("name"),
                at.text("title"),
                at.text("x_title"),
                at.text("unit"),
                at.word("better", kBetters),
                {},
                std::nullopt,
                at.has("slope_title") ? at.text("slope_title") : ""};
  at.fill("points", series.points, [](const At& one) {
    return Point{one.number("x"), estimate_of(one.get("estimate")), ratio_of(one)};
  });
  if (at.has("line")) {
    const At line = at.get("line");
    series.line = Line{line.number("intercept"), line.number("slope"), line.number("r2")};
  }
  return series;
}

BenchCase case_of(const At& at) {
  constexpr State kStates[] = {State::measured, State::unsupported, State::failed, State::skipped};
  BenchCase one;
  one.id = at.text("id");
  one.family = at.text("family");
  one.title = at.text("title");
  one.unit = at.text("unit");
  one.floor = at.text("floor");
  one.head = at.text("head");
  one.gate = at.text("gate");
  one.set = at.text("set");
  one.style = at.text("style");
  one.state = at.word("state", kStates);
  one.reason = at.text("reason");
  one.error = at.text("error");
  one.refused = at.integer("refused");
  at.fill("tags", one.tags, text_of);
  at.fill("phases", one.phases, phase_of);
  at.fill("series", one.series, series_of);
  at.fill("figures", one.figures, [](const At& figure) {
    return Figure{figure.text("name"), figure.text("title"), figure.number("value"), figure.text("unit"),
                  figure.text("text")};
  });
  return one;
}

// "mnt+pid", "none", "all".
NsSet set_of(const At& at, const char* key) {
  const std::string text = at.text(key);
  if (text == "none") return {};
  if (text == "all") return NsSet::all();
  NsSet set;
  for (const std::string& word : split(text, '+')) {
    const auto type = ns_named(word);
    if (!type) at.get(key).fail("is no set of namespace types");
    set = set.with(*type);
  }
  return set;
}

Matrix matrix_of(const At& at) {
  Matrix matrix;
  matrix.unit = at.text("unit");
  matrix.style = at.text("style");
  matrix.metric = at.text("metric");
  matrix.base = at.number("base");
  const At effects = at.get("effects");
  for (const Ns type : kAllNamespaces)
    if (const std::string name(name_of(type)); effects.has(name.c_str()))
      matrix.effects[type] = effects.number(name.c_str());
  matrix.r2 = at.number("r2");
  matrix.rms_residual = at.number("rms_residual");
  matrix.worst = set_of(at, "worst");
  at.fill("passes_ms", matrix.passes_ms, number_of);
  at.fill("cells", matrix.cells, [](const At& cell) {
    return Cell{set_of(cell, "set"), estimate_of(cell.get("estimate")), cell.number("model"), cell.number("residual")};
  });
  return matrix;
}

CompareResult comparison_of(const At& at) {
  constexpr Word kWords[] = {Word::no_change, Word::slower, Word::faster, Word::cannot_tell, Word::not_comparable};
  constexpr GateLevel kLevels[] = {GateLevel::none, GateLevel::pass, GateLevel::warn, GateLevel::fail};
  CompareResult comparison;
  comparison.a = at.text("a");
  comparison.b = at.text("b");
  comparison.note = at.text("note");
  comparison.minimum_effect_percent = at.number("minimum_effect_percent");
  comparison.warn_percent = at.number("warn_percent");
  comparison.fail_percent = at.number("fail_percent");
  at.fill("rows", comparison.rows, [&](const At& row) {
    Comparison one;
    one.id = row.text("id");
    one.phase = row.text("phase");
    one.basis = row.text("basis");
    one.a = row.number("a");
    one.b = row.number("b");
    one.effect_percent = row.number("effect_percent");
    one.interval_percent = pair_of(row.get("interval_percent"));
    one.p = row.number("p");
    one.n_a = static_cast<int>(row.integer("n_a"));
    one.n_b = static_cast<int>(row.integer("n_b"));
    one.word = row.word("word", kWords);
    one.text = row.text("text");
    one.gate = row.word("gate", kLevels);
    row.fill("differences_percent", one.differences_percent, number_of);
    return one;
  });
  return comparison;
}

std::uint64_t seed_of(const At& plan) {
  const std::string text = plan.text("seed");
  std::uint64_t seed = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
  if (error != std::errc{} || end != text.data() + text.size()) plan.get("seed").fail("is no number");
  return seed;
}

}  // namespace

BenchResult read_bench_json(std::string_view text) {
  const Json document = Json::parse(text, nullptr, false);
  const At root{document, ""};
  if (document.is_discarded()) root.fail("is no JSON");
  if (root.text("schema") != kBenchSchema) root.get("schema").fail(say("is not ", nsproof::quoted(kBenchSchema)));
  BenchResult result;
  const At environment = root.get("environment");
  result.environment = {environment.text("tool_version"),     environment.text("command_line"),
                        environment.text("started"),          environment.text("machine_name"),
                        environment.text("machine_identity"), {}};
  environment.fill("facts", result.environment.facts, [](const At& fact) {
    return Fact{fact.text("name"), fact.text("title"), fact.text("value")};
  });
  const At plan = root.get("plan");
  result.plan = {plan.text("mode"),      seed_of(plan),       static_cast<int>(plan.integer("processes")),
                 plan.integer("rounds"), plan.text("filter"), plan.number("seconds")};
  result.partial = root.boolean("partial");
  const At guard = root.get("guard");
  result.guard = {guard.integer("rounds"), guard.integer("tagged"), guard.number("usual_ns"),
                  guard.number("slowest_ratio"), guard.boolean("loud")};
  root.fill("cases", result.cases, case_of);
  if (root.has("matrix")) result.matrix = matrix_of(root.get("matrix"));
  if (root.has("comparison")) result.comparison = comparison_of(root.get("comparison"));
  return result;
}

}  // namespace nsproof::bench
