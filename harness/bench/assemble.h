// From the records of the measuring processes to the result model. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/bench/case.h"
#include "harness/bench/tape.h"

namespace nsproof::bench {

// Case `i` of the result is `specs[i]`; records name it by that index.
struct Recorded {
  std::vector<CaseSpec> specs;
  std::vector<Record> records;
  std::vector<Remark> remarks;
  std::uint64_t seed = 0;
};

// Everything of the result but environment and plan.
BenchResult assemble(const Recorded& recorded);

// The id of the case whose points are the cells of the matrix.
inline constexpr const char* kMatrixCase = "sweep256";

}  // namespace nsproof::bench
