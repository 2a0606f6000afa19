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
  std::string line = say(entry.actor, "  ", entry.call, " = ", result_text(entry.value));
  if (!entry.shows.empty()) line += " " + entry.shows;
  return line;
}

}  // namespace nsproof
