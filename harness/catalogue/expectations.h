// Known failures, kept in a file beside the suite: each with a reason and a URL, and if wanted an end. They run every
// time; only `violated` can be expected, and a property that holds although its failure was announced is an error.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "harness/catalogue/needs.h"
#include "harness/catalogue/result.h"
#include "harness/catalogue/select.h"

namespace nsproof {

// What is wrong with the file, with its name and the line: "known.toml:3: unknown key \"resaon\"".
struct ExpectationError : std::runtime_error {
  using runtime_error::runtime_error;
};

// One side of a range of kernels. Versions are compared in as many numbers as the bound has, so that "<=6.5" covers
// every 6.5.x and "=6.5" is that series.
struct KernelBound {
  enum class Relation { less, at_most, equal, at_least, greater };
  Relation relation = Relation::equal;
  KernelVersion version;
  int numbers = 0;  // how many of major, minor, patch were written
};

bool satisfies(KernelVersion kernel, const KernelBound& bound);

// ">=6.1, <6.5": all bounds must hold. Throws std::invalid_argument.
std::vector<KernelBound> kernel_bounds(std::string_view text);

// One [[expect]] table.
struct ExpectationRule {
  Pattern pattern;  // `id`, with `via` as its variant
  std::string reason;
  std::string url;
  std::string expires;  // ISO date, the last day on which the rule counts; empty: no end
  std::vector<KernelBound> kernel;
  std::string where;  // "known.toml:12"
};

// Throws ExpectationError on anything that is not understood: a typing error must not turn a rule off.
std::vector<ExpectationRule> parse_expectations(std::string_view text, std::string_view file);
std::vector<ExpectationRule> read_expectations(const std::string& file);

// What the rules say of one case on this kernel and this day ("2026-11-23"). A live rule wins over an expired one.
ExpectationNote expectation_of(const Case& one, const std::vector<ExpectationRule>& rules, std::string_view today,
                               KernelVersion kernel);

// Sets `expectation` of every case. Returns warnings: rules that no case answers to, and expired ones whose case holds.
std::vector<std::string> apply_expectations(std::vector<Case>& cases, const std::vector<ExpectationRule>& rules,
                                            std::string_view today, KernelVersion kernel);

}  // namespace nsproof
