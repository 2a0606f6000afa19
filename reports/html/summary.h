// The first lines of the page: what was measured where, and the few figures that most people come for.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "harness/bench/bench_result.h"

namespace nsproof::bench {

using Facts = std::vector<std::pair<std::string, std::string>>;  // term, description

std::string headline(const BenchResult& result);

// When, on what, how much: one line.
std::string run_line(const BenchResult& result);

// At most five; only what the result has.
Facts key_figures(const BenchResult& result);

// What a reader must know before believing a figure: an interrupted run, an unsteady machine, failed cases.
std::vector<std::string> warnings(const BenchResult& result);

}  // namespace nsproof::bench
