// Made-up results of `nsproof bench` for the tests of the performance report: everything that a result can hold, once.
#pragma once

#include "harness/bench/bench_result.h"

namespace nsproof::bench {

BenchResult sample_run();         // every family, the 256 sets, gaps of all kinds
BenchResult sample_comparison();  // the same with a comparison in which every word and gate occurs
BenchResult hostile_run();        // the same, but every text is written by somebody who wants to break out of the page

}  // namespace nsproof::bench
