// `nsproof bench compare A B`: two records, two builds that are measured in turns, or two cases of one run.
#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

#include "harness/cli/bench.h"
#include "harness/cli/interrupt.h"
#include "harness/launch/program.h"
#include "harness/support/fd.h"
#include "harness/support/text.h"
#include "reports/bench_json.h"
#include "reports/escape.h"
#include "reports/record_file.h"

namespace nsproof {
namespace {

using bench::BenchResult;

constexpr std::size_t kBenchRecordLimit = 64UL * 1024 * 1024;
constexpr int kTurns = 9;  // processes a side of builds that are measured in turns
constexpr int kSecondsPerTurn = 2;

enum class Kind { record, build, case_id };

bool is_program(const std::string& path) {
  const Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  char magic[4] = {};
  return file && ::read(file.get(), magic, sizeof magic) == 4 &&
         std::string_view(magic, 4) ==
             "\x7f"
             "ELF" &&
         ::access(path.c_str(), X_OK) == 0;
}

Kind kind_of(const std::string& word) {
  struct stat place {};
  if (::stat(word.c_str(), &place) == 0 && !S_ISDIR(place.st_mode))
    return is_program(word) ? Kind::build : Kind::record;
  bench::BenchPlan all;
  all.effort = bench::Effort::full;
  for (const bench::Selected& one : bench::selected_cases(all))
    if (one.spec.id == word) return Kind::case_id;
  throw UsageError(say(word, " is neither a file nor a case"), "`nsproof bench --list --full` shows all cases");
}

BenchResult read_record_of(const std::string& path) {
  try {
    return bench::read_bench_json(read_whole(path, kBenchRecordLimit));
  } catch (const std::runtime_error& error) {
    throw UsageError(say(path, ": ", error.what()), "records are written by `nsproof bench --json FILE`");
  }
}

// One measuring process of a build.
BenchResult turn_of(const std::string& build, const BenchOptions& options, std::uint64_t seed) {
  std::vector<std::string> words = {build.find('/') == std::string::npos ? "./" + build : build,
                                    "bench",
                                    "-q",
                                    "--json",
                                    "-",
                                    "--processes",
                                    "1",
                                    "--seconds",
                                    std::to_string(options.seconds > 0 ? options.seconds : kSecondsPerTurn),
                                    "--seed",
                                    std::to_string(seed)};
  if (options.effort == bench::Effort::full) words.emplace_back("--full");
  if (options.effort != bench::Effort::full) words.emplace_back("--smoke");
  for (const std::string& filter : options.filters) words.insert(words.end(), {"--filter", filter});
  ProgramOptions how;
  how.deadline = std::chrono::minutes(30);
  how.output_limit = kBenchRecordLimit;
  const ProgramResult ended = run_program(words, how);
  if (!ended.exited_with(0))
    throw std::runtime_error(say(build, " bench ended with ", ended.exit_code(), ": ", trim(ended.errors)));
  return bench::read_bench_json(ended.output);
}

void add_differences(bench::CompareResult& comparison, const BenchResult& a, const BenchResult& b, bool times) {
  for (bench::Comparison& row : comparison.rows)
    for (std::size_t i = 0; i < a.cases.size() && i < b.cases.size(); ++i) {
      if (a.cases[i].id != row.id || b.cases[i].id != row.id) continue;
      for (std::size_t p = 0; p < a.cases[i].phases.size() && p < b.cases[i].phases.size(); ++p) {
        const bench::Phase& of_a = a.cases[i].phases[p];
        const bench::Phase& of_b = b.cases[i].phases[p];
        if (of_a.name != row.phase) continue;
        const auto& ours = times ? of_a.repetitions : of_a.repetition_ratios;
        const auto& theirs = times ? of_b.repetitions : of_b.repetition_ratios;
        for (std::size_t turn = 0; turn < std::min(ours.size(), theirs.size()); ++turn)
          row.differences_percent.push_back((theirs[turn] / ours[turn] - 1) * 100);
      }
    }
}

// A, B, B, A, A, B ...: so that neither is always the first.
BenchResult measure_in_turns(const std::string& a, const std::string& b, const BenchOptions& options,
                             const bench::CompareWish& wish, const Interrupt& interrupt) {
  const int turns = options.processes > 0 ? options.processes : kTurns;
  const std::uint64_t seed = plan_of(options).seed;
  BenchProgress progress(options.color, options.verbosity);
  std::vector<BenchResult> of_a;
  std::vector<BenchResult> of_b;
  const int seconds = options.seconds > 0 ? options.seconds : kSecondsPerTurn;
  for (int turn = 0; turn < 2 * turns && !interrupt.stop(); ++turn) {
    const bool first = turn % 4 == 0 || turn % 4 == 3;
    progress.standing({say(first ? "A " : "B ", turn / 2 + 1, "/", turns), turn / (2.0 * turns),
                       static_cast<double>((2 * turns - turn) * seconds)});
    (first ? of_a : of_b).push_back(turn_of(first ? a : b, options, seed + static_cast<std::uint64_t>(turn)));
  }
  progress.done();
  if (of_a.empty() || of_b.empty()) throw std::runtime_error("interrupted before both were measured");
  const BenchResult joined_a = bench::join_runs(of_a);
  BenchResult joined_b = bench::join_runs(of_b);
  bench::CompareResult comparison = bench::compare(joined_a, a, joined_b, b, wish);
  add_differences(comparison, joined_a, joined_b, wish.basis == bench::Basis::time);
  joined_b.comparison = std::move(comparison);
  return joined_b;
}

BenchResult measure_two_cases(const std::string& a, const std::string& b, const BenchOptions& options,
                              const bench::CompareWish& wish, const Interrupt& interrupt) {
  BenchOptions two = options;
  two.filters = {a, b};
  BenchProgress progress(options.color, options.verbosity);
  BenchResult result = bench::run_bench(plan_of(two), progress, interrupt.stop());
  progress.done();
  result.comparison = bench::compare_cases(result, a, b, wish);
  return result;
}

BenchResult compared(const std::string& a, const std::string& b, const BenchOptions& options,
                     const bench::CompareWish& wish, const Interrupt& interrupt) {
  const Kind kind = kind_of(a);
  if (kind != kind_of(b))
    throw UsageError("two records, two builds or two cases can be compared, not one with another",
                     "nsproof bench compare before.json after.json");
  switch (kind) {
    case Kind::build: return measure_in_turns(a, b, options, wish, interrupt);
    case Kind::case_id: return measure_two_cases(a, b, options, wish, interrupt);
    case Kind::record: break;
  }
  const BenchResult of_a = read_record_of(a);
  BenchResult of_b = read_record_of(b);
  of_b.comparison = bench::compare(of_a, a, of_b, b, wish);
  return of_b;
}

ExitStatus status_of(const bench::CompareResult& comparison, const Gate& gate) {
  const bench::GateCounts counts = bench::count(comparison);
  if (comparison.rows.empty()) return ExitStatus::nothing_established;
  if (counts.failed > 0) return ExitStatus::violated;
  const bool gated = gate.warn_percent > 0 || gate.fail_percent > 0;
  if (gated && counts.judged == 0) return ExitStatus::nothing_established;
  return gated && counts.untold > 0 ? ExitStatus::cannot_judge : ExitStatus::good;
}

}  // namespace

int run_bench_compare(const BenchOptions& options, const std::string& a, const std::string& b) {
  bench::CompareWish wish;
  wish.basis = options.times ? bench::Basis::time : bench::Basis::ratio;
  wish.minimum_effect_percent = options.minimum_effect;
  wish.warn_percent = options.gate.warn_percent;
  wish.fail_percent = options.gate.fail_percent;
  wish.filters = options.filters;
  const std::vector<BenchWish> wishes = bench_wishes(options);
  const Interrupt interrupt;
  BenchResult result;
  try {
    result = compared(a, b, options, wish, interrupt);
  } catch (const std::invalid_argument& refusal) {
    throw UsageError(refusal.what(), "leave out --times");
  }
  bool written = write_bench(wishes, result);
  if (!writes_to_stdout(wishes)) {
    Console console(stdout, options.color);
    print_comparison(console, *result.comparison, options.verbosity);
    written = console.flush() && written;
  }
  if (interrupt.signal() != 0) return 128 + interrupt.signal();
  const ExitStatus status = status_of(*result.comparison, options.gate);
  return static_cast<int>(written || status == ExitStatus::violated ? status : ExitStatus::cannot_judge);
}

}  // namespace nsproof
