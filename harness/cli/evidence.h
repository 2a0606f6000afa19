// One case for people: its verdict in a word, a line, or with all the evidence it stands on.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/catalogue/result.h"
#include "harness/cli/console.h"

namespace nsproof {

// "violated", "expected", "unexpected", ...: verdict and expectation in one word.
std::string_view word_of(const Case& one);
Style style_of(const Case& one);

// "violated      12 ms  pid.kill.cannot-reach-outside@clone3  killed from inside"
std::string case_line(const Case& one, const Console& console);

// Claim, reason, source and where the row is; what each world saw, call by call, side by side where the terminal is
// wide enough; and the command that runs this case alone. Everything that came from a sandbox is escaped.
std::vector<std::string> evidence(const Case& one, const Console& console);

}  // namespace nsproof
