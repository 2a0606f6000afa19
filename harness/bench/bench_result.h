// The result model of `nsproof bench`: what was measured, how far to believe it, and what decides it. Plain data that
// every report is a projection of.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/catalogue/namespaces.h"

namespace nsproof::bench {

struct Interval {
  double low = 0;
  double high = 0;
};

// Of one quantity, in the unit of whoever holds it. The estimate is p5: noise of a machine only ever adds
// (arXiv 1608.04295), and the minimum jumps where a case waits for other CPUs. There is no mean on purpose. p5 is that
// of the samples that were taken at the machine's full speed, if there are enough of them; the rest is that of all.
struct Estimate {
  std::int64_t samples = 0;
  double min = 0;
  double p5 = 0;
  double p50 = 0;
  double p90 = 0;
  double p99 = 0;
  Interval interval;  // of p5, 95 %: bootstrap over blocks of rounds, since neighbouring rounds are alike
};

// A multiple of the floor that was measured in the same rounds: the figure that may be compared between runs.
struct Ratio {
  double value = 0;
  Interval interval;
};

// A point of the empirical distribution: `fraction` of all samples took at most `value`.
struct EcdfPoint {
  double value = 0;
  double fraction = 0;
};

enum class Timing { wall, cpu };

// One metric of a case: "return", "first_instruction", "exit", "total", "cpu", "destroyed", "time".
struct Phase {
  std::string name;
  std::string title;  // "until clone3 returns"
  Timing timing = Timing::wall;
  Estimate estimate;
  std::optional<Ratio> ratio;  // to the same phase of the case's floor
  std::vector<EcdfPoint> ecdf;
  // One a process, in the order in which they ran: p5 of its samples, and that divided by the floor's.
  std::vector<double> repetitions;
  std::vector<double> repetition_ratios;
};

// y = intercept + slope * x by least squares.
struct Line {
  double intercept = 0;
  double slope = 0;
  double r2 = 0;
};

struct Point {
  double x = 0;
  Estimate estimate;
  std::optional<Ratio> ratio;  // to the series' first point, or to what the series says
};

enum class Better { lower, higher };

// A curve: how a cost grows.
struct Series {
  std::string name;
  std::string title;
  std::string x_title;  // "mounts in the namespace"
  std::string unit;     // of y
  Better better = Better::lower;
  std::vector<Point> points;
  std::optional<Line> line;
  std::string slope_title;  // "µs per mount"
};

// A single figure beside the timings: "slab per namespace" 206 KiB, "first depth that is refused" 33.
struct Figure {
  std::string name;
  std::string title;
  double value = 0;
  std::string unit;
  std::string text;  // instead of a value where it is a word: "deferred", "ENOSPC"
};

enum class State {
  measured,
  unsupported,  // this kernel or this user cannot; `error` says with which errno
  failed,       // it should work but did not: calls failed, a process was lost
  skipped,      // not in this plan: interrupted, or out of time
};

struct BenchCase {
  std::string id;      // "create/net", stable for ever
  std::string family;  // "create"
  std::string title;
  std::string unit;   // of the phases: "us", "ns", "ms"
  std::string floor;  // id of the case that the ratios are to; empty if it has none
  std::string head;   // name of the phase that stands for the case in a table
  std::string gate;   // name of the phase whose ratio gates; empty: this case is for information only
  std::string set;    // namespace types, "user+mnt", where the case is about a set
  std::string style;  // "vfork" or "fork", where it matters
  State state = State::skipped;
  std::string reason;             // unless measured
  std::string error;              // errno name, "ENOSPC"
  std::int64_t refused = 0;       // calls that failed or were refused: none of them is a sample
  std::vector<std::string> tags;  // "speed changed", "too few rounds"
  std::vector<Phase> phases;
  std::vector<Series> series;
  std::vector<Figure> figures;
};

// One of the 256 combinations in the matrix.
struct Cell {
  NsSet set;
  Estimate estimate;
  double model = 0;     // what the additive model says
  double residual = 0;  // measured minus model
};

// The additive model: cost = base + the effects of the types that are in the set.
struct Matrix {
  std::string unit;
  std::string style;
  std::string metric;  // the phase: "total"
  double base = 0;
  std::map<Ns, double> effects;
  double r2 = 0;
  double rms_residual = 0;
  NsSet worst;                    // the set with the largest residual
  std::vector<double> passes_ms;  // duration of every pass over all combinations
  std::vector<Cell> cells;
  [[nodiscard]] bool empty() const { return cells.empty(); }
};

// A machine that changes its speed makes rounds that must not be compared with others.
struct SpeedGuard {
  std::int64_t rounds = 0;
  std::int64_t tagged = 0;   // rounds in which a block of system calls was more than 15 % from the usual
  double usual_ns = 0;       // one getppid, median over rounds
  double slowest_ratio = 1;  // the slowest regime to the usual one
  bool loud = false;         // more than a fifth of all rounds are tagged
};

struct Fact {
  std::string name;   // stable: "kernel.release"
  std::string title;  // "Kernel"
  std::string value;
};

struct BenchEnvironment {
  std::string tool_version;
  std::string command_line;
  std::string started;       // UTC, 2026-11-23T12:34:28
  std::string machine_name;  // "AMD EPYC, 2 CPUs, Linux 6.18.44"
  // What decides whether absolute times may be compared: the same for the same kernel on the same hardware.
  std::string machine_identity;
  std::vector<Fact> facts;  // what decides the numbers
};

struct Plan {
  std::string mode;  // "smoke", "default", "full"
  std::uint64_t seed = 0;
  int processes = 0;
  std::int64_t rounds = 0;  // over all processes
  std::string filter;
  double seconds = 0;  // the whole run
};

enum class Word { no_change, slower, faster, cannot_tell, not_comparable };
enum class GateLevel { none, pass, warn, fail };

// One case of a comparison, B against A.
struct Comparison {
  std::string id;
  std::string phase;
  std::string basis;  // "ratio to floor/vfork" or "time, us"
  double a = 0;
  double b = 0;
  double effect_percent = 0;  // of B over A
  Interval interval_percent;
  double p = 1;  // Mann-Whitney, two-sided, on one estimate a process
  int n_a = 0;
  int n_b = 0;
  Word word = Word::cannot_tell;
  std::string text;  // "slower by 12 % (10 to 14)"
  GateLevel gate = GateLevel::none;
  std::vector<double> differences_percent;  // pairs of neighbouring processes, where A and B ran interleaved
};

struct CompareResult {
  std::string a;  // labels
  std::string b;
  std::string note;  // why absolute times are not compared, say
  double minimum_effect_percent = 3;
  double warn_percent = 0;  // 0: no gate
  double fail_percent = 0;
  std::vector<Comparison> rows;
};

struct BenchResult {
  BenchEnvironment environment;
  Plan plan;
  bool partial = false;
  SpeedGuard guard;
  std::vector<BenchCase> cases;
  Matrix matrix;
  std::optional<CompareResult> comparison;
};

}  // namespace nsproof::bench
