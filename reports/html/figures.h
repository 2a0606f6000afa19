// Numbers as people read them: three figures that count, and the unit that fits.
#pragma once

#include <string>
#include <string_view>

#include "harness/bench/bench_result.h"

namespace nsproof::bench {

std::string number(double value);                           // "0.00605", "16.0", "369", "82634"
std::string brief(double value);                            // the same without zeros at the end: "3", "0.5"
std::string quantity(double value, std::string_view unit);  // 369.07, "us": "369 µs"; other units stay
std::string between(const Interval& interval);              // "15.8 to 16.3"
std::string between(const Interval& interval, std::string_view unit);
std::string times(double ratio);    // "16.0 ×"
std::string percent(double value);  // "+12.0 %"
std::string signed_quantity(double value, std::string_view unit);

}  // namespace nsproof::bench
