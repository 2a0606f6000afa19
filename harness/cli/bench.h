// `nsproof bench` as plain functions of plain options.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/bench/compare.h"
#include "harness/bench/engine.h"
#include "harness/cli/commands.h"
#include "reports/bench_export.h"

namespace nsproof {

struct Gate {
  double warn_percent = 0;
  double fail_percent = 0;
};
// "warn=10,fail=25", "fail=25".
std::optional<Gate> gate_named(const std::string& text);
// Decimal, or hexadecimal after 0x.
std::optional<std::uint64_t> seed_named(const std::string& text);

struct BenchOptions {
  std::vector<std::string> words;    // filters, or "compare" and what to compare
  std::vector<std::string> filters;  // of --filter
  bench::Effort effort = bench::Effort::standard;
  bool list = false;
  std::optional<std::uint64_t> seed;
  int processes = 0;
  int seconds = 0;
  std::string json;
  std::vector<std::string> reports;  // FORMAT=FILE
  Gate gate;
  int minimum_effect = 3;  // percent
  bool times = false;      // compare times, not ratios
  Verbosity verbosity = Verbosity::normal;
  Color color = Color::automatic;
  std::string command_line;
};

int run_bench(const BenchOptions& options);
// `nsproof bench compare A B`.
int run_bench_compare(const BenchOptions& options, const std::string& a, const std::string& b);

// What both need.
struct BenchWish {
  bench::BenchFormat format;
  std::string path;
};
std::vector<BenchWish> bench_wishes(const BenchOptions& options);  // throws UsageError
bool writes_to_stdout(const std::vector<BenchWish>& wishes);
// False, and a warning, if one could not be written.
bool write_bench(const std::vector<BenchWish>& wishes, const bench::BenchResult& result);
bench::BenchPlan plan_of(const BenchOptions& options);

// Progress on standard error: a status line on a terminal, else a line a measuring process.
class BenchProgress : public bench::Watcher {
 public:
  BenchProgress(Color color, Verbosity verbosity);
  void standing(const bench::Standing& now) override;
  void done();

 private:
  Console console_;
  Verbosity verbosity_;
  std::string last_;
};

void print_bench(Console& console, const bench::BenchResult& result, Verbosity verbosity);
void print_comparison(Console& console, const bench::CompareResult& comparison, Verbosity verbosity);

}  // namespace nsproof
