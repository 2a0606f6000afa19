// What a seccomp filter of a contract says of one call with its arguments (seccomp_rule_add(3)).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/runtime/contract.h"
#include "harness/sys/harmless_calls.h"

namespace nsproof {

enum class Listed {
  by_name,       // a rule without conditions names it
  by_arguments,  // a rule with conditions names it
  nowhere,       // it gets the default action
};

struct Prediction {
  enum class Action { allow, error, kill, other };
  Action action = Action::other;
  int error = 0;  // of Action::error
  Listed listed = Listed::nowhere;
};

// Nothing when rules that hold for the same call say different things, whose order nobody promises.
std::optional<Prediction> predict(const SeccompFilter& filter, const sys::HarmlessCall& call);

}  // namespace nsproof
