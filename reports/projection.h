// What the text formats share: how a case stands after its expectation was asked, and its evidence as lines.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/catalogue/result.h"

namespace nsproof {

// Verdict and expectation in one word: each case is in exactly one of the columns that count() counts.
enum class Standing { holds, violated, vacuous, broken, unsupported, expected_failure, unexpected_pass };

Standing standing_of(const Case& one);

// Whether the case makes the run red: violated, unexpected pass, vacuous, broken.
bool is_red(Standing standing);

// Why it stands so, in one sentence: the reason, the missing need, or what the expectations file says.
std::string reason_of(const Case& one);

// The claim, then what each world showed with its transcript as strace(1) would print it. Bytes are not yet escaped.
std::string evidence_of(const Case& one);

// Of a case that judged a runtime: "asked for private, observed open, demanded isolated"; nothing for others.
std::string runtime_text(const Case& one);

// Cases that belong together, in the order of the run; groups are in the order of their first case.
struct Group {
  std::string name;
  std::vector<const Case*> cases;
};
std::vector<Group> areas_of(const std::vector<Case>& cases);
// One a target; cases without one, which judged this kernel by its own ways, are a group without name.
std::vector<Group> targets_of(const std::vector<Case>& cases);
bool has_targets(const std::vector<Case>& cases);
Counts count(const Group& group);

// "1 violated, 211 hold, 17 unsupported": all counts that are not zero, the worst first; "no case" if all are.
std::string counts_text(const Counts& counts);

// "0.123": three decimals and a point, whatever the locale. What is negative or not a number is "0.000".
std::string seconds_text(double seconds);

}  // namespace nsproof
