// The seccomp filter of a config.json.
#include <cerrno>

#include "harness/runtime/oci_names.h"
#include "harness/runtime/oci_parts.h"
#include "harness/support/text.h"

namespace nsproof {
namespace {

std::string action_of(const JsonAt& at) {
  std::string action = at.text();
  if (!is_seccomp_action(action)) at.fail(say("unknown action ", action));
  return action;
}

// EPERM if nothing is said; an action that carries no errno must not be given one (config-linux.md, Seccomp).
std::optional<int> error_of(const JsonAt& holder, const char* key, std::string_view action) {
  const bool carries = action == "SCMP_ACT_ERRNO" || action == "SCMP_ACT_TRACE";
  const auto error = holder.find(key);
  if (!error) return carries ? std::optional(EPERM) : std::nullopt;
  if (!carries) error->fail(say(action, " returns no errno"));
  return static_cast<int>(error->number<std::uint32_t>(0, 4095));  // MAX_ERRNO of the kernel
}

SeccompCondition condition_of(const JsonAt& at) {
  SeccompCondition condition;
  condition.argument = at.get("index").number<unsigned>(0, 5);
  const JsonAt op = at.get("op");
  condition.comparison = op.text();
  if (!is_seccomp_operator(condition.comparison)) op.fail(say("unknown comparison ", condition.comparison));
  condition.value = at.get("value").number<std::uint64_t>();
  if (const auto second = at.find("valueTwo")) condition.masked_value = second->number<std::uint64_t>();
  return condition;
}

SeccompRule rule_of(const JsonAt& at) {
  SeccompRule rule;
  rule.calls = at.get("names").texts();
  if (rule.calls.empty()) at.fail("names no call");
  rule.action = action_of(at.get("action"));
  rule.error = error_of(at, "errnoRet", rule.action);
  if (const auto args = at.find("args"))
    for (const JsonAt& condition : args->items()) rule.conditions.push_back(condition_of(condition));
  rule.conditional = !rule.conditions.empty();
  return rule;
}

}  // namespace

SeccompFilter seccomp_filter_of(const JsonAt& seccomp) {
  SeccompFilter filter;
  filter.default_action = action_of(seccomp.get("defaultAction"));
  filter.default_error = error_of(seccomp, "defaultErrnoRet", filter.default_action);
  if (const auto calls = seccomp.find("syscalls"))
    for (const JsonAt& entry : calls->items()) filter.rules.push_back(rule_of(entry));
  return filter;
}

}  // namespace nsproof
