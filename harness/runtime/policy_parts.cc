#include "harness/runtime/policy_parts.h"

#include <algorithm>
#include <string_view>

namespace nsproof {
namespace {

// From lenient to strict, as the kernel ranks the answers of several filters (seccomp(2)). SCMP_ACT_KILL is the old
// name of SCMP_ACT_KILL_THREAD.
constexpr std::string_view kRanks[] = {"SCMP_ACT_ALLOW",  "SCMP_ACT_LOG",         "SCMP_ACT_TRACE",
                                       "SCMP_ACT_NOTIFY", "SCMP_ACT_ERRNO",       "SCMP_ACT_TRAP",
                                       "SCMP_ACT_KILL",   "SCMP_ACT_KILL_THREAD", "SCMP_ACT_KILL_PROCESS"};

bool is_more_lenient(std::string_view one, std::string_view other) {
  const auto rank = [](std::string_view action) { return std::find(std::begin(kRanks), std::end(kRanks), action); };
  return rank(one) < rank(other);
}

bool names(const SeccompRule& rule, const std::string& call) {
  return std::find(rule.calls.begin(), rule.calls.end(), call) != rule.calls.end();
}

// What becomes of the call if no condition holds.
const std::string& action_for(const SeccompFilter& filter, const std::string& call) {
  for (const SeccompRule& rule : filter.rules)
    if (!rule.conditional && names(rule, call)) return rule.action;
  return filter.default_action;
}

// The same conditions, answered at least as strictly.
bool has_refusal(const SeccompFilter& filter, const std::string& call, const SeccompRule& refusal) {
  return std::any_of(filter.rules.begin(), filter.rules.end(), [&](const SeccompRule& rule) {
    return names(rule, call) && rule.conditions == refusal.conditions && !is_more_lenient(rule.action, refusal.action);
  });
}

bool can_pass(const SeccompFilter& filter, const std::string& call, const SeccompRule& refusal) {
  if (has_refusal(filter, call, refusal)) return false;
  return is_more_lenient(action_for(filter, call), refusal.action) ||
         std::any_of(filter.rules.begin(), filter.rules.end(), [&](const SeccompRule& rule) {
           return names(rule, call) && is_more_lenient(rule.action, refusal.action);
         });
}

void drop_lenient_rules(SeccompFilter& filter, const std::string& call, const std::string& refusal) {
  for (SeccompRule& rule : filter.rules)
    if (is_more_lenient(rule.action, refusal)) std::erase(rule.calls, call);
  std::erase_if(filter.rules, [](const SeccompRule& rule) { return rule.calls.empty(); });
}

// The devices and the kinds of access that both rules are about.
std::optional<DeviceRule> overlap(const DeviceRule& a, const DeviceRule& b) {
  const auto disjoint = [](const auto& one, const auto& other) { return one && other && *one != *other; };
  if ((a.type != 'a' && b.type != 'a' && a.type != b.type) || disjoint(a.major, b.major) || disjoint(a.minor, b.minor))
    return std::nullopt;
  DeviceRule both;
  both.allow = a.allow && b.allow;
  both.type = a.type != 'a' ? a.type : b.type;
  both.major = a.major ? a.major : b.major;
  both.minor = a.minor ? a.minor : b.minor;
  std::copy_if(a.access.begin(), a.access.end(), std::back_inserter(both.access),
               [&](char access) { return b.access.find(access) != std::string::npos; });
  return both.access.empty() ? std::nullopt : std::optional(both);
}

const DeviceRule kNothing = {false, 'a', std::nullopt, std::nullopt, "rwm"};

}  // namespace

SeccompFilter with_refusals(SeccompFilter filter, const std::vector<SeccompRule>& refusals) {
  for (const SeccompRule& refusal : refusals) {
    SeccompRule added = refusal;
    added.calls.clear();
    for (const std::string& call : refusal.calls) {
      if (!refusal.conditional) drop_lenient_rules(filter, call, refusal.action);
      if (can_pass(filter, call, refusal)) added.calls.push_back(call);
    }
    if (!added.calls.empty()) filter.rules.push_back(std::move(added));
  }
  return filter;
}

// Every pair of rules, one of each list, in the order of the lists: the last pair that is about a device is made of the
// last rule of each list that is, and it allows what both allow.
std::vector<DeviceRule> allowed_by_both(const std::vector<DeviceRule>& first, const std::vector<DeviceRule>& second) {
  std::vector<DeviceRule> both = {kNothing};
  const auto add = [&](const DeviceRule& a, const DeviceRule& b) {
    const std::optional<DeviceRule> rule = overlap(a, b);
    if (!rule) return;
    const bool changes_something = rule->allow || std::any_of(both.begin(), both.end(), [&](const DeviceRule& earlier) {
                                     return earlier.allow && overlap(earlier, *rule);
                                   });
    if (changes_something) both.push_back(*rule);
  };
  for (const DeviceRule& a : first) {
    add(a, kNothing);
    for (const DeviceRule& b : second) add(a, b);
  }
  return both;
}

}  // namespace nsproof
