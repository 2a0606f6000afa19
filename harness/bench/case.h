// What a benchmark is: a row of plain data and a function. Families of costs register themselves; no list is extended
// by hand.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "harness/bench/bench_result.h"
#include "harness/bench/raw_clone.h"

namespace nsproof::bench {

// How much of the catalogue a run takes. A case names the smallest in which it runs.
enum class Effort { smoke, standard, full };

// Thrown by a case that this kernel or this user cannot run: a named gap, not a failure. `error` is an errno, or 0.
struct Unsupported {
  std::string reason;
  int error = 0;
};

// Where a case is measured: a process that is pinned to one CPU, in namespaces of its own (bench_bulkhead.h).
struct Place {
  Effort effort = Effort::standard;
  int cpu = 0;                // where this process is pinned
  std::vector<int> cpus;      // all that it may use
  bool unprivileged = false;  // in a user namespace, as root there
  std::uint64_t seed = 0;
  std::int64_t deadline_ns = 0;  // on now_ns(): a study stops growing then
  [[nodiscard]] bool time_left() const;
};

// One sample: fills one value a phase, in the unit of the case, and returns 0; or returns the errno of the call that
// was refused. What was refused is never a sample.
using Sample = std::function<int(double* values)>;

struct PhaseSpec {
  std::string name;
  std::string title;
  Timing timing = Timing::wall;
};

struct SeriesSpec {
  std::string name;
  std::string title;
  std::string x_title;
  std::string unit;
  std::string slope_title;  // empty: no line is fitted
  Better better = Better::lower;
};

struct FigureSpec {
  std::string name;
  std::string title;
  std::string unit;
};

struct CaseSpec {
  std::string id;  // "create/net"; the family is what stands before the slash
  std::string title;
  std::string unit = "us";
  std::string floor;
  std::string head;
  std::string gate;
  std::string set;
  std::string style;
  Effort from = Effort::standard;
  std::vector<PhaseSpec> phases;
  std::vector<SeriesSpec> series;
  std::vector<FigureSpec> figures;
  std::int64_t settle_ns = 0;  // after a sample, for work that the kernel put off
  int every = 1;               // in one of so many rounds
  // Once a process, before the rounds; throws Unsupported. Of a case in a study it is empty.
  std::function<Sample(const Place&)> prepare;
};

class Notebook;

// Cases that need a process of their own, because what they leave behind would disturb others.
struct Study {
  std::vector<CaseSpec> cases;
  Effort from = Effort::standard;
  double seconds[3] = {0.5, 2, 10};  // budget by effort
  int processes[3] = {1, 1, 3};
  std::function<void(const Place&, Notebook&)> run;
};

struct Family {
  std::string name;
  std::string title;
  int rank = 0;                                   // its place in reports, small ones first
  std::function<std::vector<CaseSpec>()> rounds;  // cases that are measured in turns, may be empty
  std::function<std::vector<Study>()> studies;    // may be empty
};

// Registers a family when the program starts.
struct FamilyRow {
  FamilyRow(Family family);  // NOLINT(google-explicit-constructor): reads as a table
};

// In the order of their ranks.
const std::vector<Family>& families();

// The phases of a creation, and the sample that fills them.
std::vector<PhaseSpec> creation_phases();
void put_creation(const CloneTimes& times, double* values);

inline constexpr std::size_t kMaxPhases = 8;

}  // namespace nsproof::bench
