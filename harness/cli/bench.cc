// `nsproof bench`: measures, shows, writes.
#include "harness/cli/bench.h"

#include <fmt/core.h>

#include <algorithm>
#include <random>

#include "harness/actor/actor.h"
#include "harness/cli/interrupt.h"
#include "harness/support/text.h"
#include "reports/escape.h"
#include "reports/report.h"

namespace nsproof {
namespace {

std::uint64_t some_seed() {
  std::random_device device;
  return (static_cast<std::uint64_t>(device()) << 32U) | device();
}

ExitStatus status_of(const bench::BenchResult& result) {
  const auto count_of = [&](bench::State state) {
    return std::count_if(result.cases.begin(), result.cases.end(),
                         [&](const bench::BenchCase& one) { return one.state == state; });
  };
  if (count_of(bench::State::measured) == 0) return ExitStatus::nothing_established;
  return count_of(bench::State::failed) > 0 ? ExitStatus::cannot_judge : ExitStatus::good;
}

int print_list(const BenchOptions& options) {
  Console console(stdout, options.color);
  for (const bench::Selected& one : bench::selected_cases(plan_of(options)))
    console.print(fmt::format("{:<28}  {}", one.spec.id, one.spec.title));
  return static_cast<int>(console.flush() ? ExitStatus::good : ExitStatus::cannot_judge);
}

void refuse_unknown(const BenchOptions& options) {
  const bench::BenchPlan plan = plan_of(options);
  for (const std::string& filter : plan.filters) {
    bench::BenchPlan one = plan;
    one.filters = {filter};
    if (bench::selected_cases(one).empty())
      throw UsageError(say("no case is called ", filter), "`nsproof bench --list --full` shows all of them");
  }
}

}  // namespace

bench::BenchPlan plan_of(const BenchOptions& options) {
  bench::BenchPlan plan;
  plan.effort = options.effort;
  plan.filters = options.filters;
  if (options.words.empty() || options.words.front() != "compare")
    plan.filters.insert(plan.filters.end(), options.words.begin(), options.words.end());
  plan.seed = options.seed ? *options.seed : some_seed();
  plan.processes = options.processes;
  plan.seconds = options.seconds;
  plan.command_line = options.command_line;
  return plan;
}

std::vector<BenchWish> bench_wishes(const BenchOptions& options) {
  std::vector<BenchWish> wishes;
  if (!options.json.empty()) wishes.push_back({bench::BenchFormat::json, options.json});
  for (const std::string& wish : options.reports) {
    const auto equals = wish.find('=');
    const auto format = bench::bench_format_named(wish.substr(0, equals));
    if (!format || equals == std::string::npos || equals + 1 == wish.size())
      throw UsageError(say("--report ", wish, ": not understood"), "write FORMAT=FILE; see nsproof bench --help");
    wishes.push_back({*format, wish.substr(equals + 1)});
  }
  if (std::count_if(wishes.begin(), wishes.end(), [](const BenchWish& wish) { return wish.path == "-"; }) > 1)
    throw UsageError("only one report can go to standard output");
  return wishes;
}

bool writes_to_stdout(const std::vector<BenchWish>& wishes) {
  return std::any_of(wishes.begin(), wishes.end(), [](const BenchWish& wish) { return wish.path == "-"; });
}

bool write_bench(const std::vector<BenchWish>& wishes, const bench::BenchResult& result) {
  bool written = true;
  for (const BenchWish& wish : wishes) {
    try {
      write_whole(wish.path, bench::render(wish.format, result));
    } catch (const std::exception& error) {
      warn(error.what());
      written = false;
    }
  }
  return written;
}

BenchProgress::BenchProgress(Color color, Verbosity verbosity) : console_(stderr, color), verbosity_(verbosity) {}

void BenchProgress::standing(const bench::Standing& now) {
  if (verbosity_ == Verbosity::quiet) return;
  const std::string line =
      fmt::format("[{:3.0f} %] {}, about {:.0f} s left", now.fraction * 100, now.doing, now.seconds_left);
  if (console_.terminal()) return console_.status(line);
  if (now.doing == last_) return;
  last_ = now.doing;
  console_.print(line);
  console_.flush();
}

void BenchProgress::done() { console_.clear_status(); }

int run_bench(const BenchOptions& options) {
  if (!options.words.empty() && options.words.front() == "compare") {
    if (options.words.size() != 3)
      throw UsageError("compare takes two: A and B", "nsproof bench compare before.json after.json");
    return run_bench_compare(options, options.words[1], options.words[2]);
  }
  if (options.gate.warn_percent > 0 || options.gate.fail_percent > 0 || options.times)
    throw UsageError("--gate and --times are for a comparison", "nsproof bench compare A B --gate warn=10,fail=25");
  refuse_unknown(options);
  if (options.list) return print_list(options);
  const std::vector<BenchWish> wishes = bench_wishes(options);

  const Interrupt interrupt;
  BenchProgress progress(options.color, options.verbosity);
  bench::BenchResult result;
  try {
    result = bench::run_bench(plan_of(options), progress, interrupt.stop());
  } catch (const Broken& broken) {
    progress.done();
    warn(say("nothing can be measured: ", shown_line(broken.what())));
    return static_cast<int>(ExitStatus::nothing_established);
  }
  progress.done();
  bool written = write_bench(wishes, result);
  if (!writes_to_stdout(wishes)) {
    Console console(stdout, options.color);
    print_bench(console, result, options.verbosity);
    written = console.flush() && written;
  }
  if (interrupt.signal() != 0) return 128 + interrupt.signal();
  const ExitStatus status = status_of(result);
  return static_cast<int>(written ? status : ExitStatus::cannot_judge);
}

}  // namespace nsproof
