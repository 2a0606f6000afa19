// The record of a measurement, nsproof.bench.v1: the one format that loses nothing but the single samples. Its JSON
// Schema is schema/nsproof.bench.v1.schema.json.
#pragma once

#include <string>
#include <string_view>

#include "harness/bench/bench_result.h"

namespace nsproof::bench {

inline constexpr std::string_view kBenchSchema = "nsproof.bench.v1";

// Numbers have seven figures that count, which is more than any of them is worth.
std::string render_bench_json(const BenchResult& result);

// What render_bench_json() wrote; fields that it does not know are skipped. Throws std::runtime_error that says what is
// wrong, and where.
BenchResult read_bench_json(std::string_view text);

// The words of the record.
std::string_view name_of(State state);      // "measured"
std::string_view name_of(Timing timing);    // "wall"
std::string_view name_of(Better better);    // "lower"
std::string_view name_of(Word word);        // "no change"
std::string_view name_of(GateLevel level);  // "pass"

}  // namespace nsproof::bench
