#include "suites/audit/seccomp_group.h"

#include "harness/audit/auditor.h"
#include "harness/audit/process_status.h"
#include "harness/support/text.h"

namespace nsproof::audit {
namespace {

Sight look_at_group(View& view, const Group& group) {
  if (group.trials.empty()) return not_applicable("this machine's architecture has none of these calls");
  const Outcome outcome = try_calls(view, group.trials);
  if (outcome.through.empty()) return hardened(outcome.text());
  Sight sight = weak(outcome.text());
  return group.weigh ? group.weigh(view, std::move(sight)) : sight;
}

std::string names_of(const std::vector<unsigned>& capabilities) {
  std::vector<std::string> names;
  names.reserve(capabilities.size());
  for (const unsigned one : capabilities) names.push_back(capability_name(one));
  return join(names, " or ");
}

}  // namespace

Sight weighing(Sight sight, Severity severity, const std::string& reason) {
  sight.severity = severity;
  sight.severity_reason = reason;
  return sight;
}

Rule rule_of(const Group& group) {
  announce(group.trials);
  std::function<Sight(View&, Sight)> weigh;
  if (group.weigh) {
    // What it weighs starts from the rule's own severity.
    weigh = [own = group.severity, inner = group.weigh](View& view, Sight sight) {
      sight.severity = own;
      return inner(view, std::move(sight));
    };
  }
  Group kept = group;
  kept.weigh = weigh;
  return {
      .id = group.id,
      .title = group.title,
      .severity = group.severity,
      .why = group.why,
      .how = std::string(kTried),
      .references = group.references,
      .fix = refuse(group.names, group.error, group.profile),
      .side = Side::inside,
      .confined = group.confined,
      .look = [kept](View& view) { return look_at_group(view, kept); },
      .spoil = {.config = group.change.empty() ? filter_change(std::string(kAllRefusals), allowing_rule(group.names))
                                               : group.change,
                .also = group.also}};
}

std::function<Sight(View&, Sight)> needs_one_of(std::vector<unsigned> capabilities) {
  return [capabilities = std::move(capabilities)](View& view, Sight sight) {
    for (const unsigned one : capabilities)
      if (holds(view, one)) return sight;
    const Severity less = lowered(sight.severity.value_or(Severity::medium));
    return weighing(std::move(sight), less,
                    say("one step less, for ", names_of(capabilities), " is not in effect, which the kernel asks for"));
  };
}

std::function<Sight(View&, Sight)> worse_with(unsigned capability, Severity severity) {
  return [=](View& view, Sight sight) {
    if (!holds(view, capability)) return sight;
    return weighing(std::move(sight), severity, say(capability_name(capability), " is in effect"));
  };
}

}  // namespace nsproof::audit
