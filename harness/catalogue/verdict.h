// What a check observed and what follows from it. Pure: the same two observations always give the same verdict.
#pragma once

#include <string>
#include <string_view>

namespace nsproof {

enum class Outcome {
  isolated,  // the claim's effect was seen: hidden, refused, private
  leaked,    // the opposite was seen
  unknown,   // the check could not tell
};

struct Observation {
  Outcome outcome = Outcome::unknown;
  std::string reason;
};

// For claims about what is hidden.
inline Observation isolated(std::string reason) { return {Outcome::isolated, std::move(reason)}; }
inline Observation leaked(std::string reason) { return {Outcome::leaked, std::move(reason)}; }
inline Observation unknown(std::string reason) { return {Outcome::unknown, std::move(reason)}; }
// For claims about rules: `refused` is what the claim says, `allowed` is what its control must show.
inline Observation refused(std::string reason) { return isolated(std::move(reason)); }
inline Observation allowed(std::string reason) { return leaked(std::move(reason)); }

enum class Verdict {
  holds,        // the control leaked, the subject is isolated
  violated,     // the control leaked, the subject leaked
  vacuous,      // the control did not leak: this check proves nothing here
  broken,       // a launch failed, a probe died or missed its deadline, or the check could not tell
  unsupported,  // a declared need is missing
};

inline constexpr Verdict kAllVerdicts[] = {Verdict::holds, Verdict::violated, Verdict::vacuous, Verdict::broken,
                                           Verdict::unsupported};

struct Judgement {
  Verdict verdict = Verdict::broken;
  std::string reason;
};

Judgement judge(const Observation& subject, const Observation& control);

// The truth table of a sweep: whether this combination is expected to isolate decides what the observation means.
Judgement judge_combination(const Observation& seen, bool must_isolate);

std::string_view name_of(Verdict verdict);
std::string_view name_of(Outcome outcome);

}  // namespace nsproof
