#include "harness/bench/injected_delay.h"

#ifdef NSPROOF_FAULTS

#include <cstdlib>
#include <string>

#include "harness/bench/clock.h"
#include "harness/catalogue/namespaces.h"

namespace nsproof::bench {
namespace {

struct Planned {
  std::uint64_t flags = ~0ULL;
  int percent = 0;
};

Planned read_plan() {
  const char* given = std::getenv("NSPROOF_BENCH_DELAY");
  if (given == nullptr) return {};
  const std::string text = given;
  const auto colon = text.find(':');
  const auto type = ns_named(text.substr(0, colon));
  if (!type || colon == std::string::npos) return {};
  return {clone_flag(*type), std::atoi(text.c_str() + colon + 1)};
}

}  // namespace

void injected_delay(std::uint64_t flags, std::int64_t start) {
  static const Planned plan = read_plan();
  if (flags != plan.flags) return;
  const std::int64_t end = start + (now_ns() - start) * (100 + plan.percent) / 100;
  while (now_ns() < end) {
  }
}

}  // namespace nsproof::bench

#endif
