// The options of `nsproof bench`.
#include <charconv>
#include <memory>

#include "harness/cli/bench.h"
#include "harness/cli/options.h"
#include "harness/cli/usage.h"

namespace nsproof {
namespace {

std::string bench_format_names() {
  std::vector<std::string> names;
  for (const bench::BenchFormat format : bench::kAllBenchFormats) names.emplace_back(name_of(format));
  return join(names, ", ");
}

void set_effort(BenchOptions& options, bench::Effort effort) {
  if (options.effort != bench::Effort::standard && options.effort != effort)
    throw UsageError("--smoke and --full contradict each other", "nsproof bench --help");
  options.effort = effort;
}

std::optional<double> percent_named(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !(value > 0 && value < 1e6)) return std::nullopt;
  return value;
}

}  // namespace

std::optional<Gate> gate_named(const std::string& text) {
  Gate gate;
  for (const std::string& part : split(text, ',')) {
    const auto equals = part.find('=');
    const std::string name = part.substr(0, equals);
    const auto percent = equals == std::string::npos ? std::nullopt : percent_named(part.substr(equals + 1));
    if (!percent || (name != "warn" && name != "fail")) return std::nullopt;
    (name == "warn" ? gate.warn_percent : gate.fail_percent) = *percent;
  }
  if (gate.warn_percent > 0 && gate.fail_percent > 0 && gate.warn_percent > gate.fail_percent) return std::nullopt;
  return gate;
}

std::optional<std::uint64_t> seed_named(const std::string& text) {
  const bool hexadecimal = text.starts_with("0x");
  const std::string_view digits = std::string_view(text).substr(hexadecimal ? 2 : 0);
  std::uint64_t seed = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), seed, hexadecimal ? 16 : 10);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return seed;
}

Command add_bench(CLI::App& program, const std::string& command_line) {
  CLI::App& app = add_command(program, "bench", usage::kBench, usage::kBenchExamples);
  const auto options = std::make_shared<BenchOptions>();
  options->command_line = command_line;
  add_arguments(app, "FILTER", options->words, "What to measure, everything if there is none; or: compare A B");
  add_repeated(app, "--filter", "FILTER", options->filters, "The same; of a comparison what to compare");
  add_switch(
      app, "--smoke", [options] { set_effort(*options, bench::Effort::smoke); }, "The most important, in 10 s");
  add_switch(
      app, "--full", [options] { set_effort(*options, bench::Effort::full); },
      "Everything, for as long as it takes (about a quarter of an hour)");
  add_flag(app, "--list", options->list, "Say what would be measured, and measure nothing");
  add_read(app, "--seed", "N", options->seed, seed_named, "a number of 64 bits", "The order of the samples");
  add_number(app, "--processes", "N", 1, 1000, options->processes, "Measuring processes for the rounds");
  add_number(app, "--seconds", "N", 1, 86'400, options->seconds, "Time for the rounds, over all processes");
  add_text(app, "--json", "FILE", options->json, "Write the record of the run; - is stdout");
  add_repeated(app, "--report", "FORMAT=FILE", options->reports,
               say("Write the result as ", bench_format_names(), "; - is stdout"));
  add_read(app, "--gate", "LIMITS", options->gate, gate_named, "write warn=10,fail=25 (percent)",
           "Of a comparison: warn and fail when a ratio is worse by so many percent");
  add_number(app, "--min-effect", "PERCENT", 0, 1000, options->minimum_effect,
             "Of a comparison: a smaller change is none, however sure (3)");
  add_flag(app, "--times", options->times, "Compare times and not ratios; only for the same machine");
  add_verbosity(app, options->verbosity);
  add_color(app, options->color);
  return {&app, [options] { return run_bench(*options); }};
}

}  // namespace nsproof
