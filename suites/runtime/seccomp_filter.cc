#include "suites/runtime/seccomp_filter.h"

#include <algorithm>
#include <cerrno>

namespace nsproof {
namespace {

bool holds(const SeccompCondition& condition, const sys::HarmlessCall& call) {
  const std::uint64_t argument = call.arguments.at(condition.argument);
  const std::string_view op = condition.comparison;
  if (op == "SCMP_CMP_EQ") return argument == condition.value;
  if (op == "SCMP_CMP_NE") return argument != condition.value;
  if (op == "SCMP_CMP_LT") return argument < condition.value;
  if (op == "SCMP_CMP_LE") return argument <= condition.value;
  if (op == "SCMP_CMP_GT") return argument > condition.value;
  if (op == "SCMP_CMP_GE") return argument >= condition.value;
  return (argument & condition.value) == condition.masked_value;
}

bool names(const SeccompRule& rule, std::string_view call) {
  return std::find(rule.calls.begin(), rule.calls.end(), call) != rule.calls.end();
}

Prediction prediction_of(std::string_view action, std::optional<int> error, Listed listed) {
  using Action = Prediction::Action;
  if (action == "SCMP_ACT_ALLOW" || action == "SCMP_ACT_LOG") return {Action::allow, 0, listed};
  if (action == "SCMP_ACT_ERRNO") return {Action::error, error.value_or(EPERM), listed};
  if (action == "SCMP_ACT_TRACE") return {Action::error, ENOSYS, listed};  // nobody traces (seccomp(2))
  if (action.starts_with("SCMP_ACT_KILL") || action == "SCMP_ACT_TRAP") return {Action::kill, 0, listed};
  return {Action::other, 0, listed};
}

}  // namespace

std::optional<Prediction> predict(const SeccompFilter& filter, const sys::HarmlessCall& call) {
  std::optional<Prediction> found;
  bool by_arguments = false;
  for (const SeccompRule& rule : filter.rules) {
    if (!names(rule, call.name)) continue;
    by_arguments = by_arguments || rule.conditional;
    if (!std::all_of(rule.conditions.begin(), rule.conditions.end(),
                     [&](const SeccompCondition& one) { return holds(one, call); }))
      continue;
    const Prediction one = prediction_of(rule.action, rule.error, Listed::by_name);
    if (found && (found->action != one.action || found->error != one.error)) return std::nullopt;
    found = one;
  }
  if (!found) found = prediction_of(filter.default_action, filter.default_error, Listed::nowhere);
  if (by_arguments) found->listed = Listed::by_arguments;
  return found;
}

}  // namespace nsproof
