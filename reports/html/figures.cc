// The same rules as the charts have (web/charts/format.js), so that a table and its chart say the same.
#include "reports/html/figures.h"

#include <fmt/core.h>

#include <cmath>
#include <cstdlib>

#include "harness/support/text.h"

namespace nsproof::bench {
namespace {

struct Unit {
  std::string_view name;
  double ns;
};

constexpr Unit kUnits[] = {{"ns", 1}, {"µs", 1e3}, {"ms", 1e6}, {"s", 1e9}};

double nanoseconds_in(std::string_view unit) {
  if (unit == "us") return 1e3;
  for (const Unit& one : kUnits)
    if (one.name == unit) return one.ns;
  return 0;
}

std::string with_thousands(std::string digits) {
  if (digits.size() < 5) return digits;
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, "\u202f");
  return digits;
}

std::string positive(double size) {
  if (size == 0) return "0";
  const std::string scientific = fmt::format("{:.2e}", size);
  const int exponent = std::atoi(scientific.c_str() + scientific.find('e') + 1);  // after rounding to three figures
  if (exponent > 15 || exponent < -6) return scientific;
  return exponent >= 2 ? with_thousands(fmt::format("{:.0f}", size)) : fmt::format("{:.{}f}", size, 2 - exponent);
}

}  // namespace

std::string number(double value) {
  if (!std::isfinite(value)) return "?";
  return say(value < 0 ? "−" : "", positive(std::fabs(value)));
}

std::string brief(double value) {
  std::string text = number(value);
  if (text.find('.') == std::string::npos || text.find('e') != std::string::npos) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string quantity(double value, std::string_view unit) {
  const double factor = nanoseconds_in(unit);
  if (factor == 0) return unit.empty() ? number(value) : say(number(value), " ", unit);
  const double ns = value * factor;
  const Unit* chosen = kUnits;
  for (const Unit& one : kUnits)
    if (std::fabs(ns) >= one.ns * 0.9995) chosen = &one;
  return say(number(ns / chosen->ns), " ", chosen->name);
}

std::string between(const Interval& interval) { return say(number(interval.low), " to ", number(interval.high)); }

std::string between(const Interval& interval, std::string_view unit) {
  return say(quantity(interval.low, unit), " to ", quantity(interval.high, unit));
}

std::string times(double ratio) { return say(number(ratio), "\u202f×"); }

std::string percent(double value) {
  return fmt::format("{}{:.1f}\u202f%", value > 0 ? "+" : value < 0 ? "−" : "", std::fabs(value));
}

std::string signed_quantity(double value, std::string_view unit) {
  return say(value > 0 ? "+" : "", quantity(value, unit));
}

}  // namespace nsproof::bench
