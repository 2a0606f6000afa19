// Measurements as Google Benchmark would have written them. Every process is a repetition, so that its compare.py tests
// what we test: one estimate a process.
#include <charconv>
#include <nlohmann/json.hpp>

#include "harness/bench/statistics.h"
#include "harness/support/text.h"
#include "reports/bench_export.h"
#include "reports/escape.h"

namespace nsproof::bench {
namespace {

using Json = nlohmann::ordered_json;

std::string fact(const BenchResult& result, std::string_view name) {
  for (const Fact& one : result.environment.facts)
    if (one.name == name) return one.value;
  return "";
}

int number_in(const std::string& text) {
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// CPU time is told for the case as a whole, where it is known; elsewhere the wall time stands for it.
const Phase* cpu_of(const BenchCase& one) {
  for (const Phase& phase : one.phases)
    if (phase.timing == Timing::cpu) return &phase;
  return nullptr;
}

Json run_of(const BenchCase& one, std::size_t family, std::size_t repetitions) {
  return {{"name", shown_line(one.id)},
          {"family_index", family},
          {"per_family_instance_index", 0},
          {"run_name", shown_line(one.id)},
          {"run_type", "iteration"},
          {"repetitions", repetitions},
          {"threads", 1},
          {"iterations", 1}};
}

void add_aggregate(Json& all, const BenchCase& one, std::size_t family, std::size_t repetitions, std::string_view name,
                   double real, double cpu) {
  Json run = run_of(one, family, repetitions);
  run["name"] = say(shown_line(one.id), "_", name);
  run["run_type"] = "aggregate";
  run["iterations"] = repetitions;
  run["aggregate_name"] = name;
  run["aggregate_unit"] = "time";
  run["real_time"] = real;
  run["cpu_time"] = cpu;
  run["time_unit"] = one.unit;
  all.push_back(std::move(run));
}

void add_case(Json& all, const BenchCase& one, std::size_t family) {
  const Phase* head = head_of(one);
  if (head == nullptr) return;
  const Phase* cpu = cpu_of(one);
  const std::size_t repetitions = head->repetitions.size();
  for (std::size_t i = 0; i < repetitions; ++i) {
    Json run = run_of(one, family, repetitions);
    run["repetition_index"] = i;
    run["real_time"] = head->repetitions[i];
    run["cpu_time"] = cpu != nullptr && i < cpu->repetitions.size() ? cpu->repetitions[i] : head->repetitions[i];
    run["time_unit"] = one.unit;
    for (const Phase& phase : one.phases)
      if (i < phase.repetitions.size()) run[say(phase.name, "_", one.unit)] = phase.repetitions[i];
    if (i < head->repetition_ratios.size()) run["ratio_to_floor"] = head->repetition_ratios[i];
    all.push_back(std::move(run));
  }
  if (repetitions < 2) return;
  const std::vector<double>& real = head->repetitions;
  const std::vector<double>& busy = cpu != nullptr ? cpu->repetitions : real;
  add_aggregate(all, one, family, repetitions, "median", median(real), median(busy));
  add_aggregate(all, one, family, repetitions, "p5", head->estimate.p5,
                cpu != nullptr ? cpu->estimate.p5 : head->estimate.p5);
}

}  // namespace

std::string render_google(const BenchResult& result) {
  Json root;
  root["context"] = {{"date", result.environment.started + "+00:00"},
                     {"host_name", ""},
                     {"executable", "nsproof"},
                     {"num_cpus", number_in(fact(result, "cpu.usable"))},
                     {"mhz_per_cpu", 0},
                     {"cpu_scaling_enabled", false},
                     {"caches", Json::array()},
                     {"load_avg", Json::array()},
                     {"library_build_type", "release"},
                     {"nsproof_seed", std::to_string(result.plan.seed)},
                     {"nsproof_machine", shown_line(result.environment.machine_name)}};
  Json& all = root["benchmarks"] = Json::array();
  std::size_t family = 0;
  for (const BenchCase& one : result.cases)
    if (one.state == State::measured) add_case(all, one, family++);
  return root.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace nsproof::bench
