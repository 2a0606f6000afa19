// What a whole run came to: the truth table of a sweep, what could not be tested and why, and the last line.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/catalogue/result.h"
#include "harness/cli/console.h"

namespace nsproof {

// One property of a sweep.
struct TruthRow {
  std::string id;
  int isolated = 0;  // combinations that had to isolate, and did
  int leaked = 0;    // combinations that had to leak, and did
  int expected = 0;  // deviations that the expectations file announced
  int unsupported = 0;
  std::vector<const Case*> deviations;
};

// Cases that are no combinations are left out. The rows point into `cases`.
std::vector<TruthRow> truth_table(const std::vector<Case>& cases);
std::vector<std::string> truth_table_lines(const std::vector<TruthRow>& rows, const Console& console);

// How many cases each missing need costs, the dearest first.
std::vector<std::pair<std::string, int>> missing_needs(const std::vector<Case>& cases);

// "VIOLATED  1 violated, 211 hold, 3.4 s, 24 MB"
std::string result_line(const Results& results, const Console& console);

}  // namespace nsproof
