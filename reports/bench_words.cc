// The words that writers and readers of measurements agree on.
#include "reports/bench_json.h"

namespace nsproof::bench {

std::string_view name_of(State state) {
  switch (state) {
    case State::measured: return "measured";
    case State::unsupported: return "unsupported";
    case State::failed: return "failed";
    case State::skipped: return "skipped";
  }
  return "?";
}

std::string_view name_of(Timing timing) { return timing == Timing::wall ? "wall" : "cpu"; }

std::string_view name_of(Better better) { return better == Better::lower ? "lower" : "higher"; }

std::string_view name_of(Word word) {
  switch (word) {
    case Word::no_change: return "no change";
    case Word::slower: return "slower";
    case Word::faster: return "faster";
    case Word::cannot_tell: return "cannot tell";
    case Word::not_comparable: return "not comparable";
  }
  return "?";
}

std::string_view name_of(GateLevel level) {
  switch (level) {
    case GateLevel::none: return "none";
    case GateLevel::pass: return "pass";
    case GateLevel::warn: return "warn";
    case GateLevel::fail: return "fail";
  }
  return "?";
}

}  // namespace nsproof::bench
