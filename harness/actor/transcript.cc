#include "harness/actor/transcript.h"

#include <cstring>

#include "harness/support/text.h"

namespace nsproof {

std::string result_text(std::int64_t value) {
  if (value >= 0 || value <= -4096) return std::to_string(value);
  const int error = static_cast<int>(-value);
  const char* description = strerrordesc_np(error);
  return say("-1 ", errno_name(error), " (", description != nullptr ? description : "unknown error", ")");
}

std::string line_of(const Entry& entry) {
  const std::string act = say(entry.actor, "  ", entry.call);
  // What was never answered has no result to print.
  if (entry.shows.starts_with(kUnfinished) || entry.shows.starts_with(kUnsent)) return say(act, " ", entry.shows);
  if (entry.call == kGoneCall) return say(act, " ", entry.shows);
  return say(act, " = ", result_text(entry.value), entry.shows.empty() ? "" : " ", entry.shows);
}

}  // namespace nsproof
