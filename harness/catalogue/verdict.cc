#include "harness/catalogue/verdict.h"

#include "harness/support/text.h"

namespace nsproof {

Judgement judge(const Observation& subject, const Observation& control) {
  if (control.outcome == Outcome::unknown) return {Verdict::broken, say("control: ", control.reason)};
  if (subject.outcome == Outcome::unknown) return {Verdict::broken, subject.reason};
  if (control.outcome == Outcome::isolated)
    return {Verdict::vacuous, say("the control shows the same: ", control.reason)};
  if (subject.outcome == Outcome::leaked) return {Verdict::violated, subject.reason};
  return {Verdict::holds, subject.reason};
}

Judgement judge_combination(const Observation& seen, bool must_isolate) {
  if (seen.outcome == Outcome::unknown) return {Verdict::broken, seen.reason};
  const bool isolates = seen.outcome == Outcome::isolated;
  if (isolates == must_isolate) return {Verdict::holds, seen.reason};
  // An isolation nobody asked for is as wrong an answer as a leak: one of the two worlds is not what it says.
  return {Verdict::violated,
          say(must_isolate ? "leaked: " : "isolated, though nothing here should isolate it: ", seen.reason)};
}

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::holds: return "holds";
    case Verdict::violated: return "violated";
    case Verdict::vacuous: return "vacuous";
    case Verdict::broken: return "broken";
    case Verdict::unsupported: return "unsupported";
  }
  return "?";
}

std::string_view name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::isolated: return "isolated";
    case Outcome::leaked: return "leaked";
    case Outcome::unknown: return "unknown";
  }
  return "?";
}

}  // namespace nsproof
